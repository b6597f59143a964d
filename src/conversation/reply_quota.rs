//! How many replies a contact got lately, and how many unconfirmed holds they took: what the limits are counted on.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Replies to one contact in [`REPLIES_MINUTES`] where an installation sets no other number: three a minute are more than a
/// hurried person reads, and each may cost the office money.
pub const REPLIES_MAX: u32 = 30;
/// How many times [`REPLIES_MAX`] a contact may get where the reply tells of a booking that was made or changed: such replies are
/// given beyond the limit, but they have one too.
pub const RESULTS_TIMES: u32 = 2;
/// The window in which replies are counted, in minutes; it begins with the first reply.
pub const REPLIES_MINUTES: i64 = 10;
/// How often the same text gets the same explanation before it gets none: a person changes something, a machine does not.
pub const SAME_MAX: u32 = 3;

/// What was counted of a contact lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyQuota {
    /// When the window began.
    pub since: DateTime<Utc>,
    /// Replies since then.
    pub replies: u32,
    /// The fingerprint of the last text ([`super::Heard::text`]). It is stored under a name of its own: earlier versions stored under
    /// `text` the number of a hasher that may differ between builds, which is never compared with this one.
    #[serde(rename = "fnv1a", default)]
    pub text: Option<u64>,
    /// How often that text came in a row.
    pub times: u32,
    /// Unconfirmed holds that they took today.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub holds: Option<HoldsOfDay>,
    /// When their hold ends, where it was given less than the office's time.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub short_until: Option<DateTime<Utc>>,
}

/// Unconfirmed holds that a contact took on one day of the office's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldsOfDay {
    /// The day.
    pub day: NaiveDate,
    /// How many; one that is confirmed is subtracted again.
    pub taken: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the fingerprint stored under its old name, the number of an older program is taken for one of ours.
    #[test]
    fn a_number_that_an_older_program_stored_is_not_compared_with_ours() {
        let stored = r#"{"since":"2017-08-01T02:00:00Z","replies":3,"text":7,"times":2}"#;
        let quota: ReplyQuota = serde_json::from_str(stored).unwrap();
        assert_eq!((quota.replies, quota.text, quota.times), (3, None, 2), "its count of replies goes on");
        let kept = serde_json::to_string(&ReplyQuota { text: Some(7), ..quota }).unwrap();
        assert_eq!(serde_json::from_str::<ReplyQuota>(&kept).unwrap().text, Some(7));
    }
}
