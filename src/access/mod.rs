//! Who is signed in to the console and what they may do. A page gets an [`OfficeView`] of one office and cannot reach another;
//! what somebody may not see does not exist for them.
//!
//! Sign-in, sessions, one-time codes and throttles go by wall time, also in a demo; what an office shows goes by its own clock.
//! No secret leaves this module but to the person whose it is.

mod channels;
mod day;
mod demo;
mod error;
mod formats;
mod links;
mod office_view;
mod one_time_code;
mod password;
mod people;
mod recent;
mod recorded;
mod report;
mod session;
mod sign_in;
mod signed_in;
mod talks;
mod throttle;
mod token;
mod trail;

pub use self::channels::{SeenChannel, SentOnDay};
pub use self::day::{
    Counts, DayList, FIND_MAX, FIND_SIGNS_MIN, Find, FoundBooking, HourList, ListedPerson, Said, SeenBooking,
    SeenMember, SeenNik, SeenPerson, SeenPhoto, SeenStep, Sight, Standing,
};
pub use self::demo::{DEMO_ACCOUNTS, DEMO_PASSWORD, enrol_demo};
pub use self::error::AccessError;
pub use self::formats::{KeptDraft, PAST_MESSAGES_MAX, PastRehearsal, masked, text_mark};
pub use self::links::{OpenLink, Used};
pub use self::office_view::{DayCounts, OfficeView, Offices};
pub use self::one_time_code::{next_code, uri};
pub use self::password::{PASSWORD_SIGNS_MAX, PASSWORD_SIGNS_MIN, Weak};
pub use self::people::{Actor, LINK_MINUTES, People, Person, Refused};
pub use self::recent::CheckedTrail;
pub use self::report::{NoExport, OfficeHealth, Report};
pub use self::session::Access;
pub use self::sign_in::{Attempt, Confirmation, SignIn};
pub use self::signed_in::{SESSION_HOURS_MAX, SESSION_IDLE_MINUTES, Session, SignedIn, Visitor};
pub use self::talks::{
    AsideMessage, InboxFilter, Look, MISREAD_GROUPS_MAX, MISREAD_MESSAGES_MAX, MisreadGroup, MisreadSample,
    MisreadTotals, ReadAs, SeenLine, SeenTalk, SeenWords, Sender, Speaker, StuckReply, Taken, TalkFind, TalkRow,
    TicketStanding,
};
