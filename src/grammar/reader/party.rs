//! Several forms in one message, one person a line or one behind the other: a party, which is booked together.
//!
//! All of them are read or none: a message of two people never passes as if only the first had been sent.

use chrono::NaiveDate;

use crate::domain::person::{PARTY_MAX, TglLahir};
use crate::grammar::format::Format;
use crate::grammar::language::labels;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::assign::{Doubt, Filled};
use crate::grammar::reader::command;
use crate::grammar::reader::form::{Failed, Guess, One, is_spaced, one, told};
use crate::grammar::reader::intruder::may_hold_date;
use crate::grammar::reader::segment::{Opened, cut, has_shape, is_chat, is_dated, is_placeholder};
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::{Member, MisreadKind};
use crate::grammar::request::{Form, Request};
use crate::grammar::text::pieces::{bare, is_blank, offset, unnumbered};
use crate::grammar::text::words::folded;
use crate::grammar::value;
use crate::grammar::value::{Broken, Value};

/// Forms that are told apart: with one more than a party has, it is too large.
const FORMS_MAX: usize = PARTY_MAX as usize + 1;
/// Pieces of a line among which a date shows that it is somebody's: the birth date stands early in every form.
const PIECES_LOOKED_AT: usize = 3;

/// What a message was cut into.
pub(crate) enum Parts<'m> {
    /// Forms for sure, however the message reads as one.
    Forms(Vec<Part<'m>>),
    /// One form, cut open; where it is none, several may have been meant.
    One(Option<Opened<'m>>, Vec<Part<'m>>),
}

/// The text of one form in a message, cut open.
pub(crate) struct Part<'m> {
    text: &'m str,
    /// `None` where it has no marks.
    opened: Option<Opened<'m>>,
}

impl<'m> Part<'m> {
    fn of(formats: &[&Format], text: &'m str) -> Self {
        Self { text, opened: cut(formats, text) }
    }
}

/// A line that is somebody's form, or was meant to be.
struct Line<'m> {
    /// Where it begins, what stands in front included.
    start: usize,
    /// Without its number or bullet.
    form: Part<'m>,
    is_whole: bool,
}

/// Cuts a message where the next person's form begins.
pub(crate) fn parts<'m>(formats: &[&Format], message: &'m str, sent_on: NaiveDate) -> Parts<'m> {
    let lines = lines(formats, message, sent_on);
    let [first, _, ..] = lines.as_slice() else {
        let whole = cut(formats, message);
        let blocks = blocks(message);
        let texts = if blocks.len() > 1 { blocks } else { run_on(formats, message, whole.as_ref(), sent_on) };
        if texts.is_empty() {
            return Parts::One(whole, Vec::new());
        }
        return Parts::Forms(texts.into_iter().map(|text| Part::of(formats, text)).collect());
    };
    let is_front_idle = says_nothing(formats, message.get(..first.start).unwrap_or_default());
    let (lines_seen, whole_lines) = (lines.len(), lines.iter().filter(|line| line.is_whole).count());
    let mut forms = Vec::new();
    let mut lines = lines.into_iter().peekable();
    while let Some(Line { form, .. }) = lines.next() {
        // Whatever else stands in front of the first form is part of it, and named there.
        let start = if forms.is_empty() && !is_front_idle { 0 } else { offset(message, form.text) };
        let end = lines.peek().map_or(message.len(), |next| next.start);
        let text = message.get(start..end).unwrap_or(form.text).trim_end_matches(is_blank);
        let form = if std::ptr::eq(text, form.text) { form } else { Part::of(formats, text) };
        let texts = run_on(formats, text, form.opened.as_ref(), sent_on);
        if texts.is_empty() {
            forms.push(form);
        }
        forms.extend(texts.into_iter().map(|text| Part::of(formats, text)));
    }
    let are_forms = forms.len() > lines_seen || whole_lines > 1;
    if are_forms { Parts::Forms(forms) } else { Parts::One(cut(formats, message), forms) }
}

/// The lines that are somebody's form, or were meant to be; nothing where no two are.
fn lines<'m>(formats: &[&Format], message: &'m str, sent_on: NaiveDate) -> Vec<Line<'m>> {
    let mut lines: Vec<Line<'m>> = Vec::new();
    if !message.contains('\n') {
        return lines;
    }
    for written in message.split('\n') {
        let line = written.trim_matches(is_blank);
        let form = unnumbered(line, lines.len() + 1).unwrap_or_else(|| unbulleted(line));
        let Some(opened) = cut(formats, form) else {
            if !labels::is_labelled(form) && is_spaced(formats, form, sent_on) {
                let form = Part { text: form, opened: None };
                lines.push(Line { start: offset(message, written), form, is_whole: true });
            }
            continue;
        };
        let has_own_shape = |format: &&Format| has_shape(format, format.separator().mark(), &opened.pieces);
        // Cut at another mark than the formats' own only where that gives a whole form.
        let is_whole = opened.own.is_none() || formats.iter().any(has_own_shape);
        let is_born = |piece: &&str| is_dated(piece) || may_hold_date(piece);
        let is_somebodys = || opened.pieces.len() > 1 && opened.pieces.iter().take(PIECES_LOOKED_AT).any(is_born);
        if is_whole || is_somebodys() {
            let form = Part { text: form, opened: Some(opened) };
            lines.push(Line { start: offset(message, written), form, is_whole });
        }
        if lines.len() == FORMS_MAX {
            break;
        }
    }
    lines
}

/// The blocks of labelled lines, one for each person, where the first label comes again: `Nama: Budi`, ..., `Nama: Siti`, ...
fn blocks(message: &str) -> Vec<&str> {
    let mut lines = message.split('\n').filter_map(|line| Some((offset(message, line), labels::label(line)?)));
    let Some((_, first)) = lines.next() else { return Vec::new() };
    let ends = lines.filter(|(_, label)| *label == first).map(|(at, _)| at).chain([message.len()]);
    let blocks = ends.scan(0, |start, end| message.get(std::mem::replace(start, end)..end));
    blocks.take(FORMS_MAX).collect()
}

/// A line without the dash or the dot that people put in front of a list.
fn unbulleted(line: &str) -> &str {
    let rest = line.strip_prefix(['-', '–', '•', '·']).filter(|rest| rest.starts_with(is_blank));
    rest.map_or(line, |rest| rest.trim_start_matches(is_blank))
}

/// Whether the text in front of the first form is a greeting, talk, or the poster's line itself.
fn says_nothing(formats: &[&Format], front: &str) -> bool {
    let rest = command::after_greeting(bare(front));
    let is_talk = |word: &str| {
        is_chat(word) || WORDS.people.get(word).is_some() || WORDS.counts.get(word).is_some() || word.len() == 1
    };
    rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(is_talk)
        || cut(formats, rest).is_some_and(|opened| is_placeholder(formats, &opened))
}

/// Cuts a text where a form that is whole is followed by another name and birth date (`#Budi#…#…#Siti#…#…`); nothing where
/// none is.
fn run_on<'m>(formats: &[&Format], text: &'m str, opened: Option<&Opened<'m>>, sent_on: NaiveDate) -> Vec<&'m str> {
    let pieces = opened.map_or(&[][..], |opened| &opened.pieces);
    let is_own = |c: char| formats.iter().any(|format| format.separator().is(c));
    let mut texts = Vec::new();
    let (mut from, mut start) = (0, 0);
    while let Some(next) = next_form(formats, pieces, from, sent_on).filter(|_| texts.len() + 1 < FORMS_MAX) {
        let at = pieces.get(next).map_or(text.len(), |piece| offset(text, piece));
        // With the mark in front of it, and what people put around the name.
        let cut = text.get(..at).and_then(|front| front.rfind(is_own)).unwrap_or(at);
        texts.extend(text.get(start..cut));
        (from, start) = (next, cut);
    }
    texts.extend(text.get(start..).filter(|_| start > 0));
    texts
}

/// The piece that opens the form behind the one that begins at piece `from`.
fn next_form(formats: &[&Format], pieces: &[&str], from: usize, sent_on: NaiveDate) -> Option<usize> {
    let shapes = formats.iter().flat_map(|format| format.shapes().iter().map(move |shape| (format, shape)));
    shapes.into_iter().find_map(|(format, shape)| {
        let place = |field| shape.fields.iter().position(|&asked| asked == field);
        let (name_at, born_at) = (place(Field::Nama)?, place(Field::TglLahir)?);
        let is_born = |from: usize| pieces.get(from + born_at).is_some_and(|piece| is_dated(piece));
        let is_named = |from: usize| {
            pieces
                .get(from + name_at)
                .is_some_and(|piece| value::read(format.rules(), Field::Nama, piece, sent_on).is_ok())
        };
        let first = from + shape.fields.len();
        // An address may hold the mark.
        let last = if shape.open_at.is_some() { pieces.len() } else { first + 1 };
        let is_followed = pieces.len() > first + born_at;
        (is_followed && is_born(from)).then(|| (first..last).find(|&next| is_born(next) && is_named(next)))?
    })
}

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
        cut(&[self.format], self.text)?.pieces.iter().rev().find(reads).copied()
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
        let doubts = self.filled.doubts.iter().filter(|doubt| doubt.field == field);
        let others = doubts.flat_map(|doubt| doubt.others.iter().copied().map(Some));
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
        let wrong = (None, Broken { kind: MisreadKind::TooManyPeople, at });
        return Err(Failed { format: ordinary, wrong, member: None, guess: Guess::None });
    }
    let read = forms.into_iter().map(|Part { text, opened }| (text, one(formats, ordinary, text, opened, sent_on)));
    let people = all_read(ordinary, read, sent_on)?;
    if let Some(failed) = not_one_party(&people, sent_on) {
        return Err(failed);
    }
    let format = people.first().map_or(ordinary, |person| person.format);
    Ok(joined(people).map_or(Request::Unreadable, |filled| told(format, message, filled)))
}

/// All forms, or what is wrong with the first that is none; where all others are forms, it may be mended among them.
fn all_read<'f, 'm>(
    ordinary: &'f Format,
    read: impl Iterator<Item = (&'m str, Result<One<'f, 'm>, Failed<'f, 'm>>)>,
    sent_on: NaiveDate,
) -> Result<Vec<Person<'f, 'm>>, Failed<'f, 'm>> {
    let mut people = Vec::new();
    let mut broken: Option<(usize, Failed<'f, 'm>)> = None;
    for (place, (text, one)) in read.enumerate() {
        let failed = match one {
            Ok(One::Form(format, filled)) => {
                people.push(Person { format, filled, text });
                continue;
            }
            Ok(One::Other(_)) => {
                let wrong = (None, Broken { kind: MisreadKind::Several, at: bare(text) });
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

/// Where only the visit date is missing, the one that all others have is guessed: a party comes on one day.
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

/// Whose form it is that could not be read; the name is told unless it is the name that is wrong.
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
        Some(Failed { format: person.format, wrong: (field, Broken { kind, at }), member: person.member(place), guess })
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
    let mut doubts = Vec::new();
    let mut forms = Vec::new();
    for (number, Person { filled, .. }) in (1_u8..).zip(people) {
        for doubt in filled.doubts {
            let is_day = doubt.field == Field::TglKedatangan;
            let asked = doubts.iter().any(|asked: &Doubt<'_>| asked.field == Field::TglKedatangan);
            if !is_day {
                doubts.push(Doubt { person: Some(number), ..doubt });
            } else if !asked && !others.is_empty() {
                doubts.push(Doubt { others: others.clone(), ..doubt });
            }
        }
        let mut form = Form { visit, ..filled.form };
        // `senin` is the Monday that is everybody's.
        for note in form.notes.iter_mut().filter(|note| note.field == Some(Field::TglKedatangan)) {
            note.to = visit.map_or_else(String::new, |day| day.to_string());
        }
        forms.push(form);
    }
    Some(Filled { form: party(forms)?, doubts, house })
}
