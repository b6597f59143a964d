//! The day of one office as one person may see it: its list, who is found, and a booking with everything that belongs to it.
//!
//! What leaves here has been masked where it must be: the types that pages get hold no more than may be shown, and a citizen's
//! booking itself never gets there. Looking at one person is written down before it is answered.

mod booking;
mod find;
mod list;
mod seen;

pub use booking::{Said, SeenBooking, SeenMember, SeenPhoto, SeenStep};
pub use find::{FIND_MAX, FIND_SIGNS_MIN, Find, FoundBooking};
pub use list::{Counts, DayList, HourList, ListedPerson, Standing};
pub use seen::{SeenNik, SeenPerson, Sight};
