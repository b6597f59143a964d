//! The day at the counter on a real database, either engine: arrivals, calls, undo, races, and books that balance.

pub(crate) mod calendar;
mod command;
mod day;
mod forfeited;
mod hall;
mod no_shows;
mod press;
mod races;
mod random;

use std::collections::BTreeSet;
use std::sync::Arc;

use antrean::domain::office::{Approval, Earliest, OfficeId};
use antrean::domain::visit::{State, Visit};
use antrean::front_desk::{Actor, Arrival, Done, FrontDesk, Press, Refusal, Which};

use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::Engine;
use crate::support::installation::{form, name, number};

/// Minutes from Monday, 09.00, when a fixture begins, to Tuesday, 08.00.
pub(crate) const TO_TUESDAY: i64 = 23 * 60;

/// Bogor with ten seats an hour, which books at once; with `arrivals`, it marks who did not come.
pub(crate) async fn open(engine: Engine, arrivals: bool) -> DeskFixture {
    DeskFixture::of_bogor(engine, |bogor| {
        bogor.seats_per_hour = 10;
        let policy = &mut bogor.policy;
        policy.earliest = Earliest::Today { minutes_before: 0 };
        (policy.approval, policy.cancelling, policy.people_per_booking) = (Approval::None, true, 5);
        (policy.arrive_early_minutes, policy.grace_minutes, policy.arrivals) = (30, 15, arrivals);
    })
    .await
}

/// The front desk, for somebody.
pub(crate) fn front(fixture: &DeskFixture, actor: &str) -> FrontDesk {
    let office = Arc::clone(&fixture.desk.roster().offices[&OfficeId::read("bogor").unwrap()]);
    FrontDesk::new(fixture.storage.clone(), fixture.shared_clock(), office, Actor::read(actor).unwrap())
}

/// Books a place on Tuesday for citizen `n`; gives the code.
pub(crate) async fn book(fixture: &DeskFixture, n: usize) -> String {
    fixture.ask(n, &format!("wamid.book{n}"), &form(&name(n), tuesday())).await;
    code_of(fixture, n).await
}

pub(crate) async fn code_of(fixture: &DeskFixture, n: usize) -> String {
    let sql = format!("select code from booking where contact = '{}' and state = 'booked'", number(n));
    fixture.tables().await.texts(&sql).await.remove(0)
}

/// An arrival by code.
pub(crate) fn by(code: &str) -> Arrival {
    Arrival { code: code.to_owned(), ..Arrival::default() }
}

fn one(done: Result<Done, Refusal>) -> Visit {
    let [visit] = done.unwrap().visits.try_into().unwrap();
    visit
}

fn press(nonce: &str) -> Press {
    Press { nonce: Some(nonce.to_owned()), version: None }
}

fn no_press() -> Press {
    Press::default()
}

fn numbered(number: &str) -> Which {
    Which::Number(number.to_owned())
}

fn of_party(code: &str, people: &[u32]) -> Arrival {
    Arrival { people: people.iter().copied().collect::<BTreeSet<_>>(), ..by(code) }
}

async fn assert_balanced(fixture: &DeskFixture) {
    assert_eq!(fixture.storage.audit(fixture.now()).await.unwrap().findings, Vec::<String>::new());
}

/// The state of each number of the day.
async fn states(fixture: &DeskFixture) -> Vec<(String, State)> {
    let office = OfficeId::read("bogor").unwrap();
    let visits = fixture.storage.visits_on(&office, tuesday()).await.unwrap();
    visits.into_iter().map(|visit| (visit.number, visit.state)).collect()
}
