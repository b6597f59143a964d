//! Notices: each is said once whatever nodes, starts and clocks do, replies go before them, and an officer can stop them half-way.

use std::collections::BTreeMap;
use std::sync::Arc;

use antrean::caretaker::Caretaker;
use antrean::clock::SystemClock;
use antrean::config::Config;
use antrean::courier::{ChannelSettings, Courier};
use antrean::desk::{Desk, Verdict};
use antrean::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};
use antrean::domain::notice::WAITING_MAX;
use antrean::domain::rate::Rate;
use antrean::gateway::tape::Tape;
use antrean::gateway::{Gateway, Gateways, Item};
use antrean::photos::Photos;
use antrean::storage::{NoticeFilter, Storage};

use crate::support::desk_fixture::{DeskFixture, channel, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{Installation, code_in, form, in_days, name, now, number};

/// Citizens with a booking for Tuesday: more than a channel may have notices in the outbox.
const CITIZENS: usize = 11;
/// Minutes from nine in the morning to the hour of reminders.
const UNTIL_SIX: i64 = 9 * 60;

/// A caretaker that says notices.
fn caretaker(fixture: &DeskFixture, desk: Desk) -> Caretaker {
    let photos = Photos::within(&std::env::temp_dir());
    Caretaker::new(fixture.storage.clone(), desk, Gateways::new(), photos, fixture.shared_clock()).saying_notices()
}

/// A courier on a tape, as fast as `rate`.
fn courier(fixture: &DeskFixture, rate: Rate) -> (Courier, Arc<Tape>) {
    let tape = Tape::new("wa");
    let gateways: Gateways = [("wa".to_owned(), Arc::clone(&tape) as Arc<dyn Gateway>)].into();
    let settings =
        BTreeMap::from([(channel(), ChannelSettings { channel_rate: Some(rate), ..ChannelSettings::default() })]);
    (
        Courier::new(fixture.storage.clone(), gateways, fixture.shared_clock(), "notices".to_owned())
            .with_channels(settings),
        tape,
    )
}

/// Bogor on Monday at nine, with so many bookings for Tuesday, and nothing left to send.
async fn booked(engine: Engine) -> DeskFixture {
    let fixture = DeskFixture::open(engine).await;
    for n in 1..=CITIZENS {
        let code = code_in(&fixture.ask(n, &format!("wamid.form{n}"), &form(&name(n), tuesday())).await);
        fixture.ask(n, &format!("wamid.code{n}"), &code).await;
    }
    let (courier, _) = courier(&fixture, Rate::UNLIMITED);
    while !courier.step().await.unwrap().is_idle() {}
    fixture
}

// Negative controls: without the unique index of migration 20 (and `on conflict`) some get two; without `still_planned` in the desk
// those that both nodes took at once get two.
async fn two_nodes_a_new_start_and_a_clock_that_goes_back_remind_everybody_once(engine: Engine) {
    let fixture = booked(engine).await;
    let other = fixture.node();
    let (first, second) = (caretaker(&fixture, fixture.desk.clone()), caretaker(&fixture, other.clone()));
    let (courier, tape) = courier(&fixture, Rate::UNLIMITED);
    fixture.pass(UNTIL_SIX);
    for _ in 0..CITIZENS {
        let (one, two) = tokio::join!(first.step(), second.step());
        one.and(two).unwrap();
        courier.step().await.unwrap();
    }
    let mut told: Vec<String> = tape.drain().into_iter().map(|taken| taken.contact.as_str().to_owned()).collect();
    told.sort();
    let mut everybody: Vec<String> = (1..=CITIZENS).map(number).collect();
    everybody.sort();
    assert_eq!(told, everybody);
    // The clock goes back an hour, both start anew, and the hour comes again.
    for minutes in [-60, 61] {
        fixture.pass(minutes);
        for desk in [&fixture.desk, &other] {
            caretaker(&fixture, desk.clone()).step().await.unwrap();
        }
        courier.step().await.unwrap();
    }
    assert_eq!(tape.drain(), []);
    assert_eq!(fixture.tables().await.many("select count(*) from notice where state = 'queued'").await, CITIZENS);
    fixture.assert_balanced().await;
}

// Negative control: with `due` in its own order in `Courier::select` the answer is the last of five.
async fn whoever_writes_is_answered_before_others_are_told(engine: Engine) {
    let fixture = booked(engine).await;
    fixture.pass(UNTIL_SIX);
    caretaker(&fixture, fixture.desk.clone()).step().await.unwrap();
    let queued = "select count(*) from outbox where notice is not null";
    assert_eq!(fixture.tables().await.count(queued).await, i64::from(WAITING_MAX), "the others stay planned");
    fixture.ask(50, "wamid.asks", "status").await;
    let (courier, tape) = courier(&fixture, Rate::one_in_seconds(60));
    courier.step().await.unwrap();
    let sent: Vec<String> = tape.drain().into_iter().map(|taken| taken.contact.as_str().to_owned()).collect();
    assert_eq!(sent, [number(50)]);
}

// Negative control: with `is_stopped` left out of the courier's search the four in the outbox still go out.
async fn what_has_not_gone_out_can_be_stopped(engine: Engine) {
    let fixture = booked(engine).await;
    fixture.pass(UNTIL_SIX);
    let caretaker = caretaker(&fixture, fixture.desk.clone());
    caretaker.step().await.unwrap();
    let reminders = NoticeFilter { kind: Some("reminder".to_owned()), ..NoticeFilter::default() };
    assert_eq!(fixture.storage.stop_notices(&reminders).await.unwrap(), CITIZENS as u64);
    let (courier, tape) = courier(&fixture, Rate::UNLIMITED);
    for _ in 0..CITIZENS {
        caretaker.step().await.unwrap();
        courier.step().await.unwrap();
    }
    assert_eq!(tape.drain(), []);
    assert_eq!(fixture.storage.stop_notices(&reminders).await.unwrap(), 0);
    let listed = fixture.storage.notices(&reminders, 100).await.unwrap();
    let stopped = |row: &&antrean::storage::NoticeRow| matches!(row.state.as_str(), "dropped" | "expired");
    assert_eq!(listed.iter().filter(stopped).count(), CITIZENS);
}

// Negative control: without the join with `booking` in the courier's search all are sent.
async fn a_reminder_that_waits_in_the_outbox_is_not_sent_after_its_booking_was_cancelled(engine: Engine) {
    let fixture = DeskFixture::of_bogor(engine, |bogor| bogor.policy.cancelling = true).await;
    let code = code_in(&fixture.ask(1, "wamid.form", &form(&name(1), tuesday())).await);
    fixture.ask(1, "wamid.code", &code).await;
    let (courier, tape) = courier(&fixture, Rate::UNLIMITED);
    while !courier.step().await.unwrap().is_idle() {}
    tape.drain();
    fixture.pass(UNTIL_SIX);
    caretaker(&fixture, fixture.desk.clone()).step().await.unwrap();
    fixture.ask(1, "wamid.cancel", "#batal").await;
    for _ in 0..3 {
        courier.step().await.unwrap();
    }
    let sent: Vec<String> = tape.drain().into_iter().map(|taken| taken.parcel.text).collect();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].contains("dibatalkan"), "{sent:?}");
    assert_eq!(fixture.tables().await.texts("select state from outbox where notice is not null").await, ["expired"]);
}

on_both_engines!(
    two_nodes_a_new_start_and_a_clock_that_goes_back_remind_everybody_once,
    whoever_writes_is_answered_before_others_are_told,
    what_has_not_gone_out_can_be_stopped,
    a_reminder_that_waits_in_the_outbox_is_not_sent_after_its_booking_was_cancelled,
);

/// Messages of ours that an ordinary booking takes at most: the echo, the confirmation, the reminder.
const MESSAGES_MAX: usize = 3;

/// What one citizen of a story sent and was sent.
#[derive(Default)]
struct Talk {
    sent: Vec<String>,
    got: usize,
    booked: usize,
    lapsed: bool,
}

impl Talk {
    /// Whether they sent a form and its code in time, or a form alone, and are booked.
    fn is_ordinary(&self) -> bool {
        let (form, code) = (self.sent.first().map_or("", String::as_str), self.sent.get(1).map(String::as_str));
        let is_form = form.starts_with('#') && form.contains(|c: char| c.is_ascii_digit());
        is_form && code.is_none_or(|code| code == "{code}") && self.sent.len() <= 2 && self.booked == 1 && !self.lapsed
    }
}

/// The talks of a story, by citizen. Members of a crowd are as many as one.
fn talks(story: &str) -> BTreeMap<String, Talk> {
    let mut talks: BTreeMap<String, Talk> = BTreeMap::new();
    let mut last = String::new();
    let is_name = |who: &str| !who.is_empty() && who.chars().all(|c| c.is_alphanumeric() || " .()-:".contains(c));
    for line in story.lines().filter(|line| !line.starts_with(['#', ' '])) {
        let asked = line.split_once(" > ").filter(|(who, _)| is_name(who));
        if let Some((who, text)) = asked {
            who.split(" (").next().unwrap_or(who).clone_into(&mut last);
            talks.entry(last.clone()).or_default().sent.push(text.to_owned());
            continue;
        }
        let told = line.strip_prefix('<').map(|text| (last.clone(), text));
        let told = told.or_else(|| line.split_once(" < ").map(|(who, text)| (who.to_owned(), text)));
        let Some((who, text)) = told.filter(|(_, text)| text.trim() != "nothing") else { continue };
        let talk = talks.entry(who).or_default();
        talk.got += 1;
        talk.lapsed |=
            ["Pendaftaran Anda belum", "Your booking is not finished"].iter().any(|word| text.contains(word));
        let is_booked = ["Pendaftaran berhasil", "You are booked"].iter().any(|word| text.contains(word));
        talk.booked += usize::from(is_booked);
    }
    talks
}

// Negative control: with the limit at two, the reminded ones are found.
#[test]
fn an_ordinary_booking_takes_three_messages_of_ours_at_most() {
    let paths = antrean::replay::find(&["fixtures/conversations".into()]).unwrap();
    let (mut ordinary, mut most) = (0, 0);
    for path in paths {
        let story = std::fs::read_to_string(&path).unwrap();
        for (who, talk) in talks(&story) {
            if talk.is_ordinary() {
                (ordinary, most) = (ordinary + 1, most.max(talk.got));
                assert!(talk.got <= MESSAGES_MAX, "{}: {who} got {} messages", path.display(), talk.got);
            } else if talk.booked > 0 && talk.got > MESSAGES_MAX * talk.booked {
                println!("{}: {who} got {} messages for {} booking(s)", path.display(), talk.got, talk.booked);
            }
        }
    }
    assert!(ordinary >= 20, "only {ordinary} ordinary bookings");
    assert_eq!(most, MESSAGES_MAX, "a story with a reminder is among them");
}

/// Somebody booked at Jakarta Pusat of a installation, and the code of the booking.
async fn booked_in(installation: &Installation) -> String {
    let config = Config::load(&installation.config()).unwrap();
    let storage = Storage::open(&config.database).await.unwrap();
    let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.unwrap();
    let code = "select approval from booking";
    for (id, text) in [("wamid.1", form(&name(1), in_days(3))), ("wamid.2", String::new())] {
        let text = if text.is_empty() { installation.tables().await.texts(code).await.remove(0) } else { text };
        let inbound = Inbound {
            channel: ChannelId::new("wa", "1002"),
            contact: Contact::new(number(1)),
            also: Vec::new(),
            id: MessageId::new(id),
            sent_at: now(),
            content: Content::Text(text),
        };
        assert_eq!(desk.serve(vec![Item::Message(inbound)]).await, Ok(vec![Verdict::Served]));
    }
    desk.close().await;
    storage.close().await;
    installation.tables().await.texts("select code from booking where state = 'booked'").await.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_previews_sends_lists_and_stops_notices() {
    let installation = Installation::new("http://127.0.0.1:9");
    let price = "[channel.price]\ncurrency = \"IDR\"\ninside = \"12.5\"\noutside = 357\n";
    installation.add_channel("jakarta-pusat", "1004");
    // The price belongs to the channel of the booking: it goes below its section.
    let config = std::fs::read_to_string(installation.config()).unwrap();
    let of_channel = "phone_number_id = \"1002\"\n";
    std::fs::write(installation.config(), config.replace(of_channel, &format!("{of_channel}{price}"))).unwrap();
    let code = booked_in(&installation).await;
    let day = in_days(3).to_string();
    let send = ["notice", "send", "--office", "jakarta-pusat", "--date", day.as_str(), "--text", "Mulai pukul 10.00."];
    let preview = installation.run(&send).done();
    for part in ["Kabar dari kantor", "Mulai pukul 10.00.", "1 inside", "cost: IDR 12.5", "nothing was sent"] {
        assert!(preview.contains(part), "{part}: {preview}");
    }
    assert!(installation.run(&["notice", "list"]).done().contains("0 notices"));
    let again = || installation.run(&[&send[..], &["--yes", "--json"]].concat()).done();
    let sent: serde_json::Value = serde_json::from_str(&again()).unwrap();
    assert_eq!((&sent["inside"], &sent["planned"], &sent["cost"]), (&1.into(), &1.into(), &"IDR 12.5".into()));
    let sent: serde_json::Value = serde_json::from_str(&again()).unwrap();
    assert_eq!(sent["planned"], 0, "the same words to the same booking are said once");
    let told = installation.run(&["notice", "ready", &code, "--json"]).done();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&told).unwrap()["planned"], 1);
    assert!(installation.run(&["notice", "ready", &code]).done().contains("1 were told before"));
    std::fs::write(installation.path("jadi.csv"), format!("nama,kode\nBudi,{code}\nSiti,TIDAK-ADA\n")).unwrap();
    assert!(installation.run(&["notice", "ready", "--csv", "jadi.csv"]).failed().contains("TIDAK-ADA"));
    let listed: serde_json::Value =
        serde_json::from_str(&installation.run(&["notice", "list", "--json"]).done()).unwrap();
    assert_eq!((&listed[0]["kind"], &listed[1]["kind"]), (&"ready".into(), &"message".into()));
    assert_eq!(listed[0]["state"], "planned");
    assert!(installation.run(&["notice", "stop", "--office", "jakarta-pusat"]).done().starts_with("2 notices stopped"));
    assert!(installation.run(&["notice", "list"]).done().contains("dropped  stopped"));
    // Nobody, nothing, nonsense.
    assert_eq!(installation.run(&["notice", "stop", "--office", "jakarta-pusat"]).code, 1);
    let other = ["notice", "send", "--office", "jakarta-pusat", "--date", "2017-08-07", "--text", "x"];
    assert_eq!(installation.run(&other).code, 1);
    assert_eq!(installation.run(&["notice", "list", "--kind", "nonsense"]).code, 2);
    assert_eq!(installation.run(&["notice", "ready"]).code, 2);
}
