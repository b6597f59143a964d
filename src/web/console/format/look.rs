//! What stands beside the draft: its mistakes, how the line is understood, a filled example, the rehearsal, own sentences in replies.

use std::collections::BTreeMap;

use chrono::Days;

use super::draft::Draft;
use super::rehearsed::{Shown, shown};
use super::sentences::{self, Reply};
use super::texts::{Texts, texts};
use super::words;
use crate::access::{OfficeView, PastRehearsal};
use crate::conversation::Lang;
use crate::domain::person::{ADDRESS_CHARS_MAX, NAMA_CHARS_MAX, PARTY_MAX, Service};
use crate::grammar::{Field, Format, Limits, LinePiece, Trial, TrialMessage};

/// How far ahead the filled example asks for a visit.
const AHEAD: Days = Days::new(7);

/// The part of the page that follows the draft.
pub(super) struct Look<'a> {
    pub(super) d: &'static Texts,
    pub(super) draft: &'a Draft,
    pub(super) line: Option<Line>,
    pub(super) rehearsals: Vec<Shown>,
    pub(super) is_revealed: bool,
    pub(super) replies: Vec<Reply>,
}

/// How a line is understood.
pub(super) struct Line {
    pub(super) pieces: Vec<Piece>,
    pub(super) mark: String,
    pub(super) keyword: Option<String>,
    pub(super) photos: Vec<&'static str>,
    pub(super) example: String,
}

/// A piece of the line, in words.
pub(super) struct Piece {
    pub(super) name: String,
    pub(super) meaning: String,
    pub(super) optional: bool,
}

/// What is asked about a draft.
pub(super) struct Wanted<'a> {
    pub(super) office: &'a OfficeView,
    pub(super) lang: Lang,
    /// The mistake whose reply is to be shown besides.
    pub(super) chosen: &'a str,
    /// What came of the messages of citizens, where they were to be tried.
    pub(super) past: Option<&'a PastRehearsal>,
    pub(super) is_revealed: bool,
}

impl<'a> Look<'a> {
    /// Looks at a draft.
    pub(super) fn of(draft: &'a Draft, wanted: &Wanted<'_>) -> Self {
        let Wanted { office, lang, chosen, past, is_revealed } = *wanted;
        let d = texts(lang);
        let format = draft.format.as_deref();
        let mut rehearsals = Vec::new();
        if let Some(past) = past {
            rehearsals.push(shown((d, lang), d.rehearsed_past, &past.result, &past.shown));
        }
        rehearsals.extend(format.map(|format| on_examples((d, lang), office, format)));
        Self {
            d,
            draft,
            line: format.map(|format| line((d, lang), office, format)),
            rehearsals,
            is_revealed,
            replies: format
                .map(|format| sentences::replies(office, format, chosen, (lang, d.form_whole)))
                .unwrap_or_default(),
        }
    }
}

/// Rehearses on what the office itself wrote down: the examples of the file, and the filled example as people write it.
fn on_examples(words: (&'static Texts, Lang), office: &OfficeView, format: &Format) -> Shown {
    let today = office.office().date_at(office.now());
    let messages: Vec<TrialMessage> = format.example_messages().into_iter().chain(format.ways(today)).collect();
    let in_force = office.formats_in_force();
    let in_force: Vec<&Format> = in_force.iter().map(AsRef::as_ref).collect();
    let result = Trial { draft: format, in_force: &in_force }.run(&messages);
    let seen: BTreeMap<usize, String> = messages.into_iter().map(|message| message.text).enumerate().collect();
    shown(words, words.0.rehearsed_examples, &result, &seen)
}

fn line((d, lang): (&'static Texts, Lang), office: &OfficeView, format: &Format) -> Line {
    let today = office.office().date_at(office.now());
    let limits = format.limits();
    let piece = |LinePiece { fields, optional }: LinePiece| {
        let join = format!(" {} ", d.one_of);
        let names: Vec<&str> = fields.iter().map(|(_, name)| name.as_str()).collect();
        let meanings: Vec<String> =
            fields.iter().map(|(field, _)| meaning((d, lang), format, &limits, *field)).collect();
        Piece { name: names.join(" | "), meaning: meanings.join(&join), optional }
    };
    Line {
        pieces: format.line_pieces().into_iter().map(piece).collect(),
        mark: words::mark(lang, format.mark()),
        keyword: format.keyword_printed().map(str::to_owned),
        photos: format.photos().iter().map(|kind| words::photo(lang, *kind)).collect(),
        example: format.example(today.checked_add_days(AHEAD).unwrap_or(today)),
    }
}

/// What a piece is, with its rules.
fn meaning((d, lang): (&Texts, Lang), format: &Format, limits: &Limits, field: Field) -> String {
    let mut parts = vec![words::field(lang, field).to_owned()];
    let spellings = format.spellings(field);
    if !spellings.is_empty() {
        parts.push(format!("{} {}", d.written_as, spellings.join(", ")));
    }
    let at_most = |count: usize| format!("{} {count} {}", d.up_to, d.characters);
    match field {
        Field::Nama if limits.nama_chars_max < NAMA_CHARS_MAX => parts.push(at_most(limits.nama_chars_max)),
        Field::Alamat if limits.alamat_chars_max < ADDRESS_CHARS_MAX => parts.push(at_most(limits.alamat_chars_max)),
        Field::Teks(place) => {
            parts.extend(limits.texts.get(usize::from(place)).map(|(_, most)| at_most(*most)));
        }
        Field::Jumlah if limits.party_max < PARTY_MAX => {
            parts.push(format!("{} {} {}", d.up_to, limits.party_max, d.people));
        }
        Field::TglLahir => parts.extend(match (limits.age_min, limits.age_max) {
            (None, None) => None,
            (Some(least), Some(most)) => Some(format!("{} {least} {} {most} {}", d.age, d.age_to, d.years)),
            (Some(least), None) => Some(format!("{} {least} {}", d.age_from, d.years)),
            (None, Some(most)) => Some(format!("{} {most} {}", d.age_until, d.years)),
        }),
        Field::TglKedatangan => {
            parts.extend((!format.takes_today()).then(|| d.not_today.to_owned()));
            parts.extend(limits.horizon_days.map(|days| format!("{} {days} {}", d.up_to, d.days_ahead)));
        }
        Field::Layanan => {
            parts.push(limits.services.iter().map(Service::as_str).collect::<Vec<_>>().join(", "));
        }
        _ => {}
    }
    if format.holds_separator(field) {
        parts.push(d.may_hold.to_owned());
    }
    parts.join("; ")
}
