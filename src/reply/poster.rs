//! The office's poster, as far as a reply shows it: the line to fill in, and a filled example on a day that is open.

use chrono::{Days, NaiveDate};

use super::scene::Scene;
use crate::conversation::{Outcome, Refusal};
use crate::domain::office::FormatId;
use crate::domain::slot;
use crate::grammar::{Field, Limits, Misread, OwnText, PhotoKind};

/// The line to fill in, and a filled example.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Poster {
    /// The poster's line, `#Nama#TglLahir#TglKedatangan`.
    pub(super) line: String,
    /// The line filled in for an invented person.
    pub(super) example: String,
    /// The photos of which one belongs to it; empty where none does.
    pub(super) photos: Vec<PhotoKind>,
    /// Whether a piece of it may be left out.
    pub(super) has_optional: bool,
    /// The mark between its pieces.
    pub(super) mark: char,
    /// The numbers and choices of its rules.
    pub(super) limits: Limits,
    /// The office's own sentence about what is wrong.
    pub(super) own: Option<OwnText>,
    /// What the office calls the piece that is wrong, where it named it itself.
    pub(super) own_name: Option<String>,
    /// Whether citizens choose the day; the office does where the line has no date.
    pub(super) asks_day: bool,
    /// The lines of the office's other formats.
    pub(super) others: Vec<String>,
    /// The keywords in front of the office's forms; empty where none has one.
    pub(super) keywords: Vec<String>,
    /// The visit date in the example.
    pub(super) visit: NaiveDate,
}

impl Poster {
    /// The poster that fits an outcome. This is the only place that asks formats anything.
    pub(super) fn read(scene: &Scene<'_>, outcome: &Outcome) -> Self {
        let outcome = outcome.first();
        let visit = example_day(scene, outcome);
        let meant = format_meant(outcome);
        let format = scene.formats.iter().find(|format| Some(format.id()) == meant).or_else(|| scene.formats.first());
        let Some(format) = format else {
            return Self { visit, mark: '#', ..Self::default() };
        };
        Self {
            line: format.line().to_owned(),
            example: format.example(visit),
            photos: format.photos().to_vec(),
            has_optional: format.has_optional(),
            mark: format.mark(),
            limits: format.limits(),
            own: misread_of(outcome).and_then(|misread| format.own_text(misread)).cloned(),
            own_name: match misread_of(outcome).and_then(|misread| misread.field) {
                Some(field @ Field::Teks(_)) => Some(format.called(field).to_owned()),
                _ => None,
            },
            asks_day: format.has_visit_date(),
            others: scene.formats.iter().filter(|o| o.id() != format.id()).map(|o| o.line().to_owned()).collect(),
            keywords: scene.formats.iter().filter_map(|format| format.keyword_printed()).map(str::to_owned).collect(),
            visit,
        }
    }
}

fn misread_of(outcome: &Outcome) -> Option<&Misread> {
    match outcome {
        Outcome::Misread { misread, .. } => Some(misread),
        _ => None,
    }
}

/// The format that the citizen was using, where the outcome knows.
fn format_meant(outcome: &Outcome) -> Option<&FormatId> {
    match outcome {
        Outcome::Misread { misread, .. } => Some(&misread.format),
        Outcome::Confirm { form, .. } => Some(&form.format),
        Outcome::WhichDay { ask, .. } => ask.choices.first().map(|choice| &choice.form.format),
        Outcome::CodeExpired { hold, .. } | Outcome::Released { hold } | Outcome::PhotoWanted { hold, .. } => {
            Some(&hold.format)
        }
        Outcome::HoldOnClosedDay { hold, .. } => Some(&hold.format),
        Outcome::Cancelled { booking } => Some(&booking.format),
        _ => None,
    }
}

/// A day for the example on which it would work if it were sent now: people copy examples as they stand.
pub(super) fn example_day(scene: &Scene<'_>, outcome: &Outcome) -> NaiveDate {
    let today = scene.office.date_at(scene.now);
    let tomorrow = |date: NaiveDate| date.checked_add_days(Days::new(1)).unwrap_or(date);
    let from = match outcome.first() {
        Outcome::HoldOnClosedDay { next: Some(day), .. }
        | Outcome::Refused(Refusal::Day { next: Some(day), .. } | Refusal::Full { suggest: Some(day), .. }) => {
            return *day;
        }
        Outcome::Refused(Refusal::Full { asked, .. }) => tomorrow(*asked),
        Outcome::CodeExpired { hold, .. } => tomorrow(hold.slot.date),
        _ => today,
    };
    let next = |from| slot::next_day(scene.office, scene.calendar, from, scene.now);
    next(from).or_else(|| next(today)).unwrap_or_else(|| tomorrow(today))
}
