//! A message that its sender changed after sending it.

use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::domain::message::OtherKind;
use crate::grammar::Request;

/// An edit is never served: the form may have been booked, and answered, as it was first. Where the new text asks for something,
/// its sender is told to send it as a new message; a corrected `terima kasih` needs no reply.
pub(in crate::conversation) fn edited(context: &Context<'_>, request: &Request) -> Decision {
    let asks_nothing = matches!(
        request,
        Request::Automatic | Request::Thanks | Request::Greeting | Request::Question | Request::Unreadable
    );
    if asks_nothing { context.silent() } else { context.tell(Outcome::NotText { kind: OtherKind::Edit }) }
}
