//! What can be taken out of an installation as a file.

use crate::domain::masked_debug::masked_debug;
use chrono::NaiveDate;

/// What is in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Bookings, a line each.
    Bookings,
    /// Visits at the counter, a line each.
    Visits,
    /// How many messages came and what they led to, by day and hour.
    Messages,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values.
    Csv,
    /// A workbook.
    Xlsx,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bookings, Self::Visits, Self::Messages];

    /// Its name in addresses, files and the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bookings => "bookings",
            Self::Visits => "visits",
            Self::Messages => "messages",
        }
    }

    /// What has that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.name() == name)
    }
}

impl FileFormat {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Xlsx];

    /// Its name, which is also the ending of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is being written.
    Running,
    /// It is there.
    Done,
    /// It could not be written, or whoever wrote it is gone.
    Failed,
    /// Its time was over.
    Removed,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Failed, Self::Removed];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Removed => "removed",
        }
    }

    /// The stage of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

/// A value of a file. A text is never taken for a formula.
#[derive(Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(u64),
    /// A day.
    Day(NaiveDate),
    /// Nothing.
    Empty,
}

masked_debug!(Cell);

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text, where there is one.
    pub fn maybe(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }
}
