//! What the console's routes work with.

use std::sync::Arc;

use crate::access::Access;
use crate::front_desk::FrontDesks;

/// What the console needs.
#[derive(Clone)]
pub struct Setup {
    /// Lets people in.
    pub access: Access,
    /// Opens the front desks of the offices that people are let into.
    pub desks: FrontDesks,
    /// The address that people open, `https://loket.example.go.id`; `None`: by whatever address they came.
    pub address: Option<String>,
}

pub(super) type Console = Arc<Setup>;
