//! What a provider says about one of our channels: it is stopped, or works again.

use chrono::{DateTime, Utc};

use crate::domain::message::ChannelId;
use crate::gateway::{Health, Notice};
use crate::storage::{ChannelState, Storage, StorageError};

/// Stops or resumes the channels that the notice concerns.
///
/// # Errors
/// [`StorageError`] when storage failed.
pub(super) async fn apply(
    storage: &Storage,
    notice: &Notice,
    concerned: Vec<ChannelId>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    for channel in concerned {
        let name = channel.as_str();
        let (state, reason, until) = match &notice.health {
            Health::Well => {
                if storage.reopen_channel(&channel, now).await? {
                    tracing::info!(channel = name, "the provider says that this channel is mended; its queue goes on");
                }
                continue;
            }
            Health::Broken(reason) => (ChannelState::Broken, reason, "it is mended"),
            Health::Limited(reason) => (ChannelState::Limited, reason, "`antrean channel resume`"),
        };
        if storage.stop_channel(&channel, state, reason, now).await? {
            let state = state.name();
            tracing::error!(
                channel = name,
                state,
                reason,
                "the provider stops this channel; it holds its queue until {until}"
            );
        }
    }
    Ok(())
}
