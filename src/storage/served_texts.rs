//! Texts of served messages, to try another format on them. Personal data: for the office's own machine only.

use chrono::{DateTime, Utc};

use crate::domain::message::Content;
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

impl Storage {
    /// The texts that were sent to an office, captions included, with the time of sending; the latest `limit` messages.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn served_texts(
        &self,
        office: &OfficeId,
        limit: u32,
    ) -> Result<Vec<(DateTime<Utc>, String)>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(i64, String)> = on!(&mut tx, |conn| {
            sqlx::query_as("select sent_us, content from inbound where office = $1 order by sent_us desc limit $2")
                .bind(office.as_str())
                .bind(i64::from(limit))
                .fetch_all(conn)
                .await
        })?;
        let text = |(sent_us, content): (i64, String)| match unjson("inbound.content", &content) {
            Ok(Content::Text(text) | Content::Picture { caption: Some(text), .. }) => Some(Ok((at(sent_us), text))),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        };
        rows.into_iter().filter_map(text).collect()
    }
}
