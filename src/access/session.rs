//! Sessions: half an hour without use ends them, ten hours in any case. A role that was taken back acts on the next request.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::access::error::AccessError;
use crate::access::office_view::{OfficeView, Offices, Surroundings};
use crate::access::password::Hashing;
use crate::access::people::People;
use crate::access::recent::{LastCheck, Reasons, RecentViews};
use crate::access::signed_in::{SESSION_HOURS_MAX, SESSION_IDLE_MINUTES, Session, SignedIn, Visitor};
use crate::access::token;
use crate::clock::SharedClock;
use crate::domain::audit::{Act, AuditEvent};
use crate::domain::office::OfficeId;
use crate::storage::{AuditActor, NewSession, StaffMember, StaffSession, Storage};

/// A session's use is noted once in so many seconds, and not at each request.
const NOTED_SECONDS: i64 = 60;
/// Most letters of a browser's description.
const BROWSER_LETTERS_MAX: usize = 60;

/// Lets people in. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    pub(super) storage: Storage,
    /// Wall time.
    pub(super) wall: SharedClock,
    /// The offices' own time.
    pub(super) clock: SharedClock,
    pub(super) offices: Offices,
    pub(super) hashing: Arc<Hashing>,
    views: RecentViews,
    reasons: Reasons,
    /// The last verification of the audit trail.
    pub(super) last_check: LastCheck,
}

impl Access {
    /// Lets people into these offices.
    ///
    /// # Errors
    /// [`AccessError`] where the operating system has no random numbers.
    pub fn new(storage: Storage, wall: SharedClock, clock: SharedClock, offices: Offices) -> Result<Self, AccessError> {
        let hashing = Arc::new(Hashing::new()?);
        Ok(Self {
            storage,
            wall,
            clock,
            offices,
            hashing,
            views: RecentViews::default(),
            reasons: Reasons::default(),
            last_check: LastCheck::default(),
        })
    }

    /// The administration of people.
    pub fn people(&self) -> People {
        let offices = (self.offices)();
        let ids = offices.offices.keys().cloned().collect();
        People::new(self.storage.clone(), Arc::clone(&self.wall), ids)
    }

    /// The names of all offices, by id.
    pub fn office_names(&self) -> BTreeMap<OfficeId, String> {
        (self.offices)().offices.iter().map(|(id, office)| (id.clone(), office.name.clone())).collect()
    }

    /// What a password of somebody must not be made of, besides common words: their names and those of the offices.
    pub(super) fn words_about(&self, login: &str, name: &str) -> Vec<String> {
        let offices = (self.offices)();
        let ids = offices.offices.keys().map(|id| id.as_str().to_owned());
        [login.to_owned(), name.to_owned()].into_iter().chain(ids).collect()
    }

    /// Whoever carries this token, while their session lasts.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn resume(&self, token: &str) -> Result<Option<SignedIn>, AccessError> {
        let Some(mut who) = self.known(token).await? else { return Ok(None) };
        let now = self.wall.now();
        if who.unused_for(now) >= TimeDelta::seconds(NOTED_SECONDS) {
            self.storage.touch_session(who.session(), now).await?;
            who.note_use(now);
        }
        Ok(Some(who))
    }

    /// Whoever carries this token, while their session lasts; it does not count as use. For what a page asks by itself, which would
    /// otherwise keep a session for ever that nobody uses.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn known(&self, token: &str) -> Result<Option<SignedIn>, AccessError> {
        let Some((session, member)) = self.storage.session(&token::hash(token)).await? else { return Ok(None) };
        let now = self.wall.now();
        let is_over = now - session.seen >= TimeDelta::minutes(SESSION_IDLE_MINUTES)
            || now - session.began >= TimeDelta::hours(SESSION_HOURS_MAX);
        if is_over {
            return Ok(None);
        }
        Ok(Some(SignedIn::new(session, member, now)))
    }

    /// Begins a session, and writes down that it began; returns its token.
    pub(super) async fn begin_session(&self, member: &StaffMember, visitor: &Visitor) -> Result<String, AccessError> {
        let (staff, login, network) = (member.id, member.login.as_str(), visitor.network.as_str());
        let (token, now) = (token::draw()?, self.wall.now());
        let browser: String = visitor.browser.chars().take(BROWSER_LETTERS_MAX).collect();
        let new = NewSession { staff, token: &token::hash(&token), network: &visitor.network, browser: browser.trim() };
        self.storage.delete_old_sessions(now - TimeDelta::hours(SESSION_HOURS_MAX), now).await?;
        self.storage.begin_session(new, now).await?;
        let actor = AuditActor { staff: Some(staff), login, network };
        self.storage.record(actor, &AuditEvent::of(Act::SignIn), now).await?;
        Ok(token)
    }

    /// The sessions of somebody that last.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn sessions(&self, who: &SignedIn) -> Result<Vec<Session>, AccessError> {
        let now = self.wall.now();
        let all = self.storage.sessions_of(who.staff(), now - TimeDelta::hours(SESSION_HOURS_MAX)).await?;
        let lasts = |session: &StaffSession| now - session.seen < TimeDelta::minutes(SESSION_IDLE_MINUTES);
        let shown = |session: StaffSession| Session {
            is_this: session.id == who.session(),
            id: session.id,
            browser: session.browser,
            network: session.network,
            began: session.began,
            seen: session.seen,
        };
        Ok(all.into_iter().filter(lasts).map(shown).collect())
    }

    /// Ends one of somebody's own sessions; false where it is none of theirs.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn end_session(&self, who: &SignedIn, id: i64) -> Result<bool, AccessError> {
        Ok(self.storage.end_session(who.staff(), id).await?)
    }

    /// Ends all of somebody's sessions but this one; returns how many.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn end_other_sessions(&self, who: &SignedIn) -> Result<u64, AccessError> {
        Ok(self.storage.end_other_sessions(who.staff(), who.session()).await?)
    }

    /// An office as somebody may see it; `None` where there is none of that name for them, which an office that they have no
    /// role at is.
    pub fn office(&self, who: &SignedIn, id: &str) -> Option<OfficeView> {
        let id = OfficeId::read(id).ok()?;
        let roster = (self.offices)();
        let office = Arc::clone(roster.offices.get(&id)?);
        OfficeView::of(office, who, self.storage.clone(), self.surroundings())
    }

    fn surroundings(&self) -> Surroundings {
        let (views, reasons) = (self.views.clone(), self.reasons.clone());
        Surroundings { clock: Arc::clone(&self.clock), wall: Arc::clone(&self.wall), views, reasons }
    }

    /// Every office that somebody has a role at, by name.
    pub fn offices(&self, who: &SignedIn) -> Vec<OfficeView> {
        let roster = (self.offices)();
        let view = |office: &Arc<_>| OfficeView::of(Arc::clone(office), who, self.storage.clone(), self.surroundings());
        let mut views: Vec<OfficeView> = roster.offices.values().filter_map(view).collect();
        views.sort_by(|a, b| a.name().cmp(b.name()));
        views
    }
}
