//! The calendar of one office: how full it is, and exceptions to it with everything that they mean for the people who have booked.
//!
//! Nothing is changed before everybody whom it displaces was listed with what they would be told, and something was decided about each.
//! For a minute after that only the calendar is changed, and all of it can be undone; then people are moved and told.

mod handle;
mod limits;
mod lines;
mod make;
mod plan;
mod refused;
mod view;
mod wish;

pub use handle::OfficeCalendar;
pub use limits::{CALENDAR_DAYS_MAX, CALENDAR_REASON_CHARS};
pub use lines::{Line, Lines, Reach};
pub use make::{CalendarMade, UNDO_SECONDS};
pub use plan::{Affected, CalendarPlan, Corrected, Cost};
pub use refused::CalendarRefused;
pub use view::{CalendarDay, CalendarHour, ClosedDay, HourState};
pub use wish::{CalendarAction, CalendarWish};
