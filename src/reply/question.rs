//! Questions about a form: is the repair right, which day is meant, is this the line that was meant.

use super::letter::{Letter, cut, in_fours, plain};
use super::when::dashed;
use crate::grammar::{Ask, Field, Form, Note, NoteKind};

/// Most characters of a repaired piece that are quoted back.
const FOUND_CHARS_MAX: usize = 40;

impl Letter<'_> {
    /// What was read otherwise than it was written.
    pub(super) fn repaired(&mut self, notes: &[Note]) {
        for (place, note) in notes.iter().enumerate() {
            // In fours, because a citizen takes a run of eight digits for the code.
            let from = in_fours(&cut(&plain(&note.from), FOUND_CHARS_MAX));
            let to = match (note.field, note.to.parse()) {
                (Some(Field::TglKedatangan), Ok(day)) => self.day(day),
                (_, Ok(day)) => dashed(day),
                _ => in_fours(&plain(&note.to)),
            };
            match note.kind {
                NoteKind::Separator if from.trim().is_empty() => {
                    self.line("repaired-space", [("mark", self.mark().into())]);
                }
                NoteKind::Separator => {
                    self.line("repaired-separator", [("from", from.into()), ("mark", self.mark().into())]);
                }
                NoteKind::NikBirth => self.line("repaired-nik-birth", [("from", from.into()), ("to", to.into())]),
                _ => self.line("repaired", [("from", from.into()), ("to", to.into())]),
            }
            if place == 0 {
                self.apart();
            }
        }
    }

    pub(super) fn confirm(&mut self, form: &Form, photo_kept: bool) {
        self.repaired(&form.notes);
        self.tell("confirm-check");
        self.applicant(&form.applicant);
        if form.party > 1 {
            self.line("person-party", [("count", form.party.into())]);
        }
        if let Some(visit) = form.visit {
            self.line("confirm-visit", [("day", self.day(visit).into())]);
        }
        self.tell("confirm-reply");
        if photo_kept {
            self.tell("confirm-photo-kept");
        }
    }

    pub(super) fn which_day(&mut self, ask: &Ask, photo_kept: bool) {
        let found = cut(&plain(&ask.found), FOUND_CHARS_MAX);
        self.open("which-day", [("field", self.field(Some(ask.field)).into()), ("found", found.into())]);
        for (place, choice) in ask.choices.iter().enumerate() {
            let visit = ask.field == Field::TglKedatangan;
            let day = if visit { self.day(choice.date) } else { dashed(choice.date) };
            self.line("which-day-choice", [("number", (place + 1).into()), ("day", day.into())]);
        }
        self.tell("which-day-reply");
        if photo_kept {
            self.tell("confirm-photo-kept");
        }
    }

    /// The line that was probably meant, to be accepted with one word.
    pub(super) fn suggested(&mut self, line: &str, photo_kept: bool) {
        let line = line.split('\n').map(plain).collect::<Vec<_>>().join("\n");
        self.open("misread-suggestion", [("line", line.into())]);
        self.open("form-line", [("line", self.poster.line.as_str().into())]);
        if photo_kept {
            self.tell("confirm-photo-kept");
        }
    }
}
