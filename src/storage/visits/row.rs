//! The rows of `visit`.

use chrono::NaiveDate;

use crate::domain::office::OfficeId;
use crate::domain::person::Nama;
use crate::domain::visit::{Lane, Reason, State, Visit};
use crate::storage::engine::column::{at, bad, fits, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::table::{insert_row, select_row};

select_row! {
    /// A row of `visit`.
    pub(in crate::storage) struct VisitRow from "visit" {
        id: i64,
        office: String,
        date: NaiveDate,
        booking: Option<i64>,
        person: i64,
        name: Option<String>,
        number: String,
        lane: String,
        reason: Option<String>,
        hour: Option<i64>,
        place: i64,
        state: String,
        version: i64,
        counter: Option<i64>,
        target: Option<i64>,
        calls: i64,
        missed: i64,
        arrived_us: Option<i64>,
        called_us: Option<i64>,
        served_us: Option<i64>,
        ended_us: Option<i64>,
    }
}

insert_row! {
    /// A row of `visit` as it is inserted, or overwritten by a step.
    pub(super) struct NewVisitRow into "visit" for<'a> (visit: &'a Visit) {
        id: bigint key = visit.id,
        office: text fixed = visit.office.as_str(),
        date: date fixed = visit.date,
        booking: bigint fixed = visit.booking,
        person: bigint fixed = visit.person,
        name: text fixed = visit.name.as_ref().map(Nama::as_str),
        number: text = visit.number.as_str(),
        lane: text = visit.lane.name(),
        reason: text = visit.reason.map(Reason::name),
        hour: bigint fixed = visit.hour.map(i64::from),
        place: bigint = visit.place,
        state: text = visit.state.name(),
        version: bigint = visit.version,
        counter: bigint = visit.counter,
        target: bigint = visit.target,
        calls: bigint = visit.calls,
        missed: bigint = visit.missed,
        arrived_us: bigint = visit.arrived_at.map(us),
        called_us: bigint = visit.called_at.map(us),
        served_us: bigint = visit.served_at.map(us),
        ended_us: bigint = visit.ended_at.map(us),
    }
}

impl VisitRow {
    /// The visit of this row.
    pub(in crate::storage) fn visit(self) -> Result<Visit, StorageError> {
        let counter = |number: Option<i64>| number.map(|number| fits("visit.counter", number)).transpose();
        Ok(Visit {
            id: self.id,
            office: OfficeId::read(&self.office).map_err(|_| bad("visit.office"))?,
            date: self.date,
            booking: self.booking,
            person: fits("visit.person", self.person)?,
            name: self.name.map(Nama::try_from).transpose().map_err(|_| bad("visit.name"))?,
            number: self.number,
            lane: Lane::named(&self.lane).ok_or_else(|| bad("visit.lane"))?,
            reason: match self.reason {
                None => None,
                Some(reason) => Some(Reason::named(&reason).ok_or_else(|| bad("visit.reason"))?),
            },
            hour: self.hour.map(|hour| fits("visit.hour", hour)).transpose()?,
            place: self.place,
            state: State::named(&self.state).ok_or_else(|| bad("visit.state"))?,
            version: self.version,
            counter: counter(self.counter)?,
            target: counter(self.target)?,
            calls: fits("visit.calls", self.calls)?,
            missed: fits("visit.missed", self.missed)?,
            arrived_at: self.arrived_us.map(at),
            called_at: self.called_us.map(at),
            served_at: self.served_us.map(at),
            ended_at: self.ended_us.map(at),
        })
    }
}

/// The visits of rows.
pub(super) fn visits(rows: Vec<VisitRow>) -> Result<Vec<Visit>, StorageError> {
    rows.into_iter().map(VisitRow::visit).collect()
}
