//! The database: the only module with SQL. Each statement is written once for both engines; it returns facts, and decides nothing.
//!
//! Transactions belong to the tasks of other modules (a lane of the desk, the courier, the caretaker), never to a request
//! handler that a client could cancel. `engine` knows the two engines and no table, `intake` and `outbox` are the hot paths,
//! `housekeeping` and `operations` are what a caretaker and an operator do.

mod attendance;
mod audit;
mod booking_row;
mod calendar;
mod displaced;
mod displays;
mod engine;
mod erasure;
mod exceptions;
mod export;
mod format_drafts;
mod front_desk;
mod handle;
mod housekeeping;
mod intake;
mod live;
mod media;
mod notice;
mod offices;
mod operations;
mod outbox;
mod served_texts;
mod set_aside;
mod staff;
mod talk;
mod tally;
mod trail;
mod unread;
mod versions;
mod visits;
mod waiting;

pub use audit::concerned::{Concerned, ConcernedContact, ConcernedWalkIn, Sighting};
pub use audit::list::{AuditFilter, AuditRow};
pub use calendar::change::{CalendarOutcome, NewCalendarChange};
pub use calendar::listed::{CalendarChange, CalendarPerson, PersonNotice};
pub use calendar::load::HourPeople;
pub use calendar::told::LastTold;
pub use calendar::undo::CalendarUndo;
pub use displaced::decide::DisplacedBooking;
pub use displaced::listed::LastHeard;
pub use displays::{AtCounter, Board, BoardCall, BookedTurn, Display, NewDisplay, Sound};
pub use engine::error::StorageError;
pub use engine::postgres::tls::{Address, Tls};
pub use engine::sqlite::open_files::refuse_log_alone;
pub use engine::sqlite::paths::{ASIDE, beside_sqlite, left_by_sqlite, logs_put_aside, no_database_at, sqlite_path};
pub use erasure::{DueErasure, Erased, NamedIn, NewErasure, RetentionStep, Traces};
pub use export::{Export, NewExport};
pub use format_drafts::{DraftOf, FormatDraft};
pub use front_desk::OutboxRow;
pub use handle::Storage;
pub use housekeeping::job::JobStep;
pub use intake::KnownAddress;
pub use intake::changes::{
    Changes, ContactKey, Event, NewChat, NewMedia, NewReply, NewTalk, NewUpload, OfficeDate, OfficeDay, OfficeHour,
    ReleasedSeat, SettledNotice, StoredChat, StoredTicket,
};
pub use intake::people::{OfficePerson, PersonBooking};
pub use intake::snapshot::{Found, OfficeVersion, Wanted};
pub use intake::transaction::Intake;
pub use live::{Live, LiveWatch, Topic, Versions};
pub use media::{KeyUse, PhotoCounts, StoredPhoto, StoredUpload, WantedMedia};
pub use notice::candidates::Candidate;
pub use notice::due::DueNotices;
pub use notice::list::{NoticeFilter, NoticeRow, Reader};
pub use offices::{Import, ImportOutcome, StoredOffice};
pub use operations::audit::Audit;
pub use operations::moving::{MoveError, MovedTable};
pub use outbox::channels::{Channel, ChannelQueue, ChannelState};
pub use outbox::claim::Claim;
pub use outbox::dispatch::Dispatch;
pub use outbox::held::Held;
pub use outbox::queue::Prospect;
pub use outbox::reply::{Due, Retried, SaidNotice, Sending, Sent, SentParts};
pub use outbox::sent_count::SentInHour;
pub use set_aside::AsideRow;
pub use staff::administrators::RoleChange;
pub use staff::changes::StaffChange;
pub use staff::links::{Enrolment, LinkKind, NewLink, StaffLink};
pub use staff::people::{NewStaff, StaffMember};
pub use staff::sessions::{NewSession, StaffSession};
pub use staff::throttle::Tries;
pub use talk::citizens::TalkCitizen;
pub use talk::holder::TicketHolder;
pub use talk::inbox::{LastReply, Stuck};
pub use talk::lines::{TalkLine, TalkPartner};
pub use talk::search::SentMessage;
pub use talk::tickets::{OpenTickets, TicketFilter};
pub use tally::{CountedAt, OfficeQueue};
pub use trail::append::AuditActor;
pub use trail::verify::{AuditHead, Verified};
pub use unread::{UNREAD_AGE_MAX, UNREAD_MAX, UnreadBody, UnreadRow};
pub use versions::{NewVersion, Origin, Replaced, StoredVersion, VersionHead};
pub use visits::{CallKind, DayAtCounter, DayTransaction, NewStep, OpenHour, Shift, StoredStep};
pub use waiting::report::{ACCEPTANCE_DAYS, Acceptance, WaitingRow};
pub use waiting::steps::WaitingChange;
pub use waiting::turns::WaitingTurn;
