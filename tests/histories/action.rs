//! What can happen in a history. Everything that chance decides is drawn beforehand and stands in the action, so that a history of
//! fewer actions is one too; what an action refers to (a code, a reply, a message) is looked up when it happens, and it does nothing
//! where there is none.

use antrean::domain::displaced::Remedy;
use antrean::domain::message::Delivery;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::errands;
use super::profile::{Profile, Trouble};

/// One action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The node that it happens on.
    pub node: usize,
    /// The node dies at this point of it, or at its end where it has fewer.
    pub crash: Option<u32>,
    pub act: Act,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A citizen writes; the webhook comes now, or is held back by the provider.
    Write { who: usize, says: Says, held: bool },
    /// So many citizens write at once, each in a webhook of their own.
    Rush { count: usize, says: Says },
    /// The provider delivers so many of the webhooks that it held back, or that were not acknowledged.
    Deliver { count: usize, reversed: bool },
    /// The provider delivers acknowledged webhooks once more, the last ones or earlier ones.
    Repeat { back: usize, count: usize },
    /// The provider reports how far a message has come that it took.
    Report { back: usize, delivery: Delivery, by_tracker: bool, held: bool },
    /// The courier sends what is due; the provider answers the sends in this order, and then as its line does.
    Send { answers: Vec<Answer> },
    /// From now on the provider answers like this where nothing else is said.
    Line { answer: Answer },
    /// The provider answers like this while the courier makes so many steps, each when something is due.
    Outage { answer: Answer, steps: usize },
    /// From now on pictures can, or cannot, be fetched.
    Pictures { fail: bool },
    /// The caretaker does what is due.
    Tend,
    /// Time passes.
    Wait { seconds: i64 },
    /// An officer does something at a counter.
    Counter { act: Counter, of: usize },
    /// An officer answers the oldest open ticket, or ends it.
    Ticket { answers: bool },
    /// An officer closes a day.
    Close { days: u64, remedy: Remedy },
    /// From now on the disk refuses writes, or takes them again.
    Disk { fails: bool },
    /// From now on the clock of the node is so many seconds ahead.
    Clock { ahead: i64 },
}

/// What an officer does at counter 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    Open,
    Arrive,
    WalkIn,
    Call,
    Came,
    Recall,
    Missed,
    Park,
    Finish,
    Undo,
    Shut,
    EndOfDay,
}

impl Counter {
    pub const ALL: [Self; 12] = [
        Self::Open,
        Self::Arrive,
        Self::WalkIn,
        Self::Call,
        Self::Came,
        Self::Recall,
        Self::Missed,
        Self::Park,
        Self::Finish,
        Self::Undo,
        Self::Shut,
        Self::EndOfDay,
    ];
}

/// How the provider answers a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It takes the message.
    Accepted,
    /// It takes the message, and its answer is lost.
    LostAfter,
    /// The request is lost, which looks the same.
    LostBefore,
    /// A passing fault: HTTP 503.
    Passing,
    /// Too fast for the channel, with or without a number of seconds.
    TooFast { seconds: Option<u64> },
    /// Too fast for this citizen.
    TooFastForOne { seconds: Option<u64> },
    /// Never.
    Refused,
    /// The citizen has blocked the channel.
    OptedOut,
    /// The window for free replies is closed.
    Closed,
    /// The channel's token is wrong.
    Broken,
}

/// What a citizen sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// A form for so many days from now.
    Form { days: u64 },
    /// A form for two people.
    FormOfTwo { days: u64 },
    /// A form for two people, one on each line.
    FormOnLines { days: u64 },
    /// These words.
    Exactly { text: &'static str },
    /// A form with a mistake, counted through [`super::texts::BROKEN`].
    Broken { which: usize },
    /// The approval code that they were sent last.
    Code,
    /// Eight digits that are nobody's code.
    WrongCode,
    /// The code of somebody else.
    CodeOf { who: usize },
    /// Their number on a list.
    Digit { number: u8 },
    /// One of the texts that people send: [`super::texts::TALK`].
    Talk { which: usize },
    /// `#ganti` with a day so many days from now.
    ChangeDay { days: u64 },
    /// `#batal` with their booking code.
    CancelByCode,
    /// A picture, with their form below it or without.
    Picture { days: Option<u64> },
    /// Something that is no text: [`super::texts::OTHERS`].
    Other { which: usize },
    /// An earlier form, changed after sending.
    Edited { days: u64 },
    /// The last reply, sent back.
    Mirror,
}

/// Kinds of action with their weights.
type Weights = [(Kind, u32); 15];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Write,
    Rush,
    Deliver,
    Repeat,
    Report,
    Send,
    Line,
    Pictures,
    Tend,
    Wait,
    Counter,
    Ticket,
    Close,
    Disk,
    Clock,
}

fn weights(trouble: Trouble) -> Weights {
    let of = |is: bool, weight| if is { weight } else { 0 };
    [
        (Kind::Write, 34),
        (Kind::Rush, if trouble == Trouble::Rush { 12 } else { 1 }),
        (Kind::Deliver, 6),
        (Kind::Repeat, 4),
        (Kind::Report, 8),
        (Kind::Send, 16),
        (Kind::Line, if trouble == Trouble::DeadGateway { 6 } else { 0 }),
        (Kind::Pictures, 1),
        (Kind::Tend, 8),
        (Kind::Wait, 10),
        (Kind::Counter, 8),
        (Kind::Ticket, 2),
        (Kind::Close, 1),
        (Kind::Disk, of(trouble == Trouble::BadDisk, 8)),
        (Kind::Clock, of(trouble == Trouble::SkewedClock, 5)),
    ]
}

/// The history that a profile's seed draws.
pub fn draw(profile: &Profile) -> Vec<Action> {
    let mut rng = StdRng::seed_from_u64(profile.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut history = (0..profile.actions).map(|_| one(profile, &mut rng)).collect();
    errands::run(profile, &mut history);
    history
}

fn one(profile: &Profile, rng: &mut StdRng) -> Action {
    let node = rng.random_range(0..profile.nodes);
    let crash = rng.random_ratio(profile.crashes, 100).then(|| rng.random_range(1..=12));
    let weights = weights(profile.trouble);
    let (kind, _) = weights.choose_weighted(rng, |(_, weight)| *weight).expect("some weigh something");
    Action { node, crash, act: act(*kind, profile, rng) }
}

fn act(kind: Kind, profile: &Profile, rng: &mut StdRng) -> Act {
    let who = rng.random_range(0..profile.citizens);
    match kind {
        Kind::Write => Act::Write { who, says: says(profile, rng), held: rng.random_bool(0.15) },
        Kind::Rush => Act::Rush { count: rng.random_range(2..=profile.citizens), says: says(profile, rng) },
        Kind::Deliver => Act::Deliver { count: rng.random_range(1..=4), reversed: rng.random() },
        Kind::Repeat => Act::Repeat { back: rng.random_range(0..6), count: rng.random_range(1..=2) },
        Kind::Report => Act::Report {
            back: rng.random_range(0..5),
            delivery: *[Delivery::Sent, Delivery::Delivered, Delivery::Delivered, Delivery::Read, Delivery::Failed]
                .choose(rng)
                .expect("there is one"),
            by_tracker: rng.random(),
            held: rng.random_bool(0.3),
        },
        Kind::Send => {
            let faulty = if profile.trouble == Trouble::Calm { 0.05 } else { 0.3 };
            Act::Send {
                answers: (0..rng.random_range(0..4))
                    .map(|_| if rng.random_bool(faulty) { answer(rng) } else { Answer::Accepted })
                    .collect(),
            }
        }
        Kind::Line => Act::Line { answer: if rng.random() { answer(rng) } else { Answer::Accepted } },
        Kind::Pictures => Act::Pictures { fail: rng.random() },
        Kind::Tend => Act::Tend,
        Kind::Wait => Act::Wait { seconds: *WAITS.choose(rng).expect("there is one") },
        Kind::Counter => Act::Counter { act: *Counter::ALL.choose(rng).expect("there is one"), of: who },
        Kind::Ticket => Act::Ticket { answers: rng.random_bool(0.7) },
        Kind::Close => {
            Act::Close { days: rng.random_range(0..4), remedy: *Remedy::ALL.choose(rng).expect("there is one") }
        }
        Kind::Disk => Act::Disk { fails: rng.random() },
        Kind::Clock => Act::Clock { ahead: *[0, 0, 1, -1, 90, -90, 3_600, 86_400].choose(rng).expect("there is one") },
    }
}

/// Seconds that pass at once: some of each deadline of the program.
const WAITS: [i64; 10] = [1, 5, 30, 70, 200, 310, 700, 2_000, 7_200, 40_000];

fn answer(rng: &mut StdRng) -> Answer {
    let seconds = rng.random_bool(0.5).then(|| rng.random_range(1..100));
    let answers = [
        Answer::LostAfter,
        Answer::LostAfter,
        Answer::LostBefore,
        Answer::Passing,
        Answer::Passing,
        Answer::Passing,
        Answer::TooFast { seconds },
        Answer::TooFastForOne { seconds },
        Answer::Refused,
        Answer::OptedOut,
        Answer::Closed,
        Answer::Broken,
    ];
    *answers.choose(rng).expect("there is one")
}

fn says(profile: &Profile, rng: &mut StdRng) -> Says {
    let days = rng.random_range(0..5);
    match rng.random_range(0..100) {
        0..30 => Says::Form { days },
        30..33 => Says::FormOfTwo { days },
        33..38 => Says::Broken { which: rng.random_range(0..100) },
        38..56 => Says::Code,
        56..59 => Says::WrongCode,
        59..61 => Says::CodeOf { who: rng.random_range(0..profile.citizens) },
        61..65 => Says::Digit { number: rng.random_range(0..4) },
        65..84 => Says::Talk { which: rng.random_range(0..100) },
        84..88 => Says::ChangeDay { days },
        88..90 => Says::CancelByCode,
        90..94 => Says::Picture { days: rng.random_bool(0.5).then_some(days) },
        94..96 => Says::Other { which: rng.random_range(0..100) },
        96..98 => Says::Edited { days },
        _ => Says::Mirror,
    }
}
