//! What a field of the settings is.

use crate::conversation::Lang;

/// What stands on one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// What the office is called and where it is.
    Office,
    /// Hours and places.
    Hours,
    /// When days open.
    Release,
    /// Rules.
    Policy,
    /// What citizens read.
    Texts,
    /// Answers to questions.
    Topics,
    /// What is said unasked.
    Notices,
}

impl Group {
    /// All of them, as pages show them.
    pub(super) const ALL: [Self; 7] =
        [Self::Office, Self::Hours, Self::Release, Self::Policy, Self::Texts, Self::Topics, Self::Notices];

    /// Its name in addresses.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Hours => "hours",
            Self::Release => "release",
            Self::Policy => "policy",
            Self::Texts => "texts",
            Self::Topics => "topics",
            Self::Notices => "notices",
        }
    }

    /// The group of a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }
}

/// A value that can be chosen, with its words in Indonesian and English.
pub(super) type Choice = (&'static str, &'static str, &'static str);

/// What may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line.
    Line,
    /// A whole number.
    Number,
    /// A whole number, or a word.
    NumberOrWord,
    /// Yes or no.
    Yes,
    /// One of these.
    Choice(&'static [Choice]),
    /// Several lines.
    Lines,
    /// The hours of a weekday, with commas between them.
    Hours,
    /// The days that the office closes: `2026-12-28 Reason`, or `2026-12-28..2026-12-30 Reason`, a line each.
    Closed,
    /// The days that it opens besides: `2026-12-19 08:00-12:00, 13:00-15:00`, a line each.
    Open,
    /// The waves of a release: `1/2 jumat 14:00`, a line each.
    Waves,
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// The key with the tables that it stands in.
    pub(super) path: String,
    pub(super) group: Group,
    pub(super) kind: Kind,
    /// What holds where nothing says it; empty: nothing does.
    pub(super) usual: &'static str,
    /// Its name in Indonesian and English.
    pub(super) label: (String, String),
    /// What it means, in Indonesian and English.
    pub(super) hint: (&'static str, &'static str),
}

impl Key {
    /// The tables that it stands in, and its own name.
    pub(super) fn parts(&self) -> Vec<&str> {
        self.path.split('.').collect()
    }

    /// Its name.
    pub(super) fn label(&self, lang: Lang) -> &str {
        if lang == Lang::Id { &self.label.0 } else { &self.label.1 }
    }

    /// What it means.
    pub(super) fn hint(&self, lang: Lang) -> &'static str {
        if lang == Lang::Id { self.hint.0 } else { self.hint.1 }
    }
}

/// A key as the tables declare it: what holds where nothing says it, its name, and what it means.
pub(super) struct Row(
    pub(super) &'static str,
    pub(super) Kind,
    pub(super) &'static str,
    pub(super) (&'static str, &'static str),
    pub(super) (&'static str, &'static str),
);
