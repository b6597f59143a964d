//! A request of somebody about one office, with at least the rights that its handler names. Where they have none there, or there is
//! no such office, the answer is that of a page that does not exist.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::page::missing;
use super::state::Console;
use super::visitor::{Asked, Signed};
use crate::access::OfficeView;
use crate::domain::staff::{Area, Level};
use crate::front_desk::{Actor, FrontDesk, OfficeCalendar};
use crate::storage::StorageError;

/// The part of the address that names the office.
const OFFICE: &str = "office";

/// What a handler asks for.
pub(super) trait Right: Send + Sync + 'static {
    /// Of what.
    const AREA: Area;
    /// At least how much.
    const LEVEL: Level;
}

/// Sees the office.
pub(super) struct SeesOffice;
/// Sees the day, maybe with its people masked.
pub(super) struct SeesDay;
/// Works at the front desk.
pub(super) struct WorksDay;

/// Sees the calendar.
pub(super) struct SeesCalendar;
/// Changes the calendar.
pub(super) struct WorksCalendar;

impl Right for SeesCalendar {
    const AREA: Area = Area::Calendar;
    const LEVEL: Level = Level::Read;
}

impl Right for WorksCalendar {
    const AREA: Area = Area::Calendar;
    const LEVEL: Level = Level::Write;
}

/// Sees reports, which name nobody.
pub(super) struct SeesReports;
/// Takes files out of the office.
pub(super) struct WorksReports;

impl Right for SeesReports {
    const AREA: Area = Area::Reports;
    const LEVEL: Level = Level::Masked;
}

impl Right for WorksReports {
    const AREA: Area = Area::Reports;
    const LEVEL: Level = Level::Write;
}

impl Right for SeesOffice {
    const AREA: Area = Area::Office;
    const LEVEL: Level = Level::Read;
}

impl Right for SeesDay {
    const AREA: Area = Area::Day;
    const LEVEL: Level = Level::Masked;
}

impl Right for WorksDay {
    const AREA: Area = Area::Day;
    const LEVEL: Level = Level::Write;
}

/// A request about one office. The handler has no other office.
pub(super) struct InOffice<R> {
    /// Who asks.
    pub(super) signed: Signed,
    /// The office, as they may see it.
    pub(super) office: OfficeView,
    right: PhantomData<R>,
}

/// The same of a page that asks by itself. It does not count as use of the session, which would otherwise never end at a counter
/// that was left; and whoever may not ask gets a status instead of a page, which would be shown in a part of theirs.
pub(super) struct Watching<R>(pub(super) InOffice<R>);

impl<R: Right> InOffice<R> {
    /// The office of the address, for somebody who has the right there.
    async fn of(parts: &mut Parts, console: &Console, mut signed: Signed) -> Result<Self, Response> {
        let named = RawPathParams::from_request_parts(parts, console).await.ok();
        let id = named.as_ref().and_then(|named| named.iter().find(|(name, _)| *name == OFFICE).map(|(_, id)| id));
        let office = id.and_then(|id| console.access.office(&signed.who, id));
        match office.filter(|office| office.level(R::AREA) >= R::LEVEL) {
            Some(office) => {
                signed.asked.frame.enter(&office);
                Ok(Self { signed, office, right: PhantomData })
            }
            None => Err(missing(&signed.asked.frame)),
        }
    }
}

impl<R: Right> InOffice<R> {
    /// The office's front desk, for whoever asks. Who may only look gets nothing of it that changes the day: see
    /// `desk::opened`.
    ///
    /// # Errors
    /// [`Failure`] where their login is no name for the record, which no login is.
    pub(super) fn front_desk(&self, console: &Console) -> Result<FrontDesk, Failure> {
        Ok((console.front_desks)(Arc::clone(self.office.shared()), acting(&self.signed)?))
    }

    /// The office's calendar, for whoever asks.
    ///
    /// # Errors
    /// [`Failure`] where their login is no name for the record, which no login is.
    pub(super) fn calendar(&self, console: &Console) -> Result<OfficeCalendar, Failure> {
        let actor = Actor::read(self.signed.who.login())
            .map_err(|error| StorageError::Data(format!("a fault in this program: a login is {error}")))?;
        Ok((console.calendars)(Arc::clone(self.office.shared()), actor))
    }
}

/// Whoever is signed in, as the record of a front desk and the audit trail keep them.
///
/// # Errors
/// [`Failure`] where their login is no name for the record, which no login is.
pub(super) fn acting(signed: &Signed) -> Result<Actor, Failure> {
    let (who, network) = (&signed.who, &signed.asked.visitor.network);
    let actor = Actor::signed_in(who.login(), who.staff(), network);
    Ok(actor.map_err(|error| StorageError::Data(format!("a fault in this program: a login is {error}")))?)
}

impl<R: Right> FromRequestParts<Console> for InOffice<R> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Response> {
        let signed = <Signed as FromRequestParts<Console>>::from_request_parts(parts, console).await?;
        Self::of(parts, console, signed).await
    }
}

impl<R: Right> FromRequestParts<Console> for Watching<R> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Response> {
        let asked = Asked::of(parts);
        let signed = Signed::of_background(asked, console).await.map_err(IntoResponse::into_response)?;
        InOffice::of(parts, console, signed).await.map(Self)
    }
}
