//! Lays the pieces of a message on the fields of a format and reads each; names what is missing, too much or broken.

use std::borrow::Cow;
use std::cmp::Reverse;

use chrono::NaiveDate;

use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::person::{Address, Applicant, FreeText, Nama, Service, TglLahir};
use crate::domain::slot::Session;
use crate::grammar::format::Format;
use crate::grammar::format::pattern::Shape;
use crate::grammar::language::labels;
use crate::grammar::reader::{command, house_number, intruder, suggestion};
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::request::{Form, Note, NoteKind};
use crate::grammar::text::pieces::{bare, before, end, is_blank, joined};
use crate::grammar::value;
use crate::grammar::value::{Broken, Read, Value};

/// Most of a broken piece that is quoted, in characters.
pub(crate) const FOUND_CHARS_MAX: usize = 40;

/// What went wrong, and with which field.
pub(crate) type Wrong<'m> = (Option<Field>, Broken<'m>);

/// A form with every piece read.
#[derive(Debug)]
pub(crate) struct Filled<'m> {
    pub(crate) form: Form,
    /// The dates that may be several days.
    pub(crate) doubts: Vec<Doubt<'m>>,
    /// The count, where it may be the house number of the address in front of it.
    pub(crate) house: Option<&'m str>,
}

/// A date that may be several days.
#[derive(Debug)]
pub(crate) struct Doubt<'m> {
    pub(crate) field: Field,
    /// Whose it is, counted from 1, where several people have a line each.
    pub(crate) person: Option<u8>,
    pub(crate) at: &'m str,
    /// The days besides the form's own.
    pub(crate) others: Vec<NaiveDate>,
}

impl Filled<'_> {
    /// Whether every value is the only one that it can be.
    pub(crate) fn is_certain(&self) -> bool {
        self.doubts.is_empty()
    }
}

/// Lays the pieces on a shape's fields: what is too many belongs to the field that may hold the separator.
pub(crate) fn lay<'p, 'm>(shape: &Shape, message: &'m str, pieces: &'p [&'m str]) -> Cow<'p, [&'m str]> {
    let surplus = pieces.len().saturating_sub(shape.fields.len());
    let cut = shape.open_at.filter(|_| surplus > 0).and_then(|at| {
        let (front, rest) = pieces.split_at_checked(at)?;
        let (address, back) = rest.split_at_checked(surplus + 1)?;
        Some((front, joined(message, address.first()?, address.last()?), back))
    });
    match cut {
        Some((front, address, back)) => Cow::Owned([front, &[address], back].concat()),
        None => Cow::Borrowed(pieces),
    }
}

/// Reads the pieces as a form in this format, in whichever of its shapes they have.
pub(crate) fn run<'m>(
    format: &Format,
    message: &'m str,
    pieces: &[&'m str],
    sent_on: NaiveDate,
) -> Result<Filled<'m>, Wrong<'m>> {
    if let [only] = format.shapes() {
        return in_shape(format, only, message, pieces, sent_on);
    }
    let fitting = format.shapes().iter().filter(|shape| lay(shape, message, pieces).len() == shape.fields.len());
    let read = fitting.filter_map(|shape| Some((shape, in_shape(format, shape, message, pieces, sent_on).ok()?)));
    let read: Vec<_> = read.collect();
    match read.len() {
        0 => in_shape(format, closest(format, message, pieces, sent_on)?, message, pieces, sent_on),
        1 => read.into_iter().next().map(|(_, filled)| filled).ok_or((None, before_all(message))),
        _ => one_of(read, message, pieces),
    }
}

/// The empty place in front of everything, for what no piece is to blame for.
fn before_all(message: &str) -> Broken<'_> {
    Broken { kind: MisreadKind::Missing, at: before(message, message) }
}

/// Of several readings the one that the form itself confirms: a NIK with the birth date in it. Otherwise it is asked
/// which piece is meant, never guessed.
fn one_of<'m>(read: Vec<(&Shape, Filled<'m>)>, message: &'m str, pieces: &[&'m str]) -> Result<Filled<'m>, Wrong<'m>> {
    let confirmed = |filled: &Filled<'_>| {
        let applicant = &filled.form.applicant;
        applicant.nik.is_some() && applicant.tgl_lahir.is_some() && !applicant.nik_differs()
    };
    let differs = |field: &Field, at: usize| read.iter().any(|(shape, _)| shape.fields.get(at) != Some(field));
    let first = read.first().and_then(|(shape, _)| {
        let (at, field) = shape.fields.iter().enumerate().find(|(at, field)| differs(field, *at))?;
        Some((Some(*field), Broken { kind: MisreadKind::WhichPiece, at: pieces.get(at)? }))
    });
    let wrong = first.unwrap_or((None, before_all(message)));
    let mut likely = read.into_iter().map(|(_, filled)| filled).filter(confirmed);
    match (likely.next(), likely.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(wrong),
    }
}

/// The shape that the pieces come closest to: in their number, then in how many read, then in how they look.
fn closest<'f, 'm>(
    format: &'f Format,
    message: &'m str,
    pieces: &[&'m str],
    sent_on: NaiveDate,
) -> Result<&'f Shape, Wrong<'m>> {
    let rank = |shape: &&Shape| {
        let laid = lay(shape, message, pieces);
        let pairs = || laid.iter().zip(&shape.fields);
        let reading = pairs().filter(|(piece, field)| value::read(format.rules(), **field, piece, sent_on).is_ok());
        let alike = pairs().filter(|(piece, field)| value::resembles(**field, piece));
        (laid.len().abs_diff(shape.fields.len()), Reverse(reading.count()), Reverse(alike.count()))
    };
    format.shapes().iter().min_by_key(rank).ok_or((None, before_all(message)))
}

/// The pieces in the shape's order, where each has the label of a field of its own: `Tgl Lahir: ...`, `Nama: ...`.
fn by_label<'m>(shape: &Shape, pieces: &[&'m str]) -> Option<Vec<&'m str>> {
    // Nearly no message has labels.
    pieces.first().and_then(|first| labels::label(first))?;
    let labels: Vec<Field> = pieces.iter().map(|piece| labels::label(piece)).collect::<Option<_>>()?;
    shape.in_order(&labels, pieces)
}

/// Reads the pieces as a form in one shape.
pub(crate) fn in_shape<'m>(
    format: &Format,
    shape: &Shape,
    message: &'m str,
    pieces: &[&'m str],
    sent_on: NaiveDate,
) -> Result<Filled<'m>, Wrong<'m>> {
    let by_label = by_label(shape, pieces);
    let pieces = by_label.as_deref().unwrap_or(pieces);
    let laid = lay(shape, message, pieces);
    let fields = &shape.fields;
    if laid.len() < fields.len() {
        return Err(missing(format, fields, message, &laid, sent_on));
    }
    let surplus = |at| (None, Broken { kind: MisreadKind::Surplus, at });
    // What is too many goes to the address; a bare number at its end is more likely a count, and a date another person's.
    let absorbed = shape.open_at.filter(|_| pieces.len() > fields.len());
    let last = absorbed.and_then(|at| pieces.get(at + pieces.len() - fields.len()));
    if let Some(count) = last.filter(|last| value::is_countish(last)) {
        return Err(surplus(count));
    }
    let read = fill(format, shape, &laid, sent_on)
        .map(|filled| Filled { house: house_number::doubtful(format, shape, message, &laid), ..filled });
    if let (Some(last), Ok(filled)) = (last, &read)
        && !is_closed(format, shape, &filled.form)
    {
        return Err(surplus(last));
    }
    if read.is_ok()
        && let Some(stranger) = fields.iter().zip(&*laid).find_map(|(&field, piece)| {
            let stranger = intruder::within(format, field, piece)?;
            Some(((stranger.kind == MisreadKind::Mingled).then_some(field), stranger))
        })
    {
        return Err(stranger);
    }
    if pieces.len() == fields.len() || (read.is_ok() && laid.len() == fields.len()) {
        return read;
    }
    if let Some(at) = mending(format, shape, message, pieces, sent_on) {
        return Err(surplus(at));
    }
    match (read, laid.get(fields.len()), laid.last()) {
        (_, Some(first), Some(last)) => Err(surplus(joined(message, first, last))),
        (read, ..) => read,
    }
}

/// Whether the value that took in pieces of its own reads the same from the form's printed line: neither thanks nor the
/// photo's name have left a count or a mark at its end (`Jl. Melati#4 makasih`), and no pair of quotes is left around a part.
fn is_closed(format: &Format, shape: &Shape, form: &Form) -> bool {
    let open = shape.open_at.and_then(|at| shape.fields.get(at));
    let value = open.and_then(|&field| format.value(form, field)).unwrap_or_default();
    let is_mark = |c| format.separator().is(c);
    let is_bare = |part: &str| !bare(part).is_empty() && bare(part) == part.trim_matches(is_blank);
    let (first, last) = (value.split(is_mark).next(), value.rsplit(is_mark).next());
    let is_end = |last: &str| is_bare(last) && !value::is_countish(bare(last)) && !command::is_filler(last);
    first.is_some_and(is_bare) && last.is_some_and(is_end)
}

/// A piece without which the others are a form: what stands in front of the first mark, or else the last such piece.
fn mending<'m>(
    format: &Format,
    shape: &Shape,
    message: &'m str,
    pieces: &[&'m str],
    sent_on: NaiveDate,
) -> Option<&'m str> {
    let is_form = |others: &[&'m str]| {
        let laid = lay(shape, message, others);
        laid.len() == shape.fields.len() && fill(format, shape, &laid, sent_on).is_ok()
    };
    let mut surplus =
        suggestion::without_one(shape, pieces).filter(|(_, others)| is_form(others)).map(|(at, _)| at).peekable();
    let last = surplus.peek().copied()?;
    let opens = message.trim_start_matches(is_blank).starts_with(|c| format.separator().is(c));
    let in_front = !opens && surplus.any(|at| at == 0);
    pieces.get(if in_front { 0 } else { last }).copied()
}

/// Which piece is missing: the first whose place is taken by what reads as the next field, or else the last.
fn missing<'m>(format: &Format, fields: &[Field], message: &'m str, laid: &[&'m str], sent_on: NaiveDate) -> Wrong<'m> {
    let reads = |field, piece| value::read(format.rules(), field, piece, sent_on).is_ok();
    let gone = |field, at| (Some(field), Broken { kind: MisreadKind::Missing, at });
    let mut pieces = laid.iter().peekable();
    for (&field, next) in fields.iter().zip(fields.iter().skip(1)) {
        match pieces.peek() {
            None => return gone(field, end(message)),
            // What has no letter is no name, whatever else it is.
            Some(piece)
                if !reads(field, piece)
                    && (reads(*next, piece) || field == Field::Nama && !piece.contains(char::is_alphabetic)) =>
            {
                return gone(field, before(message, piece));
            }
            Some(_) => pieces.next(),
        };
    }
    gone(fields.last().copied().unwrap_or(Field::Nama), end(message))
}

/// Reads each piece by its field; there are as many as fields, or more.
pub(crate) fn fill<'m>(
    format: &Format,
    shape: &Shape,
    laid: &[&'m str],
    sent_on: NaiveDate,
) -> Result<Filled<'m>, Wrong<'m>> {
    let mut blank = Blank::new();
    for (&field, &piece) in shape.fields.iter().zip(laid) {
        let read = value::read(format.rules(), field, piece, sent_on).map_err(|broken| (Some(field), broken))?;
        blank.fill(field, piece, read);
    }
    blank.form(format)
}

/// A form being filled in.
#[derive(Default)]
pub(crate) struct Blank<'m> {
    nama: Option<Nama>,
    tgl_lahir: Option<TglLahir>,
    alamat: Option<Address>,
    nik: Option<Nik>,
    no_kk: Option<NoKk>,
    telepon: Option<Phone>,
    email: Option<Email>,
    sesi: Option<Session>,
    layanan: Option<Service>,
    teks: Vec<FreeText>,
    visit: Option<NaiveDate>,
    party: u8,
    notes: Vec<Note>,
    doubts: Vec<Doubt<'m>>,
}

impl<'m> Blank<'m> {
    /// For one person, until a count says otherwise.
    pub(crate) fn new() -> Self {
        Self { party: 1, ..Self::default() }
    }

    /// Fills in what a piece was read as.
    pub(crate) fn fill(&mut self, field: Field, piece: &'m str, Read { value, others, mended }: Read) {
        self.set(value);
        if !others.is_empty() {
            self.doubts.push(Doubt { field, person: None, at: piece, others });
        }
        self.notes.extend(mended.map(|(kind, to)| {
            let from = labels::unlabelled(field, piece).chars().take(FOUND_CHARS_MAX).collect();
            Note { kind, field: Some(field), person: None, from, to }
        }));
    }

    fn set(&mut self, value: Value) {
        match value {
            Value::Nama(value) => self.nama = Some(value),
            Value::TglLahir(value) => self.tgl_lahir = Some(value),
            Value::TglKedatangan(value) => self.visit = Some(value),
            Value::Alamat(value) => self.alamat = Some(value),
            Value::Jumlah(value) => self.party = value,
            Value::Nik(value) => self.nik = Some(value),
            Value::NoKk(value) => self.no_kk = Some(value),
            Value::Telepon(value) => self.telepon = Some(value),
            Value::Email(value) => self.email = Some(value),
            Value::Sesi(value) => self.sesi = Some(value),
            Value::Layanan(value) => self.layanan = Some(value),
            Value::Teks(value) => self.teks.push(value),
        }
    }

    /// The form, once every piece is filled in.
    pub(crate) fn form(self, format: &Format) -> Result<Filled<'m>, Wrong<'m>> {
        let Self { nama, tgl_lahir, alamat, nik, no_kk, telepon, email, sesi, layanan, teks, .. } = self;
        let Self { visit, party, mut notes, doubts, .. } = self;
        // Every pattern has a name; `Pattern::read` holds that.
        let nama = nama.ok_or((Some(Field::Nama), Broken { kind: MisreadKind::Missing, at: "" }))?;
        let others = Vec::new();
        let applicant = Applicant { nama, tgl_lahir, alamat, nik, no_kk, telepon, email, sesi, layanan, teks, others };
        // Which birth date it is, is asked first.
        notes.extend(nik_note(&applicant).filter(|_| doubts.iter().all(|doubt| doubt.field != Field::TglLahir)));
        let format_id = format.id().clone();
        let form = Form { format: format_id, applicant, visit, party, wants_photo: format.wants_photo(), notes };
        Ok(Filled { form, doubts, house: None })
    }
}

/// The note on a NIK whose birth date is not the one given. Both may be right: a NIK is never reissued.
pub(crate) fn nik_note(applicant: &Applicant) -> Option<Note> {
    let (Some(nik), Some(born)) = (&applicant.nik, applicant.tgl_lahir) else { return None };
    let (day, month, year) = nik.birth().filter(|_| applicant.nik_differs())?;
    let from = format!("{day:02}-{month:02}-{year:02}");
    let to = born.date().to_string();
    Some(Note { kind: NoteKind::NikBirth, field: Some(Field::Nik), person: None, from, to })
}
