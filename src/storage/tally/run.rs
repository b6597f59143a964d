//! The job that counts.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use crate::domain::office::{OfficeId, Zone};
use crate::storage::engine::column::at;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;
use crate::storage::housekeeping::job::{self, Done, Job, Turn};
use crate::storage::tally::count;
use crate::storage::tally::when::{self, Counted, Known};
use crate::storage::tally::write::{self, OfficeCounts};

/// Parts that one step counts: some milliseconds each.
const PARTS_A_STEP: usize = 12;

/// What is due of everything.
struct Work {
    hours: Vec<DateTime<Utc>>,
    days: Vec<(OfficeId, Zone, NaiveDate)>,
    counted_until: DateTime<Utc>,
}

impl Storage {
    /// Counts some of what is due, of these offices, if no other node does it. What is older than `kept_from` may have gone to the
    /// archive. Returns when more is due.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn tally(
        &self,
        now: DateTime<Utc>,
        offices: &[(OfficeId, Zone)],
        kept_from: Option<DateTime<Utc>>,
    ) -> Result<DateTime<Utc>, StorageError> {
        match self.claim_job(Job::Tally, now, self.pool.begin()).await? {
            Turn::Later(due) => return Ok(due),
            // Put off for its rest: no other node counts meanwhile, and no transaction is open.
            Turn::Ours(tx) => tx.commit().await?,
        }
        let work = self.tally_work(now, offices, kept_from).await?;
        // Half for each where both have much, so that a long past of the one does not keep the other waiting.
        let hours = work.hours.len().min((PARTS_A_STEP / 2).max(PARTS_A_STEP.saturating_sub(work.days.len())));
        for start in work.hours.iter().take(hours) {
            self.tally_hour(*start, offices, now).await?;
        }
        for (office, zone, date) in work.days.iter().take(PARTS_A_STEP - hours) {
            self.tally_day((office, *zone), *date, now).await?;
        }
        let has_more = work.hours.len() + work.days.len() > PARTS_A_STEP;
        let tx = self.pool.begin().await?;
        Ok(job::finish(tx, Job::Tally, Done { rows: 0, has_more }, now).await?.due)
    }

    /// Everything from before this instant is counted: only that may go to the archive, or be erased.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn counted_until(
        &self,
        now: DateTime<Utc>,
        offices: &[(OfficeId, Zone)],
    ) -> Result<DateTime<Utc>, StorageError> {
        Ok(self.tally_work(now, offices, None).await?.counted_until)
    }

    async fn tally_work(
        &self,
        now: DateTime<Utc>,
        offices: &[(OfficeId, Zone)],
        kept_from: Option<DateTime<Utc>>,
    ) -> Result<Work, StorageError> {
        let mut tx = self.pool.read().await?;
        let known = hours_known(&mut tx, now, kept_from).await?;
        let hours = when::hours_due(&known, now);
        let mut work = Work { hours: hours.parts, days: Vec::new(), counted_until: hours.never.unwrap_or(now) };
        for (office, zone) in offices {
            let known = days_known(&mut tx, (office, *zone), now, kept_from).await?;
            let today = zone.local(now).date();
            let due = when::days_due(&known, today, |day| end_of(*zone, day), now);
            work.days.extend(due.parts.into_iter().map(|day| (office.clone(), *zone, day)));
            if let Some(never) = due.never {
                work.counted_until = work.counted_until.min(zone.instant(never.and_time(NaiveTime::MIN)));
            }
        }
        tx.end().await?;
        Ok(work)
    }

    async fn tally_hour(
        &self,
        start: DateTime<Utc>,
        offices: &[(OfficeId, Zone)],
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let mut tx = self.pool.read().await?;
        let counted = count::hour(&mut tx, start).await?;
        tx.end().await?;
        // Offices without numbers, too: theirs may have been other ones before.
        let mut all: BTreeMap<&str, (Zone, count::Counts)> =
            offices.iter().map(|(office, zone)| (office.as_str(), (*zone, count::Counts::new()))).collect();
        for (office, counts) in &counted {
            // An office that is in no file any more: Western time, as most are.
            all.entry(office).or_insert((Zone::Wib, count::Counts::new())).1.clone_from(counts);
        }
        let of = |(office, (zone, counts)): (_, (Zone, count::Counts))| {
            let local = zone.local(start);
            OfficeCounts { office, date: local.date(), hour: u8::try_from(local.hour()).unwrap_or_default(), counts }
        };
        let all: Vec<OfficeCounts<'_>> = all.into_iter().map(of).collect();
        let mut tx = self.pool.begin().await?;
        write::hour(&mut tx, &all).await?;
        write::note(&mut tx, "", &when::hour_name(start), now).await?;
        tx.commit().await
    }

    async fn tally_day(
        &self,
        (office, zone): (&OfficeId, Zone),
        date: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let mut tx = self.pool.read().await?;
        let counts = count::day(&mut tx, (office, zone), date).await?;
        tx.end().await?;
        let mut tx = self.pool.begin().await?;
        write::day(&mut tx, office, date, &counts).await?;
        write::note(&mut tx, office.as_str(), &date.to_string(), now).await?;
        tx.commit().await
    }
}

fn end_of(zone: Zone, day: NaiveDate) -> DateTime<Utc> {
    zone.instant(day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN))
}

/// The parts of an office from one on, with when they were counted; and the last of all.
async fn counted_since(tx: &mut Tx, office: &str, from: &str) -> Result<(Counted, Option<String>), StorageError> {
    let rows: Vec<(String, i64)> = on!(&mut *tx, |conn| {
        sqlx::query_as("select part, counted_us from tally_done where office = $1 and part >= $2")
            .bind(office)
            .bind(from)
            .fetch_all(conn)
            .await
    })?;
    let (last,): (Option<String>,) = on!(tx, |conn| {
        sqlx::query_as("select max(part) from tally_done where office = $1").bind(office).fetch_one(conn).await
    })?;
    Ok((rows.into_iter().map(|(part, counted)| (part, at(counted))).collect(), last))
}

async fn hours_known(
    tx: &mut Tx,
    now: DateTime<Utc>,
    kept_from: Option<DateTime<Utc>>,
) -> Result<Known<DateTime<Utc>>, StorageError> {
    let from = when::hour_name(now - TimeDelta::days(3));
    let (counted, last) = counted_since(tx, "", &from).await?;
    let oldest: Option<(i64,)> = if last.is_some() {
        None
    } else {
        on!(tx, |conn| sqlx::query_as(count::OLDEST_REPLY).fetch_optional(conn).await)?
    };
    Ok(Known {
        counted,
        last: last.as_deref().and_then(when::hour_named),
        oldest: oldest.map(|(oldest,)| at(oldest)),
        kept_from,
    })
}

async fn days_known(
    tx: &mut Tx,
    (office, zone): (&OfficeId, Zone),
    now: DateTime<Utc>,
    kept_from: Option<DateTime<Utc>>,
) -> Result<Known<NaiveDate>, StorageError> {
    let from = zone.local(now - TimeDelta::days(12)).date().to_string();
    let (counted, last) = counted_since(tx, office.as_str(), &from).await?;
    let oldest: Option<(NaiveDate,)> = if last.is_some() {
        None
    } else {
        on!(tx, |conn| {
            sqlx::query_as("select date from day where office = $1 order by date limit 1")
                .bind(office.as_str())
                .fetch_optional(conn)
                .await
        })?
    };
    Ok(Known {
        counted,
        last: last.and_then(|last| last.parse().ok()),
        oldest: oldest.map(|(oldest,)| oldest),
        // The archive compares with the date in Greenwich.
        kept_from: kept_from.map(|from| from.date_naive()),
    })
}
