//! The guided dialogue in words: one short question, what is known so far, and the numbers that choose.

use super::letter::{Letter, in_fours, plain};
use super::misread::expected;
use super::poster::Shown;
use crate::conversation::{GuideAsk, GuideStep};
use crate::grammar::Field;

/// Longest title of a button, in characters: WhatsApp refuses longer ones.
const TITLE_CHARS_MAX: usize = 20;

impl Letter<'_> {
    /// Stands under an ordinary answer.
    pub(super) fn guide_offer(&mut self) {
        self.tell("guide-offer");
        self.offer(self.say("guide-offer-button", []), "1");
    }

    pub(super) fn guide_ended(&mut self) {
        self.tell("guide-ended");
    }

    /// A question of the dialogue.
    pub(super) fn guide(&mut self, step: &GuideStep) {
        if let Some(wrong) = &step.wrong {
            self.wrong(wrong);
            if let Some(expected) = expected(wrong) {
                self.expected(expected, wrong.field);
            }
        }
        let taken: Vec<String> = self.poster.guide_taken.iter().map(|shown| self.shown(shown)).collect();
        if step.wrong.is_some() {
            // What is known was said before the answer that is wrong.
        } else if taken.is_empty() {
            self.tell("guide-begin");
        } else {
            self.open("guide-taken", [("taken", taken.join("; ").into())]);
        }
        match &step.ask {
            GuideAsk::Format(_) => self.tell("guide-ask-format"),
            GuideAsk::Alternative(_) => self.tell("guide-ask-alternative"),
            GuideAsk::Piece { field, choices, .. } => self.guide_question(*field, choices.is_empty()),
        }
        let choices: Vec<String> = match &step.ask {
            GuideAsk::Alternative(fields) => fields.iter().map(|field| self.field(Some(*field))).collect(),
            _ => self.poster.guide_choices.iter().map(|shown| self.shown(shown)).collect(),
        };
        for (place, choice) in choices.iter().enumerate() {
            self.line("which-day-choice", [("number", (place + 1).into()), ("day", choice.as_str().into())]);
        }
        if let GuideAsk::Piece { optional: true, .. } = step.ask {
            self.tell("guide-skip");
        }
        let titles: Vec<String> = match &step.ask {
            GuideAsk::Alternative(_) => choices,
            _ => self.poster.guide_choices.iter().map(|shown| self.title(shown)).collect(),
        };
        if titles.iter().all(|title| title.chars().count() <= TITLE_CHARS_MAX) {
            self.offer_numbers(titles.into_iter());
        }
    }

    fn guide_question(&mut self, field: Field, is_open: bool) {
        let key = match field {
            Field::Nama => "guide-ask-name",
            Field::TglLahir if is_open => "guide-ask-birth",
            Field::TglLahir => "guide-ask-which-day",
            Field::TglKedatangan if is_open => "guide-ask-visit",
            Field::TglKedatangan => "guide-ask-visit-choice",
            Field::Alamat => "guide-ask-address",
            Field::Jumlah => "guide-ask-count",
            Field::Nik => "guide-ask-nik",
            Field::NoKk => "guide-ask-family-card",
            Field::Telepon => "guide-ask-phone",
            Field::Email => "guide-ask-email",
            Field::Sesi => "guide-ask-session",
            Field::Layanan => "guide-ask-service",
            Field::Teks(_) => "guide-ask-text",
        };
        let (name, sample) = (self.field(Some(field)), self.poster.guide_sample.clone());
        self.open(
            key,
            [("field", name.into()), ("sample", sample.into()), ("party-max", self.poster.limits.party_max.into())],
        );
    }

    /// A value on a button: a day without its weekday, which has no place there.
    fn title(&self, shown: &Shown) -> String {
        match shown {
            Shown::Visit(day) => self.date(*day),
            _ => self.shown(shown),
        }
    }

    /// A value as a citizen reads it.
    fn shown(&self, shown: &Shown) -> String {
        match shown {
            Shown::Born(day) => self.date(*day),
            Shown::Visit(day) => self.day(*day),
            Shown::Session(session) => self.session(*session),
            Shown::People(count) => self.say("guide-people", [("count", count.as_str().into())]),
            Shown::Ordinary => self.say("guide-ordinary", []),
            Shown::Family => self.say("guide-family", []),
            Shown::Text(text) => in_fours(&plain(text)),
        }
    }
}
