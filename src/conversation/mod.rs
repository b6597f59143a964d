//! Decides what a message leads to: snapshot, read message and source of randomness in, decision out.
//!
//! Pure: no clock, no SQL, no wording, so that replay, fuzzing and property tests can run it by the million. `decide.rs` is the
//! table of who handles what; each handler has a file of its own in `handlers/`; the nouns that they share lie beside it.

mod answer;
mod at_counter;
mod chat;
mod context;
mod day_changed;
mod decide;
mod decision;
mod displaced;
mod echoed;
mod guide;
mod handlers;
mod handover;
mod heard;
mod lang;
mod last_act;
mod memory;
mod notice;
mod outcome;
mod own_visit;
mod personal_data;
mod privacy;
mod question;
mod randomness;
mod rate_limit;
mod refusal;
mod released;
mod reminder_choice;
mod reply_quota;
mod said;
mod settled;
mod snapshot;
#[cfg(test)]
mod tests;
mod unanswered;
mod undone;
mod waiting;

pub use answer::{Answer, DayRoom, HourRoom, HourWish, Room};
pub use chat::{Chat, KeptPhoto};
pub use day_changed::{DayChangeTold, DayChanged};
pub use decide::decide;
pub use decision::{Decision, NewPhoto};
pub use displaced::settle_displaced;
pub use echoed::Echoed;
pub use guide::{Guide, GuideAnswer, GuideAsk, GuideMessage, GuideStage, GuideStep};
pub use handlers::{DAYS_WITH_ROOM, SHORT_HOLD_MINUTES, Turn, decide_notice, join_share, offer, share, shared_told};
pub use handover::{Handover, HandoverStep};
pub use heard::Heard;
pub use lang::Lang;
pub use last_act::{Act, Change, LastAct, UNDO_MINUTES};
pub use notice::{NoticeContent, NoticeDecision, NoticeSnapshot, ReadyDetail};
pub use outcome::{Answers, MovedDay, Outcome};
pub use own_visit::OwnVisit;
pub use personal_data::PersonalDataTold;
pub use question::{Choices, Question};
pub use randomness::Randomness;
pub use refusal::{NotThatDay, Refusal, RefusedDay};
pub use released::Released;
pub use reminder_choice::ReminderChoice;
pub use reply_quota::{
    HoldsOfDay, REPLIES_MAX, REPLIES_MINUTES, RESULTS_TIMES, ReplyQuota, SAME_MAX, SAME_QUESTION_MAX,
};
pub use said::Said;
pub use settled::Settled;
pub use snapshot::Snapshot;
pub use unanswered::release_unanswered;
pub use undone::{NotUndone, Undone};
pub use waiting::{Joining, WaitingPlace, WaitingStep, WaitingTold};
