//! Segments a message: removes greetings, chat and keywords from its front and thanks from its end; what is left are the
//! pieces of a form.

use crate::grammar::date;
use crate::grammar::date::detect::is_dated;
use crate::grammar::date::named_day;
use crate::grammar::format::Format;
use crate::grammar::format::field_names::{field_of_piece, is_photo};
use crate::grammar::format::pattern::Shape;
use crate::grammar::language::courtesy::is_courteous;
use crate::grammar::language::labels;
use crate::grammar::language::politeness::{after_greeting, apart_from_greeting, is_filler};
use crate::grammar::language::talk::is_chat;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::leftover;
use crate::grammar::request::field::Field;
use crate::grammar::request::keyword::Keyword;
use crate::grammar::request::note::Note;
use crate::grammar::text::characters::{is_blank, is_hash};
use crate::grammar::text::pieces::{bare, lines, split};
use crate::grammar::text::separator::Separator;
use crate::grammar::value::resemblance::resembles;

/// What people write between the pieces in place of the office's mark, in the order of trying.
const OTHER_SEPARATORS: [char; 8] = ['#', '\n', ';', '|', '*', '＊', ',', '/'];
/// Pieces of an ordinary form: with no more of them, none can be chat.
const FIELDS_USUAL: usize = 3;
/// Words in front of a form that are looked at: chat, a habit and a service (`mau REG E-PASSPORT#...`).
const WORDS_IN_FRONT_MAX: usize = 3;

/// A message segmented, with the keywords in front taken off.
pub(crate) struct Segments<'m> {
    /// Keywords in order, and where they stand.
    pub(crate) keywords: Vec<(Keyword, &'m str)>,
    /// Talk in front that was a piece of its own, and taken off.
    pub(crate) talk: Option<&'m str>,
    pub(crate) pieces: Vec<&'m str>,
    /// The formats' own mark that it was cut at.
    pub(crate) own: Option<Separator>,
    /// The mark that was used throughout in place of the formats' own and line ends.
    pub(crate) separator: Option<&'m str>,
    /// The note on labelled pieces that nobody asks for, where some were passed over.
    pub(crate) passed: Option<Note>,
}

/// Takes greetings and keywords off the front, politeness off the back.
pub(crate) fn open<'m>(formats: &[&Format], mut pieces: Vec<&'m str>) -> Segments<'m> {
    let asks_birth = || formats.iter().any(|format| format.fields().contains(&Field::TglLahir));
    if let Some(first) = pieces.first().copied().filter(|_| !is_session_in_front(formats, &pieces)) {
        match after_greeting(first) {
            // A greeting alone, unless it is somebody's name with the birth date after it.
            "" if pieces.len() > 1 && !(asks_birth() && is_before_birth(&pieces)) => {
                pieces.remove(0);
            }
            // `Halo,` and a line below it `Syukron`: what stands apart from the greeting is the name.
            "" => {
                if let (Some(first), Some(name)) = (pieces.first_mut(), apart_from_greeting(first)) {
                    *first = name;
                }
            }
            rest => {
                if let Some(first) = pieces.first_mut() {
                    *first = bare(rest.trim_start_matches(is_hash));
                }
            }
        }
    }
    // `perpanjang` may be a service of the office's.
    let is_service = |piece: &str| formats.iter().any(|format| format.rules().service_words.get(piece).is_some());
    let passed = leftover::pass_over(formats, &mut pieces);
    let mut keywords = Vec::new();
    let mut talk = None;
    for _ in 0..WORDS_IN_FRONT_MAX {
        let Some(first) = pieces.first() else { break };
        if let Some((keyword, at, rest)) = keyword(first) {
            keywords.push((keyword, at));
            pieces.splice(..1, (!rest.is_empty()).then_some(rest)).for_each(drop);
        } else if pieces.len() > FIELDS_USUAL && is_chat(first) && !is_service(first) && !is_before_birth(&pieces) {
            // `mau daftar paspor #Budi#...`
            talk = Some(pieces.remove(0));
        } else {
            break;
        }
    }
    if pieces.len() > 1 {
        pieces.pop_if(|last| is_filler(last));
    }
    if pieces.len() > 1 {
        // A single word of courtesy may be the answer to an office's question, where it is not one piece too many.
        let is_more = is_more_than_asked(formats, pieces.len());
        let is_thanks = |last: &str| WORDS.thanks.front(last).is_some_and(|((), rest)| is_filler(rest));
        pieces.pop_if(|last| is_thanks(last) || is_more && is_courteous(last));
    }
    // `#+ foto ktp`: the poster's word on the photo, as a piece of its own.
    if pieces.len() > 1 {
        pieces.pop_if(|last| last.strip_prefix('+').is_some_and(is_photo));
    }
    if let Some(values) = values_by_name(formats, &pieces) {
        pieces = values;
    }
    Segments { keywords, talk, pieces, own: None, separator: None, passed }
}

/// Whether the first piece is the session that a format asks for there: `#pagi#Budi Santoso`. In front of what begins another
/// shape and has its length, the word is the greeting that it is elsewhere.
fn is_session_in_front(formats: &[&Format], pieces: &[&str]) -> bool {
    let [first, second, ..] = pieces else { return false };
    let is_session = |piece: &str| WORDS.sessions.get(piece).is_some();
    let shapes = || formats.iter().flat_map(|format| format.shapes()).map(|shape| &shape.fields);
    let asks = |fields: &[Field]| fields.first() == Some(&Field::Sesi) && fields.len() <= pieces.len();
    let begins = |fields: &[Field]| {
        let is_meant = |field| resembles(field, second) || field == Field::TglKedatangan && named_day::is_day(second);
        let other = fields.first().copied().filter(|&field| field != Field::Sesi);
        fields.len() + 1 == pieces.len() && other.is_some_and(is_meant)
    };
    is_session(first)
        && !is_session(second)
        && shapes().any(|fields| asks(fields))
        && !shapes().any(|fields| begins(fields))
}

/// Whether no format has so many pieces.
fn is_more_than_asked(formats: &[&Format], pieces: usize) -> bool {
    formats.iter().flat_map(|format| format.shapes()).all(|shape| shape.fields.len() < pieces)
}

/// Whether a birth date stands after the first piece, which is a name then: `#Hari#25011987#...`.
fn is_before_birth(pieces: &[&str]) -> bool {
    pieces.get(1).is_some_and(|next| date::parse(labels::unlabelled(Field::TglLahir, next)).is_some())
}

/// The values of a form whose every piece stands after its own name, `#Nama#Budi#TglLahir#25011987#...`, in the order of the
/// shape that asks for just these.
fn values_by_name<'m>(formats: &[&Format], pieces: &[&'m str]) -> Option<Vec<&'m str>> {
    let is_name = |piece: &str| WORDS.fields.get(piece).is_some();
    // Hardly any message gets past this line.
    pieces.first().filter(|first| pieces.len() > 2 && is_name(first))?;
    let (names, values): (Vec<_>, Vec<_>) =
        pieces.chunks(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).unzip();
    let labels: Vec<Field> = names.iter().filter_map(|name| WORDS.fields.get(name)).collect();
    let is_by_name = labels.len() * 2 == pieces.len() && !values.iter().any(|value| is_name(value));
    in_shape_of(formats, &labels, &values).filter(|_| is_by_name)
}

/// The pieces in the order of the first shape that asks for just these labels.
fn in_shape_of<'m>(formats: &[&Format], labels: &[Field], pieces: &[&'m str]) -> Option<Vec<&'m str>> {
    formats.iter().flat_map(|format| format.shapes()).find_map(|shape| shape.in_order(labels, pieces))
}

/// A keyword that fills the piece or opens it (`REG Budi`), where it stands, and the rest of the piece.
fn keyword(piece: &str) -> Option<(Keyword, &str, &str)> {
    let (keyword, after) = WORDS.keywords.front(piece)?;
    let at = piece.get(..piece.len() - after.len())?;
    let rest = after.trim_start_matches(|c| is_blank(c) || c == ':');
    let rest = if rest.contains(char::is_alphanumeric) { rest } else { "" };
    (rest.is_empty() || rest.len() < after.len()).then_some((keyword, at, rest))
}

/// Whether every piece is a field's name: the poster's line itself.
pub(crate) fn is_placeholder(formats: &[&Format], opened: &Segments<'_>) -> bool {
    // Every format knows the fields' own names; few have names besides.
    let own = || formats.iter().map(|format| &format.rules().text_words);
    let tables = || own().take(1).chain(own().skip(1).filter(|own| !own.is_empty()));
    let is_name = |piece: &&str| tables().any(|own| field_of_piece(piece, own).is_some());
    opened.pieces.len() > 1 && opened.pieces.iter().all(is_name)
}

/// The message cut at the formats' own mark; where they have several, at the one that makes a form of its own format.
fn segment_at_own_separator<'m>(formats: &[&Format], message: &'m str) -> Option<Segments<'m>> {
    let mut cut: Option<Segments<'m>> = None;
    for (place, format) in formats.iter().enumerate() {
        let mark = format.separator();
        let seen = formats.iter().take(place).any(|earlier| earlier.separator() == mark);
        if seen || !message.contains(|c| mark.is(c)) {
            continue;
        }
        let text = bare(message);
        // Citizens who know other offices' lines put a `#` in front of this one's too.
        let text = if mark == Separator::HASH { text } else { text.trim_matches(|c| is_hash(c) || is_blank(c)) };
        let pieces = if mark.mark() == '\n' { lines(text) } else { split(text, |c| mark.is(c)) };
        let opened = Segments { own: Some(mark), ..open(formats, pieces) };
        let fits = |format: &&Format| format.separator() == mark && has_shape(format, mark.mark(), &opened.pieces);
        let is_better = match &cut {
            None => true,
            Some(earlier) => opened.pieces.len() > 1 && (earlier.pieces.len() < 2 || formats.iter().any(fits)),
        };
        if is_better {
            cut = Some(opened);
        }
    }
    cut
}

/// Cuts a message at the formats' own mark; where that gives one piece at most, at another one, if that gives a form's
/// pieces with a date where one belongs, and else at its labels. `None` is no form.
pub(crate) fn segment<'m>(formats: &[&Format], message: &'m str) -> Option<Segments<'m>> {
    let own = segment_at_own_separator(formats, message);
    if own.as_ref().is_some_and(|opened| opened.pieces.len() > 1) {
        return own;
    }
    let is_own = |c: char| formats.iter().any(|format| format.separator().is(c));
    let text = message.trim_matches(|c| is_hash(c) || is_own(c) || is_blank(c));
    let mut foreign = OTHER_SEPARATORS.into_iter().filter(|&mark| !is_own(mark) && text.contains(mark));
    let otherwise = foreign.find_map(|separator| {
        let mut opened = open(formats, if separator == '\n' { lines(text) } else { split(text, |c| c == separator) });
        let at = text.find(separator).filter(|_| separator != '\n');
        opened.separator = at.and_then(|at| text.get(at..at + separator.len_utf8()));
        let labels = || opened.pieces.iter().filter(|piece| labels::is_labelled(piece)).count();
        let fits = formats.iter().any(|format| has_shape(format, separator, &opened.pieces)) || labels() > 1;
        fits.then_some(opened)
    });
    // A comma and a stroke stand in a value as well: `Bogor, 25-01-1987`, `RT/RW: 02/03`.
    let is_weak = otherwise.as_ref().is_some_and(|opened| matches!(opened.separator, Some("," | "/")));
    let labelled = || if is_weak && text.contains([':', '=']) { segment_at_labels(formats, text) } else { None };
    labelled().or(otherwise).or_else(|| segment_at_labels(formats, text)).or(own)
}

/// A message in one line that only its labels part, those of one shape and no other: `Nama: Budi Tgl lahir: 25011987 ...`.
fn segment_at_labels<'m>(formats: &[&Format], text: &'m str) -> Option<Segments<'m>> {
    let mut opened = open(formats, labels::at_labels(text));
    let label = |piece: &&'m str| WORDS.fields.front(piece).map(|(field, _)| field);
    let labels: Vec<Field> = opened.pieces.iter().map(label).collect::<Option<_>>()?;
    if labels.len() < 2 || opened.talk.is_some() {
        return None;
    }
    opened.pieces = in_shape_of(formats, &labels, &opened.pieces)?;
    Some(opened)
}

/// Whether the pieces are as many as a form's of the format, the birth date in its place.
pub(crate) fn has_shape(format: &Format, separator: char, pieces: &[&str]) -> bool {
    format.shapes().iter().any(|shape| is_shaped(shape, separator, pieces))
}

/// Whether the pieces are as many as the shape's, the birth date in its place. Commas do not make an address's pieces:
/// chat has commas and dates too.
fn is_shaped(shape: &Shape, separator: char, pieces: &[&str]) -> bool {
    let fields = &shape.fields;
    let open = shape.open_at.is_some();
    let fits = if open { separator != ',' && pieces.len() >= fields.len() } else { pieces.len() == fields.len() };
    let born_at = fields.iter().position(|&field| field == Field::TglLahir);
    let born = born_at.and_then(|at| pieces.get(at)).map(|piece| labels::unlabelled(Field::TglLahir, piece));
    let visit = fields.iter().position(|&field| field == Field::TglKedatangan).and_then(|at| pieces.get(at));
    let chat = separator == ',' && visit.is_some_and(|piece| !is_dated(piece) && !named_day::is_day(piece));
    // `RT 02/03`, `No. 5/3`: in an address slashes are its own.
    let in_address = separator == '/' && fields.contains(&Field::Alamat);
    fits && !chat && !in_address && born.is_some_and(is_dated)
}
