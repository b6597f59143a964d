//! The office's poster, as far as a reply shows it: the line to fill in, and a filled example on a day that is open.

use chrono::{Days, NaiveDate};

use super::plain::plain;
use super::scene::Scene;
use crate::conversation::{DayChangeTold, DayChanged, GuideAsk, NoticeContent, Outcome, Refusal, WaitingTold};
use crate::domain::identity::Phone;
use crate::domain::office::FormatId;
use crate::domain::slot::{self, Session};
use crate::grammar::{Field, Form, Format, Limits, Misread, MisreadKind, OwnPiece, OwnText, PhotoKind};

/// How the photo of a form is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum PhotoWay {
    /// In the chat.
    #[default]
    Chat,
    /// By a page that a reply links.
    Page,
}

/// The line to fill in, and a filled example.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Poster {
    /// The poster's line, `#Nama#TglLahir#TglKedatangan`.
    pub(super) line: String,
    /// The line filled in for an invented person.
    pub(super) example: String,
    /// The citizen's own line, with what is missing by its name and the next possible date; empty where there is none.
    pub(super) own_line: String,
    /// Whether nothing is missing in it.
    pub(super) own_line_whole: bool,
    /// What the guided dialogue knows already.
    pub(super) guide_taken: Vec<Shown>,
    /// What can be chosen by number in the dialogue.
    pub(super) guide_choices: Vec<Shown>,
    /// An invented value of the piece that the dialogue asks for.
    pub(super) guide_sample: String,
    /// The photos of which one belongs to it; empty where none does.
    pub(super) photos: Vec<PhotoKind>,
    /// How they are sent.
    pub(super) photo_way: PhotoWay,
    /// Whether a piece of it may be left out.
    pub(super) has_optional: bool,
    /// The mark between its pieces.
    pub(super) mark: char,
    /// The numbers and choices of its rules.
    pub(super) limits: Limits,
    /// The office's own sentence about what is wrong.
    pub(super) own: Option<OwnText>,
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
        let (own_line, own_line_whole) = own_line(format, outcome, (visit, scene.office.date_at(scene.now)));
        Self {
            own_line,
            own_line_whole,
            guide_taken: guide_taken(scene, format, outcome),
            guide_choices: guide_choices(scene, format, outcome),
            guide_sample: guide_sample(format, outcome, visit),
            line: format.line().to_owned(),
            example: format.example(visit),
            photos: format.photos().to_vec(),
            photo_way: if format.photo_by_page() && scene.turn_links.is_some() {
                PhotoWay::Page
            } else {
                PhotoWay::Chat
            },
            has_optional: format.has_optional(),
            mark: format.mark(),
            limits: format.limits(),
            own: misread_of(outcome).and_then(|misread| format.own_text(misread)).cloned(),
            asks_day: format.has_visit_date(),
            others: scene.formats.iter().filter(|o| o.id() != format.id()).map(|o| o.line().to_owned()).collect(),
            keywords: scene.formats.iter().filter_map(|format| format.keyword_printed()).map(str::to_owned).collect(),
            visit,
        }
    }
}

/// A value of the guided dialogue, to be put in the reply's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// A birth date.
    Born(NaiveDate),
    /// A day of visit.
    Visit(NaiveDate),
    /// A half of the day.
    Session(Session),
    /// How many come.
    People(String),
    /// The format without a keyword.
    Ordinary,
    /// The format that asks for the number of people.
    Family,
    /// Anything else, as it is.
    Text(String),
}

fn shown(scene: &Scene<'_>, format: &Format, field: Field, text: &str) -> Shown {
    let day = || format.day_of(field, text, scene.office.date_at(scene.now));
    let shown = match field {
        Field::TglLahir => day().map(Shown::Born),
        Field::TglKedatangan => day().map(Shown::Visit),
        Field::Sesi => Session::ALL.into_iter().find(|session| session.name() == text).map(Shown::Session),
        Field::Jumlah => Some(Shown::People(text.to_owned())),
        Field::Telepon => Phone::read(text).map(|phone| Shown::Text(phone.international())),
        _ => None,
    };
    shown.unwrap_or_else(|| Shown::Text(text.to_owned()))
}

fn guide_taken(scene: &Scene<'_>, format: &Format, outcome: &Outcome) -> Vec<Shown> {
    let Outcome::Guide(step) = outcome else { return Vec::new() };
    step.taken.iter().map(|(field, text)| shown(scene, format, *field, text)).collect()
}

fn guide_choices(scene: &Scene<'_>, format: &Format, outcome: &Outcome) -> Vec<Shown> {
    let Outcome::Guide(step) = outcome else { return Vec::new() };
    match &step.ask {
        GuideAsk::Format(ids) => {
            let format_of = |id: &FormatId| scene.formats.iter().find(|format| format.id() == id);
            let named = |format: &Format| match format.keyword_printed() {
                Some(word) => Shown::Text(word.to_owned()),
                None if format.asks(Field::Jumlah) => Shown::Family,
                None => Shown::Ordinary,
            };
            ids.iter().filter_map(format_of).map(|format| named(format)).collect()
        }
        GuideAsk::Alternative(_) => Vec::new(),
        GuideAsk::Piece { field, choices, .. } => {
            choices.iter().map(|text| shown(scene, format, *field, text)).collect()
        }
    }
}

fn guide_sample(format: &Format, outcome: &Outcome, visit: NaiveDate) -> String {
    match outcome {
        Outcome::Guide(step) => match step.ask {
            GuideAsk::Piece { field, .. } => format.sample(field, visit),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// The citizen's own line, and whether nothing is missing in it: a misread one with the gaps by their names, one for a day that
/// cannot be given with the next possible date.
fn own_line(format: &Format, outcome: &Outcome, (visit, today): (NaiveDate, NaiveDate)) -> (String, bool) {
    let moved = |form: &Form| (format.fill(&Form { visit: Some(visit), ..form.clone() }), true);
    match outcome {
        Outcome::Misread { misread, .. } => misread_line(format, misread, (visit, today)),
        _ => match refusal_of(outcome) {
            Some(Refusal::Day { form: Some(form), next: Some(_), .. } | Refusal::Full { form: Some(form), .. })
                if form.visit.is_some() =>
            {
                moved(form)
            }
            _ => (String::new(), false),
        },
    }
}

/// The refusal that an outcome tells, alone or with the question whether to tell them later.
fn refusal_of(outcome: &Outcome) -> Option<&Refusal> {
    match outcome {
        Outcome::Refused(refusal) => Some(refusal),
        Outcome::Waiting(told) => match &**told {
            WaitingTold::OpeningAsked { refusal } => Some(refusal),
            _ => None,
        },
        _ => None,
    }
}

fn misread_line(format: &Format, misread: &Misread, (visit, today): (NaiveDate, NaiveDate)) -> (String, bool) {
    let is_own = misread.pieces.iter().any(|piece| piece.text.is_some());
    if !is_own {
        return (String::new(), false);
    }
    let day_is_over = |field: Field| {
        let is_over =
            |kind| matches!(kind, MisreadKind::VisitPast | MisreadKind::VisitToday | MisreadKind::VisitTooFar);
        field == Field::TglKedatangan
            && (misread.field == Some(field) && is_over(misread.kind)
                || misread.others.iter().any(|other| other.field == field && is_over(other.kind)))
    };
    // A piece that reads alone may still be the one that is wrong: `Budi kapan bisa datang`.
    let is_right = |field: Field, text: &str| format.read_piece(field, text, today).is_ok();
    let mut whole = true;
    let pieces: Vec<(Field, String)> = misread
        .pieces
        .iter()
        .map(|OwnPiece { field, text }| {
            let text = match text {
                Some(text) if is_right(*field, text) => plain(text),
                _ if day_is_over(*field) => format.spell_visit(visit),
                _ => {
                    whole = false;
                    format.called(*field).to_owned()
                }
            };
            (*field, text)
        })
        .collect();
    // Only a day that is put in for another one makes it a line to be sent as it stands.
    (format.line_of(&pieces), whole && day_is_over(Field::TglKedatangan))
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
        Outcome::Guide(step) => step.format.as_ref(),
        Outcome::WhichDay { ask, .. } => ask.choices.first().map(|choice| &choice.form.format),
        Outcome::CodeExpired { hold, .. } | Outcome::Released { hold } | Outcome::PhotoWanted { hold, .. } => {
            Some(&hold.format)
        }
        Outcome::HoldOnClosedDay { hold, .. } => Some(&hold.format),
        Outcome::Notice(content) => day_changed(content).map(|changed| &changed.booking.format),
        Outcome::Cancelled { booking } => Some(&booking.format),
        _ => None,
    }
}

fn day_changed(content: &NoticeContent) -> Option<&DayChanged> {
    match content {
        NoticeContent::DayChanged(changed) => Some(changed),
        _ => None,
    }
}

/// A day for the example on which it would work if it were sent now: people copy examples as they stand.
pub(super) fn example_day(scene: &Scene<'_>, outcome: &Outcome) -> NaiveDate {
    let today = scene.office.date_at(scene.now);
    let tomorrow = |date: NaiveDate| date.checked_add_days(Days::new(1)).unwrap_or(date);
    if let Some(Refusal::Day { next: Some(day), .. }) = refusal_of(outcome.first()) {
        return *day;
    }
    let from = match outcome.first() {
        Outcome::HoldOnClosedDay { next: Some(day), .. }
        | Outcome::Refused(Refusal::Day { next: Some(day), .. } | Refusal::Full { suggest: Some(day), .. }) => {
            return *day;
        }
        Outcome::Refused(Refusal::Full { asked, .. }) => tomorrow(*asked),
        Outcome::CodeExpired { hold, .. } => tomorrow(hold.slot.date),
        Outcome::Notice(content) => match day_changed(content).map(|changed| &changed.told) {
            Some(DayChangeTold::HoldEnded { next: Some(day) }) => return *day,
            _ => today,
        },
        _ => today,
    };
    let next = |from| slot::next_day(scene.office, scene.calendar, from, scene.now);
    next(from).or_else(|| next(today)).unwrap_or_else(|| tomorrow(today))
}
