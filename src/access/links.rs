//! One-time links: somebody sets a password, and proves the telephone whose codes will be asked for.

use chrono::{DateTime, Utc};

use crate::access::error::AccessError;
use crate::access::one_time_code;
use crate::access::password::{self, Weak};
use crate::access::session::Access;
use crate::access::signed_in::Visitor;
use crate::access::throttle::Subjects;
use crate::access::token;
use crate::domain::masked_debug::masked_debug;
use crate::storage::{Enrolment, LinkKind, StaffLink};

/// A link that can be used.
#[derive(Debug, Clone)]
pub struct OpenLink {
    link: StaffLink,
}

/// What came of using a link.
pub enum Used {
    /// The person is signed in.
    In {
        /// The token of their session.
        token: String,
        /// Recovery codes, shown this once; empty where the old ones stay.
        recovery: Vec<String>,
    },
    /// The password is too weak.
    Weak(Weak),
    /// The one-time code is wrong.
    WrongCode,
    /// Too many tries; so many minutes to wait.
    Wait(i64),
    /// The link is used up or over.
    Over,
}

masked_debug!(Used);

impl OpenLink {
    /// What its owner signs in with.
    pub fn login(&self) -> &str {
        &self.link.member.login
    }

    /// Its owner's name.
    pub fn name(&self) -> &str {
        &self.link.member.name
    }

    /// The seed of the authenticator to enrol; `None` where the old one stays.
    pub fn seed(&self) -> Option<&str> {
        self.link.seed.as_deref()
    }
}

impl Access {
    /// The link with this token, as it was copied: the token or the whole address.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn open_link(&self, copied: &str) -> Result<Option<OpenLink>, AccessError> {
        let link = self.storage.link(&token::hash(token_of(copied)), self.wall.now()).await?;
        Ok(link.map(|link| OpenLink { link }))
    }

    /// Uses a link up.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn use_link(
        &self,
        copied: &str,
        (new, code): (&str, &str),
        visitor: &Visitor,
    ) -> Result<Used, AccessError> {
        let now = self.wall.now();
        let hash = token::hash(token_of(copied));
        let Some(link) = self.storage.link(&hash, now).await? else { return Ok(Used::Over) };
        let member = &link.member;
        if let Err(weak) = password::judge(new, &self.words_about(&member.login, &member.name)) {
            return Ok(Used::Weak(weak));
        }
        let tries = Subjects::of_code(member.id);
        if let Some(minutes) = tries.count(&self.storage, now).await? {
            return Ok(Used::Wait(minutes));
        }
        let Some(step) = matched(&link, code, now) else { return Ok(Used::WrongCode) };
        let password = self.hashing.hash(new).await?;
        let is_new = link.kind == LinkKind::Enrol;
        let recovery = if is_new { token::recovery_codes()? } else { Vec::new() };
        let hashes: Vec<String> =
            recovery.iter().filter_map(|code| token::recovery(code)).map(|code| token::hash(&code)).collect();
        let set = Enrolment {
            password: &password,
            seed: link.seed.as_deref(),
            step,
            recovery: is_new.then_some(hashes.as_slice()),
        };
        if !self.storage.use_link(&hash, set, now).await? {
            return Ok(Used::Over);
        }
        tries.forgive(&self.storage, now).await?;
        let token = self.begin_session(member, visitor).await?;
        tracing::info!(staff.id = member.id, kind = link.kind.name(), "a one-time link was used");
        Ok(Used::In { token, recovery })
    }
}

/// The time step of the code that proves the telephone: the new one's, or the one that stays.
fn matched(link: &StaffLink, code: &str, now: DateTime<Utc>) -> Option<i64> {
    match link.kind {
        LinkKind::Enrol => one_time_code::matching_step(link.seed.as_deref()?, code, now),
        LinkKind::Password => {
            let step = one_time_code::matching_step(link.member.seed.as_deref()?, code, now)?;
            (step > link.member.step).then_some(step)
        }
    }
}

/// The token in what was copied.
fn token_of(copied: &str) -> &str {
    let copied = copied.trim();
    copied.rsplit_once('#').map_or(copied, |(_, token)| token)
}
