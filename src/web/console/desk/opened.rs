//! The front desk that a request is about, for whoever asks: [`Opened`] to look, [`Works`] to act.

use super::super::failure::Failure;
use super::super::in_office::{InOffice, Right, WorksDay};
use super::super::state::Console;
use crate::access::{OfficeView, Visitor};
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::person::Nama;
use crate::domain::staff::{Area, Level, Role};
use crate::front_desk::{Found, FrontDesk, Pressed, Refusal, Waiting};
use crate::storage::StorageError;

/// A front desk that somebody may see. Nothing of it changes the day.
pub(super) struct Opened {
    pub(super) office: OfficeView,
    desk: FrontDesk,
    level: Level,
    visitor: Visitor,
}

/// A front desk that somebody works at.
pub(super) struct Works(Opened);

impl Opened {
    /// The front desk of the request's office.
    pub(super) fn of<R: Right>(console: &Console, request: &InOffice<R>) -> Result<Self, Failure> {
        let office = request.office.clone();
        let visitor = request.signed.asked.visitor.clone();
        Ok(Self { desk: request.front_desk(console)?, level: office.level(Area::Day), office, visitor })
    }

    /// Whether they act here, and do not only look.
    pub(super) fn acts(&self) -> bool {
        self.level >= Level::Write
    }

    /// Whether they decide what an officer does not: who comes in too late, and what becomes of a counter that lost its officer.
    pub(super) fn decides(&self) -> bool {
        self.office.roles().contains(&Role::Supervisor)
    }

    /// A name as they may see it.
    pub(super) fn name(&self, name: Option<&Nama>) -> Option<String> {
        name.filter(|_| self.level >= Level::Read).map(|name| name.as_str().to_owned())
    }

    /// Records that the people of today are seen.
    async fn record_view(&self) -> Result<(), StorageError> {
        let today = self.office.office().date_at(self.office.now());
        let event = AuditEvent::of(Act::ViewList).reaching(Scope::day(today));
        self.office.record_list(event, &self.visitor).await
    }

    /// Who waits. That they are seen is recorded first.
    pub(super) async fn waiting(&self) -> Result<Waiting, StorageError> {
        self.record_view().await?;
        self.desk.waiting().await
    }

    /// Whom a press was about. That they are seen is recorded first.
    pub(super) async fn pressed(&self, nonce: &str) -> Result<Option<Pressed>, StorageError> {
        self.record_view().await?;
        self.desk.pressed(nonce).await
    }

    /// Whose booking a code is. That they are seen is recorded first.
    pub(super) async fn look_up(&self, code: &str) -> Result<Result<Found, Refusal>, StorageError> {
        let found = self.desk.look_up(code).await?;
        if let Ok(found) = &found {
            let event = AuditEvent::of(Act::ViewBooking).about(Subject::booking(found.booking.id));
            self.office.record(event, &self.visitor).await?;
        }
        Ok(found)
    }
}

impl Works {
    /// The front desk of the request's office, for somebody who works there.
    pub(super) fn of(console: &Console, request: &InOffice<WorksDay>) -> Result<Self, Failure> {
        Opened::of(console, request).map(Self)
    }

    /// The same, to look.
    pub(super) fn seen(&self) -> &Opened {
        &self.0
    }

    /// What acts.
    pub(super) fn desk(&self) -> &FrontDesk {
        &self.0.desk
    }
}
