//! The guided dialogue: one question at a time, until the pieces are a form. What it was told is kept as its question's choices.
//!
//! Pure: what a message does to it is decided here, who is told what in `handlers/guide.rs`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::masked_debug::masked_debug;
use crate::domain::office::FormatId;
use crate::grammar::{Asked, CommandName, Field, Form, Format, Misread, Request};

/// Longest number that chooses, in digits; more digits are a date or a code.
const CHOICE_DIGITS_MAX: usize = 2;
/// A misread line with at least so many pieces of its own counts as a form, not as the answer to one question.
const FORM_PIECES_MIN: usize = 2;

/// How far the dialogue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuideStage {
    /// The citizen sent something that could begin a form; the dialogue has not been offered.
    Noted,
    /// The dialogue was offered: `1` begins it.
    Offered,
    /// It asks.
    Begun,
}

/// A piece that was answered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideAnswer {
    /// The piece.
    pub field: Field,
    /// Its value as the format writes it; `None` where it was left out.
    pub text: Option<String>,
}

/// The dialogue with one contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    /// How far it is.
    pub stage: GuideStage,
    /// The format that it fills in; `None` until one of several is chosen.
    pub format: Option<FormatId>,
    /// What was answered so far.
    pub answers: Vec<GuideAnswer>,
    /// Which of several alternatives is asked for.
    pub field: Option<Field>,
    /// What the numbers of the open question stand for, from 1.
    pub offered: Vec<String>,
}

/// What the dialogue asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuideAsk {
    /// Which of the office's formats.
    Format(Vec<FormatId>),
    /// Which of several pieces, of which one is enough.
    Alternative(Vec<Field>),
    /// A piece.
    Piece {
        /// The piece.
        field: Field,
        /// Whether it may be left out.
        optional: bool,
        /// What can be chosen by number, as the format writes it.
        choices: Vec<String>,
    },
}

/// One question of the dialogue, with what comes before it.
#[derive(Clone, PartialEq, Eq)]
pub struct GuideStep {
    /// The format, once it is known.
    pub format: Option<FormatId>,
    /// What was answered, as the format writes it.
    pub taken: Vec<(Field, String)>,
    /// What is asked.
    pub ask: GuideAsk,
    /// What was wrong with the last answer.
    pub wrong: Option<Box<Misread>>,
}

/// One message to the dialogue.
#[derive(Clone, Copy)]
pub struct GuideMessage<'a> {
    /// The office's formats, the ordinary one first.
    pub formats: &'a [&'a Format],
    /// What it was read as.
    pub request: &'a Request,
    /// Its text.
    pub text: &'a str,
    /// The office's date when it was sent.
    pub sent_on: NaiveDate,
}

masked_debug!(GuideAnswer, Guide, GuideStep, GuideMessage<'_>);

/// What a message does to the dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advance {
    /// It is not for the dialogue.
    Elsewhere,
    /// It ends the dialogue.
    Ended,
    /// The dialogue goes on, with what was wrong with the answer.
    On(Guide, Option<Box<Misread>>),
}

impl Guide {
    /// A dialogue of which nothing is known.
    pub(super) fn offered() -> Self {
        Self { stage: GuideStage::Offered, format: None, answers: Vec::new(), field: None, offered: Vec::new() }
    }

    /// A dialogue that knows the pieces of a misread line which are right.
    pub(super) fn of_misread(misread: &Misread, format: &Format, stage: GuideStage, sent_on: NaiveDate) -> Self {
        let own = misread.pieces.iter().filter_map(|piece| Some((piece.field, piece.text.as_ref()?)));
        let read = own.filter_map(|(field, text)| match format.read_piece(field, text, sent_on).ok()?.as_slice() {
            [only] => Some(GuideAnswer { field, text: Some(only.clone()) }),
            _ => None,
        });
        Self { stage, format: Some(format.id().clone()), answers: read.collect(), ..Self::offered() }
    }

    /// A dialogue that knows a name.
    pub(super) fn of_name(name: &str, format: &Format) -> Self {
        let answers = vec![GuideAnswer { field: Field::Nama, text: Some(name.to_owned()) }];
        Self { stage: GuideStage::Noted, format: Some(format.id().clone()), answers, ..Self::offered() }
    }

    fn format_of<'f>(&self, formats: &[&'f Format]) -> Option<&'f Format> {
        let own = |format: &&&Format| Some(format.id()) == self.format.as_ref();
        formats.iter().find(own).copied()
    }

    /// The next piece to ask for.
    fn next(&self, format: &Format) -> Option<Asked> {
        let is_answered = |asked: &Asked| self.answers.iter().any(|answer| asked.fields.contains(&answer.field));
        format.pieces().find(|asked| !is_answered(asked))
    }

    /// The field that is asked for, and whether it may be left out; `None` while something else is asked.
    pub(super) fn open_field(&self, format: &Format) -> Option<(Field, bool)> {
        let Asked { fields, optional } = self.next(format)?;
        match fields.as_slice() {
            [only] => Some((*only, optional)),
            _ => Some((self.field.filter(|field| fields.contains(field))?, optional)),
        }
    }

    /// The pieces of which one is to be chosen, by name.
    pub(super) fn alternatives(&self, format: &Format) -> Vec<String> {
        let fields = self.next(format).map(|asked| asked.fields).unwrap_or_default();
        fields.iter().map(|field| field.name().to_owned()).collect()
    }

    /// What was answered, pieces that were left out not counted.
    pub(super) fn taken(&self) -> Vec<(Field, String)> {
        self.answers.iter().filter_map(|answer| Some((answer.field, answer.text.clone()?))).collect()
    }

    /// The question that it asks; `None` where nothing is left to ask.
    pub(super) fn step(&self, formats: &[&Format], wrong: Option<Box<Misread>>) -> Option<GuideStep> {
        let ask = match self.format_of(formats) {
            None => GuideAsk::Format(formats.iter().map(|format| format.id().clone()).collect()),
            Some(format) => match self.open_field(format) {
                Some((field, optional)) => GuideAsk::Piece { field, optional, choices: self.offered.clone() },
                None => GuideAsk::Alternative(self.next(format)?.fields),
            },
        };
        Some(GuideStep { format: self.format.clone(), taken: self.taken(), ask, wrong })
    }

    /// The request that its answers make; `None` while something is left to ask.
    pub(super) fn finished(&self, formats: &[&Format], sent_on: NaiveDate) -> Option<Request> {
        let format = self.format_of(formats)?;
        self.next(format).is_none().then(|| format.join_pieces(&self.taken(), sent_on))
    }

    /// The form that a message would complete: its people must be known before the decision.
    pub fn completed_by(&self, message: GuideMessage<'_>) -> Option<Form> {
        let Advance::On(guide, None) = self.advance(message) else { return None };
        match guide.finished(message.formats, message.sent_on)? {
            Request::Form(form) => Some(form),
            _ => None,
        }
    }

    /// What a message does to the dialogue.
    pub(super) fn advance(&self, message: GuideMessage<'_>) -> Advance {
        match self.stage {
            GuideStage::Begun => self.answered(message),
            GuideStage::Offered if is_yes(message.request) => self.begun(message.formats),
            GuideStage::Noted | GuideStage::Offered => self.picked_up(message),
        }
    }

    fn begun(&self, formats: &[&Format]) -> Advance {
        let only = match formats {
            [only] => Some(only.id().clone()),
            _ => None,
        };
        let format = self.format.clone().or(only);
        Advance::On(Self { stage: GuideStage::Begun, format, ..self.clone() }, None)
    }

    /// Takes the next piece without a question: a date alone, after a name.
    fn picked_up(&self, message: GuideMessage<'_>) -> Advance {
        let is_piece = matches!(message.request, Request::Digits(_) | Request::Day(_) | Request::Unreadable);
        let has_name = self.answers.iter().any(|answer| answer.field == Field::Nama);
        let open = self.format_of(message.formats).and_then(|format| Some((format, self.open_field(format)?)));
        let Some((format, (field @ (Field::TglLahir | Field::TglKedatangan), _))) =
            open.filter(|_| is_piece && has_name)
        else {
            return Advance::Elsewhere;
        };
        match format.read_piece(field, message.text, message.sent_on).as_deref() {
            Ok([only]) => Advance::On(Self { stage: GuideStage::Begun, ..self.with(field, Some(only)) }, None),
            _ => Advance::Elsewhere,
        }
    }

    fn with(&self, field: Field, text: Option<&str>) -> Self {
        let mut guide = Self { field: None, offered: Vec::new(), ..self.clone() };
        guide.answers.push(GuideAnswer { field, text: text.map(str::to_owned) });
        guide
    }

    /// The answer to the open question.
    fn answered(&self, message: GuideMessage<'_>) -> Advance {
        match message.request {
            Request::Command(command) if command.name == CommandName::Batal && command.code.is_none() => Advance::Ended,
            Request::AboutCancelling => Advance::Ended,
            Request::Digits(digits) => match self.chosen(digits, message.formats) {
                Some(chosen) => Advance::On(chosen, None),
                None => self.piece(message),
            },
            Request::Day(_) | Request::Unreadable => self.piece(message),
            Request::Misread(misread)
                if misread.suggestion.is_none()
                    && misread.pieces.iter().filter(|piece| piece.text.is_some()).count() < FORM_PIECES_MIN =>
            {
                self.piece(message)
            }
            _ => Advance::Elsewhere,
        }
    }

    /// What a number chooses.
    fn chosen(&self, digits: &str, formats: &[&Format]) -> Option<Self> {
        let number: usize = digits.parse().ok().filter(|_| digits.len() <= CHOICE_DIGITS_MAX)?;
        let Some(place) = number.checked_sub(1) else { return self.left_out(formats) };
        let chosen = self.offered.get(place)?;
        let Some(format) = self.format_of(formats) else {
            let format = formats.iter().find(|format| format.id().as_str() == chosen)?;
            return Some(Self { format: Some(format.id().clone()), offered: Vec::new(), ..self.clone() });
        };
        Some(match self.open_field(format) {
            Some((field, _)) => self.with(field, Some(chosen)),
            None => Self { field: Some(Field::named(chosen)?), offered: Vec::new(), ..self.clone() },
        })
    }

    /// The piece left out, where it may be.
    fn left_out(&self, formats: &[&Format]) -> Option<Self> {
        let asked = self.next(self.format_of(formats)?)?;
        Some(self.with(*asked.fields.first().filter(|_| asked.optional)?, None))
    }

    /// A text as the piece that is asked for.
    fn piece(&self, message: GuideMessage<'_>) -> Advance {
        let GuideMessage { formats, text, sent_on, .. } = message;
        let again = |wrong| Advance::On(self.clone(), wrong);
        let Some(format) = self.format_of(formats) else { return again(None) };
        let is_left_out = matches!(text.trim(), "-" | "–");
        if let Some(without) = is_left_out.then(|| self.left_out(formats)).flatten() {
            return Advance::On(without, None);
        }
        let Some((field, _)) = self.open_field(format) else {
            return again(None);
        };
        match format.read_piece(field, text, sent_on) {
            Ok(readings) => match readings.as_slice() {
                [only] => Advance::On(self.with(field, Some(only)), None),
                _ => Advance::On(Self { offered: readings, ..self.clone() }, None),
            },
            Err(wrong) => again(Some(wrong)),
        }
    }
}

/// Whether a message accepts what was offered.
fn is_yes(request: &Request) -> bool {
    match request {
        Request::Digits(digits) => digits == "1",
        Request::Command(command) => command.name == CommandName::Ya,
        _ => false,
    }
}
