//! `/console`: the pages of an office's staff. Rendered here and complete without JavaScript; a form of another site, or one that
//! comes without TLS from beyond this machine, changes nothing.
//!
//! `connection` judges how a request came, `page` makes a page's frame and its headers, `visitor` finds out who asks; the other
//! files are one page each. What somebody may see or do is asked of [`crate::access`], never decided here.

mod account;
mod areas;
mod assets;
mod audit;
mod calendar;
mod catalogue;
mod channels;
mod connection;
mod conversations;
mod desk;
mod displays;
mod failure;
mod format;
mod forms;
mod in_office;
mod link;
mod live;
mod messaging;
mod ministry;
mod offices;
mod page;
mod paper;
mod people;
mod picture;
mod publishing;
mod recovery;
mod reports;
mod routes;
mod settings;
mod sign_in;
mod state;
mod texts;
mod today;
mod visitor;

pub use self::messaging::{CaseOfMessage, ChannelSetup, MakeCase, Messaging};
pub(super) use self::routes::router;
pub use self::state::{Calendars, FrontDesks, Setup, VersionsOf};
