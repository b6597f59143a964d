//! The desk on a real database, either engine: rushes, repeats, lost callers, poison, a database that is away, books that balance.

mod audit;
mod closing;
mod moving;
mod people;
mod talk;
mod trips;
mod versions;
mod waiting;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use antrean::clock::Clock;
use antrean::desk::{Busy, Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, Verdict, WAIT_MAX};
use antrean::domain::office::OfficeId;
use antrean::gateway::Item;
use antrean::roster::Roster;
use chrono::TimeDelta;

use crate::support::desk_fixture::{DeskFixture, channel, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{code_in, form, name, number};

// Negative control: `>= party` turned into `> party` in `Seats::find`: hours end at 49.
async fn a_thousand_forms_at_once_fill_every_seat_once_and_in_order(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let mut forms = tokio::task::JoinSet::new();
    for n in 0..1_000 {
        let (desk, item) = (fixture.desk.clone(), fixture.form(n));
        forms.spawn(async move { desk.serve(vec![item]).await });
    }
    for verdict in forms.join_all().await {
        assert_eq!(verdict, Ok(vec![Verdict::Served]));
    }
    let mut tables = fixture.tables().await;
    let hours = tables
        .texts(
            "select date || ' ' || hour || ': ' || count(*) || ' of ' || max(number) from seat group by date, hour \
                order by seat.date, seat.hour",
        )
        .await;
    let hours_of = |date: &str, hours: &[u8]| -> Vec<String> {
        hours.iter().map(|hour| format!("2026-08-{date} {hour}: 50 of 50")).collect()
    };
    let whole = [8, 9, 10, 11, 13, 14];
    let wanted =
        [hours_of("04", &whole), hours_of("05", &whole), hours_of("06", &whole), hours_of("07", &[8, 9])].concat();
    assert_eq!(hours, wanted);
    // Numbers of bookings are drawn in the order of serving: whoever came earlier sits earlier.
    let order = "select count(*) from (select booking, lag(booking) over (order by date, hour, number) as before \
                 from seat) as seats where booking < before";
    assert_eq!(tables.count(order).await, 0, "somebody was let in before somebody who came earlier");
    for counted in [
        "select count(*) from seat",
        "select count(*) from booking where state = 'held'",
        "select count(distinct code) from booking",
        "select count(distinct contact) from booking",
        "select sum(taken) from hour",
        "select sum(taken) from day",
        "select count(*) from outbox where state = 'waiting'",
        "select count(distinct contact) from outbox",
        "select count(*) from inbound",
        "select count(*) from event",
    ] {
        assert_eq!(tables.count(counted).await, 1_000, "{counted}");
    }
    assert_eq!(tables.count("select count(*) from hour where taken > capacity or capacity > 50").await, 0);
    // Those who were rolled on are told in words.
    let rolled =
        "select count(*) from outbox where text like '%Hari yang Anda minta (Selasa, 4 Agustus 2026) sudah penuh%'";
    assert_eq!(tables.count(rolled).await, 700);
    fixture.assert_balanced().await;
}

/// The form of a family of `party`, a line for each.
fn family(n: usize, party: usize) -> String {
    (0..party).map(|place| form(&name(100 * n + place), tuesday())).collect::<Vec<_>>().join("\n")
}

async fn a_family_takes_a_seat_for_each_in_one_hour_and_none_is_overbooked(engine: Engine) {
    let fixture = DeskFixture::for_parties(engine).await;
    let party = |n: usize| 1 + n % 5;
    let all: i64 = (0..40).map(|n| i64::try_from(party(n)).unwrap()).sum();
    let mut forms = tokio::task::JoinSet::new();
    for n in 0..40 {
        let item = fixture.message(n, &format!("wamid.family{n}"), &family(n, party(n)));
        let desk = fixture.desk.clone();
        forms.spawn(async move { desk.serve(vec![item]).await });
    }
    for verdict in forms.join_all().await {
        assert_eq!(verdict, Ok(vec![Verdict::Served]));
    }
    let mut tables = fixture.tables().await;
    let parties = "select count(*) || ' in ' || count(distinct seat.hour) || ' of ' || booking.contact from seat \
                   join booking on booking.id = seat.booking group by booking.contact order by booking.contact";
    let wanted: Vec<String> = (0..40).map(|n| format!("{} in 1 of {}", party(n), number(n))).collect();
    assert_eq!(tables.texts(parties).await, wanted);
    assert_eq!(tables.count("select count(*) from hour where taken > capacity or capacity > 10").await, 0);
    for counted in ["select count(*) from seat", "select sum(taken) from hour", "select sum(taken) from day"] {
        assert_eq!(tables.count(counted).await, all, "{counted}");
    }
    // Who is in the party is kept with the booking, for the front desk.
    let applicant = format!("select cast(applicant as text) from booking where contact = '{}'", number(4));
    let applicant = tables.texts(&applicant).await.remove(0);
    for place in 400..405 {
        assert!(applicant.contains(&name(place)), "{applicant}");
    }
    let audit = fixture.storage.audit(fixture.now()).await.unwrap();
    assert_eq!((audit.findings, audit.bookings, audit.seats), (Vec::new(), 40, all));
    // Given back, all of a family's seats go to the next.
    let released = fixture.ask(4, "wamid.batal", "#batal yang tadi").await;
    assert!(released.contains(&name(404).to_uppercase()), "{released}");
    assert_eq!(tables.count("select count(*) from seat").await, all - 5);
    assert_eq!(fixture.storage.audit(fixture.now()).await.unwrap().findings, Vec::<String>::new());
}

// Negative control: with nothing known from earlier batches the copies are refused by the key of `inbound` and set aside.
// (Forgetting copies within one batch alone changes nothing: the refused batch is halved until the copy is known.)
async fn a_repeat_changes_nothing_in_one_batch_or_over_batches(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let copies = vec![fixture.form(1), fixture.form(1), fixture.form(2), fixture.form(1)];
    let verdicts = fixture.desk.serve(copies.clone()).await.unwrap();
    assert_eq!(verdicts, [Verdict::Served, Verdict::Repeat, Verdict::Served, Verdict::Repeat]);
    fixture.pass(5);
    assert_eq!(fixture.desk.serve(copies).await, Ok(vec![Verdict::Repeat; 4]));
    let mut tables = fixture.tables().await;
    for table in ["booking", "seat", "outbox", "inbound", "event"] {
        assert_eq!(tables.count(&format!("select count(*) from {table}")).await, 2, "{table}");
    }
    // The same form in a new message: the same echo, the same code, nothing prolonged.
    let first = tables.texts("select text from outbox order by id limit 1").await.remove(0);
    assert_eq!(fixture.ask(1, "wamid.again", &form(&name(1), tuesday())).await, first);
    assert_eq!(tables.count("select count(*) from booking").await, 2);
    fixture.assert_balanced().await;
}

async fn a_caller_that_is_gone_takes_nothing_with_it(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let mut begun = 0;
    for polls in 0..40 {
        let (first, second) = (fixture.form(2 * polls), fixture.form(2 * polls + 1));
        let mut caller = pin!(fixture.desk.serve(vec![first, second]));
        for _ in 0..polls % 8 {
            if caller.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                break;
            }
            // Lets the lane go on by one step, so that callers are lost at every stage of a batch.
            tokio::task::yield_now().await;
        }
        begun += 2 * i64::from(polls % 8 > 0);
    }
    // Queued behind all of them in the one lane.
    fixture.desk.serve(vec![fixture.form(900)]).await.unwrap();
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(*) from booking where state = 'held'").await, begun + 1);
    assert_eq!(tables.count("select count(*) from outbox").await, begun + 1);
    // The provider delivers all of it again.
    for n in 0..80 {
        fixture.desk.serve(vec![fixture.form(n)]).await.unwrap();
    }
    assert_eq!(tables.count("select count(*) from booking where state = 'held'").await, 81);
    fixture.assert_balanced().await;
}

/// Serves forms of 1 to 20, of whom 13 is poison, and gives their verdicts; then serves 13 after `cure`.
async fn poison(fixture: &DeskFixture, poison: &str, cure: &str) {
    let mut tables = fixture.tables().await;
    tables.run(poison).await;
    let verdicts = fixture.desk.serve((1..=20).map(|n| fixture.form(n)).collect()).await.unwrap();
    let mut wanted = vec![Verdict::Served; 20];
    wanted[12] = Verdict::SetAside;
    assert_eq!(verdicts, wanted);
    assert_eq!(tables.count("select count(*) from seat").await, 19);
    // Redelivered, it is known: nobody tries it over and over.
    assert_eq!(fixture.desk.serve(vec![fixture.form(13)]).await, Ok(vec![Verdict::Repeat]));
    tables.run(cure).await;
    let [aside] = fixture.storage.set_aside(10).await.unwrap().try_into().unwrap();
    assert_eq!((aside.inbound.contact.as_str(), aside.office.as_deref()), (number(13).as_str(), Some("bogor")));
    let inbound = fixture.storage.release_aside(aside.id).await.unwrap().unwrap();
    assert_eq!(fixture.storage.set_aside(10).await.unwrap().len(), 1, "released is not yet served: a crash may come");
    assert_eq!(fixture.desk.serve(vec![Item::Message(inbound)]).await, Ok(vec![Verdict::Served]));
    assert_eq!(fixture.storage.set_aside(10).await.unwrap(), []);
    assert_eq!(fixture.storage.release_aside(aside.id).await.unwrap(), None, "once is enough");
    assert_eq!(tables.count("select count(*) from seat").await, 20);
    fixture.assert_balanced().await;
}

/// What makes the database refuse new bookings, those that `when` says, and what ends it.
async fn refusal(fixture: &DeskFixture, engine: Engine, when: &str) -> (String, &'static str) {
    let trigger = "create trigger refuse before insert on booking";
    if engine == Engine::Sqlite {
        return (format!("{trigger} {when} begin select raise(abort, 'planted'); end"), "drop trigger refuse");
    }
    let raise = "create function refuse() returns trigger language plpgsql as \
                 $$ begin raise exception 'planted' using errcode = 'check_violation'; end $$";
    fixture.tables().await.run(raise).await;
    (format!("{trigger} for each row {when} execute function refuse()"), "drop trigger refuse on booking")
}

// Negative control: with the batch not halved, all twenty are set aside.
async fn a_message_that_the_database_refuses_is_set_aside_alone(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let (refuse, allow) = refusal(&fixture, engine, &format!("when (new.contact = '{}')", number(13))).await;
    poison(&fixture, &refuse, allow).await;
    let said = format!("select text from outbox where contact = '{}' order by id", number(13));
    let said = fixture.tables().await.texts(&said).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("Mohon kirim lagi"), "{}", said[0]);
    code_in(&said[1]);
}

// Negative control: with what was found of the chat alone entered in the books, no booking shows any more; with only the last
// reply looked at, the one that asked to send again stays the answer, though another came after it.
async fn whoever_has_a_message_set_aside_keeps_their_booking(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    fixture.ask(13, "wamid.form", &form(&name(13), tuesday())).await;
    let mut tables = fixture.tables().await;
    // Their next message cannot be kept as it is; what is kept of it instead can.
    let (refuse, allow) = refusal(&fixture, engine, "").await;
    tables.run(&refuse).await;
    let other = fixture.message(13, "wamid.other", &form("Siti Contoh", tuesday()));
    assert_eq!(fixture.desk.serve(vec![other]).await, Ok(vec![Verdict::SetAside]));
    tables.run(allow).await;
    let status = fixture.ask(13, "wamid.status", "#status").await;
    assert!(status.contains(&name(13).to_uppercase()), "{status}");
    fixture.assert_balanced().await;
    let [aside] = fixture.storage.set_aside(10).await.unwrap().try_into().unwrap();
    let inbound = fixture.storage.release_aside(aside.id).await.unwrap().unwrap();
    assert_eq!(tables.count("select count(*) from outbox where reply_to = 'wamid.other'").await, 0);
    assert_eq!(fixture.desk.serve(vec![Item::Message(inbound)]).await, Ok(vec![Verdict::Served]));
    assert_eq!(tables.count("select count(*) from outbox where reply_to = 'wamid.other'").await, 1);
    fixture.assert_balanced().await;
}

// Negative control: with only one way of setting aside, the one that answers, the desk says busy for ever, and the
// provider delivers the whole body again until it gives up.
async fn a_message_whose_answer_is_refused_too_is_set_aside_in_silence(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    fixture.ask(13, "wamid.hello", "halo").await;
    let broken = format!("update conversation set question = 'broken' where contact = '{}'", number(13));
    poison(&fixture, &broken, "update conversation set question = null").await;
}

// Negative control: with `Unavailable` handled like `Data` the desk says no longer busy.
async fn a_database_that_is_away_means_busy_and_nothing_is_set_aside(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    fixture.desk.serve(vec![fixture.form(1)]).await.unwrap();
    let mut other = fixture.tables().await;
    other
        .run(match engine {
            Engine::Sqlite => "begin immediate",
            Engine::Postgres => "begin; lock table office in access exclusive mode",
        })
        .await;
    let served =
        tokio::time::timeout(Duration::from_secs(20), fixture.desk.serve(vec![fixture.form(2), fixture.form(3)])).await;
    assert_eq!(served, Ok(Err(Busy)));
    other.run("rollback").await;
    assert_eq!(other.count("select count(*) from set_aside").await, 0);
    // A lane may have taken the first of them alone; then the second was served when the database came back.
    let again = fixture.desk.serve(vec![fixture.form(2), fixture.form(3)]).await.unwrap();
    assert!(again.iter().all(|one| matches!(one, Verdict::Served | Verdict::Repeat)), "{again:?}");
    assert_eq!(other.count("select count(*) from seat").await, 3);
    fixture.assert_balanced().await;
}

// Negative control: without `lapse` in the batch's loading the second citizen is sent to 9 o'clock.
async fn a_lapsed_hold_gives_its_seat_to_the_next_batch(engine: Engine) {
    let fixture = DeskFixture::narrow(engine).await;
    let echo = fixture.ask(1, "wamid.1", &form("Budi", tuesday())).await;
    assert!(echo.contains("pukul 08.00 WIB"), "{echo}");
    fixture.pass(29);
    let echo = fixture.ask(2, "wamid.2", &form("Siti", tuesday())).await;
    assert!(echo.contains("Selasa, 4 Agustus 2026, pukul 09.00 WIB"), "the first hour is held: {echo}");
    fixture.pass(1);
    let echo = fixture.ask(3, "wamid.3", &form("Rina", tuesday())).await;
    assert!(echo.contains("Selasa, 4 Agustus 2026, pukul 08.00 WIB"), "the hold is dead at its deadline: {echo}");
    let mut tables = fixture.tables().await;
    let states = tables.texts("select state || ' ' || hour from booking order by id").await;
    assert_eq!(states, ["expired 8", "held 9", "held 8"]);
    fixture.assert_balanced().await;
}

async fn a_code_is_worth_nothing_to_anybody_else(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let code = code_in(&fixture.ask(1, "wamid.1", &form("Budi", tuesday())).await);
    fixture.ask(2, "wamid.2", &code).await;
    fixture.ask(2, "wamid.3", "#batal").await;
    let mut tables = fixture.tables().await;
    assert_eq!(tables.texts("select state from booking").await, ["held"]);
    let booked = fixture.ask(1, "wamid.4", &code).await;
    assert!(booked.contains("Pendaftaran berhasil"), "{booked}");
    assert_eq!(tables.texts("select state from booking").await, ["booked"]);
    fixture.assert_balanced().await;
}

// Negative control: ordering the steps by their number alone (as the audit once did) finds a booking "whose state
// differs from its last event": numbers are handed out in blocks, a process each.
async fn two_processes_number_their_steps_independently_and_the_books_still_balance(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    // The server has a block of numbers already; then a command beside it makes a booking with later ones.
    fixture.desk.serve(vec![fixture.form(1)]).await.unwrap();
    let storage = fixture.base.storage().await;
    let beside = Desk::start(Dependencies {
        storage,
        roster: Roster::shipped().unwrap(),
        channels: Channels::from([(channel(), OfficeId::read("bogor").unwrap())]),
        replies_max: Arc::default(),
        turn_links: None,
        reaches: antrean::domain::reach::Reaches::default(),
        clock: Arc::clone(&fixture.clock) as Arc<dyn Clock>,
        seed: [8; 32],
        lanes: 1,
        messages_per_commit: MESSAGES_PER_COMMIT,
        wait_max: WAIT_MAX,
        wake_courier: Arc::default(),
        metrics: Arc::default(),
    });
    beside.serve(vec![fixture.form(2)]).await.unwrap();
    beside.close().await;
    let echo = fixture.tables().await.texts("select text from outbox order by id desc limit 1").await.remove(0);
    fixture.pass(1);
    fixture.ask(2, "wamid.confirm", &code_in(&echo)).await;
    fixture.assert_balanced().await;
}

// Negative control: with the desk's own handle dropped instead of `closing` cancelled it waits for the other handles.
async fn a_closing_desk_finishes_what_is_queued_and_takes_no_more(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let (desk, other) = (fixture.desk.clone(), fixture.desk.clone());
    let mut queued = pin!(other.serve((0..300).map(|n| fixture.form(n)).collect()));
    // A long body is read in pieces before it is queued.
    for _ in 0..=300 / 64 {
        assert!(queued.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    tokio::time::timeout(Duration::from_secs(20), desk.close()).await.expect("it closes beside other handles");
    assert_eq!(queued.await.unwrap(), vec![Verdict::Served; 300]);
    assert_eq!(fixture.desk.serve(vec![fixture.form(400)]).await, Err(Busy));
}

// Negative control: with the usual cap of 30, all eight are answered.
async fn a_channel_answers_one_citizen_as_often_as_it_is_told_and_the_last_answer_says_when_to_come_again(
    engine: Engine,
) {
    let caps = Arc::new(BTreeMap::from([(channel(), 5)]));
    let fixture = DeskFixture::capped(engine, Roster::shipped().unwrap(), caps).await;
    for n in 0..8 {
        fixture.desk.serve(vec![fixture.message(1, &format!("wamid.cap{n}"), "#status")]).await.unwrap();
    }
    let texts = fixture.tables().await.texts("select text from outbox order by id").await;
    assert_eq!(texts.len(), 5, "{texts:?}");
    let resumes = (fixture.now() + TimeDelta::minutes(10) + TimeDelta::hours(7)).format("%H.%M").to_string();
    assert!(texts[4].contains(&resumes) && !texts[3].contains(&resumes), "{resumes}: {texts:?}");
    fixture.pass(10);
    fixture.ask(1, "wamid.later", "#status").await;
    assert_eq!(fixture.tables().await.texts("select text from outbox").await.len(), 6);
}

on_both_engines!(
    a_channel_answers_one_citizen_as_often_as_it_is_told_and_the_last_answer_says_when_to_come_again,
    a_thousand_forms_at_once_fill_every_seat_once_and_in_order,
    a_repeat_changes_nothing_in_one_batch_or_over_batches,
    a_caller_that_is_gone_takes_nothing_with_it,
    a_message_that_the_database_refuses_is_set_aside_alone,
    a_message_whose_answer_is_refused_too_is_set_aside_in_silence,
    whoever_has_a_message_set_aside_keeps_their_booking,
    a_database_that_is_away_means_busy_and_nothing_is_set_aside,
    a_lapsed_hold_gives_its_seat_to_the_next_batch,
    a_code_is_worth_nothing_to_anybody_else,
    a_family_takes_a_seat_for_each_in_one_hour_and_none_is_overbooked,
    two_processes_number_their_steps_independently_and_the_books_still_balance,
    a_closing_desk_finishes_what_is_queued_and_takes_no_more,
);
