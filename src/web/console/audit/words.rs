//! What a row of the trail says, in the language of the page.

use super::texts::Texts;
use crate::conversation::Lang;
use crate::domain::audit::{Act, Scope, SubjectKind};
use crate::storage::AuditRow;
use crate::web::console::page::Frame;

/// An act in words.
pub(super) fn act(lang: Lang, act: Act) -> &'static str {
    match lang {
        Lang::Id => act.in_indonesian(),
        Lang::En => act.in_english(),
    }
}

/// What a row's act is called; of a later version's act, its own word.
pub(super) fn act_of(lang: Lang, row: &AuditRow) -> String {
    row.known.map_or_else(|| row.act.clone(), |known| act(lang, known).to_owned())
}

fn kind(t: &Texts, kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Booking => t.kind_booking,
        SubjectKind::Visit => t.kind_visit,
        SubjectKind::Contact => t.kind_contact,
        SubjectKind::Ticket => t.kind_ticket,
        SubjectKind::Reply => t.kind_reply,
        SubjectKind::Notice => t.kind_notice,
        SubjectKind::Office => t.kind_office,
        SubjectKind::Staff => t.kind_staff,
        SubjectKind::Channel => t.kind_channel,
        SubjectKind::Display => t.kind_display,
        SubjectKind::Job => t.kind_job,
        SubjectKind::Format => t.kind_format,
    }
}

/// What it was about, and what else it reached.
pub(super) fn about(frame: &Frame, t: &Texts, row: &AuditRow) -> String {
    let subject = match (SubjectKind::read(&row.kind), &row.code) {
        (Some(_), Some(code)) => code.clone(),
        (Some(known), None) => format!("{} {}", kind(t, known), row.subject),
        (None, _) => String::new(),
    };
    let reached = match &row.scope {
        Scope::None => String::new(),
        Scope::Days(from, to) if from == to => format!("{} {}", t.everybody_of, frame.plain_date(*from)),
        Scope::Days(from, to) => {
            format!("{} {} {} {}", t.everybody_of, frame.plain_date(*from), t.until, frame.plain_date(*to))
        }
        // One booking beside its own visit says nothing more.
        Scope::Bookings(ids) => format!("{} {}", ids.len(), t.bookings),
        Scope::Contacts(ids) => format!("{} {}", ids.len(), t.contacts),
        Scope::Words(words) => words.clone(),
    };
    [subject, reached].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
