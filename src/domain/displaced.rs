//! What an office decided about a booking that it cannot keep, as a booking remembers it.

/// What became of the day of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayChange {
    /// Nobody is served on it any more.
    Closed,
    /// It has fewer hours or seats than were given.
    Shrunk,
}

impl DayChange {
    /// Its word in lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Shrunk => "shrunk",
        }
    }
}

/// What an office decides about a booking that it cannot keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Its citizen is told, and chooses another day.
    Tell,
    /// It goes to the next day with room, with its code.
    Move,
    /// It ends.
    Cancel,
    /// It is served all the same.
    Keep,
}

impl Remedy {
    /// All of them, in the order of the documents.
    pub const ALL: [Self; 4] = [Self::Tell, Self::Move, Self::Cancel, Self::Keep];

    /// Its word on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tell => "tell",
            Self::Move => "move",
            Self::Cancel => "cancel",
            Self::Keep => "keep",
        }
    }
}

/// What was decided about a booking that its office could not keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Displaced {
    /// What became of its day.
    pub day: DayChange,
    /// What was decided.
    pub remedy: Remedy,
    /// Whether it was carried out; a booking that is kept needs nothing more.
    pub is_done: bool,
}

impl Displaced {
    /// Each with its name in the database.
    pub const NAMES: [(&'static str, Self); 14] = [
        ("closed-tell", Self { day: DayChange::Closed, remedy: Remedy::Tell, is_done: false }),
        ("closed-move", Self { day: DayChange::Closed, remedy: Remedy::Move, is_done: false }),
        ("closed-cancel", Self { day: DayChange::Closed, remedy: Remedy::Cancel, is_done: false }),
        ("closed-told", Self { day: DayChange::Closed, remedy: Remedy::Tell, is_done: true }),
        ("closed-moved", Self { day: DayChange::Closed, remedy: Remedy::Move, is_done: true }),
        ("closed-cancelled", Self { day: DayChange::Closed, remedy: Remedy::Cancel, is_done: true }),
        ("closed-kept", Self { day: DayChange::Closed, remedy: Remedy::Keep, is_done: true }),
        ("shrunk-tell", Self { day: DayChange::Shrunk, remedy: Remedy::Tell, is_done: false }),
        ("shrunk-move", Self { day: DayChange::Shrunk, remedy: Remedy::Move, is_done: false }),
        ("shrunk-cancel", Self { day: DayChange::Shrunk, remedy: Remedy::Cancel, is_done: false }),
        ("shrunk-told", Self { day: DayChange::Shrunk, remedy: Remedy::Tell, is_done: true }),
        ("shrunk-moved", Self { day: DayChange::Shrunk, remedy: Remedy::Move, is_done: true }),
        ("shrunk-cancelled", Self { day: DayChange::Shrunk, remedy: Remedy::Cancel, is_done: true }),
        ("shrunk-kept", Self { day: DayChange::Shrunk, remedy: Remedy::Keep, is_done: true }),
    ];

    /// A decision that is still to be carried out, where there is something to do.
    pub fn decided(day: DayChange, remedy: Remedy) -> Self {
        Self { day, remedy, is_done: remedy == Remedy::Keep }
    }

    /// The same, carried out.
    #[must_use]
    pub fn done(self) -> Self {
        Self { is_done: true, ..self }
    }

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, displaced)| *displaced == self).map_or("", |(name, _)| name)
    }

    /// The one of a name in the database.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, displaced)| *displaced)
    }
}
