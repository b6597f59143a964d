//! The steps of visits: a visit is written with its step, and a step is never changed.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::office::OfficeId;
use crate::domain::visit::{Action, Before, Visit};
use crate::storage::engine::column::{at, bad, fits, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::rows::Rows;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::table::{Upsert, insert_row, select_row};
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;
use crate::storage::visits::row::{NewVisitRow, VisitRow};
use crate::storage::visits::transaction::DayTransaction;

/// A step to be written, with the visit after it.
#[derive(Debug, Clone)]
pub struct NewStep {
    /// Its number.
    pub id: i64,
    /// The visit after the step.
    pub visit: Visit,
    /// What was done.
    pub action: Action,
    /// The counter that did it, where one did.
    pub counter: Option<u32>,
    /// Who did it.
    pub actor: String,
    /// The press of the button, so that a repeat of it changes nothing.
    pub nonce: Option<String>,
    /// Which of the people that one press checked in.
    pub part: u32,
    /// What an undo brings back.
    pub before: Option<Before>,
}

/// A step as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStep {
    /// The visit.
    pub visit: i64,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: Action,
    /// The version of the visit after it.
    pub version: i64,
    /// The counter that did it.
    pub counter: Option<u32>,
    /// Who did it.
    pub actor: String,
    /// What an undo brings back.
    pub before: Option<Before>,
}

insert_row! {
    /// A row of `visit_event`.
    struct NewStepRow into "visit_event" for<'a> (step: &'a NewStep, now_us: i64) {
        id: bigint = step.id,
        visit: bigint = step.visit.id,
        at_us: bigint = now_us,
        action: text = step.action.name(),
        state: text = step.visit.state.name(),
        version: bigint = step.visit.version,
        counter: bigint = step.counter,
        actor: text = step.actor.as_str(),
        nonce: text = step.nonce.as_deref(),
        part: bigint = step.part,
        before: text = step.before.as_ref().map(json::<Before>).transpose()?,
    }
}

select_row! {
    /// A row of `visit_event`, as far as it is read.
    struct StepRow from "visit_event" {
        visit: i64,
        at_us: i64,
        action: String,
        version: i64,
        counter: Option<i64>,
        actor: String,
        before: Option<String>,
    }
}

static WRITE_STEPS: LazyLock<Statement> = LazyLock::new(|| Statement::new(NewStepRow::INSERT));

/// Writes a visit where it is new, or where it is as the step found it.
static WRITE_VISITS: LazyLock<Statement> =
    LazyLock::new(|| Statement::new(&format!("{} where visit.version = excluded.version - 1", NewVisitRow::upsert())));

static LAST_STEP: LazyLock<Statement> = LazyLock::new(|| {
    let columns = StepRow::COLUMNS;
    Statement::new(&format!("select {columns} from visit_event where visit = $1 order by version desc limit 1"))
});

static OF_NONCE: LazyLock<Statement> = LazyLock::new(|| {
    let columns = StepRow::COLUMNS;
    Statement::new(&format!("select {columns} from visit_event where nonce = $1 order by part"))
});

static VISIT: LazyLock<Statement> =
    LazyLock::new(|| Statement::new(&format!("select {} from visit where id = $1", VisitRow::COLUMNS)));

impl StepRow {
    fn step(self) -> Result<StoredStep, StorageError> {
        Ok(StoredStep {
            visit: self.visit,
            at: at(self.at_us),
            action: Action::named(&self.action).ok_or_else(|| bad("visit_event.action"))?,
            version: self.version,
            counter: self.counter.map(|counter| fits("visit_event.counter", counter)).transpose()?,
            actor: self.actor,
            before: self.before.map(|before| unjson("visit_event.before", &before)).transpose()?,
        })
    }
}

/// The steps of a press, with their visits as they are now.
async fn of_press(tx: &mut Tx, nonce: &str) -> Result<Vec<(StoredStep, Visit)>, StorageError> {
    let sql = OF_NONCE.sql(tx);
    let rows: Vec<StepRow> = on!(&mut *tx, |conn| sqlx::query_as(sql).bind(nonce).fetch_all(conn).await)?;
    let mut steps = Vec::with_capacity(rows.len());
    for row in rows {
        let step = row.step()?;
        let sql = VISIT.sql(tx);
        let visit: Option<VisitRow> =
            on!(&mut *tx, |conn| sqlx::query_as(sql).bind(step.visit).fetch_optional(conn).await)?;
        if let Some(visit) = visit {
            steps.push((step, visit.visit()?));
        }
    }
    Ok(steps)
}

impl Storage {
    /// The steps of these visits, in their order.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn steps_of(&self, visits: &[Visit]) -> Result<Vec<StoredStep>, StorageError> {
        static STEPS: LazyLock<Statement> = LazyLock::new(|| {
            let columns = StepRow::COLUMNS;
            Statement::new(&format!(
                "select {columns} from visit_event where visit in (select cast(each.value->>0 as bigint) from @each($1)) \
                 order by visit, version"
            ))
        });
        if visits.is_empty() {
            return Ok(Vec::new());
        }
        let ids = json(&visits.iter().map(|visit| (visit.id,)).collect::<Vec<_>>())?;
        let mut tx = self.pool.read().await?;
        let sql = STEPS.sql(&tx);
        let rows: Vec<StepRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(&ids).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(StepRow::step).collect()
    }

    /// What a press of a button did at an office: its steps with their visits as they are now, in their order. Empty where there was
    /// no such press.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn pressed(&self, office: &OfficeId, nonce: &str) -> Result<Vec<(StoredStep, Visit)>, StorageError> {
        let mut tx = self.pool.read().await?;
        let mut steps = of_press(&mut tx, nonce).await?;
        tx.end().await?;
        steps.retain(|(_, visit)| visit.office == *office);
        Ok(steps)
    }
}

impl DayTransaction {
    /// Writes visits with their steps. A visit that is not as the step found it refuses its step by the key of steps, and with it
    /// the whole transaction.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed, or a visit was changed meanwhile.
    pub async fn write_steps(&mut self, steps: &[NewStep]) -> Result<(), StorageError> {
        if steps.is_empty() {
            return Ok(());
        }
        let visits = Rows::of(steps.iter().map(|step| NewVisitRow::row(&step.visit)))?;
        WRITE_VISITS.execute(&mut self.tx, &[visits]).await?;
        self.record_steps(steps).await
    }

    /// Writes steps alone, of visits that were written already.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn record_steps(&mut self, steps: &[NewStep]) -> Result<(), StorageError> {
        let now = us(self.now);
        let rows = Rows::of(steps.iter().map(|step| NewStepRow::row(step, now)))?;
        WRITE_STEPS.execute(&mut self.tx, &[rows]).await
    }

    /// The last step of a visit.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn last_step(&mut self, visit: i64) -> Result<Option<StoredStep>, StorageError> {
        let sql = LAST_STEP.sql(&self.tx);
        let row: Option<StepRow> =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(visit).fetch_optional(conn).await)?;
        row.map(StepRow::step).transpose()
    }

    /// The step by which somebody last came.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn arrival(&mut self, visit: i64) -> Result<Option<StoredStep>, StorageError> {
        static ARRIVAL: LazyLock<Statement> = LazyLock::new(|| {
            let columns = StepRow::COLUMNS;
            let which = "visit = $1 and action = 'arrive' order by version desc limit 1";
            Statement::new(&format!("select {columns} from visit_event where {which}"))
        });
        let sql = ARRIVAL.sql(&self.tx);
        let row: Option<StepRow> =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(visit).fetch_optional(conn).await)?;
        row.map(StepRow::step).transpose()
    }

    /// What a press of a button did before: its steps with their visits as they are now, in their order. Empty where this press is
    /// the first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn repeated(&mut self, nonce: &str) -> Result<Vec<(StoredStep, Visit)>, StorageError> {
        of_press(&mut self.tx, nonce).await
    }
}
