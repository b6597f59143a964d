//! Finds the office's other formats that read what a draft reads.

use crate::grammar::check::ambiguity::{between_formats, is_own_form};
use crate::grammar::format::Format;
use crate::grammar::rehearsal::result::{Clash, TrialMessage};

/// The other formats beside a draft, with what both read.
pub(crate) struct Clashes<'f> {
    draft: &'f Format,
    others: Vec<(&'f Format, Clash)>,
}

impl<'f> Clashes<'f> {
    /// Looks for invented messages first, as `check` does.
    pub(crate) fn of(draft: &'f Format, others: &[&'f Format]) -> Self {
        let clash = |other: &&'f Format| {
            let invented = between_formats(draft, other);
            (*other, Clash { format: other.id().clone(), invented, count: 0, message: None })
        };
        Self { draft, others: others.iter().map(clash).collect() }
    }

    /// Looks whether a message is a form of the draft and of another format.
    pub(crate) fn look_at(&mut self, place: usize, message: &TrialMessage) {
        if self.others.is_empty() || !is_own_form(self.draft, &message.text, message.sent_on) {
            return;
        }
        for (other, clash) in &mut self.others {
            if is_own_form(other, &message.text, message.sent_on) {
                clash.count += 1;
                clash.message.get_or_insert(place);
            }
        }
    }

    /// Those that clash.
    pub(crate) fn found(self) -> Vec<Clash> {
        let clashes = self.others.into_iter().map(|(_, clash)| clash);
        clashes.filter(|clash| clash.count > 0 || clash.invented.is_some()).collect()
    }
}
