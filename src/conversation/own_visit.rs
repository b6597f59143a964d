//! A visit of one of their bookings, as a decision sees it.

use crate::domain::visit::{Visit, Wait};

/// A visit of one of their bookings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnVisit {
    /// The visit.
    pub visit: Visit,
    /// How long it waits; `None` where it does not wait, or nobody asked.
    pub wait: Option<Wait>,
}
