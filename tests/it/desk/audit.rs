//! The audit finds every kind of fault that is planted, and nothing where there is none.

use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{code_in, form};

/// Each is a negative control of one of the audit's checks. A fault, how it is undone, and what the audit says of it.
const FAULTS: [(&str, &str, &str); 19] = [
    (
        "update booking set moves = 1 where state = 'booked'",
        "update booking set moves = 0 where state = 'booked'",
        "1 bookings that were moved more often than their record says",
    ),
    (
        "update hour set taken = taken + 1 where hour = 8",
        "update hour set taken = taken - 1 where hour = 8",
        "1 hours whose counter differs from their seats",
    ),
    (
        "update day set taken = taken - 1",
        "update day set taken = taken + 1",
        "1 days whose counter differs from their seats",
    ),
    (
        "update day set held = held + 1",
        "update day set held = held - 1",
        "1 days whose count of unconfirmed seats differs from their holds",
    ),
    (
        "update hour set capacity = 0 where hour = 8",
        "update hour set capacity = 50 where hour = 8",
        "1 hours above their capacity",
    ),
    (
        "update booking set state = 'cancelled' where state = 'booked'",
        "update booking set state = 'booked' where state = 'cancelled'",
        "1 seats of bookings that are not live",
    ),
    (
        "update seat set booking = booking + 1000000 where hour = 8 and number = 1",
        "update seat set booking = booking - 1000000 where booking > 1000000",
        "1 seats of bookings that are not live",
    ),
    (
        "update event set booking = booking + 1000000 where state = 'booked'",
        "update event set booking = booking - 1000000 where booking > 1000000",
        "1 steps of bookings that are not there",
    ),
    (
        "update seat set hour = 14 where booking = (select id from booking where state = 'booked')",
        "update seat set hour = 8 where hour = 14",
        "1 live bookings without a seat",
    ),
    (
        "update event set state = 'expired' where state = 'booked'",
        "update event set state = 'booked' where state = 'expired'",
        "1 bookings whose state differs from their last event",
    ),
    (
        "update hour set hour = 15 where hour = 8",
        "update hour set hour = 8 where hour = 15",
        "2 seats outside any counted hour",
    ),
    ("update day set capacity = 1", "update day set capacity = 300", "1 days above their capacity"),
    (
        "update booking set seats = '[7]' where state = 'held'",
        "update booking set seats = '[2]' where state = 'held'",
        "1 live bookings that say other seats than they have",
    ),
    (
        "update event set detail = replace(detail, '\"hour\":8', '\"hour\":9') where state = 'booked'",
        "update event set detail = replace(detail, '\"hour\":9', '\"hour\":8') where state = 'booked'",
        "1 bookings whose hour or seats differ from their last event",
    ),
    (
        "update conversation set bookings = '[1000000]' where contact = (select contact from booking where state = 'held')",
        "update conversation set bookings = '[' || (select id from booking where state = 'held') || ']' \
         where bookings = '[1000000]'",
        "1 live bookings that their conversation does not know",
    ),
    (
        "update outbox set previous = (select previous from outbox where previous is not null) \
         where reply_to = 'wamid.3'",
        "update outbox set previous = null where reply_to = 'wamid.3'",
        "1 replies that follow the same one",
    ),
    (
        "insert into ticket (id, office, channel, contact, opened_us, until_us) \
         select 7, office, channel, max(contact), 1, 1 from conversation group by office, channel",
        "delete from ticket",
        "1 open tickets that their conversation does not know",
    ),
    (
        "update outbox set reply_to = 'wamid.nobody' where reply_to = 'wamid.1'",
        "update outbox set reply_to = 'wamid.1' where reply_to = 'wamid.nobody'",
        "1 replies that belong to nobody",
    ),
    (
        "update outbox set reply_to = 'wamid.1' where reply_to = 'wamid.2'",
        "update outbox set reply_to = 'wamid.2' where reply_to = 'wamid.1' and previous is not null",
        "1 messages with more than one answer",
    ),
];

async fn every_planted_fault_is_found(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let code = code_in(&fixture.ask(1, "wamid.1", &form("Budi", tuesday())).await);
    fixture.pass(1);
    fixture.ask(1, "wamid.2", &code).await;
    fixture.ask(2, "wamid.3", &form("Siti", tuesday())).await;
    fixture.assert_balanced().await;
    let mut tables = fixture.tables().await;
    // What the database itself would refuse is planted all the same.
    tables
        .run(match engine {
            Engine::Sqlite => "pragma ignore_check_constraints = on",
            Engine::Postgres => {
                "alter table hour drop constraint hour_check; alter table day drop constraint day_check"
            }
        })
        .await;
    for (fault, mended, finding) in FAULTS {
        tables.run(fault).await;
        let found = fixture.storage.audit(fixture.now()).await.unwrap().findings;
        assert!(found.iter().any(|one| one.starts_with(finding)), "{fault}: {found:?}");
        tables.run(mended).await;
        fixture.assert_balanced().await;
    }
}

// Negative control: a list of the unknown bookings alone, and no conversation made where there is none, each fails this.
async fn a_conversation_is_told_of_bookings_that_it_forgot(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    assert_eq!(fixture.storage.repair_conversations(fixture.now()).await.unwrap(), 0);
    // The second form replaces the first, which is still recognised when its code comes.
    fixture.ask(1, "wamid.1", &form("Budi", tuesday())).await;
    fixture.pass(1);
    let code = code_in(&fixture.ask(1, "wamid.2", &form("Siti", tuesday())).await);
    fixture.pass(1);
    fixture.ask(1, "wamid.3", &code).await;
    let mut tables = fixture.tables().await;
    let known = tables.texts("select bookings from conversation").await;
    assert_eq!(known.first().map(|list| list.matches(',').count()), Some(1), "{known:?}");
    for forgotten in [
        "update conversation set bookings = null",
        "update conversation set bookings = '[' || (select id from booking where state = 'replaced') || ']'",
        "delete from conversation",
    ] {
        tables.run(forgotten).await;
        let found = fixture.storage.audit(fixture.now()).await.unwrap().findings;
        assert!(found.iter().any(|one| one.contains("`antrean db mend` tells it")), "{forgotten}: {found:?}");
        assert_eq!(fixture.storage.repair_conversations(fixture.now()).await.unwrap(), 1, "{forgotten}");
        fixture.assert_balanced().await;
        assert_eq!(tables.texts("select bookings from conversation").await, known, "{forgotten}");
        assert_eq!(fixture.storage.repair_conversations(fixture.now()).await.unwrap(), 0, "{forgotten}");
    }
    let status = fixture.ask(1, "wamid.5", "#status").await;
    assert!(status.contains("SITI"), "{status}");
}

on_both_engines!(every_planted_fault_is_found, a_conversation_is_told_of_bookings_that_it_forgot);
