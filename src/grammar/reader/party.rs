//! Reads several forms in one message as one party, which is booked together.
//!
//! Either all of them are read or none: a message for two people never passes as a form of the first one alone.

use chrono::NaiveDate;

use crate::domain::person::{PARTY_MAX, TglLahir};
use crate::grammar::format::Format;
use crate::grammar::reader::form::filled::{AmbiguousDate, Filled};
use crate::grammar::reader::form::one::{Failed, Guess, OneForm, one};
use crate::grammar::reader::form::question::form_or_question;
use crate::grammar::reader::segment::segment;
use crate::grammar::reader::split_forms::Part;
use crate::grammar::request::Request;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::misread::{Member, MisreadKind};
use crate::grammar::request::piece_error::PieceError;
use crate::grammar::text::pieces::bare;
use crate::grammar::text::span::offset;
use crate::grammar::text::words::folded;
use crate::grammar::value;
use crate::grammar::value::parsed::Value;

/// One person's form, read.
struct Person<'f, 'm> {
    format: &'f Format,
    filled: Filled<'m>,
    text: &'m str,
}

impl<'m> Person<'_, 'm> {
    /// The piece that was read as a field: the last that can be.
    fn piece(&self, field: Field, sent_on: NaiveDate) -> Option<&'m str> {
        let reads = |piece: &&&str| value::read(self.format.rules(), field, piece, sent_on).is_ok();
        segment(&[self.format], self.text)?.pieces.iter().rev().find(reads).copied()
    }

    fn member(&self, place: usize) -> Option<Member> {
        member(place, Some(&self.filled.form))
    }

    /// The days on which it may ask to be served, as it is written.
    fn days(&self) -> Vec<Option<NaiveDate>> {
        self.readings(Field::TglKedatangan, self.filled.form.visit)
    }

    /// A date as it was read, and the others that may be meant.
    fn readings(&self, field: Field, own: Option<NaiveDate>) -> Vec<Option<NaiveDate>> {
        let ambiguous_dates = self.filled.ambiguous_dates.iter().filter(|ambiguous| ambiguous.field == field);
        let others = ambiguous_dates.flat_map(|ambiguous| ambiguous.others.iter().copied().map(Some));
        std::iter::once(own).chain(others).collect()
    }

    /// Whether both may be one person: the same letters in the name, and a birth date that either may have.
    fn may_be(&self, other: &Self) -> bool {
        let births = |person: &Self| {
            person.readings(Field::TglLahir, person.filled.form.applicant.tgl_lahir.map(TglLahir::date))
        };
        let own = births(self);
        let [name, others_name] = [self, other].map(|person| folded(person.filled.form.applicant.nama.as_str()));
        births(other).iter().any(|day| own.contains(day)) && name.eq(others_name)
    }
}

fn member(place: usize, form: Option<&Form>) -> Option<Member> {
    let nama = form.map(|form| form.applicant.nama.clone());
    Some(Member { number: u8::try_from(place + 1).ok()?, nama })
}

/// Reads the forms of a message as one party.
pub(crate) fn read<'f, 'm>(
    formats: &[&'f Format],
    ordinary: &'f Format,
    message: &'m str,
    forms: Vec<Part<'m>>,
    sent_on: NaiveDate,
) -> Result<Request, Failed<'f, 'm>> {
    if let Some(beyond) = forms.get(usize::from(PARTY_MAX)) {
        let at = bare(message.get(offset(message, beyond.text)..).unwrap_or(beyond.text));
        let wrong = (None, PieceError { kind: MisreadKind::TooManyPeople, at });
        return Err(Failed { format: ordinary, wrong, member: None, guess: Guess::None });
    }
    let read = forms.into_iter().map(|Part { text, opened }| (text, one(formats, ordinary, text, opened, sent_on)));
    let people = all_read(ordinary, read, sent_on)?;
    if let Some(failed) = not_one_party(&people, sent_on) {
        return Err(failed);
    }
    let format = people.first().map_or(ordinary, |person| person.format);
    Ok(joined(people).map_or(Request::Unreadable, |filled| form_or_question(format, message, filled)))
}

/// All forms, or what is wrong with the first that is none; where all others are forms, it may be repaired among them.
fn all_read<'f, 'm>(
    ordinary: &'f Format,
    read: impl Iterator<Item = (&'m str, Result<OneForm<'f, 'm>, Failed<'f, 'm>>)>,
    sent_on: NaiveDate,
) -> Result<Vec<Person<'f, 'm>>, Failed<'f, 'm>> {
    let mut people = Vec::new();
    let mut broken: Option<(usize, Failed<'f, 'm>)> = None;
    for (place, (text, one)) in read.enumerate() {
        let failed = match one {
            Ok(OneForm::Form(format, filled)) => {
                people.push(Person { format, filled, text });
                continue;
            }
            Ok(OneForm::Other(_)) => {
                let wrong = (None, PieceError { kind: MisreadKind::Several, at: bare(text) });
                Failed { format: ordinary, wrong, member: None, guess: Guess::None }
            }
            Err(failed) => failed,
        };
        match &mut broken {
            Some((_, first)) => first.guess = Guess::None,
            None => broken = Some((place, Failed { member: whose(place, &failed, sent_on), ..failed })),
        }
    }
    let Some((place, mut failed)) = broken else { return Ok(people) };
    lend_day(&mut failed, &people, sent_on);
    let certain = people.iter().all(|person| person.filled.is_certain());
    let mut forms = people.into_iter().map(|person| person.filled.form);
    match &mut failed.guess {
        Guess::Pieces { others, .. } if certain => {
            *others = Some(Box::new((forms.by_ref().take(place).collect(), forms.collect())));
        }
        guess => *guess = Guess::None,
    }
    Err(failed)
}

/// Where only the visit date is missing, the date that all the others give is suggested: a party comes on one day.
fn lend_day<'m>(failed: &mut Failed<'_, 'm>, people: &[Person<'_, 'm>], sent_on: NaiveDate) {
    let is_missing = failed.wrong.0 == Some(Field::TglKedatangan) && failed.wrong.1.kind == MisreadKind::Missing;
    let (Guess::Pieces { pieces, .. }, Some(first)) = (&mut failed.guess, people.first()) else { return };
    let at =
        first.format.shapes().iter().find_map(|shape| shape.fields.iter().position(|&it| it == Field::TglKedatangan));
    let is_everybodys = people.iter().all(|person| person.filled.form.visit == first.filled.form.visit);
    if let Some(at) = at.filter(|at| is_missing && is_everybodys && *at <= pieces.len())
        && let Some(day) = first.piece(Field::TglKedatangan, sent_on)
    {
        pieces.insert(at, day);
    }
}

/// Whose form it is that could not be read; the name is given unless it is what is wrong.
fn whose(place: usize, failed: &Failed<'_, '_>, sent_on: NaiveDate) -> Option<Member> {
    let member = member(place, None)?;
    let (Guess::Pieces { pieces, .. }, (field, _)) = (&failed.guess, &failed.wrong) else { return Some(member) };
    let name = |piece: &&str| match value::read(failed.format.rules(), Field::Nama, piece, sent_on).ok()?.value {
        Value::Nama(nama) => Some(nama),
        _ => None,
    };
    let nama = pieces.iter().filter(|_| *field != Some(Field::Nama)).find_map(name);
    Some(Member { nama, ..member })
}

/// What keeps whole forms from being one party.
fn not_one_party<'f, 'm>(people: &[Person<'f, 'm>], sent_on: NaiveDate) -> Option<Failed<'f, 'm>> {
    let first = people.first()?;
    let failed = |place: usize, field, kind, at, guess| {
        let person: &Person<'f, 'm> = people.get(place)?;
        Some(Failed {
            format: person.format,
            wrong: (field, PieceError { kind, at }),
            member: person.member(place),
            guess,
        })
    };
    let whole = |place: usize, kind, guess| failed(place, None, kind, bare(people.get(place)?.text), guess);
    let is_foreign = |person: &Person<'_, '_>| person.format.id() != first.format.id();
    if let Some(place) = people.iter().position(|person| is_foreign(person) || person.filled.form.party > 1) {
        return whole(place, MisreadKind::Several, Guess::None);
    }
    for (place, person) in people.iter().enumerate() {
        if let Some(earlier) = people.iter().take(place).find(|earlier| earlier.may_be(person)) {
            return whole(place, MisreadKind::SamePerson, without(people, place, &earlier.filled.form));
        }
    }
    let days = first.days();
    let differs = |field: Field, place: usize| {
        let person = people.get(place)?;
        let piece = person.piece(field, sent_on).unwrap_or(person.text);
        failed(place, Some(field), MisreadKind::NotTogether, piece, Guess::None)
    };
    let meets = |person: &Person<'_, '_>| person.days().iter().any(|day| days.contains(day));
    if let Some(place) = people.iter().position(|person| !meets(person)).or_else(|| no_common_day(people)) {
        return differs(Field::TglKedatangan, place);
    }
    let session = |person: &Person<'_, '_>| person.filled.form.applicant.sesi;
    let other = people.iter().position(|person| session(person) != session(first))?;
    differs(Field::Sesi, other)
}

/// The days on which all of them may ask to be served.
fn common_days(people: &[Person<'_, '_>]) -> Vec<Option<NaiveDate>> {
    let mut days = people.first().map(Person::days).unwrap_or_default();
    days.retain(|day| people.iter().all(|person| person.days().contains(day)));
    days
}

/// The last person, where each has a day with the first, and yet no day is everybody's.
fn no_common_day(people: &[Person<'_, '_>]) -> Option<usize> {
    if common_days(people).is_empty() { people.len().checked_sub(1) } else { None }
}

/// The party without the line of somebody who has two, if both lines say the same.
fn without<'m>(people: &[Person<'_, 'm>], place: usize, earlier: &Form) -> Guess<'m> {
    let again = people.get(place).map(|person| &person.filled.form);
    let same =
        again.is_some_and(|form| form.applicant.says_the_same(&earlier.applicant) && form.visit == earlier.visit);
    let certain = people.iter().all(|person| person.filled.is_certain());
    let others = people.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, person)| person.filled.form.clone());
    let form = party(others.collect()).filter(|_| same && certain);
    form.map_or(Guess::None, |form| Guess::Form(Box::new(form)))
}

/// One form of several that fit together; their notes say whose they are.
pub(crate) fn party(forms: Vec<Form>) -> Option<Form> {
    let (party, alone) = (u8::try_from(forms.len()).ok()?, forms.len() == 1);
    let mut forms = (1_u8..).zip(forms);
    let (_, mut first) = forms.next()?;
    if alone {
        return Some(first);
    }
    let of = |number: u8, form: &mut Form| {
        let notes = std::mem::take(&mut form.notes).into_iter();
        notes.map(move |mut note| {
            // The mark and the day are the whole message's.
            note.person = note.field.filter(|&field| field != Field::TglKedatangan).map(|_| number);
            note
        })
    };
    let mut notes: Vec<_> = of(1, &mut first).collect();
    for (number, mut form) in forms {
        for note in of(number, &mut form) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        first.applicant.others.push(form.applicant);
    }
    Some(Form { party, notes, ..first })
}

/// The party's form, and what has still to be asked: the day once, birth dates of each.
fn joined<'m>(people: Vec<Person<'_, 'm>>) -> Option<Filled<'m>> {
    let mut days = common_days(&people).into_iter();
    let visit = days.next()?;
    let others: Vec<NaiveDate> = days.flatten().collect();
    let house = people.iter().find_map(|person| person.filled.house);
    let mut ambiguous_dates = Vec::new();
    let mut forms = Vec::new();
    for (number, Person { filled, .. }) in (1_u8..).zip(people) {
        for ambiguous in filled.ambiguous_dates {
            let is_day = ambiguous.field == Field::TglKedatangan;
            let asked = ambiguous_dates.iter().any(|asked: &AmbiguousDate<'_>| asked.field == Field::TglKedatangan);
            if !is_day {
                ambiguous_dates.push(AmbiguousDate { person: Some(number), ..ambiguous });
            } else if !asked && !others.is_empty() {
                ambiguous_dates.push(AmbiguousDate { others: others.clone(), ..ambiguous });
            }
        }
        let mut form = Form { visit, ..filled.form };
        // `senin` is the Monday that is everybody's.
        for note in form.notes.iter_mut().filter(|note| note.field == Some(Field::TglKedatangan)) {
            note.to = visit.map_or_else(String::new, |day| day.to_string());
        }
        forms.push(form);
    }
    Some(Filled { form: party(forms)?, ambiguous_dates, house })
}
