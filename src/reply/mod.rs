//! Turns an outcome into the words and the picture that a citizen gets. No other module words chat messages.
//!
//! The sentences stand in `locales/*/*.ftl`; [`letter`] puts them together and cuts them to size, the other files choose which of them
//! an outcome needs. Nothing is decided here. All replies can be read in `fixtures/replies`.

mod answers;
mod attendance;
mod booking;
mod cancelling;
mod changes;
mod closing;
mod courtesy;
mod free;
mod guide;
mod guided;
mod letter;
mod list;
mod locale;
mod misread;
mod notice;
mod officer;
mod people;
mod personal_data;
mod plain;
mod png;
mod poster;
mod qr;
mod question;
mod queue;
mod refused;
mod release;
mod rescheduling;
mod scene;
mod waiting;
mod when;
mod write;

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use qr::draw_qr;
pub use scene::Scene;
pub use when::day_in_words;
pub use write::write;
