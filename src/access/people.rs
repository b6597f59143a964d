//! The administration of people: by administrators in the console, and by whoever has a terminal.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::access::error::AccessError;
use crate::access::one_time_code;
use crate::access::signed_in::SignedIn;
use crate::access::token;
use crate::clock::SharedClock;
use crate::domain::audit::Operator;
use crate::domain::office::OfficeId;
use crate::domain::staff::{self, Area, Grant, Level, Place};
use crate::storage::{AuditActor, LinkKind, NewLink, NewStaff, RoleChange, StaffChange, StaffMember, Storage};

/// Minutes that a one-time link lasts: enough to install an authenticator.
pub const LINK_MINUTES: i64 = 15;

/// Who makes a change.
#[derive(Clone, Copy)]
pub enum Actor<'a> {
    /// Somebody with a terminal on the machine, who may do everything.
    Terminal(&'a Operator),
    /// Somebody who is signed in.
    SignedIn(&'a SignedIn),
}

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Whoever asks may not change people.
    Forbidden,
    /// A one-time code must be given first.
    Unconfirmed,
    /// It is about the person who asks: nobody grants, resets or disables themselves.
    Oneself,
    /// Nobody would be left who looks after everything.
    LastAdministrator,
    /// There is nobody of that name or number.
    Unknown,
    /// The login is somebody else's.
    Taken,
    /// There is no such office.
    UnknownOffice(String),
    /// A login or a name that cannot be one, in a sentence.
    Malformed(String),
}

/// Somebody as an administrator sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their number.
    pub id: i64,
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether they have used their link and can sign in.
    pub is_enrolled: bool,
    /// What they may do.
    pub grants: staff::Grants,
}

impl From<StaffMember> for Person {
    fn from(member: StaffMember) -> Self {
        Self {
            id: member.id,
            is_active: member.is_active,
            is_enrolled: member.password.is_some() && member.seed.is_some(),
            login: member.login,
            name: member.name,
            grants: member.grants,
        }
    }
}

/// The administration of people.
#[derive(Clone)]
pub struct People {
    storage: Storage,
    wall: SharedClock,
    offices: BTreeSet<OfficeId>,
}

impl People {
    /// The administration of whoever works at these offices.
    pub fn new(storage: Storage, wall: SharedClock, offices: BTreeSet<OfficeId>) -> Self {
        Self { storage, wall, offices }
    }

    /// The offices that a role may be given at.
    pub fn offices(&self) -> &BTreeSet<OfficeId> {
        &self.offices
    }

    /// Everybody, by login.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn list(&self) -> Result<Vec<Person>, AccessError> {
        Ok(self.storage.staff().await?.into_iter().map(Person::from).collect())
    }

    /// Somebody by number.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn by_id(&self, id: i64) -> Result<Option<Person>, AccessError> {
        Ok(self.storage.staff_member(id).await?.map(Person::from))
    }

    /// Somebody by login, in any spelling.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn by_login(&self, login: &str) -> Result<Option<Person>, AccessError> {
        let Ok(login) = staff::login(login) else { return Ok(None) };
        Ok(self.storage.staff_by_login(&login).await?.map(Person::from))
    }

    /// Whether somebody who looks after everything can sign in.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn has_administrator(&self) -> Result<bool, AccessError> {
        Ok(self.storage.has_administrator().await?)
    }

    /// Adds somebody; returns their number.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn add(
        &self,
        actor: Actor<'_>,
        (login, name): (&str, &str),
        grants: &[Grant],
    ) -> Result<Result<i64, Refused>, AccessError> {
        if let Err(refused) = permitted(actor, None) {
            return Ok(Err(refused));
        }
        let (login, name) = match (staff::login(login), staff::name(name)) {
            (Ok(login), Ok(name)) => (login, name),
            (Err(sentence), _) | (_, Err(sentence)) => return Ok(Err(Refused::Malformed(sentence))),
        };
        if let Some(unknown) = grants.iter().find_map(|grant| self.unknown_office(grant)) {
            return Ok(Err(unknown));
        }
        let new = NewStaff { login: &login, name: &name, grants, change: self.change(actor, "added") };
        let added = self.storage.add_staff(new).await?;
        if let Some(id) = added {
            tracing::info!(
                staff.id = id,
                staff.by = by(actor),
                roles = grants.len(),
                "somebody was added to the staff"
            );
        }
        Ok(added.ok_or(Refused::Taken))
    }

    /// Gives a role; it holds from the next request on.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn grant(&self, actor: Actor<'_>, id: i64, grant: &Grant) -> Result<Result<(), Refused>, AccessError> {
        if let Err(refused) = permitted(actor, Some(id)) {
            return Ok(Err(refused));
        }
        if let Some(unknown) = self.unknown_office(grant) {
            return Ok(Err(unknown));
        }
        if self.storage.staff_member(id).await?.is_none() {
            return Ok(Err(Refused::Unknown));
        }
        self.storage.grant_role(id, grant, self.change(actor, "gave role")).await?;
        tracing::info!(staff.id = id, staff.by = by(actor), role = %grant.role, office = grant.place.stored(), "a role was given");
        Ok(Ok(()))
    }

    /// Takes a role back; it is gone from the next request on.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn revoke(&self, actor: Actor<'_>, id: i64, grant: &Grant) -> Result<Result<(), Refused>, AccessError> {
        if let Err(refused) = permitted(actor, Some(id)) {
            return Ok(Err(refused));
        }
        Ok(match self.storage.revoke_role(id, grant, self.change(actor, "took back role")).await? {
            RoleChange::Done => {
                tracing::info!(staff.id = id, staff.by = by(actor), role = %grant.role, office = grant.place.stored(), "a role was taken back");
                Ok(())
            }
            RoleChange::Unchanged => Err(Refused::Unknown),
            RoleChange::LastAdministrator => Err(Refused::LastAdministrator),
        })
    }

    /// Lets somebody sign in, or no longer; their sessions end at once.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn set_active(
        &self,
        actor: Actor<'_>,
        id: i64,
        is_active: bool,
    ) -> Result<Result<(), Refused>, AccessError> {
        if let Err(refused) = permitted(actor, Some(id)) {
            return Ok(Err(refused));
        }
        if self.storage.staff_member(id).await?.is_none() {
            return Ok(Err(Refused::Unknown));
        }
        let what = if is_active { "may sign in again" } else { "disabled" };
        Ok(match self.storage.set_staff_active(id, is_active, self.change(actor, what)).await? {
            RoleChange::LastAdministrator => Err(Refused::LastAdministrator),
            RoleChange::Done | RoleChange::Unchanged => {
                tracing::info!(staff.id = id, staff.by = by(actor), is_active, "who may sign in was changed");
                Ok(())
            }
        })
    }

    /// A one-time link for somebody; returns its token, which is shown once. Whoever is not enrolled yet, or has lost the
    /// telephone, gets a new authenticator too.
    ///
    /// # Errors
    /// [`AccessError`] when storage failed.
    pub async fn link(
        &self,
        actor: Actor<'_>,
        id: i64,
        has_lost_telephone: bool,
    ) -> Result<Result<String, Refused>, AccessError> {
        if let Err(refused) = permitted(actor, Some(id)) {
            return Ok(Err(refused));
        }
        let Some(person) = self.by_id(id).await?.filter(|person| person.is_active) else {
            return Ok(Err(Refused::Unknown));
        };
        let kind = if person.is_enrolled && !has_lost_telephone { LinkKind::Password } else { LinkKind::Enrol };
        let seed = if kind == LinkKind::Enrol { Some(one_time_code::seed()?) } else { None };
        let token = token::draw()?;
        let until = self.wall.now() + TimeDelta::minutes(LINK_MINUTES);
        let link = NewLink { token: &token::hash(&token), kind, seed: seed.as_deref(), until };
        let what = if has_lost_telephone { "one-time link after a lost telephone" } else { "one-time link" };
        self.storage.put_link(id, link, self.change(actor, what)).await?;
        tracing::info!(staff.id = id, staff.by = by(actor), kind = kind.name(), "a one-time link was made");
        Ok(Ok(token))
    }

    /// A change by somebody, for the audit trail.
    fn change<'a>(&self, actor: Actor<'a>, what: &'a str) -> StaffChange<'a> {
        let (actor, why) = match actor {
            Actor::Terminal(operator) => {
                (AuditActor { staff: None, login: operator.name(), network: operator.terminal() }, operator.why())
            }
            Actor::SignedIn(who) => {
                (AuditActor { staff: Some(who.staff()), login: who.login(), network: who.network() }, "")
            }
        };
        StaffChange { actor, what, why, at: self.wall.now() }
    }

    fn unknown_office(&self, grant: &Grant) -> Option<Refused> {
        match &grant.place {
            Place::Office(id) if !self.offices.contains(id) => Some(Refused::UnknownOffice(id.as_str().to_owned())),
            _ => None,
        }
    }
}

fn by(actor: Actor<'_>) -> Option<i64> {
    match actor {
        Actor::Terminal(_) => None,
        Actor::SignedIn(who) => Some(who.staff()),
    }
}

/// Whether somebody may change people, and this person.
fn permitted(actor: Actor<'_>, about: Option<i64>) -> Result<(), Refused> {
    let Actor::SignedIn(who) = actor else { return Ok(()) };
    if who.grants().everywhere(Area::People) < Level::Write {
        return Err(Refused::Forbidden);
    }
    if !who.is_confirmed() {
        return Err(Refused::Unconfirmed);
    }
    if about == Some(who.staff()) {
        return Err(Refused::Oneself);
    }
    Ok(())
}
