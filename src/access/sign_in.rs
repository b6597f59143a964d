//! Sign-in: login, password and one-time code together, and one answer to whatever is wrong with them.

use crate::access::error::AccessError;
use crate::access::one_time_code;
use crate::access::password::{self, Weak};
use crate::access::session::Access;
use crate::access::signed_in::{SignedIn, Visitor};
use crate::access::throttle::Subjects;
use crate::access::token;
use crate::domain::masked_debug::masked_debug;
use crate::domain::staff;
use crate::storage::StaffMember;

/// What somebody typed to sign in.
pub struct Attempt<'a> {
    /// The login.
    pub login: &'a str,
    /// The password.
    pub password: &'a str,
    /// The one-time code, or a recovery code.
    pub code: &'a str,
}

/// What came of a sign-in.
#[derive(Clone, PartialEq, Eq)]
pub enum SignIn {
    /// The token of the new session.
    In(String),
    /// Something is wrong; not said what.
    Refused,
    /// Too many tries; so many minutes to wait.
    Wait(i64),
}

masked_debug!(SignIn);

/// What came of a confirmation, or of a change that needs a code and the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// It was right.
    Confirmed,
    /// Code or password is wrong.
    Refused,
    /// The new password is too weak.
    Weak(Weak),
    /// Too many tries; so many minutes to wait.
    Wait(i64),
}

impl Access {
    /// Signs somebody in. Whatever is wrong, it takes as long and is answered alike, whether or not the login exists.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed, or more people sign in at once than can be judged.
    pub async fn sign_in(&self, attempt: Attempt<'_>, visitor: &Visitor) -> Result<SignIn, AccessError> {
        let now = self.wall.now();
        // What cannot be a login is counted and judged like any other.
        let login = staff::login(attempt.login).unwrap_or_else(|_| token::hash(attempt.login));
        let tries = Subjects::of_sign_in(&self.storage, &login, &visitor.network, now).await?;
        if let Some(minutes) = tries.count(&self.storage, now).await? {
            tracing::debug!(minutes, "a sign-in was not judged: too many have failed");
            return Ok(SignIn::Wait(minutes));
        }
        let member = self.storage.staff_by_login(&login).await?.filter(|member| member.is_active);
        let hash = member.as_ref().and_then(|member| member.password.as_deref());
        let is_right = self.hashing.verify(attempt.password, hash).await?;
        let member = member.filter(|_| is_right);
        let Some(member) = member else {
            tracing::warn!("a sign-in failed");
            return Ok(SignIn::Refused);
        };
        if !self.takes_code(&member, attempt.code).await? {
            tracing::warn!(staff.id = member.id, "a sign-in failed at its one-time code");
            return Ok(SignIn::Refused);
        }
        tries.forgive(&self.storage, now).await?;
        let token = self.begin_session(&member, visitor).await?;
        tracing::info!(staff.id = member.id, "signed in");
        Ok(SignIn::In(token))
    }

    /// Takes a one-time code, or a recovery code, of somebody; each is taken once.
    async fn takes_code(&self, member: &StaffMember, code: &str) -> Result<bool, AccessError> {
        if let Some(recovery) = token::recovery(code) {
            return Ok(self.storage.take_recovery(member.id, &token::hash(&recovery)).await?);
        }
        let Some(seed) = member.seed.as_deref() else { return Ok(false) };
        let Some(step) = one_time_code::matching_step(seed, code, self.wall.now()) else { return Ok(false) };
        Ok(self.storage.take_step(member.id, step).await?)
    }

    /// Ends the session of somebody.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn sign_out(&self, who: &SignedIn) -> Result<(), AccessError> {
        self.storage.end_session(who.staff(), who.session()).await?;
        tracing::info!(staff.id = who.staff(), "signed out");
        Ok(())
    }

    /// Judges a fresh one-time code in a session.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn confirm(&self, who: &SignedIn, code: &str) -> Result<Confirmation, AccessError> {
        let now = self.wall.now();
        let tries = Subjects::of_code(who.staff());
        if let Some(minutes) = tries.count(&self.storage, now).await? {
            return Ok(Confirmation::Wait(minutes));
        }
        // A recovery code signs in and does no more: whoever has only that has lost the telephone.
        let step = who.seed().and_then(|seed| one_time_code::matching_step(seed, code, now));
        let is_taken = match step {
            Some(step) => self.storage.take_step(who.staff(), step).await?,
            None => false,
        };
        if !is_taken {
            return Ok(Confirmation::Refused);
        }
        tries.forgive(&self.storage, now).await?;
        self.storage.confirm_session(who.session(), now).await?;
        Ok(Confirmation::Confirmed)
    }

    /// Replaces somebody's own password; their other sessions end.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn change_password(&self, who: &SignedIn, old: &str, new: &str) -> Result<Confirmation, AccessError> {
        if let Err(weak) = password::judge(new, &self.words_about(who.login(), who.name())) {
            return Ok(Confirmation::Weak(weak));
        }
        let now = self.wall.now();
        let tries = Subjects::of_code(who.staff());
        if let Some(minutes) = tries.count(&self.storage, now).await? {
            return Ok(Confirmation::Wait(minutes));
        }
        if !self.hashing.verify(old, who.password()).await? {
            return Ok(Confirmation::Refused);
        }
        tries.forgive(&self.storage, now).await?;
        let hash = self.hashing.hash(new).await?;
        self.storage.replace_password(who.staff(), &hash, who.session()).await?;
        tracing::info!(staff.id = who.staff(), "a password was changed");
        Ok(Confirmation::Confirmed)
    }

    /// New recovery codes for somebody, shown this once; `None` where a one-time code must be given first.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn new_recovery_codes(&self, who: &SignedIn) -> Result<Option<Vec<String>>, AccessError> {
        if !who.is_confirmed() {
            return Ok(None);
        }
        let codes = token::recovery_codes()?;
        let hashes: Vec<String> =
            codes.iter().filter_map(|code| token::recovery(code)).map(|code| token::hash(&code)).collect();
        self.storage.replace_recovery(who.staff(), &hashes).await?;
        tracing::info!(staff.id = who.staff(), "new recovery codes were made");
        Ok(Some(codes))
    }

    /// How many recovery codes somebody has left.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn recovery_left(&self, who: &SignedIn) -> Result<i64, AccessError> {
        Ok(self.storage.recovery_left(who.staff()).await?)
    }
}
