//! Replies that explain: help, requirements, greetings, and what to send instead.

use chrono::{DateTime, Utc};

use super::letter::{Letter, Yields, plain};
use super::poster::PhotoWay;
use crate::conversation::UNDO_MINUTES;
use crate::domain::message::OtherKind;
use crate::domain::office::{Earliest, OfficeTexts};
use crate::domain::slot;
use crate::grammar::PhotoKind;

impl Letter<'_> {
    /// The line to fill in, a filled example, and whether a photo belongs to it.
    pub(super) fn form(&mut self) {
        // Whoever has sent their data, or is asked for them one by one, needs no format.
        let is_guided = self
            .answers
            .is_some_and(|answers| answers.beside.is_some() && (answers.question_open || answers.hold.is_some()));
        if self.poster.line.is_empty() || is_guided {
            return;
        }
        self.open("form-line", [("line", self.poster.line.as_str().into())]);
        self.example();
    }

    /// The citizen's own line as far as it is right, or else a filled example.
    fn own_line_or_example(&mut self) {
        let key = if self.poster.own_line_whole { "form-own" } else { "form-own-gaps" };
        match self.poster.own_line.as_str() {
            "" => self.open("form-example", [("example", self.poster.example.as_str().into())]),
            line => self.open(key, [("line", line.into())]),
        }
    }

    /// A filled example, and whether a photo belongs to it.
    pub(super) fn example(&mut self) {
        if self.poster.line.is_empty() {
            return;
        }
        self.own_line_or_example();
        if self.poster.has_optional {
            self.tell("form-optional");
        }
        if !self.poster.photos.is_empty() {
            self.form_photo();
        }
    }

    pub(super) fn greeting(&mut self) {
        self.open("greeting", [("office", self.office_name().into())]);
        self.form();
        self.tell("ask-help");
    }

    pub(super) fn placeholder(&mut self, photo_kept: bool) {
        self.tell("placeholder");
        if photo_kept {
            self.tell("misread-photo-kept");
            self.form_without_photo();
        } else {
            self.form();
        }
    }

    pub(super) fn unreadable(&mut self) {
        self.open("unreadable", [("mark", self.mark().into())]);
        self.form();
        self.tell("unreadable-likely");
        for (title, says) in
            [("button-register", "#bantuan"), ("button-bring", "#persyaratan"), ("button-free", "#cek")]
        {
            self.offer(self.say(title, []), says);
        }
    }

    pub(super) fn send_again(&mut self) {
        self.tell("send-again");
    }

    pub(super) fn language_set(&mut self) {
        self.tell("language-set");
        self.tell("ask-help");
    }

    pub(super) fn help(&mut self) {
        self.open("help-title", [("office", self.office_name().into())]);
        self.form();
        for line in &self.poster.others {
            self.open("help-other-line", [("line", line.as_str().into())]);
        }
        self.limits();
        let changes = self.commands_of_change().join("\n");
        self.open("help-commands", [("guided", self.say("help-guided", []).into()), ("changes", changes.into())]);
        if self.scene.office.policy.handover {
            self.line("help-officer", []);
        }
        self.excluded();
    }

    /// The commands for a change of mind that the office allows.
    fn commands_of_change(&self) -> Vec<String> {
        let policy = &self.scene.office.policy;
        let cancel = if policy.cancelling { "help-cancel" } else { "help-cancel-hold" };
        let mut commands = vec![self.say(cancel, [])];
        if policy.reschedule.times > 0 {
            commands.push(self.say("help-move", []));
        }
        commands.push(self.say("help-undo", [("minutes", UNDO_MINUTES.into())]));
        commands
    }

    /// When messages are taken, and which days can be asked for.
    pub(super) fn limits(&mut self) {
        let office = self.scene.office;
        let now = self.scene.now;
        let last = slot::last_day(office, self.scene.calendar, now).unwrap_or_else(|| slot::horizon(office, now));
        let last = self.day(last);
        match office.policy.earliest {
            _ if !self.poster.asks_day => self.tell("help-days-given"),
            Earliest::Tomorrow => self.open("help-days-tomorrow", [("last", last.into())]),
            Earliest::Today { .. } => self.open("help-days-today", [("last", last.into())]),
        }
        if let Some(intake) = office.intake {
            let (from, until) = (self.time(intake.from), self.zoned(intake.until));
            self.line("help-intake", [("from", from.into()), ("until", until.into())]);
        }
    }

    pub(super) fn requirements(&mut self) {
        let wanted = |texts: &OfficeTexts| !texts.requirements.is_empty();
        let texts = self.own_texts(wanted);
        if wanted(texts) {
            self.open("requirements-title", [("office", self.office_name().into())]);
        } else {
            self.open("requirements-none", [("office", self.office_name().into())]);
        }
        for document in &texts.requirements {
            self.yielding(Yields::Notice, "requirements-line", [("document", plain(document).into())]);
        }
        self.excluded();
    }

    /// Who cannot book here, and what they do instead.
    pub(super) fn excluded(&mut self) {
        let excluded = plain(&self.own_texts(|texts| !texts.excluded.is_empty()).excluded);
        if !excluded.is_empty() {
            self.yielding(Yields::Notice, "entry", [("entry", excluded.into())]);
            self.apart();
        }
    }

    pub(super) fn photo_kept(&mut self, until: DateTime<Utc>) {
        self.open("photo-kept", [("until", self.moment(until).into())]);
        self.form_without_photo();
    }

    /// The form for somebody whose photo is here already.
    pub(super) fn form_without_photo(&mut self) {
        if self.poster.line.is_empty() {
            return;
        }
        self.open("form-line", [("line", self.poster.line.as_str().into())]);
        self.own_line_or_example();
        if self.poster.has_optional {
            self.tell("form-optional");
        }
    }

    /// How the photo is sent that belongs to a form.
    pub(super) fn form_photo(&mut self) {
        let key = match self.poster.photo_way {
            PhotoWay::Page => "form-photo-page",
            PhotoWay::Chat => "form-photo",
        };
        self.open(key, [("photo", self.photo().into())]);
    }

    /// The photo that is asked for, in words: `e-KTP`, or one of several.
    pub(super) fn photo(&self) -> String {
        let asks = |kind| self.poster.photos.contains(&kind);
        let key = match (asks(PhotoKind::Any), asks(PhotoKind::Ktp), asks(PhotoKind::Akta)) {
            (false, true, true) => "photo-ktp-or-akta",
            (false, true, false) => "photo-ktp",
            (false, false, true) => "photo-akta",
            _ => "photo-any",
        };
        self.say(key, [])
    }

    /// The mark between the pieces of the form.
    pub(super) fn mark(&self) -> String {
        if self.poster.mark == '\n' { self.say("mark-line", []) } else { self.poster.mark.to_string() }
    }

    pub(super) fn photo_not_needed(&mut self) {
        self.tell("photo-not-needed");
        self.form();
    }

    pub(super) fn not_text(&mut self, kind: OtherKind) {
        self.tell(match kind {
            OtherKind::Audio => "not-text-audio",
            OtherKind::Video => "not-text-video",
            OtherKind::Sticker => "not-text-sticker",
            OtherKind::Location => "not-text-location",
            OtherKind::ContactCard => "not-text-contact-card",
            OtherKind::Document => "not-text-document",
            OtherKind::Edit => "not-text-edit",
            OtherKind::PhotoLost | OtherKind::Empty if self.poster.photo_way == PhotoWay::Page => {
                "not-text-photo-lost-page"
            }
            OtherKind::PhotoLost | OtherKind::Empty => "not-text-photo-lost",
            OtherKind::Unsupported => "not-text-unsupported",
        });
        // Who is asked for the photo once more has the form already.
        if matches!(kind, OtherKind::PhotoLost | OtherKind::Empty) {
            return;
        }
        self.form();
    }
}
