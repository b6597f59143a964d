//! Asks which day is meant where a date of a form can be read in more than one way.

use chrono::NaiveDate;

use crate::domain::person::TglLahir;
use crate::grammar::format::Format;
use crate::grammar::reader::form::filled::{AmbiguousDate, Filled, nik_note};
use crate::grammar::reader::form::misreading::misread;
use crate::grammar::request::Request;
use crate::grammar::request::ask::{Ask, CHOICES_MAX, Choice};
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::misread::{FOUND_CHARS_MAX, Member, Misread, MisreadKind};
use crate::grammar::request::note::Note;
use crate::grammar::request::piece_error::PieceError;
use crate::grammar::text::span::span;

/// Most forms among which questions choose, each of which is kept until the last is answered: with more of them, a date is
/// to be written in full instead.
const BRANCHES_MAX: usize = 16;

/// What a filled form is: read, or asked about where a date may be several days.
pub(crate) fn form_or_question(format: &Format, message: &str, filled: Filled<'_>) -> Request {
    let Filled { form, ambiguous_dates, house } = filled;
    if let Some(at) = house {
        let wrong = PieceError { kind: MisreadKind::WhichPiece, at };
        return Request::Misread(misread(format, message, (Some(Field::Jumlah), wrong)));
    }
    if let Some(AmbiguousDate { field, at, .. }) =
        ambiguous_dates.iter().find(|ambiguous| ambiguous.others.len() >= CHOICES_MAX)
    {
        let wrong = PieceError { kind: MisreadKind::AmbiguousDate, at };
        return Request::Misread(misread(format, message, (Some(*field), wrong)));
    }
    if let Some(AmbiguousDate { field, person, at, .. }) =
        ambiguous_dates.first().filter(|_| branches(&ambiguous_dates) > BRANCHES_MAX)
    {
        let nama = form.person(*person).map(|person| person.nama.clone());
        let wrong = PieceError { kind: MisreadKind::AmbiguousDate, at };
        let member = person.map(|number| Member { number, nama });
        return Request::Misread(Misread { member, ..misread(format, message, (Some(*field), wrong)) });
    }
    match ask(message, &form, &ambiguous_dates) {
        Some(ask) => Request::Ask(ask),
        None => Request::Form(form),
    }
}

/// The forms that may be meant: every reading of each doubt with every reading of the others.
fn branches(ambiguous_dates: &[AmbiguousDate<'_>]) -> usize {
    ambiguous_dates.iter().fold(1, |forms: usize, ambiguous| forms.saturating_mul(1 + ambiguous.others.len()))
}

/// The question about the first doubt, and after each of its answers the question about the next one.
fn ask(message: &str, form: &Form, ambiguous_dates: &[AmbiguousDate<'_>]) -> Option<Ask> {
    let (AmbiguousDate { field, person, at, others }, later) = ambiguous_dates.split_first()?;
    let (field, person) = (*field, *person);
    let with = |date: NaiveDate| {
        let mut form = form.clone();
        if field == Field::TglKedatangan {
            form.visit = Some(date);
        } else if let Some(applicant) = form.person_mut(person) {
            // Every reading was judged by the field's rule already: only days that fit are readings.
            applicant.tgl_lahir = TglLahir::judge(date, date).ok();
            let note = nik_note(applicant).map(|note| Note { person, ..note });
            form.notes.extend(note);
        }
        // Once it is chosen, it is the citizen's own word.
        let mut chosen = form.clone();
        chosen.settle(field, person);
        for note in form.notes.iter_mut().filter(|note| (note.field, note.person) == (Some(field), person)) {
            note.to = date.to_string();
        }
        Choice { date, form, then: ask(message, &chosen, later).map(Box::new) }
    };
    let born = || form.person(person)?.tgl_lahir.map(TglLahir::date);
    let own = if field == Field::TglKedatangan { form.visit } else { born() };
    let choices = own.into_iter().chain(others.iter().copied()).map(with).collect();
    let found = at.chars().take(FOUND_CHARS_MAX).collect();
    Some(Ask { field, person, at: span(message, at), found, choices })
}
