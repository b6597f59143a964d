//! Plays one story and notes where the replies differ from it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::super::story::edit::{Edit, statement};
use super::super::story::model::{Action, Body, Expect, ExpectedReply, Message, SentAt, Speaker, Step, Story, Wait};
use super::super::story::pattern::Pattern;
use super::super::story::segment::{Captures, fill};
use super::harness::{Harness, PlayError, SentReply, Setup};
use super::people::{People, Person, in_words};
use crate::domain::message::{Contact, Content, Inbound};
use crate::domain::office::OfficeId;

/// The office of a story that names none.
pub const OFFICE_DEFAULT: &str = "bogor";

/// When a story begins that does not say so: 1 August 2017, 09.00 at the office, a Tuesday.
pub fn clock_default() -> (NaiveDate, NaiveTime) {
    let date = NaiveDate::from_ymd_opt(2017, 8, 1).unwrap_or(NaiveDate::MIN);
    (date, NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN))
}

/// Where story and antrean differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line of the story, counted from 1.
    pub line: usize,
    /// What it is about, in one sentence.
    pub about: String,
    /// What the story expects; empty where it expects nothing.
    pub expected: String,
    /// What antrean answered, as the story would have to say it; empty where it said nothing.
    pub got: String,
    /// The edit that makes the story agree, where rewriting a reply does.
    pub edit: Option<Edit>,
}

/// Plays a story. Returns all differences, none when it passes.
///
/// # Errors
/// [`PlayError`] when the story could not be played to its end.
pub async fn play(story: &Story, setup: Setup<'_>) -> Result<Vec<Difference>, PlayError> {
    let mut player = Player::enter(story, setup).await?;
    for step in &story.steps {
        player.step(step).await?;
        player.line_end = step.lines.end;
    }
    player.leave().await
}

struct Player {
    harness: Harness,
    office: OfficeId,
    people: People,
    captures: Captures,
    /// Codes that members of a crowd were given, each their own.
    own: BTreeMap<Contact, Captures>,
    /// Replies that the story has not mentioned yet.
    waiting: BTreeMap<Contact, VecDeque<SentReply>>,
    /// Who wrote last.
    last: Option<Speaker>,
    /// Members of a crowd whose reply the story has named since the last message.
    named: BTreeSet<Contact>,
    /// The last bodies, for `redeliver`.
    bodies: Vec<Vec<Inbound>>,
    messages: u32,
    differences: Vec<Difference>,
    /// The line after the last step.
    line_end: usize,
}

impl Player {
    /// Builds the harness by what stands before the first message: office, clock, seed and rules.
    async fn enter(story: &Story, mut setup: Setup<'_>) -> Result<Self, PlayError> {
        let default = OfficeId::read(OFFICE_DEFAULT).map_err(|error| PlayError::Story(1, error.to_string()))?;
        let mut office = None;
        let (date, time) = clock_default();
        let mut start = date.and_time(time);
        for step in story.steps.iter().take_while(|step| is_setting(&step.action)) {
            let line = step.lines.start;
            match &step.action {
                Action::Office(id) => office = Some(id.clone()),
                Action::Clock(moment) => start = *moment,
                Action::Seed(seed) => setup.seed = *seed,
                Action::Notices => setup.notices = true,
                Action::Uploads => setup.send_photos_by_page(),
                Action::Set { key, value } => {
                    let id = office.as_ref().unwrap_or(&default);
                    setup.set(id, key, value).map_err(|message| PlayError::Story(line, message))?;
                }
                _ => {}
            }
        }
        let office = office.unwrap_or(default);
        let harness = Harness::open(setup, &office, start).await?;
        Ok(Self {
            harness,
            office,
            people: People::default(),
            captures: Captures::new(),
            own: BTreeMap::new(),
            waiting: BTreeMap::new(),
            last: None,
            named: BTreeSet::new(),
            bodies: Vec::new(),
            messages: 0,
            differences: Vec::new(),
            line_end: 1,
        })
    }

    async fn step(&mut self, step: &Step) -> Result<(), PlayError> {
        let line = step.lines.start;
        if !matches!(step.action, Action::Expect(_)) {
            self.note_unmentioned();
        }
        match &step.action {
            Action::Expect(expect) => self.expect(&step.lines, expect),
            Action::Send(message) => {
                let people = self.people.of(&message.who);
                let bodies: Vec<Vec<Inbound>> = people
                    .iter()
                    .filter_map(|person| self.inbound(line, person, message))
                    .map(|one| vec![one])
                    .collect();
                self.last = Some(message.who.clone());
                self.deliver(bodies).await?;
            }
            Action::Batch(messages) => {
                let mut body = Vec::new();
                for message in messages {
                    let people = self.people.of(&message.who);
                    body.extend(people.iter().filter_map(|person| self.inbound(line, person, message)));
                    self.last = Some(message.who.clone());
                }
                self.deliver(vec![body]).await?;
            }
            Action::Redeliver(times) => {
                for _ in 0..*times {
                    self.harness.serve(self.bodies.clone()).await?;
                }
                self.settle().await?;
            }
            Action::Import { remedy, key, value } => {
                let imported = self.harness.import(&self.office, key, value, *remedy).await?;
                imported.map_err(|message| PlayError::Story(line, message))?;
                self.settle().await?;
            }
            Action::Wait(wait) => self.wait(line, *wait).await?,
            Action::FailSend(fault) => self.harness.fail_send(*fault),
            Action::FailFetch(fault) => self.harness.fail_fetch(*fault),
            Action::MendFetch => self.harness.mend_fetch(),
            Action::Officer { who, answer } => {
                for person in self.people.of(who) {
                    self.harness.officer(line, &person.contact, answer.as_deref()).await?;
                }
                self.settle().await?;
            }
            Action::Office(id) => self.office = id.clone(),
            // Those at the beginning have been played by `enter`.
            Action::Seed(_) | Action::Clock(_) | Action::Notices | Action::Uploads | Action::Set { .. }
                if self.messages > 0 =>
            {
                let message =
                    "`seed`, `clock`, `notices`, `uploads` and `set` stand before the first message".to_owned();
                return Err(PlayError::Story(line, message));
            }
            Action::Seed(_) | Action::Clock(_) | Action::Notices | Action::Uploads | Action::Set { .. } => {}
        }
        Ok(())
    }

    /// One message as the gateway would read it; `None` when a code in it is unknown, which is noted.
    fn inbound(&mut self, line: usize, person: &Person, message: &Message) -> Option<Inbound> {
        let now = self.harness.now();
        let zone = self.harness.zone(&self.office);
        let sent_at = match message.sent {
            None => now,
            Some(SentAt::On(moment)) => zone.instant(moment),
            Some(SentAt::Today(time)) => zone.instant(zone.local(now).date().and_time(time)),
        };
        self.messages += 1;
        let captures = self.captures_of(person);
        let filled = match &message.body {
            Body::Text(text) => fill(text, &captures).map(Content::Text),
            Body::Image(caption) => {
                let caption = caption.as_deref().map(|text| fill(text, &captures)).transpose();
                caption.map(|caption| Content::Picture { attachment: self.harness.picture(self.messages), caption })
            }
            Body::Edited(text) => fill(text, &captures).map(Content::Edited),
            Body::Other(kind) => Ok(Content::Other(*kind)),
        };
        match filled {
            Ok(content) => Some(Harness::inbound(&self.office, &person.contact, self.messages, sent_at, content)),
            Err(unfilled) => {
                self.note(line, format!("{} cannot send this: {unfilled}", person.name));
                None
            }
        }
    }

    fn captures_of(&self, person: &Person) -> Captures {
        let mut captures = self.captures.clone();
        if let Some(own) = self.own.get(&person.contact) {
            captures.extend(own.clone());
        }
        if let Some(number) = person.number {
            captures.insert("n".to_owned(), in_words(number));
        }
        captures
    }

    async fn deliver(&mut self, bodies: Vec<Vec<Inbound>>) -> Result<(), PlayError> {
        self.named.clear();
        self.bodies.clone_from(&bodies);
        self.harness.serve(bodies).await?;
        self.settle().await.map(|_| ())
    }

    /// Lets courier and caretaker work until nothing is due. Returns when something is due next.
    async fn settle(&mut self) -> Result<Option<DateTime<Utc>>, PlayError> {
        let next = self.harness.settle().await?;
        for answer in self.harness.replies() {
            self.waiting.entry(answer.contact.clone()).or_default().push_back(answer);
        }
        Ok(next)
    }

    /// Moves from deadline to deadline, never past one that is due on the way.
    async fn wait(&mut self, line: usize, wait: Wait) -> Result<(), PlayError> {
        let now = self.harness.now();
        let until = match wait {
            Wait::For(long) => now + long,
            Wait::Until(moment) => self.harness.zone(&self.office).instant(moment),
        };
        if until < now {
            return Err(PlayError::Story(line, "the clock never goes back".to_owned()));
        }
        loop {
            let due = self.settle().await?.filter(|&due| due < until);
            self.harness.move_to(due.unwrap_or(until));
            if due.is_none() {
                self.settle().await?;
                return Ok(());
            }
        }
    }

    fn expect(&mut self, lines: &Range<usize>, expect: &Expect) {
        let Some(who) = expect.who.clone().or_else(|| self.last.clone()) else {
            self.note(lines.start, "nobody has spoken yet".to_owned());
            return;
        };
        let people: Vec<Person> = match &who {
            Speaker::Crowd { .. } => {
                let all = self.people.of(&who).into_iter();
                all.filter(|person| !self.named.contains(&person.contact)).collect()
            }
            _ => self.people.of(&who),
        };
        let mut agreed = expect.reply.clone();
        let mut first: Option<Difference> = None;
        for person in &people {
            if !matches!(who, Speaker::Crowd { .. }) {
                self.named.insert(person.contact.clone());
            }
            let answer = self.waiting.get_mut(&person.contact).and_then(VecDeque::pop_front);
            if let Some(wrong) = self.compare(lines.start, person, expect.reply.as_ref(), answer.as_ref()) {
                agreed = answer.map(|answer| self.agree(person, agreed, &answer, first.is_some()));
                first.get_or_insert(wrong);
            }
        }
        if let Some(mut difference) = first {
            difference.got = agreed.as_ref().map(ExpectedReply::to_string).unwrap_or_default();
            let with = statement(expect.who.as_ref(), agreed.as_ref());
            difference.edit = Some(Edit { lines: lines.clone(), with });
            self.differences.push(difference);
        }
    }

    /// Compares one answer with the story; keeps the codes that it shows.
    fn compare(
        &mut self,
        line: usize,
        person: &Person,
        expected: Option<&ExpectedReply>,
        answer: Option<&SentReply>,
    ) -> Option<Difference> {
        let name = &person.name;
        let captures = self.captures_of(person);
        let about = match (expected, answer) {
            (None, None) => return None,
            (None, Some(_)) => format!("{name} should get no answer, and got one"),
            (Some(_), None) => format!("{name} should get an answer, and got none"),
            (Some(expected), Some(answer)) => {
                let matched = expected.pattern.matches(&answer.text, &captures);
                if let Some(seen) = matched {
                    self.keep(person, seen);
                    match (expected.qr, answer.has_picture()) {
                        (true, false) => format!("the answer to {name} should come with a QR picture"),
                        (false, true) => format!("the answer to {name} should come without a picture"),
                        _ => {
                            match answer.picture_problem().filter(|_| person.number.is_none_or(|number| number == 1)) {
                                Some(problem) => format!("the answer to {name}: {problem}"),
                                None => return None,
                            }
                        }
                    }
                } else {
                    format!("the answer to {name} differs")
                }
            }
        };
        let expected = expected.map(ExpectedReply::to_string).unwrap_or_default();
        Some(Difference { line, about, expected, got: String::new(), edit: None })
    }

    /// The reply that the story would have to expect, so that this answer fits too. Among a crowd whose first
    /// answer has been agreed on, the lines that differ are `widened`.
    fn agree(
        &mut self,
        person: &Person,
        old: Option<ExpectedReply>,
        answer: &SentReply,
        widened: bool,
    ) -> ExpectedReply {
        let captures = self.captures_of(person);
        let old = old.map_or_else(|| Pattern::read(""), |reply| reply.pattern);
        let fits = old.matches(&answer.text, &captures).is_some();
        let pattern = if widened && !fits { old.widened(&answer.text) } else { old.blessed(&answer.text, &captures) };
        if let Some(seen) = pattern.matches(&answer.text, &captures) {
            self.keep(person, seen);
        }
        ExpectedReply { qr: answer.has_picture(), pattern }
    }

    /// Keeps the codes that an answer showed; a code of one person is nobody else's.
    fn keep(&mut self, person: &Person, mut seen: Captures) {
        let others = self.own.iter().filter(|(contact, _)| **contact != person.contact);
        let taken = others.flat_map(|(_, codes)| codes.values()).any(|code| seen.values().any(|new| new == code));
        if taken {
            self.note(self.line_end, format!("{} was given the code of somebody else", person.name));
        }
        if person.number.is_some() {
            seen.remove("n");
            seen.retain(|name, _| !self.captures.contains_key(name));
            self.own.entry(person.contact.clone()).or_default().extend(seen);
        } else {
            self.captures.extend(seen);
        }
    }

    /// Notes the replies that the story does not mention.
    fn note_unmentioned(&mut self) {
        let waiting = std::mem::take(&mut self.waiting).into_iter();
        let answers: Vec<(Person, SentReply)> = waiting
            .flat_map(|(contact, answers)| answers.into_iter().map(move |answer| (contact.clone(), answer)))
            .filter_map(|(contact, answer)| Some((self.people.owner(&contact)?, answer)))
            .collect();
        let last = self.last.clone();
        let spoke = last.as_ref().map(|last| self.people.of(last)).unwrap_or_default();
        if answers.len() > 1 && spoke.len() > 1 && answers.iter().all(|(person, _)| spoke.contains(person)) {
            let agreed = answers.iter().fold(None, |agreed: Option<ExpectedReply>, (person, answer)| {
                let widened = agreed.is_some();
                Some(self.agree(person, agreed, answer, widened))
            });
            self.note_extra("the crowd", None, agreed.as_ref());
            return;
        }
        for (person, answer) in answers {
            let reply = self.agree(&person, None, &answer, false);
            let who = (!spoke.contains(&person) || spoke.len() > 1).then(|| person.speaker());
            self.note_extra(&person.name, who.as_ref(), Some(&reply));
        }
    }

    fn note_extra(&mut self, name: &str, who: Option<&Speaker>, reply: Option<&ExpectedReply>) {
        self.differences.push(Difference {
            line: self.line_end.saturating_sub(1).max(1),
            about: format!("the story does not speak of this answer to {name}"),
            expected: String::new(),
            got: reply.map(ExpectedReply::to_string).unwrap_or_default(),
            edit: Some(Edit { lines: self.line_end..self.line_end, with: statement(who, reply) }),
        });
    }

    fn note(&mut self, line: usize, about: String) {
        let nothing = String::new;
        self.differences.push(Difference { line, about, expected: nothing(), got: nothing(), edit: None });
    }

    /// Ends the story: every seat belongs to a live booking, and nothing is left to send.
    async fn leave(mut self) -> Result<Vec<Difference>, PlayError> {
        self.note_unmentioned();
        for finding in self.harness.audit().await? {
            self.note(self.line_end.saturating_sub(1).max(1), finding);
        }
        self.harness.close().await;
        Ok(self.differences)
    }
}

fn is_setting(action: &Action) -> bool {
    matches!(
        action,
        Action::Office(_) | Action::Seed(_) | Action::Clock(_) | Action::Notices | Action::Uploads | Action::Set { .. }
    )
}
