//! The replies to a change of mind.

use super::{Shown, shown};
use crate::conversation::{Outcome, Undone};
use crate::domain::booking::Awaits;
use crate::domain::slot::Slot;
use crate::reply::sample::{Sample, day};

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let held = bogor.hold(Awaits::Code);
    let undone = |booking, what| Outcome::Undone { booking, what };
    let offer = Outcome::UndoOffer { booking: batam.booking(), slot: Slot { date: day(2017, 8, 8), hour: 13 } };
    let asked = |booking| Outcome::CancelAsked { booking, person: None };
    vec![
        shown("asked to cancel in plain words", &batam, asked(batam.booking())),
        shown("asked to cancel in plain words, a hold", &bogor, asked(held.clone())),
        shown("a cancellation taken back", &batam, undone(batam.booking(), Undone::Cancel)),
        shown("a cancellation taken back, a hold", &bogor, undone(held, Undone::Cancel)),
        shown("a one-step booking taken back", &batam, undone(batam.booking(), Undone::Booking)),
        shown("another place instead of a cancelled one", &batam, offer),
        shown("nothing to take back", &batam, Outcome::NothingToUndo),
    ]
}
