//! The list of somebody's files.

use super::texts::{Texts, texts};
use crate::access::OfficeView;
use crate::domain::export::{Stage, What};
use crate::storage::Export;
use crate::web::console::failure::Failure;
use crate::web::console::page::Frame;
use crate::web::console::visitor::Signed;

/// A file in the list.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) state: String,
    pub(super) state_class: &'static str,
    pub(super) until: String,
    pub(super) is_ready: bool,
}

/// Somebody's files.
pub(super) struct Files {
    pub(super) rows: Vec<Row>,
    /// Whether one is being made: the list follows it.
    pub(super) is_running: bool,
    /// Whether names are in those of bookings and visits.
    pub(super) with_people: bool,
}

/// The files that somebody asked for here.
pub(super) async fn listed(signed: &Signed, office: &OfficeView) -> Result<Files, Failure> {
    let frame = &signed.asked.frame;
    let t = texts(frame.lang);
    let exports = office.own_exports().await?;
    Ok(Files {
        is_running: exports.iter().any(|export| export.stage == Stage::Running),
        with_people: office.sees_people(),
        rows: exports.iter().map(|export| row(frame, t, office, export)).collect(),
    })
}

fn row(frame: &Frame, t: &Texts, office: &OfficeView, export: &Export) -> Row {
    let what = match export.what {
        What::Bookings => t.what_bookings,
        What::Visits => t.what_visits,
        What::Messages => t.what_messages,
    };
    let days = format!("{} – {}", frame.plain_date(export.span.first), frame.plain_date(export.span.last));
    let lines = format!("{} {}", export.written, t.lines);
    let (state, state_class) = match export.stage {
        Stage::Running => (format!("{}: {lines}", t.running), "wait"),
        Stage::Done => (format!("{}: {lines}", t.ready), "on"),
        Stage::Failed | Stage::Removed => (t.failed.to_owned(), "off"),
    };
    Row {
        id: export.id,
        name: format!("{what}, {}, {days}", export.format.name().to_uppercase()),
        state,
        state_class,
        until: office.office().zone.local(export.until).format("%d-%m-%Y %H.%M").to_string(),
        is_ready: export.stage == Stage::Done,
    }
}
