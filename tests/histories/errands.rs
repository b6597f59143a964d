//! Errands: several actions in a row that lead somewhere. Messages that are drawn one by one hardly ever come to the end of a talk that takes
//! five of them, and a reply seldom meets the same fault five times.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::action::{Act, Action, Answer, Counter, Says};
use super::profile::{Profile, Trouble};

/// Errands of one history, at most.
const ERRANDS_MAX: usize = 2;
/// Steps of the courier in an outage: a reply that is tried six times is looked at about twice for each try.
const OUTAGE_STEPS: std::ops::RangeInclusive<usize> = 6..=24;

/// Puts errands among the actions of a history. They are drawn by a chance of their own, so the other actions stay as they are.
pub fn run(profile: &Profile, history: &mut Vec<Action>) {
    let mut rng = StdRng::seed_from_u64(profile.seed.wrapping_mul(0xd134_2543_de82_ef95) ^ 0x0e77_a4d5);
    for _ in 0..rng.random_range(0..=ERRANDS_MAX) {
        let place = rng.random_range(0..=history.len());
        let acts = draw(profile, &mut rng);
        let node = rng.random_range(0..profile.nodes);
        let action = |act| {
            let crash = rng.random_ratio(profile.crashes, 100).then(|| rng.random_range(1..=12));
            Action { node, crash, act }
        };
        let actions: Vec<Action> = acts.into_iter().map(action).collect();
        history.splice(place..place, actions);
    }
}

fn draw(profile: &Profile, rng: &mut StdRng) -> Vec<Act> {
    let outages = if profile.trouble == Trouble::DeadGateway { 0.5 } else { 0.1 };
    if rng.random_bool(outages) {
        return outage(profile, rng);
    }
    let of = Of { who: rng.random_range(0..profile.citizens), days: rng.random_range(1..5), all: profile.citizens };
    let errand = ERRANDS.choose(rng).expect("there is one");
    errand(of)
}

/// Whose errand it is.
#[derive(Clone, Copy)]
struct Of {
    who: usize,
    /// For a day so many days from now.
    days: u64,
    /// Citizens of the history.
    all: usize,
}

impl Of {
    fn says(self, says: Says) -> [Act; 2] {
        [Act::Write { who: self.who, says, held: false }, SEND]
    }

    fn text(self, text: &'static str) -> [Act; 2] {
        self.says(Says::Exactly { text })
    }

    fn texts(self, texts: &[&'static str]) -> Vec<Act> {
        texts.iter().flat_map(|text| self.text(text)).collect()
    }

    /// A form, and its code.
    fn books(self) -> Vec<Act> {
        [self.says(Says::Form { days: self.days }), self.says(Says::Code)].concat()
    }

    fn next(self) -> Self {
        Self { who: (self.who + 1) % self.all, ..self }
    }
}

const SEND: Act = Act::Send { answers: Vec::new() };

fn wait(seconds: i64) -> Vec<Act> {
    vec![Act::Wait { seconds }, Act::Tend, SEND]
}

/// The provider fails for as long as it takes to give a reply up.
fn outage(profile: &Profile, rng: &mut StdRng) -> Vec<Act> {
    let who = rng.random_range(0..profile.citizens);
    let answers = [
        Answer::LostAfter,
        Answer::LostAfter,
        Answer::LostBefore,
        Answer::Passing,
        Answer::Passing,
        Answer::TooFastForOne { seconds: None },
    ];
    let answer = *answers.choose(rng).expect("there is one");
    let steps = rng.random_range(OUTAGE_STEPS);
    let form = Act::Write { who, says: Says::Form { days: 2 }, held: false };
    vec![form, Act::Outage { answer, steps }]
}

const ERRANDS: [fn(Of) -> Vec<Act>; 20] = [
    gives_back,
    gives_back_in_plain_words,
    wants_a_day_that_is_full_back,
    writes_a_day_that_can_be_two,
    changes_the_day,
    asks_for_days_that_are_not_given,
    waits_for_a_seat,
    all_wait_for_a_seat,
    talks_with_an_officer,
    wants_no_messages,
    guesses,
    is_guided,
    leaves_the_guide,
    comes_with_another,
    has_two_bookings,
    sends_a_photo,
    sends_a_photo_that_is_lost,
    is_at_the_office,
    is_reminded,
    did_not_come,
];

fn gives_back(of: Of) -> Vec<Act> {
    [of.books(), of.texts(&["#batal", "ya", "#urung", "#urung", "#batal", "tidak"])].concat()
}

fn gives_back_in_plain_words(of: Of) -> Vec<Act> {
    [of.books(), of.texts(&["batalin aja deh", "ya", "#urung", "min mau pindah hari", "1", "ya"])].concat()
}

/// Somebody takes the place in the meantime, so that it cannot be taken back.
fn wants_a_day_that_is_full_back(of: Of) -> Vec<Act> {
    [of.books(), of.texts(&["#batal", "ya"]), fills(of), of.texts(&["#urung", "ya"])].concat()
}

fn writes_a_day_that_can_be_two(of: Of) -> Vec<Act> {
    of.texts(&["#Rina#12031990#05/08", "1", "#Rina#12031990#5", "2", "#Rina#12031990#Agustus", "terima kasih"])
}

fn changes_the_day(of: Of) -> Vec<Act> {
    let change = |days| of.says(Says::ChangeDay { days }).to_vec();
    let there = change(of.days + 1);
    [of.books(), there.clone(), of.texts(&["ya", "#urung"]), there, of.texts(&["tidak"]), change(of.days), change(90)]
        .concat()
}

fn asks_for_days_that_are_not_given(of: Of) -> Vec<Act> {
    // Of seven days in a row two are a weekend.
    [3, 4, 5, 6, 14, 90, 160].into_iter().flat_map(|days| of.says(Says::Form { days })).collect()
}

/// Everybody wants the same day.
fn fills(of: Of) -> Vec<Act> {
    vec![
        Act::Rush { count: of.all, says: Says::Form { days: of.days } },
        SEND,
        Act::Rush { count: of.all, says: Says::Code },
        SEND,
        Act::Rush { count: of.all, says: Says::Form { days: of.days } },
        SEND,
    ]
}

fn waits_for_a_seat(of: Of) -> Vec<Act> {
    let other = of.next();
    let joins = of.texts(&["#tunggu", "#tunggu", "#status"]);
    let gives_back = other.texts(&["#batal", "ya"]);
    let answers = of.texts(&["tidak", "#tunggu", "ya", "#tunggu batal"]);
    [fills(of), joins, gives_back, wait(10), wait(3_700), answers].concat()
}

fn all_wait_for_a_seat(of: Of) -> Vec<Act> {
    let join = vec![Act::Rush { count: of.all, says: Says::Exactly { text: "#tunggu" } }, SEND];
    let take = vec![Act::Rush { count: of.all, says: Says::Exactly { text: "ya" } }, SEND];
    [fills(of), join, wait(10), wait(3_700), take.clone(), wait(700), take].concat()
}

fn talks_with_an_officer(of: Of) -> Vec<Act> {
    let asks = of.texts(&["#petugas", "Anak saya lahir di luar negeri", "#petugas"]);
    let answered = vec![Act::Ticket { answers: true }, SEND];
    let closed = vec![Act::Ticket { answers: false }, SEND];
    [asks.clone(), answered, of.texts(&["#lanjut"]), asks, closed].concat()
}

fn wants_no_messages(of: Of) -> Vec<Act> {
    of.texts(&["berhenti", "mulai"])
}

fn guesses(of: Of) -> Vec<Act> {
    let form = of.says(Says::Form { days: of.days }).to_vec();
    let guesses = of.texts(&["11111111", "22222222", "33333333", "44444444", "55555555", "66666666"]);
    [form, guesses, of.says(Says::Code).to_vec()].concat()
}

fn is_guided(of: Of) -> Vec<Act> {
    [of.texts(&["mau daftar", "1", "Budi Santoso", "25011987", "1"]), of.says(Says::Code).to_vec()].concat()
}

fn leaves_the_guide(of: Of) -> Vec<Act> {
    of.texts(&["mau daftar", "1", "Siti", "#batal"])
}

fn comes_with_another(of: Of) -> Vec<Act> {
    let form = of.says(Says::FormOnLines { days: of.days }).to_vec();
    [form, of.says(Says::Code).to_vec(), of.texts(&["#batal Agus", "ya", "#batal", "1", "ya", "#batal", "2", "ya"])]
        .concat()
}

fn has_two_bookings(of: Of) -> Vec<Act> {
    let again = Of { days: of.days + 1, ..of };
    [of.books(), again.books(), of.texts(&["#ganti", "1", "#batal", "2", "ya", "#batal ABCD-EFGH", "#ganti ABCD-EFGH"])]
        .concat()
}

fn sends_a_photo(of: Of) -> Vec<Act> {
    let bare = of.says(Says::Picture { days: None }).to_vec();
    let captioned = of.says(Says::Picture { days: Some(of.days) }).to_vec();
    let form = of.says(Says::Form { days: of.days }).to_vec();
    [form, bare.clone(), wait(10), bare, captioned, wait(10)].concat()
}

fn sends_a_photo_that_is_lost(of: Of) -> Vec<Act> {
    let picture = of.says(Says::Picture { days: Some(of.days) }).to_vec();
    let fail = vec![Act::Pictures { fail: true }];
    let tries = [1, 10, 40, 150, 700].into_iter().flat_map(wait).collect();
    [fail, picture, tries, vec![Act::Pictures { fail: false }]].concat()
}

fn is_at_the_office(of: Of) -> Vec<Act> {
    let today = Of { days: 0, ..of };
    let at = |act| Act::Counter { act, of: of.who };
    let comes = vec![at(Counter::Open), at(Counter::Arrive)];
    let served = vec![at(Counter::Call), at(Counter::Came), at(Counter::Finish), at(Counter::Undo)];
    [today.books(), comes, of.texts(&["#status", "#batal", "#ganti"]), served, of.texts(&["#status"])].concat()
}

fn is_reminded(of: Of) -> Vec<Act> {
    let days = [of.books(), wait(36_000), wait(36_000), wait(36_000)].concat();
    [days, of.texts(&["datang", "#status"])].concat()
}

/// Nobody comes twice; after that the reminder has to be answered.
fn did_not_come(of: Of) -> Vec<Act> {
    let day = Of { days: 1, ..of };
    let missed = [day.books(), wait(40_000), wait(40_000), vec![Act::Counter { act: Counter::EndOfDay, of: of.who }]];
    [missed.concat(), missed.concat(), day.books(), wait(40_000), of.texts(&["ya"]), wait(40_000)].concat()
}
