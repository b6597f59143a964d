//! Reads messages by the formats of their office, before anything is locked.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use crate::conversation::{Heard, Said};
use crate::domain::fingerprint;
use crate::domain::message::{Content, Inbound};
use crate::domain::office::{Office, OfficeId};
use crate::grammar::{self, Format, Reading, Topics};
use crate::roster::Roster;

/// A message, read before it is queued: reading needs no order, and would take the lane's time.
#[derive(Debug, Clone)]
pub(super) struct ReadMessage {
    /// The message.
    pub(super) inbound: Inbound,
    /// What it says by the formats of `roster`; `None` where reading it panicked: the batch reads it again, and sets it aside.
    pub(super) heard: Option<Heard>,
    /// The offices and formats that it was read by.
    pub(super) roster: Arc<Roster>,
}

impl ReadMessage {
    /// Reads it; a panic while reading is left to the batch.
    pub(super) fn read(roster: Arc<Roster>, office: &OfficeId, inbound: Inbound) -> Self {
        let reading = AssertUnwindSafe(|| roster.offices.get(office).map(|office| heard(&roster, office, &inbound)));
        let heard = std::panic::catch_unwind(reading).unwrap_or_default();
        Self { inbound, heard, roster }
    }
}

/// Whether a text has an empty line in it.
fn has_paragraphs(content: &Content) -> bool {
    let (Content::Text(text) | Content::Picture { caption: Some(text), .. }) = content else { return false };
    let mut lines = text.trim().lines();
    lines.any(|line| line.trim().is_empty())
}

/// A fingerprint of the text of a message, which recognises a repetition without keeping the text.
fn fingerprint(content: &Content) -> Option<u64> {
    let (Content::Text(text) | Content::Picture { caption: Some(text), .. }) = content else { return None };
    Some(fingerprint::of(text.trim()))
}

/// Reads a message by its office's formats.
pub(super) fn heard(roster: &Roster, office: &Office, inbound: &Inbound) -> Heard {
    heard_by(&roster.formats_of(office), office, inbound)
}

/// Reads a message by these formats.
pub(super) fn heard_by(formats: &[&Format], office: &Office, inbound: &Inbound) -> Heard {
    let (said, topics) = said(formats, office, inbound);
    let (text, has_paragraphs) = (fingerprint(&inbound.content), has_paragraphs(&inbound.content));
    Heard { sent_at: inbound.sent_at, text, has_paragraphs, said, topics }
}

/// What a message says and asks, by its office's formats.
fn said(formats: &[&Format], office: &Office, inbound: &Inbound) -> (Said, Topics) {
    let read = |text: &str| grammar::reading(formats, text, office.date_at(inbound.sent_at));
    match &inbound.content {
        Content::Text(text) => {
            let Reading { request, topics } = read(text);
            (Said::Text(request), topics)
        }
        Content::Picture { attachment, caption } => {
            let caption = caption.as_deref().filter(|text| !text.trim().is_empty()).map(read);
            let (caption, topics) = caption.map(|Reading { request, topics }| (request, topics)).unzip();
            (Said::Picture { attachment: attachment.clone(), caption }, topics.unwrap_or_default())
        }
        Content::Edited(text) => {
            let Reading { request, topics } = read(text);
            (Said::Edited(request), topics)
        }
        Content::Other(kind) => (Said::Other(*kind), Topics::default()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration, Utc};
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::conversation::{Answer, Chat, Outcome, REPLIES_MAX, Randomness, SAME_QUESTION_MAX, Snapshot, decide};
    use crate::domain::message::{ChannelId, Contact, MessageId};
    use crate::domain::seats::Seats;
    use crate::grammar::Topic;
    use crate::reply::{self, Scene};

    /// An office that answers, without a database; every day is empty.
    struct Bot {
        roster: Arc<Roster>,
        office: Arc<Office>,
        chat: Chat,
        contact: Contact,
        gateway: &'static str,
        rng: StdRng,
    }

    impl Bot {
        fn of(office: &str) -> Self {
            let roster = Arc::new(Roster::shipped().unwrap());
            let office = Arc::clone(roster.offices.get(&OfficeId::read(office).unwrap()).unwrap());
            let contact = Contact::new("6281200000001");
            Self { roster, office, chat: Chat::default(), contact, gateway: "tape", rng: StdRng::seed_from_u64(7) }
        }

        /// What it makes of a text, and its reply in words.
        fn hear(&mut self, text: &str, now: DateTime<Utc>) -> Option<(Outcome, String)> {
            let channel = ChannelId::new(self.gateway, "uji");
            let inbound = Inbound {
                channel: channel.clone(),
                also: Vec::new(),
                id: MessageId::new("1"),
                contact: self.contact.clone(),
                sent_at: now,
                content: Content::Text(text.to_owned()),
            };
            let heard = heard(&self.roster, &self.office, &inbound);
            let mut seats = Seats::default();
            for day in self.office.date_at(now).iter_days().take(200) {
                seats.mark_loaded(day);
            }
            let formats = self.roster.formats_of(&self.office);
            let snapshot = Snapshot {
                formats: &formats,
                text: Some(text),
                office: &self.office,
                calendar: &self.roster.calendar,
                wants_photo: false,
                channel: &channel,
                contact: &self.contact,
                chat: &self.chat,
                bookings: &[],
                visits: &[],
                of_people: &[],
                no_shows: 0,
                replies_max: REPLIES_MAX,
                waiting: None,
                now,
            };
            let mut next_id = || 1;
            let randomness = Randomness { rng: &mut self.rng, next_id: &mut next_id };
            let decision = decide(&snapshot, &mut seats, &heard, randomness).unwrap();
            self.chat = decision.chat;
            let outcome = decision.outcome?;
            let scene = Scene {
                office: &self.office,
                formats: &self.roster.formats_of(&self.office),
                calendar: &self.roster.calendar,
                contact: &self.contact,
                lang: self.chat.lang,
                now,
                pause_until: decision.pause_until,
                turn_links: None,
                upload: None,
                tells_privacy: false,
            };
            let text = reply::write(&scene, &outcome).text;
            Some((outcome, text))
        }
    }

    fn now() -> DateTime<Utc> {
        "2017-08-01T02:00:00Z".parse().unwrap()
    }

    /// The labelled questions, each with its topics.
    fn questions() -> impl Iterator<Item = (&'static str, String)> {
        let lines = include_str!("../../fixtures/topics/questions.tsv").lines();
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("# "));
        lines.filter_map(|line| line.split_once('\t')).map(|(topics, text)| (topics, text.replace("\\n", "\n")))
    }

    // To see it fail: let `has_paragraphs` be false for every text.
    #[test]
    fn two_bots_facing_each_other_fall_silent() {
        let openers = ["halo", "apa kabar semua", "syaratnya apa?", "is it free?", "biaya sama alamatnya?", "#cek"];
        for (opener, others) in
            openers.into_iter().flat_map(|opener| ["bogor", "batam-tanpa-foto"].map(|o| (opener, o)))
        {
            let (mut one, mut other) = (Bot::of("bogor"), Bot::of(others));
            let (mut text, mut replies, mut at) = (opener.to_owned(), 0, now());
            while let Some((_, reply)) = if replies % 2 == 0 { one.hear(&text, at) } else { other.hear(&text, at) } {
                (text, replies, at) = (reply, replies + 1, at + Duration::seconds(2));
                assert!(
                    replies < 2 * SAME_QUESTION_MAX,
                    "{opener} at {others}: {replies} replies, the last one {text}"
                );
            }
        }
    }

    // To see it fail: give a message one answer only.
    #[test]
    fn every_labelled_question_is_answered_at_an_office_without_texts_of_its_own() {
        let mut count = 0;
        for (topics, question) in questions() {
            let (outcome, text) =
                Bot::of("bogor").hear(&question, now()).unwrap_or_else(|| panic!("{question}: silence"));
            let Outcome::Answers(answers) = &outcome else { panic!("{question}: {outcome:?}") };
            let asked: Vec<&str> = topics.split(',').collect();
            let told = |answer: &Answer| match answer {
                Answer::Topic(topic) => topic.name(),
                Answer::OpenOn(_) => Topic::Hours.name(),
                Answer::FreeDays { .. } => Topic::FreeDays.name(),
                Answer::FreeHours { .. } => Topic::FreeHours.name(),
                Answer::OwnBooking { .. } | Answer::Queue { .. } => Topic::OwnBooking.name(),
                Answer::Complaint { .. } => Topic::Complaint.name(),
                Answer::Simulated => Topic::Authenticity.name(),
            };
            let told: Vec<&str> = answers.answers.iter().map(told).collect();
            assert_eq!(told, asked, "{question}");
            assert!(!text.contains(['{', '}']), "{question}: {text}");
            // By its paragraphs a reply of ours is known when a machine sends it back.
            assert!(text.contains("\n\n"), "{question}: {text}");
            count += 1;
        }
        assert!(count > 300, "only {count}");
    }

    // Negative control: without `is_simulated` asked, the demo answers as if it were an office's number.
    #[test]
    fn the_demo_says_that_it_is_a_simulation_and_nobody_else_does() {
        for (gateway, is_simulated) in [("sim", true), ("wa", false)] {
            let mut bot = Bot { gateway, ..Bot::of("bogor") };
            let (outcome, text) = bot.hear("nomor ini asli?", now()).unwrap();
            let Outcome::Answers(answers) = outcome else { panic!("no answer: {outcome:?}") };
            assert_eq!(answers.answers == [Answer::Simulated], is_simulated, "{text}");
            assert_eq!(text.contains("simulasi"), is_simulated, "{text}");
        }
    }
}
