//! Exceptions to a calendar on a real database, either engine: who is displaced is moved and told once, after a minute in which all of it
//! can be undone.

use std::collections::BTreeMap;
use std::sync::Arc;

use antrean::caretaker::Caretaker;
use antrean::clock::Clock;
use antrean::conversation::Lang;
use antrean::courier::{ChannelSettings, Courier};
use antrean::desk::{Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, Verdict, WAIT_MAX};
use antrean::domain::displaced::Remedy;
use antrean::domain::displacement::Remedies;
use antrean::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};
use antrean::domain::office::{Approval, OfficeId};
use antrean::domain::price::{Amount, Price};
use antrean::domain::rate::Rate;
use antrean::front_desk::{
    Actor, CalendarAction, CalendarMade, CalendarRefused, CalendarWish, Line, Lines, OfficeCalendar, UNDO_SECONDS,
};
use antrean::gateway::tape::Tape;
use antrean::gateway::{Capabilities, Gateway, Gateways, Item};
use antrean::roster::Roster;
use chrono::{Days, NaiveDate, TimeDelta};

use crate::support::desk_fixture::{DeskFixture, channel, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name, number};

/// People on the day, half of them on each provider.
pub(crate) const PEOPLE: usize = 60;
/// Hours that a provider of the test takes free messages after somebody has written.
const WINDOW_HOURS: i64 = 24;

/// Three days after the fixture begins.
pub(crate) fn thursday() -> NaiveDate {
    tuesday() + Days::new(2)
}

fn bogor() -> OfficeId {
    OfficeId::read("bogor").unwrap()
}

/// The second provider's channel; it takes messages at any time.
pub(crate) fn telegram() -> ChannelId {
    ChannelId::new("tg", "2001")
}

/// Bogor, where a form books at once, with so many seats in an hour, and notices at any hour.
pub(crate) async fn fixture(engine: Engine, seats: u32) -> DeskFixture {
    DeskFixture::of_bogor(engine, |bogor| {
        bogor.seats_per_hour = seats;
        bogor.policy.approval = Approval::None;
        bogor.policy.cancelling = true;
        bogor.policy.reschedule.extra_after_closing = true;
        bogor.notices.quiet = None;
    })
    .await
}

/// The lines: WhatsApp, outside of whose window a template costs, and Telegram.
fn lines() -> Lines {
    let price = Price { currency: "IDR".to_owned(), inside: Amount::default(), outside: Amount::read("357").unwrap() };
    Lines::new(BTreeMap::from([
        (
            channel(),
            Line {
                window: Some(TimeDelta::hours(WINDOW_HOURS)),
                templates: vec![Lang::Id],
                price: Some(price.clone()),
            },
        ),
        (telegram(), Line { window: None, templates: Vec::new(), price: Some(price) }),
    ]))
}

/// The calendar, for somebody.
pub(crate) fn calendar(fixture: &DeskFixture, actor: &str) -> OfficeCalendar {
    let roster = fixture.desk.roster();
    let office = Arc::clone(&roster.offices[&bogor()]);
    let of = (office, roster);
    OfficeCalendar::new(fixture.storage.clone(), fixture.shared_clock(), of, lines(), Actor::read(actor).unwrap())
}

fn wish(action: CalendarAction, hours: Option<(u8, u8)>) -> CalendarWish {
    CalendarWish { action, from: tuesday(), until: tuesday(), hours, reason: "Listrik padam".to_owned() }
}

/// A change that is made at once.
async fn made(calendar: &OfficeCalendar, wish: &CalendarWish, remedies: &Remedies) -> i64 {
    match calendar.make(wish, remedies, (None, None)).await.unwrap() {
        Ok(CalendarMade::Made(id)) => id,
        other => panic!("{other:?}"),
    }
}

/// A desk that serves both channels, on the fixture's database.
pub(crate) fn desk(fixture: &DeskFixture) -> Desk {
    Desk::start(Dependencies {
        storage: fixture.storage.clone(),
        roster: Roster::clone(&fixture.desk.roster()),
        channels: Channels::from([(channel(), bogor()), (telegram(), bogor())]),
        replies_max: Arc::default(),
        turn_links: None,
        reaches: antrean::domain::reach::Reaches::default(),
        clock: fixture.shared_clock(),
        seed: [9; 32],
        lanes: 1,
        messages_per_commit: MESSAGES_PER_COMMIT,
        wait_max: WAIT_MAX,
        wake_courier: Arc::default(),
        metrics: Arc::default(),
    })
}

pub(crate) fn caretaker(fixture: &DeskFixture, desk: &Desk) -> Caretaker {
    let photos = antrean::photos::Photos::within(&std::env::temp_dir());
    Caretaker::new(fixture.storage.clone(), desk.clone(), Gateways::new(), photos, fixture.shared_clock())
        .saying_notices()
}

/// A message of citizen `n` by a channel.
pub(crate) async fn write(
    fixture: &DeskFixture,
    desk: &Desk,
    (n, channel): (usize, &ChannelId),
    (id, text): (&str, &str),
) {
    let message = Inbound {
        channel: channel.clone(),
        contact: Contact::new(number(n)),
        also: Vec::new(),
        id: MessageId::new(id),
        sent_at: fixture.clock.now(),
        content: Content::Text(text.to_owned()),
    };
    assert_eq!(desk.serve(vec![Item::Message(message)]).await, Ok(vec![Verdict::Served]), "{text}");
}

/// Books a day for so many people, half of them on each provider.
pub(crate) async fn book(fixture: &DeskFixture, desk: &Desk, (people, date): (usize, NaiveDate)) {
    for n in 1..=people {
        let of = if n % 2 == 0 { channel() } else { telegram() };
        write(fixture, desk, (n, &of), (&format!("wamid.form{n}"), &form(&name(n), date))).await;
    }
}

/// What went out to each contact with these words.
pub(crate) fn told(tapes: [&Tape; 2], words: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for taken in tapes.into_iter().flat_map(Tape::taken) {
        if taken.parcel.text.contains(words) {
            *counts.entry(taken.contact.as_str().to_owned()).or_default() += 1;
        }
    }
    counts
}

/// A courier for both providers. WhatsApp takes free messages for a day only, and has no template here.
pub(crate) fn courier(fixture: &DeskFixture) -> (Courier, Arc<Tape>, Arc<Tape>) {
    let capabilities =
        Capabilities { free_reply_window: Some(TimeDelta::hours(WINDOW_HOURS)), ..Capabilities::unlimited() };
    let (wa, tg) = (Tape::with("wa", capabilities), Tape::new("tg"));
    let gateways: Gateways = [
        ("wa".to_owned(), Arc::clone(&wa) as Arc<dyn Gateway>),
        ("tg".to_owned(), Arc::clone(&tg) as Arc<dyn Gateway>),
    ]
    .into();
    let settings = || ChannelSettings { channel_rate: Some(Rate::UNLIMITED), ..ChannelSettings::default() };
    let settings = BTreeMap::from([(channel(), settings()), (telegram(), settings())]);
    let courier = Courier::new(fixture.storage.clone(), gateways, fixture.shared_clock(), "calendar".to_owned());
    (courier.with_channels(settings), wa, tg)
}

/// Steps of the caretaker and the courier until nothing is left to do.
pub(crate) async fn settle(caretaker: &Caretaker, courier: &Courier) {
    for _ in 0..PEOPLE {
        caretaker.step().await.unwrap();
        while !courier.step().await.unwrap().is_idle() {}
    }
}

// Negative controls: with `state = 'waiting'` left out of `PLANNED`, people are moved within the minute; with an occasion of its own for each
// step of `settle_displaced`, and its mark not asked for, some are told twice.
async fn a_day_with_sixty_people_is_closed_and_everybody_is_told_once_on_two_providers(engine: Engine) {
    let fixture = fixture(engine, 20).await;
    let desk = desk(&fixture);
    let (courier, wa, tg) = courier(&fixture);
    let caretaker = caretaker(&fixture, &desk);
    fixture.storage.enrol_channels(&[channel(), telegram()], fixture.now()).await.unwrap();
    book(&fixture, &desk, (PEOPLE, thursday())).await;
    settle(&caretaker, &courier).await;
    // A day later the window of those on WhatsApp is over.
    fixture.pass(26 * 60);
    settle(&caretaker, &courier).await;
    let silence = || drop((wa.drain(), tg.drain()));
    silence();
    let calendar = calendar(&fixture, "agus");
    let close = CalendarWish { from: thursday(), until: thursday(), ..wish(CalendarAction::Close, None) };
    let undecided = calendar.make(&close, &Remedies::default(), (None, None)).await.unwrap().unwrap();
    assert!(matches!(undecided, CalendarMade::Undecided(plan) if plan.affected.len() == PEOPLE));
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(*) from calendar_change").await, 0);
    let plan = calendar.plan(&close, &Remedies::all(Remedy::Move)).await.unwrap().unwrap();
    assert!(plan.affected.iter().all(|one| one.message.as_deref().is_some_and(|text| text.contains("Listrik padam"))));
    assert!(plan.affected.iter().all(|one| one.to.is_some()) && plan.unpriced == 0, "{:?}", plan.costs);
    let id = made(&calendar, &close, &Remedies::all(Remedy::Move)).await;
    // Within the minute the calendar is closed, and nothing has become of anybody.
    fixture.clock.pass(TimeDelta::seconds(UNDO_SECONDS - 1));
    settle(&caretaker, &courier).await;
    let on_thursday = "select count(*) from booking where date = '2026-08-06' and state = 'booked'";
    assert_eq!(tables.many(on_thursday).await, PEOPLE);
    assert_eq!(told([&wa, &tg], ""), BTreeMap::new());
    write(&fixture, &desk, (2, &channel()), ("wamid.status", "#status")).await;
    let status = format!("select text from outbox where contact = '{}' order by id desc limit 1", number(2));
    assert!(tables.texts(&status).await[0].contains("tutup (Listrik padam)"), "the status tells it meanwhile");
    write(&fixture, &desk, (500, &channel()), ("wamid.late", &form(&name(500), thursday()))).await;
    assert_eq!(tables.many(on_thursday).await, PEOPLE, "the closed day gives nothing");
    settle(&caretaker, &courier).await;
    silence();
    // The minute is over: everybody is moved at once, and told as soon as their provider takes it.
    fixture.clock.pass(TimeDelta::seconds(2));
    settle(&caretaker, &courier).await;
    let moved =
        "select count(*) from booking where date = '2026-08-07' and state = 'booked' and displaced = 'closed-moved'";
    assert_eq!(tables.many(moved).await, PEOPLE);
    let counts = told([&wa, &tg], "Listrik padam");
    let at_once: BTreeMap<String, usize> =
        (1..=PEOPLE).filter(|n| n % 2 == 1 || *n == 2).map(|n| (number(n), 1)).collect();
    assert_eq!(counts, at_once, "those on Telegram, and the one who had just written");
    // The others write an hour later.
    fixture.pass(60);
    for n in (1..=PEOPLE).filter(|n| n % 2 == 0) {
        write(&fixture, &desk, (n, &channel()), (&format!("wamid.again{n}"), "#status")).await;
    }
    settle(&caretaker, &courier).await;
    let counts = told([&wa, &tg], "Mohon maaf. Jadwal Anda kami pindahkan");
    let everybody: BTreeMap<String, usize> = (1..=PEOPLE).map(|n| (number(n), 1)).collect();
    assert_eq!(counts, everybody);
    let (change, persons) = calendar.change(id).await.unwrap().unwrap();
    assert_eq!((change.state.as_str(), persons.len()), ("done", PEOPLE));
    assert!(
        persons.iter().all(|person| person.notice.as_ref().is_some_and(|notice| notice.state == "sent")),
        "{persons:?}"
    );
    assert!(matches!(calendar.undo(id).await.unwrap(), Err(CalendarRefused::Unknown)), "it is too late");
    fixture.assert_balanced().await;
}

// Negative control: with the windows left out of the courier's capabilities, nothing is held.
async fn whoever_is_outside_of_the_window_is_told_once_when_they_write_again(engine: Engine) {
    let fixture = fixture(engine, 10).await;
    let desk = desk(&fixture);
    let (courier, wa, tg) = courier(&fixture);
    let caretaker = caretaker(&fixture, &desk);
    fixture.storage.enrol_channels(&[channel(), telegram()], fixture.now()).await.unwrap();
    book(&fixture, &desk, (2, thursday())).await;
    settle(&caretaker, &courier).await;
    fixture.pass(26 * 60);
    settle(&caretaker, &courier).await;
    wa.drain();
    tg.drain();
    let calendar = calendar(&fixture, "agus");
    let close = CalendarWish { from: thursday(), until: thursday(), ..wish(CalendarAction::Close, None) };
    let plan = calendar.plan(&close, &Remedies::all(Remedy::Move)).await.unwrap().unwrap();
    let reach: Vec<&str> = plan.affected.iter().map(|one| one.reach.name()).collect();
    assert_eq!(reach, ["any-time", "template"]);
    assert_eq!(plan.costs[0].amount.to_string(), "357", "one template");
    let id = made(&calendar, &close, &Remedies::all(Remedy::Move)).await;
    fixture.clock.pass(TimeDelta::seconds(UNDO_SECONDS + 1));
    settle(&caretaker, &courier).await;
    assert_eq!(told([&wa, &tg], "Listrik padam"), BTreeMap::from([(number(1), 1)]));
    let (_, persons) = calendar.change(id).await.unwrap().unwrap();
    let held = persons.iter().find(|person| person.booking.contact.as_str() == number(2)).unwrap();
    assert_eq!(held.notice.as_ref().map(|notice| notice.state.as_str()), Some("held"), "{held:?}");
    fixture.pass(60);
    write(&fixture, &desk, (2, &channel()), ("wamid.asks", "#status")).await;
    settle(&caretaker, &courier).await;
    assert_eq!(told([&wa, &tg], "Listrik padam")[&number(2)], 1, "told once, when they wrote");
    fixture.assert_balanced().await;
}

// Negative controls: without `restore_marks` the status still says that the day is closed; without `fit_days` in `undo` the day keeps the
// capacity of a closed one and nobody books.
async fn a_change_that_is_undone_within_the_minute_has_never_been(engine: Engine) {
    let fixture = fixture(engine, 10).await;
    let desk = desk(&fixture);
    let (courier, wa, tg) = courier(&fixture);
    let caretaker = caretaker(&fixture, &desk);
    book(&fixture, &desk, (12, tuesday())).await;
    settle(&caretaker, &courier).await;
    wa.drain();
    tg.drain();
    let mut tables = fixture.tables().await;
    let state = "select code || date || hour || seats || state || coalesce(displaced, '-') from booking order by id";
    let days = "select date || ' ' || capacity || ' ' || taken from day order by date";
    let hours = "select date || ' ' || hour || ' ' || capacity || ' ' || taken from hour order by date, hour";
    let mut before = Vec::new();
    for sql in [state, days, hours] {
        before.push(tables.texts(sql).await);
    }
    let calendar = calendar(&fixture, "agus");
    for (action, hours_, remedy) in [
        (CalendarAction::Close, None, Remedy::Cancel),
        (CalendarAction::Close, Some((8, 10)), Remedy::Move),
        (CalendarAction::Seats(3), None, Remedy::Tell),
    ] {
        let id = made(&calendar, &wish(action, hours_), &Remedies::all(remedy)).await;
        fixture.clock.pass(TimeDelta::seconds(UNDO_SECONDS - 5));
        caretaker.step().await.unwrap();
        calendar.undo(id).await.unwrap().unwrap();
        assert!(matches!(calendar.undo(id).await.unwrap(), Err(CalendarRefused::Unknown)), "once");
        for (sql, was) in [state, days, hours].into_iter().zip(&before) {
            assert_eq!(&tables.texts(sql).await, was, "{action:?}: {sql}");
        }
    }
    fixture.clock.pass(TimeDelta::minutes(5));
    settle(&caretaker, &courier).await;
    assert_eq!(told([&wa, &tg], ""), BTreeMap::new(), "nobody was told anything");
    assert_eq!(tables.count("select count(*) from notice where kind = 'day-closed'").await, 0);
    write(&fixture, &desk, (77, &channel()), ("wamid.new", &form(&name(77), tuesday()))).await;
    assert_eq!(tables.count("select count(*) from booking where date = '2026-08-04' and state = 'booked'").await, 13);
    fixture.assert_balanced().await;
}

// Negative control: with `corrected_persons` empty, whoever was moved or cancelled hears nothing.
async fn a_change_that_is_taken_back_later_is_corrected(engine: Engine) {
    let fixture = fixture(engine, 10).await;
    let desk = desk(&fixture);
    let (courier, wa, tg) = courier(&fixture);
    let caretaker = caretaker(&fixture, &desk);
    fixture.storage.enrol_channels(&[channel(), telegram()], fixture.now()).await.unwrap();
    book(&fixture, &desk, (4, tuesday())).await;
    settle(&caretaker, &courier).await;
    let calendar = calendar(&fixture, "agus");
    let close = wish(CalendarAction::Close, None);
    let plan = calendar.plan(&close, &Remedies::all(Remedy::Tell)).await.unwrap().unwrap();
    let mut remedies = Remedies::all(Remedy::Tell);
    remedies.named.insert(plan.affected[0].booking.code.clone(), Remedy::Move);
    remedies.named.insert(plan.affected[1].booking.code.clone(), Remedy::Cancel);
    remedies.named.insert(plan.affected[2].booking.code.clone(), Remedy::Keep);
    let id = made(&calendar, &close, &remedies).await;
    assert!(matches!(
        calendar.plan(&wish(CalendarAction::TakeBack(id), None), &remedies).await.unwrap(),
        Err(CalendarRefused::Settling)
    ));
    fixture.clock.pass(TimeDelta::seconds(UNDO_SECONDS + 1));
    settle(&caretaker, &courier).await;
    wa.drain();
    tg.drain();
    let back = wish(CalendarAction::TakeBack(id), None);
    let plan = calendar.plan(&back, &Remedies::default()).await.unwrap().unwrap();
    assert_eq!((plan.affected.len(), plan.corrected.len()), (0, 3), "all but the one who was kept");
    let correction = made(&calendar, &back, &Remedies::default()).await;
    settle(&caretaker, &courier).await;
    assert_eq!(told([&wa, &tg], ""), BTreeMap::new(), "a correction waits for its minute too");
    fixture.clock.pass(TimeDelta::seconds(UNDO_SECONDS + 1));
    settle(&caretaker, &courier).await;
    let counts = told([&wa, &tg], "Kabar perbaikan");
    assert_eq!(counts, BTreeMap::from([(number(1), 1), (number(2), 1), (number(4), 1)]));
    assert_eq!(told([&wa, &tg], ""), counts, "and nothing else");
    let (change, _) = calendar.change(id).await.unwrap().unwrap();
    assert_eq!(change.state, "corrected");
    assert_eq!(calendar.change(correction).await.unwrap().unwrap().0.corrects, Some(id));
    let mut tables = fixture.tables().await;
    assert_eq!(
        tables.texts("select coalesce(displaced, '-') from booking where date = '2026-08-04' order by id").await,
        ["closed-cancelled", "-", "-"]
    );
    write(&fixture, &desk, (50, &channel()), ("wamid.new", &form(&name(50), tuesday()))).await;
    assert_eq!(tables.count("select count(*) from booking where date = '2026-08-04' and state = 'booked'").await, 3);
    fixture.assert_balanced().await;
}

// Negative controls: without `with_exceptions` in the import, the next version opens the day again; with the revision left out of
// `Offices::outdated`, the other node still gives the closed hour.
async fn an_exception_outlives_imports_and_holds_on_every_node(engine: Engine) {
    let fixture = fixture(engine, 10).await;
    let other = fixture.node();
    let calendar = calendar(&fixture, "agus");
    made(&calendar, &wish(CalendarAction::Close, Some((8, 11))), &Remedies::default()).await;
    made(&calendar, &wish(CalendarAction::Seats(1), Some((11, 12))), &Remedies::default()).await;
    let ask = async |desk: &Desk, n: usize| {
        assert_eq!(desk.serve(vec![fixture.form(n)]).await, Ok(vec![Verdict::Served]));
    };
    ask(&fixture.desk, 1).await;
    ask(&other, 2).await;
    let mut tables = fixture.tables().await;
    let booked = "select date || ' ' || hour from booking where state = 'booked' order by id";
    assert_eq!(tables.texts(booked).await, ["2026-08-04 11", "2026-08-04 13"]);
    let mut next = antrean::domain::office::Office::clone(&fixture.desk.roster().offices[&bogor()]);
    next.version += 1;
    let shipped = Roster::shipped().unwrap();
    fixture
        .storage
        .import_office(&next, &antrean::roster::print(&next), &shipped.calendar, fixture.now())
        .await
        .unwrap();
    ask(&other, 3).await;
    ask(&fixture.desk, 4).await;
    assert_eq!(tables.texts(booked).await[2..], ["2026-08-04 13", "2026-08-04 13"]);
    let stored = fixture.storage.offices().await.unwrap().into_iter().find(|stored| stored.id == bogor()).unwrap();
    assert_eq!((stored.exceptions.days.len(), stored.exceptions.revision), (1, 2));
    let calendar = self::calendar(&fixture, "agus");
    // A second press of the same button, and a page that was looked at before, change nothing.
    let once = |nonce: &'static str, revision| {
        let calendar = &calendar;
        async move {
            calendar
                .make(&wish(CalendarAction::Open, None), &Remedies::default(), (revision, Some(nonce)))
                .await
                .unwrap()
        }
    };
    assert!(matches!(once("a", Some(1)).await, Err(CalendarRefused::Outdated)));
    let (first, second) = (once("b", Some(2)).await, once("b", Some(2)).await);
    match (first, second) {
        (Ok(CalendarMade::Made(first)), Ok(CalendarMade::Made(second))) => assert_eq!(first, second),
        other => panic!("{other:?}"),
    }
    fixture.assert_balanced().await;
}

on_both_engines!(
    a_day_with_sixty_people_is_closed_and_everybody_is_told_once_on_two_providers,
    whoever_is_outside_of_the_window_is_told_once_when_they_write_again,
    a_change_that_is_undone_within_the_minute_has_never_been,
    a_change_that_is_taken_back_later_is_corrected,
    an_exception_outlives_imports_and_holds_on_every_node,
);
