//! The people whom the forms of a batch may be about, at offices that refuse a form of whoever has too many live bookings.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::conversation::{Act, Chat, Choices, GuideMessage, Heard, LastAct, Said};
use crate::domain::booking::{Booking, State};
use crate::domain::office::{Office, OfficeId, PerPerson};
use crate::domain::person::Applicant;
use crate::domain::same_person::Person;
use crate::grammar::{Ask, Command, CommandName, Form, Format, Request};
use crate::storage::OfficePerson;

/// Whether an office looks for the live bookings of the people on its forms.
pub(super) fn looks_for_people(office: &Office) -> bool {
    matches!(office.policy.live_per_person, PerPerson::AtMost(_))
}

/// The live bookings of people, as this transaction knows them.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Offices that look for them.
    offices: BTreeSet<OfficeId>,
    /// Whose bookings are known.
    known: BTreeSet<OfficePerson>,
    bookings: HashMap<i64, Booking>,
    of: BTreeMap<OfficePerson, BTreeSet<i64>>,
}

impl People {
    pub(super) fn of_offices(offices: BTreeSet<OfficeId>) -> Self {
        Self { offices, ..Self::default() }
    }

    /// Which of these people have not been looked for yet.
    pub(super) fn unknown(&self, people: &BTreeSet<OfficePerson>) -> BTreeSet<OfficePerson> {
        people.difference(&self.known).cloned().collect()
    }

    /// Enters what the database knows of these people. What this transaction has changed since is newer.
    pub(super) fn enter(&mut self, people: BTreeSet<OfficePerson>, found: Vec<Booking>) {
        self.known.extend(people);
        for booking in found {
            if !self.bookings.contains_key(&booking.id) {
                self.keep(booking);
            }
        }
    }

    /// Notes a booking that was made or changed.
    pub(super) fn note(&mut self, booking: &Booking) {
        if self.offices.contains(&booking.office) {
            self.keep(booking.clone());
        }
    }

    fn keep(&mut self, booking: Booking) {
        for person in Person::all(&booking.applicant) {
            let person = OfficePerson { office: booking.office.clone(), person: person.key() };
            self.of.entry(person).or_default().insert(booking.id);
        }
        self.bookings.insert(booking.id, booking);
    }

    /// The bookings of these people.
    pub(super) fn bookings(&self, people: &BTreeSet<OfficePerson>) -> Vec<Booking> {
        let ids: BTreeSet<i64> = people.iter().filter_map(|one| self.of.get(one)).flatten().copied().collect();
        ids.iter().filter_map(|id| self.bookings.get(id)).cloned().collect()
    }
}

/// Everybody on the forms that a message may lead to by itself.
pub(super) fn on_forms(office: &Office, said: &Said) -> BTreeSet<OfficePerson> {
    let mut people = BTreeSet::new();
    if looks_for_people(office)
        && let Said::Text(request) | Said::Picture { caption: Some(request), .. } = said
    {
        of_request(office, request, &mut people);
    }
    people
}

/// Everybody on the forms that a message may lead to, by what was said before: the form of a question that it answers, the hold
/// of a code that comes late.
pub(super) fn on_earlier_forms(
    office: &Office,
    said: &Said,
    chat: &Chat,
    bookings: &[Booking],
) -> BTreeSet<OfficePerson> {
    let mut people = BTreeSet::new();
    let (Said::Text(request) | Said::Picture { caption: Some(request), .. }) = said else { return people };
    if !looks_for_people(office) || matches!(request, Request::Form(_)) {
        return people;
    }
    match chat.question.as_ref().map(|question| &question.asked) {
        Some(Choices::Form { forms, .. }) => {
            for form in forms {
                of_applicant(office, &form.applicant, &mut people);
            }
        }
        Some(Choices::Day { ask, .. }) => of_ask(office, ask, &mut people),
        Some(
            Choices::Cancel(_)
            | Choices::GiveUp { .. }
            | Choices::Restore { .. }
            | Choices::Reminder { .. }
            | Choices::NewDay { .. }
            | Choices::Move { .. }
            | Choices::Opening { .. }
            | Choices::Wait { .. }
            | Choices::Guide(_),
        )
        | None => {}
    }
    // Whoever waits with a form is judged by the limits when they join.
    if let (Request::Wait(_), Some(Choices::Wait { form })) = (request, chat.question.as_ref().map(|open| &open.asked))
    {
        of_applicant(office, &form.applicant, &mut people);
    }
    if let Request::Digits(_) = request {
        for lapsed in bookings.iter().filter(|booking| booking.state == State::Expired) {
            of_applicant(office, &lapsed.applicant, &mut people);
        }
    }
    // What was cancelled or changed may come back: `#urung`, or `ya` to another hour for it.
    if let Request::Command(Command { name: CommandName::Urung | CommandName::Ya, .. }) = request {
        for cancelled in bookings.iter().filter(|booking| booking.state == State::Cancelled) {
            of_applicant(office, &cancelled.applicant, &mut people);
        }
        if let Some(LastAct { act: Act::Changed(change), .. }) = &chat.last_act {
            let applicant = bookings.iter().find(|booking| booking.id == change.booking).map(|found| &found.applicant);
            if let Some(applicant) = change.people.as_ref().or(applicant) {
                of_applicant(office, applicant, &mut people);
            }
        }
    }
    people
}

/// Everybody on the form that a message completes as an answer of the guided dialogue.
pub(super) fn on_guided_form(
    formats: &[&Format],
    office: &Office,
    heard: &Heard,
    text: Option<&str>,
    chat: &Chat,
) -> BTreeSet<OfficePerson> {
    let mut people = BTreeSet::new();
    let question = chat.question.as_ref().map(|question| &question.asked);
    if let (Some(Choices::Guide(guide)), Said::Text(request), Some(text)) = (question, &heard.said, text) {
        let sent_on = office.date_at(heard.sent_at);
        if let Some(form) = guide.completed_by(GuideMessage { formats, request, text, sent_on }) {
            of_applicant(office, &form.applicant, &mut people);
        }
    }
    people
}

/// Everybody on an applicant's form; nobody where the office does not look for them, or there is none.
pub(super) fn on_applicant(office: &Office, applicant: Option<&Applicant>) -> BTreeSet<OfficePerson> {
    let mut people = BTreeSet::new();
    if let Some(applicant) = applicant.filter(|_| looks_for_people(office)) {
        of_applicant(office, applicant, &mut people);
    }
    people
}

fn of_request(office: &Office, request: &Request, people: &mut BTreeSet<OfficePerson>) {
    match request {
        Request::Form(Form { applicant, .. }) => of_applicant(office, applicant, people),
        Request::Ask(ask) => of_ask(office, ask, people),
        Request::Misread(misread) => {
            if let Some(suggestion) = &misread.suggestion {
                of_applicant(office, &suggestion.form.applicant, people);
            }
        }
        _ => {}
    }
}

fn of_ask(office: &Office, ask: &Ask, people: &mut BTreeSet<OfficePerson>) {
    for choice in &ask.choices {
        of_applicant(office, &choice.form.applicant, people);
        if let Some(next) = &choice.then {
            of_ask(office, next, people);
        }
    }
}

fn of_applicant(office: &Office, applicant: &Applicant, people: &mut BTreeSet<OfficePerson>) {
    people
        .extend(Person::all(applicant).map(|person| OfficePerson { office: office.id.clone(), person: person.key() }));
}
