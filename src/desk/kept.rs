//! Keeps what cannot be served, where the office sees it: messages for unknown channels, and bodies that cannot be read.
//!
//! Each transaction runs in a task of its own, so that a client that hangs up does not cancel it half-way.

use chrono::{DateTime, Utc};

use super::verdict::{Busy, Verdict};
use crate::domain::message::Inbound;
use crate::storage::{Storage, StorageError, UnreadBody};

/// Keeps a message for a channel that no office owns.
///
/// # Errors
/// [`Busy`] when storage failed.
pub(super) async fn keep_stray(storage: &Storage, inbound: Inbound, now: DateTime<Utc>) -> Result<Verdict, Busy> {
    let storage = storage.clone();
    let kept = tokio::spawn(async move {
        let kept = storage.keep_stray(&inbound, now).await;
        (inbound.channel, kept)
    });
    match kept.await {
        Ok((channel, Ok(new))) => {
            if new {
                tracing::warn!(
                    channel = channel.as_str(),
                    "a message for a channel that no office owns was kept; name the channel in a [[channel]] section \
                     and run `antrean aside retry`"
                );
            }
            Ok(Verdict::Stray)
        }
        Ok((_, Err(error))) => {
            tracing::error!(%error, "a stray message could not be kept");
            Err(Busy)
        }
        Err(_) => Err(Busy),
    }
}

/// Keeps bodies that cannot be read.
///
/// # Errors
/// [`Busy`] when storage failed.
pub(super) async fn keep_unread(storage: &Storage, bodies: Vec<UnreadBody>, now: DateTime<Utc>) -> Result<(), Busy> {
    let storage = storage.clone();
    match tokio::spawn(async move { storage.keep_unread(&bodies, now).await }).await {
        Ok(Ok(_)) => Ok(()),
        // Delivered again it would be refused again.
        Ok(Err(StorageError::Data(error))) => {
            tracing::error!(%error, "what cannot be read could not be kept either");
            Ok(())
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "what cannot be read could not be kept; the provider will deliver it again");
            Err(Busy)
        }
        Err(_) => Err(Busy),
    }
}
