//! How long personal data is kept.

/// How long each kind is kept, in days. The law (UU 27/2022) names no period: these are choices of this design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Photos, after the visit; those that no visit came of, after they were sent.
    pub photos: u32,
    /// Messages and replies, and what is remembered of a contact, after they were written.
    pub messages: u32,
    /// Who a booking was for, after the visit. That there was one stays, as a count.
    pub bookings: u32,
    /// What was left to an officer, after it was closed.
    pub tickets: u32,
}

impl Retention {
    /// Most days that anything is kept, ten years.
    pub const DAYS_MAX: u32 = 3_650;
    /// Fewest days for which a booking keeps its people after the visit: no lane still works with it.
    pub const BOOKINGS_DAYS_MIN: u32 = 2;
}

impl Default for Retention {
    /// As the shipped configuration says.
    fn default() -> Self {
        Self { photos: 7, messages: 90, bookings: 365, tickets: 90 }
    }
}

/// What stands in the place of a name that was erased.
pub const ERASED_NAME: &str = "Terhapus";
