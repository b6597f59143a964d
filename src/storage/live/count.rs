//! The numbers that grow, and how they are read and counted.

use crate::domain::office::OfficeId;
use crate::storage::engine::column::json;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::pool::Pool;
use crate::storage::engine::transaction::{each, on};

/// What screens show, each with a number that grows when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The day's visits and counters.
    Today,
    /// What the hall display shows.
    Board,
    /// What citizens booked, by whatever day.
    Bookings,
    /// What citizens wrote, and what officers did about it.
    Talks,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Today, Self::Board, Self::Bookings, Self::Talks];

    /// Its name in the database and in the events of a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Board => "board",
            Self::Bookings => "bookings",
            Self::Talks => "talks",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }
}

/// The numbers of one office; 0 of what has never changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Versions {
    today: i64,
    board: i64,
    bookings: i64,
    talks: i64,
}

impl Versions {
    /// The number of a topic.
    pub fn of(&self, topic: Topic) -> i64 {
        match topic {
            Topic::Today => self.today,
            Topic::Board => self.board,
            Topic::Bookings => self.bookings,
            Topic::Talks => self.talks,
        }
    }

    /// Notes a number; whether it is newer than the one that was known.
    pub(in crate::storage) fn note(&mut self, topic: Topic, version: i64) -> bool {
        let known = match topic {
            Topic::Today => &mut self.today,
            Topic::Board => &mut self.board,
            Topic::Bookings => &mut self.bookings,
            Topic::Talks => &mut self.talks,
        };
        let is_newer = version > *known;
        *known = version.max(*known);
        is_newer
    }

    /// Notes all numbers; whether one is newer than what was known.
    pub(super) fn note_all(&mut self, other: Self) -> bool {
        let newer = Topic::ALL.map(|topic| self.note(topic, other.of(topic)));
        newer.contains(&true)
    }
}

/// The offices as the rows of a statement.
fn rows(offices: &[OfficeId]) -> Result<String, StorageError> {
    json(&offices.iter().map(|office| (office.as_str(),)).collect::<Vec<_>>())
}

/// The office of a row; one that is no id can belong to nobody who watches.
fn office(id: &str) -> Result<OfficeId, StorageError> {
    OfficeId::read(id).map_err(|_| StorageError::Data("live.office is no id".to_owned()))
}

/// Reads the numbers of some offices; an office that has none is not among them.
pub(super) async fn read(pool: &Pool, offices: &[OfficeId]) -> Result<Vec<(OfficeId, Versions)>, StorageError> {
    let mut tx = pool.read().await?;
    let sql = each!(
        &tx,
        "select live.office, live.topic, live.version from",
        "join live on live.office = each.value->>0 order by live.office"
    );
    let asked = rows(offices)?;
    let found: Vec<(String, String, i64)> =
        on!(&mut tx, |conn| sqlx::query_as(sql).bind(&asked).fetch_all(conn).await)?;
    tx.end().await?;
    let mut all: Vec<(OfficeId, Versions)> = Vec::with_capacity(offices.len());
    for (id, topic, version) in found {
        let Some(topic) = Topic::named(&topic) else { continue };
        let id = office(&id)?;
        if all.last().is_none_or(|(last, _)| *last != id) {
            all.push((id, Versions::default()));
        }
        if let Some((_, versions)) = all.last_mut() {
            versions.note(topic, version);
        }
    }
    Ok(all)
}

/// Counts a change of each of these topics. It need not survive a power loss: nobody watches after one.
pub(super) async fn count(
    pool: &Pool,
    changed: &[(OfficeId, Topic)],
) -> Result<Vec<(OfficeId, Versions)>, StorageError> {
    let mut tx = pool.begin().await?;
    // Ascending, so that two nodes never wait for each other.
    let sql = each!(
        &tx,
        "insert into live (office, topic, version) select each.value->>0, each.value->>1, 1 from",
        "where true order by 1, 2 on conflict (office, topic) do update set version = live.version + 1 \
         returning office, topic, version"
    );
    let rows = json(&changed.iter().map(|(office, topic)| (office.as_str(), topic.name())).collect::<Vec<_>>())?;
    let counted: Vec<(String, String, i64)> =
        on!(&mut tx, |conn| sqlx::query_as(sql).bind(&rows).fetch_all(conn).await)?;
    tx.commit_unsynced().await?;
    let told = |(id, topic, version): (String, String, i64)| {
        let mut versions = Versions::default();
        if let Some(topic) = Topic::named(&topic) {
            versions.note(topic, version);
        }
        Ok((office(&id)?, versions))
    };
    counted.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `any` in `note_all`, the second number is not noted.
    #[test]
    fn numbers_only_grow_and_each_is_noted() {
        let mut known = Versions::default();
        let mut other = Versions::default();
        assert!(other.note(Topic::Today, 3) && other.note(Topic::Bookings, 7));
        assert!(known.note_all(other));
        assert_eq!([known.of(Topic::Today), known.of(Topic::Board), known.of(Topic::Bookings)], [3, 0, 7]);
        assert!(!known.note_all(other));
        assert!(!known.note(Topic::Today, 2));
        assert_eq!(known.of(Topic::Today), 3);
    }
}
