//! What is too old, kind by kind. Each search goes by an index, oldest first.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use sqlx::AssertSqlSafe;

use crate::domain::message::Inbound;
use crate::storage::engine::column::{json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::erasure::contact::{by_ids, forget_names};
use crate::storage::erasure::step::{Erased, Step};
use crate::storage::erasure::{booking, repeat_guard};

/// What an officer still works on: messages and replies of a contact with an open ticket stay.
///
/// A count, which no planner turns into a join: that would read the whole table.
const NO_TICKET: &str = "(select count(*) from ticket k where k.channel = t.channel and k.contact = t.contact \
     and k.closed_us is null) = 0";
/// Notices are kept no longer than this after they became too late, in days; see `housekeeping::notices`.
const NOTICE_DAYS_MAX: u32 = 200;

/// Replies that can change no more, with the messages that they answer.
pub(super) async fn replies(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    type Reply = (i64, String, String, Option<String>);
    let sql = format!(
        "select t.id, t.channel, t.contact, t.reply_to from outbox t where t.state in ('sent', 'dead', 'expired') \
         and t.created_us < $1 and {NO_TICKET} order by t.created_us limit $2"
    );
    let (before, limit) = (step.before_us(step.keep.messages), step.limit);
    let found: Vec<Reply> = on!(&mut *tx, |conn| {
        sqlx::query_as(AssertSqlSafe(sql.as_str())).bind(before).bind(limit).fetch_all(conn).await
    })?;
    step.found(found.len());
    step.count(Erased::Replies, found.len());
    let ids: Vec<i64> = found.iter().map(|reply| reply.0).collect();
    by_ids(tx, "delete from outbox_part where outbox in", &ids).await?;
    by_ids(tx, "delete from outbox where id in", &ids).await?;
    let mut answered = Vec::new();
    for (_, channel, contact, reply_to) in found {
        if let Some(message) = reply_to {
            answered.push((channel.clone(), message));
        }
        step.contacts.insert((channel, contact));
    }
    delete_messages(tx, step, "inbound", &answered).await
}

/// Messages that got no reply.
pub(super) async fn unanswered(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    let sql = format!(
        "select t.channel, t.message, t.contact from inbound t where t.answered = 0 and t.served_us < $1 \
         and {NO_TICKET} order by t.served_us limit $2"
    );
    messages_of(tx, step, "inbound", &sql).await
}

/// Messages and replies in the archives.
pub(super) async fn archives(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    let sql = format!(
        "select t.channel, t.message, t.contact from inbound_archive t where t.served_us < $1 \
         and {NO_TICKET} order by t.served_us limit $2"
    );
    messages_of(tx, step, "inbound_archive", &sql).await?;
    let sql = format!(
        "select t.id, t.channel, t.contact from outbox_archive t where t.created_us < $1 \
         and {NO_TICKET} order by t.created_us limit $2"
    );
    let (before, limit) = (step.before_us(step.keep.messages), step.limit);
    let found: Vec<(i64, String, String)> = on!(&mut *tx, |conn| {
        sqlx::query_as(AssertSqlSafe(sql.as_str())).bind(before).bind(limit).fetch_all(conn).await
    })?;
    step.found(found.len());
    step.count(Erased::Replies, found.len());
    by_ids(tx, "delete from outbox_archive where id in", &found.iter().map(|row| row.0).collect::<Vec<_>>()).await?;
    step.contacts.extend(found.into_iter().map(|(_, channel, contact)| (channel, contact)));
    Ok(())
}

/// Erases the messages that a search finds.
async fn messages_of(tx: &mut Tx, step: &mut Step<'_>, table: &'static str, sql: &str) -> Result<(), StorageError> {
    let (before, limit) = (step.before_us(step.keep.messages), step.limit);
    let found: Vec<(String, String, String)> =
        on!(&mut *tx, |conn| sqlx::query_as(AssertSqlSafe(sql)).bind(before).bind(limit).fetch_all(conn).await)?;
    step.found(found.len());
    let keys: Vec<(String, String)> =
        found.iter().map(|(channel, message, _)| (channel.clone(), message.clone())).collect();
    step.contacts.extend(found.into_iter().map(|(channel, _, contact)| (channel, contact)));
    delete_messages(tx, step, table, &keys).await
}

async fn delete_messages(
    tx: &mut Tx,
    step: &mut Step<'_>,
    table: &'static str,
    keys: &[(String, String)],
) -> Result<(), StorageError> {
    if keys.is_empty() {
        return Ok(());
    }
    step.count(Erased::Messages, keys.len());
    if table == "inbound" {
        let guarded: Vec<(&str, &str)> =
            keys.iter().map(|(channel, message)| (channel.as_str(), message.as_str())).collect();
        repeat_guard::keep(tx, step.repeat_key, &guarded, step.now).await?;
    }
    let which = "(channel, message) in (select each.value->>0, each.value->>1 from @each($1))";
    let statement = Statement::new(&format!("delete from {table} where {which}"));
    let (sql, keys) = (statement.sql(tx), json(keys)?);
    on!(tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(&keys).execute(conn).await.map(drop))?;
    Ok(())
}

/// What was set aside, and notices that are over.
pub(super) async fn small_tables(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    let days = step.keep.messages;
    let (before, limit) = (step.before_us(days), step.limit);
    let sql = "select id, item from set_aside where at_us < $1 order by at_us limit $2";
    let aside: Vec<(i64, String)> =
        on!(&mut *tx, |conn| sqlx::query_as(sql).bind(before).bind(limit).fetch_all(conn).await)?;
    step.found(aside.len());
    step.count(Erased::Messages, aside.len());
    by_ids(tx, "delete from set_aside where id in", &aside.iter().map(|row| row.0).collect::<Vec<_>>()).await?;
    // A message that cannot be read names nobody whom anybody looked at.
    let of = |item: &str| unjson::<Inbound>("set_aside.item", item).ok();
    let whose = aside.iter().filter_map(|(_, item)| of(item));
    step.contacts.extend(whose.map(|of| (of.channel.as_str().to_owned(), of.contact.as_str().to_owned())));

    let before = step.before_us(days.min(NOTICE_DAYS_MAX));
    let sql = "select id, channel, contact from notice where drop_us < $1 order by drop_us limit $2";
    let notices: Vec<(i64, String, String)> =
        on!(&mut *tx, |conn| sqlx::query_as(sql).bind(before).bind(limit).fetch_all(conn).await)?;
    step.found(notices.len());
    step.count(Erased::Replies, notices.len());
    by_ids(tx, "delete from notice where id in", &notices.iter().map(|row| row.0).collect::<Vec<_>>()).await?;
    step.contacts.extend(notices.into_iter().map(|(_, channel, contact)| (channel, contact)));
    Ok(())
}

/// Tickets that were closed, and waits that are over: whom they were about.
pub(super) async fn tickets(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    for (found, of_rows, blank, days) in [
        (
            "select id, channel, contact from ticket where contact <> '' and closed_us < $1 order by closed_us limit $2",
            Some("delete from talk where ticket in"),
            "update ticket set contact = '' where id in",
            step.keep.tickets,
        ),
        (
            "select id, channel, contact from waiting where contact <> '' and joined_us < $1 and state <> 'waiting' \
             order by joined_us limit $2",
            None,
            "update waiting set contact = '', form = null, shared = null where id in",
            step.keep.messages,
        ),
    ] {
        let (before, limit) = (step.before_us(days), step.limit);
        let rows: Vec<(i64, String, String)> =
            on!(&mut *tx, |conn| sqlx::query_as(found).bind(before).bind(limit).fetch_all(conn).await)?;
        step.found(rows.len());
        step.count(Erased::Tickets, rows.len());
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        if let Some(of_rows) = of_rows {
            by_ids(tx, of_rows, &ids).await?;
        }
        by_ids(tx, blank, &ids).await?;
        step.contacts.extend(rows.into_iter().map(|(_, channel, contact)| (channel, contact)));
    }
    Ok(())
}

/// Bookings, office by office from the day on that the last search came to.
pub(super) async fn bookings(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    let before = step.before_day(step.keep.bookings);
    let offices: Vec<(String, Option<i64>)> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "select o.id, r.done from office o left join retention r on r.part = 'bookings' and r.office = o.id order by o.id",
        )
        .fetch_all(conn)
        .await
    })?;
    for (office, done) in offices {
        let from = done.and_then(|day| i32::try_from(day).ok()).and_then(NaiveDate::from_num_days_from_ce_opt);
        let from = from.unwrap_or(EARLIEST);
        if from >= before {
            continue;
        }
        let limit = step.limit;
        let rows: Vec<(i64, NaiveDate, String, String)> = on!(&mut *tx, |conn| {
            sqlx::query_as(
                "select id, date, channel, contact from booking where office = $1 and date >= $2 and date < $3 \
                 and erased_us is null order by date limit $4",
            )
            .bind(&office)
            .bind(from)
            .bind(before)
            .bind(limit)
            .fetch_all(conn)
            .await
        })?;
        step.found(rows.len());
        let is_all = i64::try_from(rows.len()).is_ok_and(|rows| rows < limit);
        let reached = if is_all { before } else { rows.last().map_or(before, |row| row.1) };
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        booking::blank(tx, &ids, step.now).await?;
        step.count(Erased::Bookings, ids.len());
        step.contacts.extend(rows.into_iter().map(|(_, _, channel, contact)| (channel, contact)));
        came_to(tx, "bookings", &office, i64::from(reached.num_days_from_ce())).await?;
    }
    Ok(())
}

/// The first day that a search begins with: there were no messages before.
const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Notes how far a search has come.
pub(super) async fn came_to(tx: &mut Tx, part: &str, office: &str, done: i64) -> Result<(), StorageError> {
    on!(tx, |conn| {
        sqlx::query(
            "insert into retention (part, office, done) values ($1, $2, $3) \
             on conflict (part, office) do update set done = excluded.done",
        )
        .bind(part)
        .bind(office)
        .bind(done)
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The names of those who came without a booking.
pub(super) async fn visits(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    let before = step.before_day(step.keep.bookings);
    for (found, blank) in [
        (
            "select id from visit where name is not null and date < $1 order by date limit $2",
            "update visit set name = null where id in",
        ),
        (
            "select id from visit_archive where name is not null and date < $1 order by date limit $2",
            "update visit_archive set name = null where id in",
        ),
    ] {
        let limit = step.limit;
        let rows: Vec<(i64,)> =
            on!(&mut *tx, |conn| sqlx::query_as(found).bind(before).bind(limit).fetch_all(conn).await)?;
        step.found(rows.len());
        step.count(Erased::Bookings, rows.len());
        by_ids(tx, blank, &rows.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await?;
    }
    Ok(())
}

/// What is remembered of contacts of whom nothing else is left that needs it: no message, reply, live place, ticket or wait.
pub(super) async fn contacts(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    let names: BTreeSet<(String, String)> = std::mem::take(&mut step.contacts);
    if names.is_empty() {
        return Ok(());
    }
    // Counts again, as in `NO_TICKET`.
    let which = Statement::new(
        "select t.channel, t.contact from @each($1) @seek(conversation t where t.channel = each.value->>0 \
         and t.contact = each.value->>1) where t.heard_us < $2 \
         and (select count(*) from outbox o where o.id = t.last_reply) = 0 \
         and (select count(*) from booking where @among(booking.id, t.bookings) and booking.erased_us is null \
         and booking.state in ('held', 'booked')) = 0 \
         and (select count(*) from ticket k where k.channel = t.channel and k.contact = t.contact \
         and k.closed_us is null) = 0 \
         and (select count(*) from waiting w where w.channel = t.channel and w.contact = t.contact \
         and w.state = 'waiting') = 0",
    );
    let (before, names) = (step.before_us(step.keep.messages), json(&names)?);
    forget_numbers(tx, &names).await?;
    let sql = which.sql(tx);
    let over: Vec<(String, String)> =
        on!(&mut *tx, |conn| sqlx::query_as(AssertSqlSafe(sql)).bind(&names).bind(before).fetch_all(conn).await)?;
    if over.is_empty() {
        return Ok(());
    }
    step.count(Erased::Contacts, over.len());
    forget_names(tx, &json(&over)?).await
}

/// Deletes the trail's numbers of those whose conversation is forgotten already: somebody looked at what was kept for longer, a booking
/// or a ticket, and that is erased now. Whoever has another one gets a new number at the next look.
async fn forget_numbers(tx: &mut Tx, names: &str) -> Result<(), StorageError> {
    let statement = Statement::new(
        "delete from audit_contact where (channel, contact) in (select each.value->>0, each.value->>1 from @each($1)) \
         and (select count(*) from conversation c where c.channel = audit_contact.channel \
         and c.contact = audit_contact.contact) = 0",
    );
    let sql = statement.sql(tx);
    on!(tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(names).execute(conn).await.map(drop))?;
    Ok(())
}

/// Hashes of erased messages that no provider delivers again.
pub(super) async fn guards(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    let now = us(step.now);
    let limit = step.limit;
    let gone = on!(tx, |conn| {
        sqlx::query(
            "delete from erased_message where hash in \
             (select hash from erased_message where until_us < $1 order by until_us limit $2)",
        )
        .bind(now)
        .bind(limit)
        .execute(conn)
        .await
        .map(|done| rows_affected(&done))
    })?;
    step.found(usize::try_from(gone).unwrap_or(usize::MAX));
    Ok(())
}
