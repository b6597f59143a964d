//! Tickets on a real database: they survive restarts, joins of contacts and the archive, whoever serves whom meanwhile.

use std::sync::Arc;

use antrean::desk::{Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, RepliesMax, Verdict, WAIT_MAX};
use antrean::domain::message::{Contact, Content, Inbound, MessageId};
use antrean::domain::office::OfficeId;
use antrean::domain::ticket::{ClosedBy, OfficerText};
use antrean::gateway::Item;
use antrean::roster::Roster;
use antrean::storage::{StoredTicket, TalkLine, TicketFilter};
use chrono::TimeDelta;

use crate::support::desk_fixture::{DeskFixture, channel};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::number;

/// Citizens who race with officers.
const RACERS: usize = 40;

async fn fixture(engine: Engine) -> DeskFixture {
    DeskFixture::of_bogor(engine, |bogor| bogor.policy.handover = true).await
}

/// Another node on the same database.
async fn second_node(fixture: &DeskFixture) -> Desk {
    let mut roster = Roster::shipped().unwrap();
    let id = OfficeId::read("bogor").unwrap();
    roster.offices.insert(id.clone(), Arc::clone(&fixture.desk.roster().offices[&id]));
    Desk::start(Dependencies {
        storage: fixture.base.storage().await,
        roster,
        channels: Channels::from([(channel(), id)]),
        replies_max: RepliesMax::default(),
        turn_links: None,
        reaches: antrean::domain::reach::Reaches::default(),
        clock: fixture.shared_clock(),
        seed: [8; 32],
        lanes: 1,
        messages_per_commit: MESSAGES_PER_COMMIT,
        wait_max: WAIT_MAX,
        wake_courier: Arc::default(),
        metrics: Arc::default(),
    })
}

fn words(text: &str) -> OfficerText {
    OfficerText::read(text).unwrap()
}

async fn open(fixture: &DeskFixture) -> Vec<StoredTicket> {
    fixture.storage.tickets(TicketFilter::default(), 1_000).await.unwrap()
}

/// A message that comes from one address and names another of the same citizen.
fn from_both(fixture: &DeskFixture, id: &str, (from, also): (&str, &str), text: &str) -> Item {
    Item::Message(Inbound {
        channel: channel(),
        contact: Contact::new(from),
        also: vec![Contact::new(also)],
        id: MessageId::new(id),
        sent_at: fixture.now(),
        content: Content::Text(text.to_owned()),
    })
}

// Negative control: without `talk` in the archive's reading (`outbox_archive` left out), or without the rows of `talk`, lines are
// missing in the end.
async fn a_ticket_survives_a_restart_and_the_archive(engine: Engine) {
    let fixture = fixture(engine).await;
    fixture.ask(1, "wamid.before", "#status").await;
    fixture.ask(1, "wamid.open", "#petugas").await;
    fixture.ask(1, "wamid.first", "apakah boleh tanpa KK?").await;
    assert_eq!(
        fixture.desk.serve(vec![fixture.message(1, "wamid.silent", "mohon dijawab")]).await,
        Ok(vec![Verdict::Served])
    );
    let counted = fixture.storage.open_tickets().await.unwrap();
    assert_eq!((counted.open, counted.waiting_since), (1, Some(fixture.now())));
    // Another process takes over.
    fixture.desk.clone().close().await;
    let node = second_node(&fixture).await;
    fixture.pass(60);
    let stored = open(&fixture).await.remove(0);
    assert!(node.answer_ticket(&stored, words("Belum boleh.")).await.unwrap());
    let counted = fixture.storage.open_tickets().await.unwrap();
    assert_eq!((counted.open, counted.waiting_since), (1, None));
    let thanks = fixture.message(1, "wamid.thanks", "terima kasih");
    assert_eq!(node.serve(vec![thanks]).await, Ok(vec![Verdict::Served]));
    assert!(node.close_ticket(&stored).await.unwrap());
    assert!(!node.answer_ticket(&stored, words("Satu lagi.")).await.unwrap(), "it is closed");
    assert!(!node.close_ticket(&stored).await.unwrap());
    assert!(open(&fixture).await.is_empty());
    let stored = fixture.storage.ticket(stored.ticket.id).await.unwrap().unwrap();
    assert_eq!(stored.ticket.closed.map(|closing| closing.by), Some(ClosedBy::Officer));
    let said = |lines: &[TalkLine]| -> Vec<String> {
        let line = |line: &TalkLine| match line {
            TalkLine::Citizen { content, unanswered, .. } => {
                format!("{}{}", content.text().unwrap(), if *unanswered { " (left)" } else { "" })
            }
            TalkLine::Office { text, .. } => text.chars().take(12).collect(),
        };
        lines.iter().map(line).collect()
    };
    let whole = said(&fixture.storage.talk(&stored).await.unwrap());
    let of_ticket = [
        "#petugas",
        "Baik, pesan ",
        "apakah boleh tanpa KK?",
        "Sudah kami t",
        "mohon dijawab (left)",
        "*Jawaban pet",
        "terima kasih (left)",
        "Percakapan d",
    ];
    assert_eq!(whole.len(), 2 + of_ticket.len(), "{whole:?}");
    assert_eq!(whole[0], "#status");
    fixture.assert_balanced().await;
    // All of it is sent, and old.
    fixture.tables().await.run("update outbox set state = 'sent', sent_us = created_us").await;
    fixture.pass(60 * 24 * 90);
    let moved = fixture.storage.archive(fixture.now(), fixture.now() - TimeDelta::days(30), 1_000).await.unwrap();
    assert!(moved.rows > 0);
    assert_eq!(fixture.tables().await.count("select count(*) from inbound").await, 0);
    let mut archived = said(&fixture.storage.talk(&stored).await.unwrap());
    archived.sort();
    let mut wanted = of_ticket;
    wanted.sort_unstable();
    assert_eq!(archived, wanted, "what belongs to the ticket is found in the archive");
    fixture.assert_balanced().await;
}

// Negative control: without `update ticket` in `join_contacts` the ticket keeps the contact of before; without the end of `join`
// in `PendingWrites` the conversation goes on without it.
async fn a_ticket_stays_with_a_citizen_whose_two_addresses_turn_out_to_be_one(engine: Engine) {
    let fixture = fixture(engine).await;
    let (phone, id) = ("628120000000001", "ID.77");
    let from = |contact: &str, message: &str, text: &str| {
        Item::Message(Inbound {
            channel: channel(),
            contact: Contact::new(contact),
            also: Vec::new(),
            id: MessageId::new(message),
            sent_at: fixture.now(),
            content: Content::Text(text.to_owned()),
        })
    };
    let served = Ok(vec![Verdict::Served]);
    assert_eq!(fixture.desk.serve(vec![from(id, "wamid.1", "#petugas")]).await, served);
    assert_eq!(fixture.desk.serve(vec![from(phone, "wamid.2", "#status")]).await, served);
    let read_before = open(&fixture).await.remove(0);
    assert_eq!(read_before.of.1, Contact::new(id));
    // Only now does the provider tell that they are the same.
    let both = from_both(&fixture, "wamid.3", (phone, id), "#status");
    assert_eq!(fixture.desk.serve(vec![both]).await, served);
    let stored = open(&fixture).await.remove(0);
    assert_eq!(stored.of.1, Contact::new(phone), "by the join alone: no word to the officer wrote the ticket");
    let talk = from(phone, "wamid.talk", "ini pertanyaan saya");
    assert_eq!(fixture.desk.serve(vec![talk]).await, served);
    let forwarded = "select count(*) from outbox where text like 'Sudah kami teruskan%'";
    assert_eq!(fixture.tables().await.count(forwarded).await, 1, "it was talk to the officer");
    // The officer still has the ticket on the screen as it was.
    assert!(fixture.desk.answer_ticket(&read_before, words("Silakan.")).await.unwrap());
    let answered = "select contact from outbox where text like '*Jawaban%'";
    assert_eq!(fixture.tables().await.texts(answered).await, [phone]);
    // Somebody with a ticket under each address keeps one.
    let (second_phone, second_id) = ("628120000000002", "ID.78");
    for (contact, message) in [(second_phone, "wamid.4"), (second_id, "wamid.5")] {
        assert_eq!(fixture.desk.serve(vec![from(contact, message, "#petugas")]).await, served);
    }
    let both = from_both(&fixture, "wamid.6", (second_phone, second_id), "halo");
    assert_eq!(fixture.desk.serve(vec![both]).await, served);
    let all = fixture.storage.tickets(TicketFilter { closed: true, ..TicketFilter::default() }, 10).await.unwrap();
    let of_second: Vec<_> = all
        .iter()
        .filter(|stored| stored.of.1 == Contact::new(second_phone))
        .map(|stored| stored.ticket.closed)
        .collect();
    assert_eq!(of_second.len(), 2, "{all:?}");
    let by: Vec<_> = of_second.iter().flatten().map(|closing| closing.by).collect();
    assert_eq!(by, [ClosedBy::Joined]);
    fixture.assert_balanced().await;
}

// Negative control: a task of an officer that needs no lock of its office is served by nobody.
async fn officers_answer_on_one_node_while_their_citizens_book_on_another(engine: Engine) {
    let fixture = fixture(engine).await;
    for n in 0..RACERS {
        fixture.ask(n, &format!("wamid.open{n}"), "#petugas").await;
    }
    let (node, tickets) = (second_node(&fixture).await, open(&fixture).await);
    assert_eq!(tickets.len(), RACERS);
    let mut race = tokio::task::JoinSet::new();
    for stored in tickets {
        let desk = node.clone();
        race.spawn(async move {
            // SQLite has one writer: of two processes one may have to wait longer than it is ready to.
            while !desk.answer_ticket(&stored, words("Silakan.")).await.is_ok_and(|is_open| is_open) {}
        });
    }
    for n in 0..RACERS {
        let (desk, form) = (fixture.desk.clone(), fixture.form(n));
        race.spawn(async move { while desk.serve(vec![form.clone()]).await.is_err() {} });
    }
    race.join_all().await;
    let mut tables = fixture.tables().await;
    assert_eq!(tables.many("select count(*) from booking where state = 'held'").await, RACERS);
    assert_eq!(tables.many("select count(*) from outbox where text like '*Jawaban%'").await, RACERS);
    assert_eq!(tables.count("select count(*) from ticket where waiting_us is not null").await, 0);
    assert_eq!(tables.count("select count(*) from conversation where handover is null").await, 0, "nobody lost it");
    // Each reply but the first follows another one of the same citizen.
    let loose = "select count(*) from outbox o where previous is null or exists (select 1 from outbox p \
                 where p.id = o.previous and p.contact <> o.contact)";
    assert_eq!(tables.many(loose).await, RACERS);
    fixture.assert_balanced().await;
}

// Negative control: with the order by number whoever asked first and got an answer comes before who waits.
async fn whoever_waits_longest_comes_first_and_filters_leave_others_out(engine: Engine) {
    let fixture = fixture(engine).await;
    for n in 1..=3 {
        fixture.ask(n, &format!("wamid.open{n}"), "#petugas").await;
        fixture.pass(10);
    }
    let of = |tickets: Vec<StoredTicket>| -> Vec<String> {
        tickets.iter().map(|stored| stored.of.1.as_str().to_owned()).collect()
    };
    let all = open(&fixture).await;
    assert_eq!(of(all.clone()), [number(1), number(2), number(3)]);
    assert!(fixture.desk.answer_ticket(&all[0], words("Silakan.")).await.unwrap());
    assert!(fixture.desk.close_ticket(&all[1]).await.unwrap());
    let listed = async |filter| of(fixture.storage.tickets(filter, 10).await.unwrap());
    assert_eq!(listed(TicketFilter::default()).await, [number(3), number(1)]);
    assert_eq!(listed(TicketFilter { unanswered: true, ..TicketFilter::default() }).await, [number(3)]);
    assert_eq!(listed(TicketFilter { closed: true, ..TicketFilter::default() }).await.len(), 3);
    let elsewhere = OfficeId::read("batam").unwrap();
    assert!(listed(TicketFilter { office: Some(&elsewhere), ..TicketFilter::default() }).await.is_empty());
    assert_eq!(fixture.storage.tickets(TicketFilter::default(), 1).await.unwrap().len(), 1);
}

// Negative controls: with `on conflict do update` without its condition, both have it; without the test of `press`, both presses count.
async fn of_two_officers_one_has_a_ticket_and_a_press_counts_once(engine: Engine) {
    let fixture = fixture(engine).await;
    fixture.ask(1, "wamid.1", "#petugas").await;
    let id = open(&fixture).await[0].ticket.id;
    let storage = &fixture.storage;
    let logins: Vec<String> = (0..8).map(|n| format!("petugas{n}")).collect();
    let takes = logins.iter().map(|login| storage.take_ticket(id, login, None, fixture.now()));
    let holders = futures_util::future::join_all(takes).await;
    let holders: std::collections::BTreeSet<String> = holders.into_iter().map(|holder| holder.unwrap().login).collect();
    assert_eq!(holders.len(), 1, "{holders:?}");
    let holder = holders.into_iter().next().unwrap();
    let other = logins.iter().find(|login| **login != holder).unwrap();
    // A press counts for whoever has the ticket, once.
    let press = async |login: &str, press| storage.note_answer_press(id, login, press).await.unwrap();
    assert!(press(&holder, Some("a")).await && !press(&holder, Some("a")).await && press(&holder, Some("b")).await);
    assert!(!press(other, Some("c")).await);
    assert!(press(&holder, None).await && press(&holder, Some("b")).await, "a press that failed may come again");
    // It is taken over from the one who is named, and from nobody else.
    let stale = storage.take_ticket(id, other, Some("somebody"), fixture.now()).await.unwrap();
    assert_eq!(stale.login, holder);
    assert_eq!(storage.take_ticket(id, other, Some(&holder), fixture.now()).await.unwrap().login, *other);
    assert!(!storage.leave_ticket(id, &holder).await.unwrap() && storage.leave_ticket(id, other).await.unwrap());
    assert!(storage.ticket_holders(&[id]).await.unwrap().is_empty());
    storage.note_typing(id, "rina", fixture.now()).await.unwrap();
    assert_eq!(storage.typing(id, fixture.now() - TimeDelta::seconds(5)).await.unwrap(), ["rina"]);
    assert!(storage.typing(id, fixture.now() + TimeDelta::seconds(5)).await.unwrap().is_empty());
}

// Negative control: with `begun` that gives nothing where there is no ticket, nothing is sent.
async fn an_officer_writes_first_and_the_citizen_answers_to_them(engine: Engine) {
    let fixture = fixture(engine).await;
    let bogor = OfficeId::read("bogor").unwrap();
    let of = (channel(), Contact::new(number(1)));
    assert!(!fixture.desk.begin_ticket(&bogor, &of, words("Halo.")).await.unwrap(), "nobody wrote yet");
    fixture.ask(1, "wamid.1", "#status").await;
    assert!(fixture.desk.begin_ticket(&bogor, &of, words("Berkas Anda kurang.")).await.unwrap());
    let [stored] = open(&fixture).await.try_into().unwrap();
    assert_eq!((stored.ticket.waiting_since, stored.ticket.answered_at), (None, Some(fixture.now())));
    // A second one goes to the same ticket.
    assert!(fixture.desk.begin_ticket(&bogor, &of, words("Bawa KK.")).await.unwrap());
    assert_eq!(open(&fixture).await.len(), 1);
    fixture.pass(5);
    fixture.ask(1, "wamid.2", "KK yang mana?").await;
    assert_eq!(open(&fixture).await[0].ticket.waiting_since, Some(fixture.now()), "it is left to the officer");
    let lines = fixture.storage.conversation(&channel(), &of.1, 50).await.unwrap();
    let left = lines.iter().filter(|line| matches!(line, TalkLine::Citizen { .. })).count();
    assert_eq!((left, lines.len() - left >= 3), (2, true), "{lines:?}");
    assert_eq!(fixture.storage.messages_with(&bogor, "kk YANG", 9).await.unwrap().len(), 1);
    assert!(fixture.storage.messages_with(&bogor, "%", 9).await.unwrap().is_empty(), "signs of patterns are signs");
    assert_eq!(fixture.storage.citizens_by_number(&bogor, &number(1)[9..], 9).await.unwrap(), [of]);
}

on_both_engines!(
    of_two_officers_one_has_a_ticket_and_a_press_counts_once,
    an_officer_writes_first_and_the_citizen_answers_to_them,
    a_ticket_survives_a_restart_and_the_archive,
    a_ticket_stays_with_a_citizen_whose_two_addresses_turn_out_to_be_one,
    officers_answer_on_one_node_while_their_citizens_book_on_another,
    whoever_waits_longest_comes_first_and_filters_leave_others_out,
);
