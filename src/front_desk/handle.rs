//! The handle of a front desk: one office, one person who acts.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SubsecRound, Timelike, Utc};

use super::done::{Done, Stop};
use super::refusal::Refusal;
use crate::clock::SharedClock;
use crate::domain::audit::Operator;
use crate::domain::office::Office;
use crate::domain::staff::NAME_LETTERS_MAX;
use crate::domain::visit::Visit;
use crate::storage::{AuditActor, DayTransaction, Storage, StorageError};

/// Longest name of somebody who acts, in characters: any login fits, and it stands in every step.
const ACTOR_CHARS_MAX: usize = NAME_LETTERS_MAX;

/// Who acts: an officer's name, as the record keeps it, and what the audit trail keeps besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    name: String,
    /// Their number among the staff; none: somebody at a terminal.
    staff: Option<i64>,
    /// Their network, or their terminal.
    network: String,
    /// Why they act; empty: not said.
    why: String,
    /// Whether nobody acts but the program.
    is_program: bool,
}

/// A text that is no name of somebody who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a name; write who acts in 1 to {ACTOR_CHARS_MAX} characters, such as siti")]
pub struct ActorError;

impl Actor {
    /// Reads a name.
    ///
    /// # Errors
    /// [`ActorError`] where it is empty, too long, or holds control characters.
    pub fn read(text: &str) -> Result<Self, ActorError> {
        let text = text.trim();
        let is_name = (1..=ACTOR_CHARS_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        is_name.then(|| Self::named(text)).ok_or(ActorError)
    }

    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), staff: None, network: String::new(), why: String::new(), is_program: false }
    }

    /// Somebody who is signed in: their login, their number, and the network that they come from.
    ///
    /// # Errors
    /// [`ActorError`] where the login is no name, which none is.
    pub fn signed_in(login: &str, staff: i64, network: &str) -> Result<Self, ActorError> {
        Ok(Self { staff: Some(staff), network: network.to_owned(), ..Self::read(login)? })
    }

    /// Somebody at a terminal.
    ///
    /// # Errors
    /// [`ActorError`] where what they are called is no name.
    pub fn at_terminal(operator: &Operator) -> Result<Self, ActorError> {
        let why = operator.why().to_owned();
        Ok(Self { network: operator.terminal().to_owned(), why, ..Self::read(operator.name())? })
    }

    /// The program itself, where nobody acts.
    pub(super) fn program() -> Self {
        Self { is_program: true, ..Self::named("antrean") }
    }

    /// What the audit trail keeps of them.
    pub(super) fn recorded(&self) -> AuditActor<'_> {
        AuditActor { staff: self.staff, login: &self.name, network: &self.network }
    }

    /// Whether nobody acts but the program, whose steps are in the record of visits.
    pub(super) fn is_program(&self) -> bool {
        self.is_program
    }

    /// Why they act; empty: not said.
    pub(super) fn why(&self) -> &str {
        &self.why
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// One press of a button.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Press {
    /// A text of the caller's own choice, another one for each press: the same press again does nothing, and is told what it did.
    pub nonce: Option<String>,
    /// The version of the visit that the officer saw; the action is refused where it changed meanwhile.
    pub version: Option<i64>,
}

/// Which visit is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Whom a counter has called, or serves.
    At(u32),
    /// Whoever has this number today.
    Number(String),
}

/// A front desk as one person uses it; cheap to clone. It reads and changes one office only.
#[derive(Debug, Clone)]
pub struct FrontDesk {
    pub(super) storage: Storage,
    pub(super) clock: SharedClock,
    pub(super) office: Arc<Office>,
    pub(super) actor: Actor,
}

impl FrontDesk {
    /// The front desk of an office, for somebody.
    pub fn new(storage: Storage, clock: SharedClock, office: Arc<Office>, actor: Actor) -> Self {
        Self { storage, clock, office, actor }
    }

    /// The office.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// What time it is, as exact as the database keeps it: a repeat is told the same as the first.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    /// The day at the office.
    pub(super) fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        self.office.date_at(now)
    }

    /// The hour at the office.
    pub(super) fn hour(&self, now: DateTime<Utc>) -> u8 {
        u8::try_from(self.office.zone.local(now).hour()).unwrap_or(0)
    }

    /// Runs an action in a task of its own, so that a caller who is gone leaves no transaction half-way.
    pub(super) async fn run<T, F>(&self, action: impl FnOnce(Self) -> F) -> Result<Result<T, Refusal>, StorageError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Stop>> + Send + 'static,
    {
        let result = tokio::spawn(action(self.clone())).await;
        match result {
            Ok(Ok(done)) => Ok(Ok(done)),
            Ok(Err(Stop::Refused(refusal))) => Ok(Err(*refusal)),
            Ok(Err(Stop::Storage(error))) => Err(error),
            Err(error) => Err(StorageError::Data(format!("a fault in this program: {error}"))),
        }
    }
}

/// What this press did before; `None` where it is the first.
///
/// # Errors
/// A refusal where the nonce belongs to another office's action.
pub(super) async fn repeated(day: &mut DayTransaction, office: &Office, press: &Press) -> Result<Option<Done>, Stop> {
    let Some(nonce) = &press.nonce else { return Ok(None) };
    let steps = day.repeated(nonce).await?;
    if steps.is_empty() {
        return Ok(None);
    }
    let visits: Vec<Visit> = steps.into_iter().map(|(_, visit)| visit).collect();
    if visits.iter().any(|visit| visit.office != office.id) {
        return Err(Refusal::UsedNonce.into());
    }
    Ok(Some(Done { visits, repeated: true, warning: None }))
}
