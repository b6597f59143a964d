//! Questions about a form: is the correction right, which day is meant, is this the line that was meant.

use super::letter::{Letter, cut, in_fours, plain};
use super::people::Place;
use super::when::dashed;
use crate::conversation::Lang;
use crate::domain::person::Nama;
use crate::grammar::{Ask, Field, Form, Member, Note, NoteKind};

/// Most characters of a corrected piece that are quoted.
const FOUND_CHARS_MAX: usize = 40;

/// The form with the first reading: names and all else are the same in each.
fn first_form(ask: &Ask) -> Option<&Form> {
    ask.choices.first().map(|choice| &choice.form)
}

fn named(form: &Form, number: u8) -> Option<Nama> {
    form.person(Some(number)).map(|person| person.nama.clone())
}

impl Letter<'_> {
    /// What was corrected in the form.
    pub(super) fn repaired(&mut self, notes: &[Note]) {
        // Which mark was used changes nothing that the citizen has to check.
        let notes = notes.iter().filter(|note| note.kind != NoteKind::Separator);
        for (place, note) in notes.enumerate() {
            // In fours, because a citizen takes a run of eight digits for the code.
            let from = in_fours(&cut(&plain(&note.from), FOUND_CHARS_MAX));
            let to = match (note.field, note.to.parse()) {
                (Some(Field::TglKedatangan), Ok(day)) => self.day(day),
                (_, Ok(day)) => dashed(day),
                _ => in_fours(&plain(&note.to)),
            };
            let (from, to) = (("from", from.into()), ("to", to.into()));
            let told = match note.kind {
                NoteKind::PassedOver if note.to.is_empty() => self.say("repaired-passed-over", [from]),
                NoteKind::PassedOver => self.say("repaired-passed-over-more", [from, to]),
                NoteKind::JustBorn => self.say("repaired-just-born", [to]),
                NoteKind::NikBirth => self.say("repaired-nik-birth", [from, to]),
                _ => self.say("repaired", [from, to]),
            };
            match note.person {
                Some(number) => self.line("of-person", [("number", number.into()), ("told", told.into())]),
                None => self.line("entry", [("entry", told.into())]),
            }
            if place == 0 {
                self.apart();
            }
        }
    }

    pub(super) fn confirm(&mut self, form: &Form, photo_kept: bool) {
        self.repaired(&form.notes);
        self.tell("confirm-check");
        self.people(&form.applicant, form.party.into(), Place::Text);
        if let Some(visit) = form.visit {
            self.line("confirm-visit", [("day", self.day(visit).into())]);
        }
        self.tell("confirm-reply");
        self.offer_yes("button-yes");
        if photo_kept {
            self.tell("confirm-photo-kept");
        }
    }

    /// Yes as a quick reply, in the word that the text names.
    pub(super) fn offer_yes(&mut self, title: &str) {
        let word = match self.scene.lang {
            Lang::Id => "ya",
            Lang::En => "yes",
        };
        self.offer(self.say(title, []), word);
    }

    pub(super) fn which_day(&mut self, ask: &Ask, photo_kept: bool) {
        let found = cut(&plain(&ask.found), FOUND_CHARS_MAX);
        self.whose(
            ask.person.map(|number| Member { number, nama: first_form(ask).and_then(|form| named(form, number)) }),
        );
        let question = self.say("which-day", [("field", self.field(Some(ask.field)).into()), ("found", found.into())]);
        self.follow("entry", [("entry", question.into())]);
        for (place, choice) in ask.choices.iter().enumerate() {
            let visit = ask.field == Field::TglKedatangan;
            let day = if visit { self.day(choice.date) } else { self.date(choice.date) };
            self.line("which-day-choice", [("number", (place + 1).into()), ("day", day.into())]);
        }
        let example = ask.choices.first().map(|choice| dashed(choice.date)).unwrap_or_default();
        self.open("which-day-reply", [("day", example.into())]);
        let titles: Vec<String> = ask.choices.iter().map(|choice| self.date(choice.date)).collect();
        self.offer_numbers(titles.into_iter());
        if photo_kept {
            self.tell("confirm-photo-kept");
        }
    }

    /// The line that was probably meant, to be accepted with one word.
    pub(super) fn suggested(&mut self, line: &str, photo_kept: bool) {
        let line = line.split('\n').map(plain).collect::<Vec<_>>().join("\n");
        self.open("misread-suggestion", [("line", line.into())]);
        self.offer_yes("button-yes");
        self.open("form-line", [("line", self.poster.line.as_str().into())]);
        if photo_kept {
            self.tell("confirm-photo-kept");
        }
    }
}
