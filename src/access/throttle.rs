//! How sign-ins are slowed down: by account and network together, by network, and by account. A stranger's failures do not keep
//! somebody out who has signed in from their own network before.

use chrono::{DateTime, TimeDelta, Utc};

use crate::access::error::AccessError;
use crate::access::token;
use crate::storage::{Storage, Tries};

/// How long a failure counts.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);
/// How long a network stays known after a sign-in.
const KNOWN_FOR: TimeDelta = TimeDelta::days(30);
/// The longest pause, in seconds: a quarter of an hour is a nuisance, not a closed counter.
const PAUSE_SECONDS_MAX: i64 = 15 * 60;

/// After how many failures a pause comes, and its first length; each further failure doubles it.
#[derive(Debug, Clone, Copy)]
struct Limit {
    free: u32,
    first_seconds: i64,
}

/// One account from one network: somebody who mistypes, or guesses.
const PAIR: Limit = Limit { free: 5, first_seconds: 30 };
/// One network, whatever the account: an office signs in together at half past seven.
const NETWORK: Limit = Limit { free: 30, first_seconds: 15 };
/// One account from networks that it was never used in: many guessers.
const ACCOUNT: Limit = Limit { free: 20, first_seconds: 60 };

impl Limit {
    /// Until when nothing is judged after these tries.
    fn free_at(self, tries: Tries) -> DateTime<Utc> {
        let Some(beyond) = tries.failures.checked_sub(self.free) else { return tries.last };
        let seconds = self.first_seconds.saturating_mul(1_i64.checked_shl(beyond.min(20)).unwrap_or(i64::MAX));
        tries.last + TimeDelta::seconds(seconds.min(PAUSE_SECONDS_MAX))
    }
}

/// What a try counts for.
#[derive(Debug, Clone)]
pub(super) struct Subjects(Vec<(String, Limit)>);

impl Subjects {
    /// A sign-in.
    pub(super) async fn of_sign_in(
        storage: &Storage,
        login: &str,
        network: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, AccessError> {
        let mut all =
            vec![(subject("pair", &format!("{login} {network}")), PAIR), (subject("network", network), NETWORK)];
        if !storage.is_known_network(login, network, now - KNOWN_FOR).await? {
            all.push((subject("account", login), ACCOUNT));
        }
        // Ascending, so that two nodes never wait on each other.
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(Self(all))
    }

    /// A code that somebody gives who has proved a session or a link already.
    pub(super) fn of_code(staff: i64) -> Self {
        Self(vec![(subject("code", &staff.to_string()), PAIR)])
    }

    /// Counts a try; `Some` is the number of minutes to wait where it is not judged.
    pub(super) async fn count(&self, storage: &Storage, now: DateTime<Utc>) -> Result<Option<i64>, AccessError> {
        let limits: Vec<Limit> = self.0.iter().map(|(_, limit)| *limit).collect();
        let names: Vec<String> = self.0.iter().map(|(name, _)| name.clone()).collect();
        let mut free_at = now;
        let is_allowed = storage
            .count_try(&names, (now - FORGOTTEN_AFTER, now), |tries| {
                let ends = tries.iter().zip(&limits).map(|(tries, limit)| limit.free_at(*tries));
                free_at = ends.max().unwrap_or(now);
                free_at <= now
            })
            .await?;
        if is_allowed {
            return Ok(None);
        }
        let seconds = (free_at - now).num_seconds().max(1);
        Ok(Some((seconds + 59) / 60))
    }

    /// Takes a try back that succeeded: the failures before it are forgotten, but for those of others in the network.
    pub(super) async fn forgive(&self, storage: &Storage, now: DateTime<Utc>) -> Result<(), AccessError> {
        for (name, _) in &self.0 {
            storage.forgive(name, !name.starts_with("network:")).await?;
        }
        storage.delete_old_tries(now - FORGOTTEN_AFTER * 24).await?;
        Ok(())
    }
}

/// Logins are hashed: now and then somebody types a password there.
fn subject(kind: &str, text: &str) -> String {
    format!("{kind}:{}", token::hash(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_up_to_a_quarter_of_an_hour() {
        let last: DateTime<Utc> = "2026-08-03T02:00:00Z".parse().unwrap();
        let pause = |failures| (PAIR.free_at(Tries { failures, last }) - last).num_seconds();
        assert_eq!(
            [pause(0), pause(4), pause(5), pause(6), pause(9), pause(10), pause(u32::MAX)],
            [0, 0, 30, 60, 480, 900, 900]
        );
    }
}
