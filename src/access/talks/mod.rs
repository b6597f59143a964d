//! The conversations of one office as one person may see them: the inbox, what is searched for, one conversation with what each
//! message was read as, and what is misread most.
//!
//! What leaves here has been masked where it must be. Looking into a conversation is written down before it is answered. What an
//! officer says goes by the desk; here is only who may, and who was faster.

mod acts;
mod conversation;
mod inbox;
mod misread;
mod reading;
mod seen;

pub use acts::{Sender, Taken};
pub use conversation::{Look, SeenLine, SeenTalk, SeenWords, Speaker};
pub use inbox::{AsideMessage, InboxFilter, StuckReply, TalkFind, TalkRow, TicketStanding};
pub use misread::{MISREAD_GROUPS_MAX, MISREAD_MESSAGES_MAX, MisreadGroup, MisreadSample, MisreadTotals};
pub use reading::ReadAs;
