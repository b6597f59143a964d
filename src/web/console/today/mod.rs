//! The day's pages: today's list, the search, a booking and its photo.

mod booking;
mod find;
mod list;
mod photo;
mod words;

pub(super) use booking::{booking, say_why};
pub(super) use find::{find, find_page};
pub(super) use list::{list, page};
pub(super) use photo::photo;
