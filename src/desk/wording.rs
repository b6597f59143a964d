//! Words the replies of a batch.

use chrono::{DateTime, Utc};

use super::pending_writes::ReplyContent;
use super::under_way;
use crate::domain::message::Outbound;
use crate::domain::turn_link::TurnLinks;
use crate::reply::{self, Scene};
use crate::roster::Roster;
use crate::storage::Changes;

/// The replies of `changes` in words, in the same order.
pub(super) fn worded(
    roster: &Roster,
    now: DateTime<Utc>,
    changes: &Changes,
    contents: &[ReplyContent],
    turn_links: Option<&TurnLinks>,
) -> Vec<Outbound> {
    let worded = changes.replies.iter().zip(contents).map(|(reply, content)| {
        let ReplyContent { office, lang, pause_until, formats, outcome } = content;
        let scene = Scene {
            office,
            formats: &under_way::of(formats.as_ref(), roster, office),
            calendar: roster.calendar_of(&office.id),
            contact: &reply.to.1,
            lang: *lang,
            now,
            pause_until: *pause_until,
            turn_links,
        };
        reply::write(&scene, outcome)
    });
    worded.collect()
}
