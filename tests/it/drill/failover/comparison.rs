//! What was acknowledged, compared with what the database has.

use std::collections::{BTreeMap, BTreeSet};

use super::load::is_scarce;
use crate::support::engine::Tables;
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{number, said};

/// Of each kind, whom or what it hit.
#[derive(Debug, Default)]
pub struct Damage {
    pub lost: Vec<String>,
    pub doubled: Vec<String>,
    pub overbooked: Vec<String>,
}

impl Damage {
    pub fn is_none(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.overbooked.is_empty()
    }

    pub fn counts(&self) -> String {
        let [lost, doubled, overbooked] = [&self.lost, &self.doubled, &self.overbooked].map(Vec::len);
        format!("{lost} lost, {doubled} doubled, {overbooked} overbooked")
    }
}

/// Compares; whatever is acknowledged meanwhile does not matter.
pub async fn compare(acknowledged: &BTreeSet<String>, tables: &mut Tables) -> Damage {
    let doubled = [
        "select 'bookings of ' || contact from booking where state in ('held', 'booked') group by office, contact \
         having count(*) > 1",
        "select 'replies to ' || reply_to from outbox where reply_to is not null group by channel, reply_to \
         having count(*) > 1",
    ];
    let overbooked = [
        "select office || ' ' || date || ' ' || hour from hour where taken > capacity",
        "select office || ' ' || date from day where taken > capacity",
        "select seat.office || ' ' || seat.date || ' ' || seat.hour from seat join hour on hour.office = seat.office \
         and hour.date = seat.date and hour.hour = seat.hour group by seat.office, seat.date, seat.hour \
         having count(*) > min(hour.capacity)",
    ];
    let mut damage = Damage { lost: lost(acknowledged, tables).await, ..Damage::default() };
    for sql in doubled {
        damage.doubled.extend(tables.texts(sql).await);
    }
    for sql in overbooked {
        damage.overbooked.extend(tables.texts(sql).await);
    }
    damage
}

/// What was acknowledged and is not there, or did not lead to the booking that it must lead to.
async fn lost(acknowledged: &BTreeSet<String>, tables: &mut Tables) -> Vec<String> {
    let there: BTreeSet<String> = tables.texts("select message from inbound").await.into_iter().collect();
    let mut lost: Vec<String> = acknowledged.difference(&there).map(|id| format!("{id} is not there")).collect();
    let rows = tables.texts("select contact || ' ' || state from booking").await;
    let mut states: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (contact, state) in rows.iter().filter_map(|row| row.split_once(' ')) {
        states.entry(contact).or_default().insert(state);
    }
    for id in acknowledged {
        let (n, wanted) = match (id.strip_prefix("wamid.form"), id.strip_prefix("wamid.code")) {
            (Some(n), _) => (n, &["held", "booked"][..]),
            (_, Some(n)) => (n, &["booked"][..]),
            _ => panic!("{id}"),
        };
        let n: usize = n.parse().unwrap();
        // Who finds the office full has no booking.
        if is_scarce(n) && wanted.len() > 1 {
            continue;
        }
        let has = states.get(number(n).as_str());
        if !has.is_some_and(|states| wanted.iter().any(|state| states.contains(state))) {
            lost.push(format!("{id} was acknowledged, and its citizen has {has:?}"));
        }
    }
    lost
}

/// Replies that promise what is not there, and how many went out again.
pub async fn replies(whatsapp: &FakeWhatsApp, tables: &mut Tables) -> (Vec<String>, u64) {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let rows = tables.texts("select contact || ' ' || code from booking where state = 'booked'").await;
    let codes: BTreeMap<&str, String> =
        rows.iter().filter_map(|row| row.split_once(' ')).map(|(contact, code)| (contact, plain(code))).collect();
    let known: BTreeSet<String> = tables.texts("select cast(id as text) from outbox").await.into_iter().collect();
    let mut sendings: BTreeMap<String, u64> = BTreeMap::new();
    let mut wrong = Vec::new();
    for message in whatsapp.accepted_from(0) {
        let id = message["biz_opaque_callback_data"].as_str().unwrap_or_default().to_owned();
        if !known.contains(&id) {
            wrong.push(format!("reply {id} was sent, and is not there"));
        }
        *sendings.entry(id).or_default() += 1;
        let Some(ticket) = said(&message).filter(|text| text.contains("Kode antrean")) else { continue };
        let to = message["to"].as_str().unwrap_or_default();
        if !codes.get(to).is_some_and(|code| plain(ticket).contains(code)) {
            wrong.push(format!("{to} was sent a ticket that is not theirs: {ticket}"));
        }
    }
    let again = sendings.values().map(|count| count - 1).sum();
    (wrong, again)
}
