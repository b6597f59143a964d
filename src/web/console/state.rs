//! What the console's routes work with.

use std::sync::Arc;

use crate::access::Access;

/// What the console needs.
#[derive(Clone)]
pub struct Setup {
    /// Lets people in.
    pub access: Access,
    /// The address that people open, `https://loket.example.go.id`; `None`: by whatever address they came.
    pub address: Option<String>,
}

pub(super) type Console = Arc<Setup>;
