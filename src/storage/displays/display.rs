//! The displays, by the hash of their token.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::audit::{Act, AuditEvent, Scope, Subject, SubjectKind};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, bad, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::table::select_row;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::trail::append::{AuditActor, append};

/// What a display's page says of its sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// It has said nothing yet.
    Unknown,
    /// Nobody has pressed the button.
    Off,
    /// It rings and speaks.
    On,
    /// Its browser cannot play what it should.
    Broken,
}

impl Sound {
    const ALL: [Self; 4] = [Self::Unknown, Self::Off, Self::On, Self::Broken];

    /// Its name in the database and on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Off => "off",
            Self::On => "on",
            Self::Broken => "broken",
        }
    }

    /// The state of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sound| sound.name() == name)
    }
}

/// A display in a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    /// Its number.
    pub id: i64,
    /// Whose calls it shows.
    pub office: OfficeId,
    /// Where it hangs.
    pub name: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// By whom.
    pub added_by: String,
    /// When it last asked, give or take half a minute; `None`: never.
    pub seen_at: Option<DateTime<Utc>>,
    /// What it last said of its sound.
    pub sound: Sound,
}

/// A display to add.
#[derive(Debug, Clone, Copy)]
pub struct NewDisplay<'a> {
    /// Whose calls it shows.
    pub office: &'a OfficeId,
    /// Where it hangs.
    pub name: &'a str,
    /// The hash of its token.
    pub token: &'a str,
    /// Who adds it.
    pub by: &'a str,
}

select_row! {
    /// A row of `display`, as far as it is read.
    struct DisplayRow from "display" {
        id: i64,
        office: String,
        name: String,
        added_us: i64,
        added_by: String,
        seen_us: Option<i64>,
        sound: String,
    }
}

impl DisplayRow {
    fn display(self) -> Result<Display, StorageError> {
        Ok(Display {
            id: self.id,
            office: OfficeId::read(&self.office).map_err(|_| bad("display.office"))?,
            name: self.name,
            added_at: at(self.added_us),
            added_by: self.added_by,
            seen_at: self.seen_us.map(at),
            sound: Sound::named(&self.sound).ok_or_else(|| bad("display.sound"))?,
        })
    }
}

static OF_OFFICE: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!("select {} from display where office = $1 order by id", DisplayRow::COLUMNS))
});

static OF_TOKEN: LazyLock<Statement> =
    LazyLock::new(|| Statement::new(&format!("select {} from display where token = $1", DisplayRow::COLUMNS)));

/// A change of a display, for the audit trail.
fn change(office: &OfficeId, id: i64, what: &str) -> AuditEvent {
    let display = Subject::numbered(SubjectKind::Display, id);
    AuditEvent::of(Act::DisplayChange).at(office).about(display).reaching(Scope::Words(what.to_owned()))
}

impl Storage {
    /// Adds a display; returns its number.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn add_display(
        &self,
        new: NewDisplay<'_>,
        (actor, wall): (AuditActor<'_>, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Result<i64, StorageError> {
        let id = self.ids(1).await?.start;
        let sql = "insert into display (id, office, name, token, added_us, added_by, sound) \
                   values ($1, $2, $3, $4, $5, $6, 'unknown')";
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(sql)
                .bind(id)
                .bind(new.office.as_str())
                .bind(new.name)
                .bind(new.token)
                .bind(us(now))
                .bind(new.by)
                .execute(conn)
                .await
                .map(drop)
        })?;
        append(&mut tx, actor, &change(new.office, id, "added"), wall).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The displays of an office, in the order in which they were added.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn displays(&self, office: &OfficeId) -> Result<Vec<Display>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = OF_OFFICE.sql(&tx);
        let rows: Vec<DisplayRow> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(office.as_str()).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(DisplayRow::display).collect()
    }

    /// The display with this token's hash.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn display(&self, token: &str) -> Result<Option<Display>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = OF_TOKEN.sql(&tx);
        let row: Option<DisplayRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(token).fetch_optional(conn).await)?;
        tx.end().await?;
        row.map(DisplayRow::display).transpose()
    }

    /// Removes a display of an office: its address shows nothing any more. False where there is none of that number.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn remove_display(
        &self,
        office: &OfficeId,
        id: i64,
        (actor, wall): (AuditActor<'_>, DateTime<Utc>),
    ) -> Result<bool, StorageError> {
        let sql = "delete from display where id = $1 and office = $2";
        let mut tx = self.pool.begin().await?;
        let removed = on!(&mut tx, |conn| {
            sqlx::query(sql).bind(id).bind(office.as_str()).execute(conn).await.map(|done| rows_affected(&done))
        })?;
        if removed > 0 {
            append(&mut tx, actor, &change(office, id, "removed"), wall).await?;
        }
        tx.commit().await?;
        Ok(removed > 0)
    }

    /// Notes that a display has asked, and what it says of its sound.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_display(&self, id: i64, sound: Sound, now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("update display set seen_us = $1, sound = $2 where id = $3")
                .bind(us(now))
                .bind(sound.name())
                .bind(id)
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }
}
