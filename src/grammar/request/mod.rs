//! What reading a message gives: a form, a question, a misreading, a command. Besides [`super::Format`] and its parts, no other
//! types leave the grammar module.

pub(crate) mod ask;
pub(crate) mod change_day;
pub(crate) mod command;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod keyword;
pub(crate) mod length;
pub(crate) mod misread;
pub(crate) mod note;
pub(crate) mod piece_error;
pub(crate) mod suggestion;

use chrono::NaiveDate;

use crate::grammar::request::ask::Ask;
use crate::grammar::request::change_day::{ChangeDay, Wait};
use crate::grammar::request::command::Command;
use crate::grammar::request::form::Form;
use crate::grammar::request::misread::Misread;

/// What a message turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A whole form with valid values.
    Form(Form),
    /// A form with a piece that can be read in more than one way.
    Ask(Ask),
    /// A form with something wrong in it.
    Misread(Misread),
    /// A word that asks for something (`#batal`, `status`).
    Command(Command),
    /// `#batal` with talk beside it that may mean something else, or with a form: nothing is given up for it.
    AboutCancelling,
    /// `#ganti`: a booking is to be moved to another day.
    ChangeDay(ChangeDay),
    /// `#tunggu`: the waiting list.
    Wait(Wait),
    /// A day and nothing else, as an answer to a question would be: every day that it may mean.
    Day(Vec<NaiveDate>),
    /// One to eight digits and nothing else: an approval code, perhaps without its leading zeros, or a choice.
    Digits(String),
    /// The poster's line itself (`#Nama#TglLahir#TglKedatangan`).
    Placeholder,
    /// A greeting and nothing else.
    Greeting,
    /// Thanks and nothing else.
    Thanks,
    /// What a machine answers by itself; an answer to it would be answered in turn.
    Automatic,
    /// Questions and nothing else: [`crate::grammar::Reading::topics`] says about what.
    Question,
    /// Anything else, empty text included.
    Unreadable,
}

impl Request {
    /// Makes it the request of a longer message that begins with `front`: places move by the length of `front`.
    pub(crate) fn shift(&mut self, front: &str) {
        if let Self::Misread(Misread { at, .. }) | Self::Ask(Ask { at, .. }) = self
            && !front.is_empty()
        {
            let moved = front.chars().count();
            *at = (at.0 + moved, at.1 + moved);
        }
    }
}
