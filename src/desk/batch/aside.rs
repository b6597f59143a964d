//! Keeps a message that cannot be served.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Batch, PendingReply, Trouble};
use crate::conversation::Outcome;
use crate::desk::pending_writes::PendingWrites;
use crate::desk::verdict::Verdict;
use crate::desk::wording::worded;
use crate::domain::message::Inbound;
use crate::domain::office::OfficeId;
use crate::storage::{StorageError, Wanted};

impl Batch<'_> {
    /// Keeps a message that cannot be served; where `answered`, also replies that it should be sent again. A message that is kept
    /// already, or was served, stays as it is.
    pub(in crate::desk) async fn set_aside(
        mut self,
        office: &OfficeId,
        inbound: &Inbound,
        reason: &str,
        answered: bool,
    ) -> Result<Verdict, StorageError> {
        let roster = Arc::clone(&self.roster);
        let key = (inbound.channel.clone(), inbound.contact.clone());
        let wanted = Wanted {
            offices: BTreeMap::from([(office.clone(), self.now.date_naive())]),
            // Without a reply nothing of this citizen is loaded: what is stored of them may be what cannot be read.
            contacts: if answered { BTreeSet::from([key.clone()]) } else { BTreeSet::new() },
            messages: vec![(inbound.channel.clone(), inbound.id.clone())],
            ..Wanted::default()
        };
        let (mut intake, found) = self.storage.begin_intake(&wanted, self.now).await?;
        if !found.known.is_empty() {
            intake.rollback().await?;
            return Ok(Verdict::Repeat);
        }
        let mut writes = PendingWrites::default();
        let id = self.ids.next().unwrap_or_default();
        writes.changes.inbounds.push((office.clone(), inbound.clone()));
        if let Some(office) = roster.offices.get(office).filter(|_| answered) {
            writes.enter_found(&wanted, found);
            let (reply_to, outcome) = (Some(inbound.id.clone()), Outcome::SendAgain);
            let reply =
                PendingReply { office, to: &key, reply_to, pause_until: None, notice: None, formats: None, outcome };
            self.reply(reply, &mut writes).map(drop).map_err(|trouble| match trouble {
                Trouble::Storage(error) => error,
                Trouble::Outdated | Trouble::IdsUsedUp => StorageError::Unavailable("no numbers left".to_owned()),
            })?;
        }
        let (changes, contents) = writes.close(std::iter::empty());
        intake.keep_aside(id, Some(office), inbound, reason, self.now).await?;
        intake.finish(&changes, false, || worded(&roster, self.now, &changes, &contents, self.turn_links)).await?;
        Ok(Verdict::SetAside)
    }
}
