//! Reads a birth date or a visit date by the rules of its format.

use chrono::NaiveDate;

use crate::domain::person::{TglLahir, TglLahirError};
use crate::grammar::date;
use crate::grammar::date::spelling::Spellings;
use crate::grammar::date::written::{DateError, Days as Readings};
use crate::grammar::date::{month_day, named_day, repair};
use crate::grammar::format::rules::Rules;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::request::note::NoteKind;
use crate::grammar::value::parsed::{Parsed, Value};

pub(crate) fn born(rules: &Rules, text: &str, sent_on: NaiveDate) -> Result<Parsed, MisreadKind> {
    let (days, repaired) = birth_date(rules, text, sent_on).map_err(date_kind)?;
    let born = TglLahir::judge(days.first, sent_on).map_err(birth_kind)?;
    if let Some(wrong) = rules.judge_age(days.first, sent_on) {
        return Err(wrong);
    }
    spelled(&rules.born, text, repaired.as_ref())?;
    Ok(Parsed { value: Value::TglLahir(born), others: days.others, repaired })
}

pub(crate) fn visit(rules: &Rules, text: &str, sent_on: NaiveDate) -> Result<Parsed, MisreadKind> {
    let (mut days, repaired) = visit_date(rules, text, sent_on).map_err(date_kind)?;
    // `selasa` on a Tuesday, where today cannot be asked for: only the coming one is left.
    if !days.others.is_empty() {
        let all = std::iter::once(days.first).chain(days.others.iter().copied());
        let fitting = all.filter(|&day| rules.judge_visit(day, sent_on).is_none()).collect();
        days = Readings::of(fitting).unwrap_or(days);
    }
    let repaired = repaired.map(|(kind, _)| (kind, days.first.to_string()));
    if let Some(wrong) = rules.judge_visit(days.first, sent_on) {
        return Err(wrong);
    }
    spelled(&rules.visit, text, repaired.as_ref())?;
    Ok(Parsed { value: Value::TglKedatangan(days.first), others: days.others, repaired })
}

/// Whether a date is spelled as the format wants it; a typo in it is looked past.
fn spelled(shapes: &Spellings, text: &str, repaired: Option<&(NoteKind, String)>) -> Result<(), MisreadKind> {
    let allowed = match repaired {
        Some((NoteKind::Digit, _)) => shapes.allow(&repair::digits(text).unwrap_or_default()),
        _ => shapes.allow(text),
    };
    if allowed { Ok(()) } else { Err(MisreadKind::DateShape) }
}

/// The days that a date may be, and the typo that was repaired in it.
type Dated = (Readings, Option<(NoteKind, String)>);

/// Days with the note on how they came about: the note gives the day itself.
fn repaired(days: Readings, kind: NoteKind) -> Dated {
    let note = Some((kind, days.first.to_string()));
    (days, note)
}

/// A birth date as written, or with one typo repaired.
fn birth_date(rules: &Rules, text: &str, sent_on: NaiveDate) -> Result<Dated, DateError> {
    let allowed = rules.births(sent_on);
    if let Some(written) = date::parse(text) {
        return Ok((written.days(&allowed)?, None));
    }
    // `tgl 25-01-1987`, `Senin, 25 Januari 1987`: a day without its year is no birth date.
    if let Some(named) = named_day::read(text, sent_on, &allowed)
        && named.as_ref().map_or(true, |named| !named.counted)
    {
        return named.map(|named| (named.days, None));
    }
    if let Some(written) = month_day::in_digits(text).and_then(|text| date::parse(&text)) {
        return Ok(repaired(written.days(&allowed)?, NoteKind::Digit));
    }
    let (written, kind) = repair::birth_date(text).ok_or(DateError::NotADate)?;
    Ok(repaired(written.days(&allowed)?, kind))
}

/// A visit date as written, as a day counted from the day of sending, or with one typo repaired.
fn visit_date(rules: &Rules, text: &str, sent_on: NaiveDate) -> Result<Dated, DateError> {
    let allowed = rules.visits(sent_on);
    if let Some(written) = date::parse(text) {
        return Ok((written.days(&allowed)?, None));
    }
    if let Some(named) = named_day::read(text, sent_on, &allowed) {
        let named = named?;
        return Ok(if named.counted { repaired(named.days, NoteKind::Day) } else { (named.days, None) });
    }
    if let Some(text) = month_day::in_digits(text) {
        let days = match (date::parse(&text), named_day::read(&text, sent_on, &allowed)) {
            (Some(written), _) => Some(written.days(&allowed)?),
            (None, named) => named.transpose()?.map(|named| named.days),
        };
        if let Some(days) = days {
            return Ok(repaired(days, NoteKind::Day));
        }
    }
    let (written, kind) = repair::date(text).ok_or(DateError::NotADate)?;
    Ok(repaired(written.days(&allowed)?, kind))
}

fn date_kind(error: DateError) -> MisreadKind {
    match error {
        DateError::NotADate => MisreadKind::NotADate,
        DateError::NoSuchDay => MisreadKind::NoSuchDay,
        DateError::Contradicts => MisreadKind::OtherWeekday,
    }
}

fn birth_kind(error: TglLahirError) -> MisreadKind {
    match error {
        TglLahirError::Future => MisreadKind::BirthInFuture,
        TglLahirError::TooOld => MisreadKind::BirthTooOld,
    }
}
