//! What must hold after a fault, whatever it was: the program starts again by itself, has everything that it acknowledged, knows every
//! reply that went out, takes a redelivery of everything for a repeat, and comes to the same end as if nothing had happened.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use antrean::domain::photo_key::PhotoKeyId;
use antrean::photos::Photos;
use rusqlite::{Connection, OpenFlags};

use super::scenario::{Played, Scenario, WITH_PHOTO, picture_of};
use crate::support::installation::{number, said};
use crate::support::server_process::ServerProcess;

/// Longest time from a start to being ready, and from an end to its last record.
const QUIET_TIME: Duration = Duration::from_mins(1);

/// What is wrong.
pub type Faults = Vec<String>;

/// Starts a scenario's program anew, without faults, and plays it to its end.
pub async fn check(scenario: &mut Scenario) -> Faults {
    let mut server = match scenario.start(|_| ()) {
        Ok(server) => server,
        Err(log) => return vec![format!("it does not start again: {log}")],
    };
    let mut faults = Vec::new();
    if !becomes(async || server.get("/readyz").await.0 == 200).await {
        faults.push(format!("it is not ready: {}", server.log()));
    }
    faults.extend(lost(scenario));
    faults.extend(repeats(scenario, &server).await);
    photos_are_due(scenario);
    match scenario.play(&mut server).await {
        Played::Whole => {}
        other => faults.push(format!("played on, it is {other:?}: {}", server.log())),
    }
    let waiting = "select id || ' ' || state || ' ' || coalesce(error, '') from outbox where state <> 'sent'";
    if !becomes(async || rows(scenario, waiting).is_empty()).await {
        faults.push(format!("replies are not sent: {:?}", rows(scenario, waiting)));
    }
    let unfetched = "select state from media where state <> 'fetched'";
    if !becomes(async || rows(scenario, unfetched).is_empty()).await {
        faults.push(format!("photos are not fetched: {:?}", rows(scenario, unfetched)));
    }
    faults.extend(end(scenario));
    let (status, log) = server.terminate();
    if !status.success() {
        faults.push(format!("it does not stop as it should ({status}): {log}"));
    }
    let verified = scenario.installation.run(&["db", "verify"]);
    if verified.code != 0 {
        faults.push(format!("db verify: {verified:?}"));
    }
    faults
}

/// Lets, beside a process on a real disk, the minutes pass for which a photo stays claimed by a process that died, or put off.
fn photos_are_due(scenario: &Scenario) {
    let conn = Connection::open(scenario.installation.path("antrean.db")).unwrap();
    conn.busy_timeout(QUIET_TIME).unwrap();
    conn.execute("update media set due_us = 0 where state = 'wanted'", []).unwrap();
}

/// What was acknowledged or sent and is not there.
fn lost(scenario: &Scenario) -> Faults {
    let mut faults = Vec::new();
    let there: BTreeSet<String> = rows(scenario, "select message from inbound").into_iter().collect();
    let lost: Vec<_> = scenario.taken.difference(&there).collect();
    if !lost.is_empty() {
        faults.push(format!("LOST: acknowledged, but not there: {lost:?}"));
    }
    let replies: BTreeSet<String> = rows(scenario, "select cast(id as text) from outbox").into_iter().collect();
    for message in scenario.whatsapp.accepted() {
        let id = message["biz_opaque_callback_data"].as_str().unwrap_or_default();
        if !replies.contains(id) {
            faults.push(format!("LOST: reply {id} was sent, but is not there"));
        }
    }
    let states: BTreeMap<String, String> = rows(scenario, "select contact || ' ' || state from booking")
        .into_iter()
        .filter_map(|row| row.split_once(' ').map(|(contact, state)| (contact.to_owned(), state.to_owned())))
        .collect();
    for id in &scenario.taken {
        let (citizen, wanted): (String, &[&str]) = if let Some(to) = id.strip_prefix("wamid.answer") {
            let wanted: &[&str] = if to == number(scenario.released()) { &["cancelled"] } else { &["booked"] };
            (to.to_owned(), wanted)
        } else if let Some(n) = id.strip_prefix("wamid.form") {
            (number(n.parse().unwrap()), &["held", "booked", "cancelled"])
        } else {
            (number(id.strip_prefix("wamid.photo").unwrap().parse().unwrap()), &["booked"])
        };
        let state = states.get(&citizen).map_or("nothing", String::as_str);
        if !wanted.contains(&state) {
            faults.push(format!("LOST: {id} was acknowledged, but its citizen has {state}"));
        }
    }
    faults
}

/// What a redelivery of everything that was acknowledged changes.
async fn repeats(scenario: &mut Scenario, server: &ServerProcess) -> Faults {
    let count = "select (select count(*) from inbound) || ' messages, ' || (select count(*) from outbox) || ' replies, ' \
                 || (select count(*) from booking) || ' bookings, ' || (select count(*) from media) || ' photos'";
    let before = rows(scenario, count);
    let again: Vec<_> = scenario.known().into_iter().filter(|delivery| scenario.has_taken(delivery)).collect();
    let refused = scenario.refused;
    let lived = scenario.deliver(server, again).await;
    let after = rows(scenario, count);
    let mut faults = Vec::new();
    if !lived || scenario.refused > refused {
        faults.push(format!("a redelivery is not answered with 200: {}", server.log()));
    }
    if before != after {
        faults.push(format!("DOUBLED: a redelivery changes {before:?} to {after:?}"));
    }
    faults
}

/// What is not as it would be if nothing had happened.
fn end(scenario: &Scenario) -> Faults {
    let booked = scenario.released() + WITH_PHOTO.len();
    let wanted = [
        ("select count(*) from booking", scenario.forms + WITH_PHOTO.len()),
        ("select count(distinct contact) from booking", scenario.forms + WITH_PHOTO.len()),
        ("select count(*) from booking where state = 'booked'", booked),
        ("select count(*) from seat", booked),
        ("select count(*) from set_aside", 0),
        ("select count(*) from outbox", scenario.replies()),
        ("select count(*) from media", WITH_PHOTO.len()),
    ];
    let mut faults = Vec::new();
    for (sql, wanted) in wanted {
        let found = rows(scenario, &format!("select cast(({sql}) as text)"));
        if found != [wanted.to_string()] {
            faults.push(format!("DOUBLED or LOST: {sql}: {found:?}, not {wanted}"));
        }
    }
    faults.extend(replies(scenario));
    faults.extend(photos(scenario));
    faults
}

/// Replies that went out more often than a process was there to send them, or that promise what is not there.
fn replies(scenario: &Scenario) -> Faults {
    let mut faults = Vec::new();
    let mut sendings: BTreeMap<String, usize> = BTreeMap::new();
    let codes: BTreeMap<String, String> =
        rows(scenario, "select contact || ' ' || code from booking where state = 'booked'")
            .into_iter()
            .filter_map(|row| row.split_once(' ').map(|(contact, code)| (contact.to_owned(), plain(code))))
            .collect();
    for message in scenario.whatsapp.accepted() {
        *sendings.entry(message["biz_opaque_callback_data"].to_string()).or_default() += 1;
        let Some(ticket) = said(&message).filter(|text| text.contains("Kode antrean")) else { continue };
        let to = message["to"].as_str().unwrap_or_default();
        let code = codes.get(to).map_or("", String::as_str);
        if code.is_empty() || !plain(ticket).contains(code) {
            faults.push(format!("DOUBLED: {to} has {code:?}, and was sent {ticket}"));
        }
    }
    for (id, count) in sendings {
        if count > scenario.starts {
            faults.push(format!("DOUBLED: reply {id} went out {count} times in {} starts", scenario.starts));
        }
    }
    faults
}

/// Letters and digits only.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

/// Photos that cannot be read any more, or are other ones.
fn photos(scenario: &Scenario) -> Faults {
    let path = |name| scenario.installation.path(name);
    let folder = Photos::new(path("antrean-media"), path("antrean-media-keys"));
    let mut faults = Vec::new();
    for row in rows(scenario, "select id || ' ' || coalesce(file, '-') || ' ' || key_id || ' ' || contact from media") {
        let [id, file, key, contact] = row.split(' ').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let citizen = WITH_PHOTO.into_iter().find(|n| number(*n) == contact).unwrap();
        match folder.read(id.parse().unwrap(), file, PhotoKeyId::read(key)) {
            Ok(bytes) if bytes == picture_of(citizen) => {}
            Ok(bytes) => faults.push(format!("LOST: photo {file} has other bytes: {}", bytes.len())),
            Err(error) => faults.push(format!("LOST: photo {file}: {error:?}")),
        }
    }
    faults
}

/// One column of text. The connection only reads, and is closed at once.
pub fn rows(scenario: &Scenario, sql: &str) -> Vec<String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let conn = Connection::open_with_flags(scenario.installation.path("antrean.db"), flags).unwrap();
    conn.busy_timeout(QUIET_TIME).unwrap();
    let mut asked = conn.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    asked.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Whether something comes to hold within a while.
async fn becomes(mut holds: impl AsyncFnMut() -> bool) -> bool {
    let end = Instant::now() + QUIET_TIME;
    while !holds().await {
        if Instant::now() > end {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    true
}
