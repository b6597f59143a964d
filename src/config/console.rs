//! The `[console]` section: the pages of an office's staff, which are there only where it is.

use super::web_address;
use crate::sheet::{Entry, Table};

/// The keys of the section.
const KEYS: [&str; 1] = ["address"];

/// The console of an installation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConsoleConfig {
    /// The address that people open, `https://loket.example.go.id`; where it is not set, links have the address that they
    /// were asked for at.
    pub address: Option<String>,
}

/// Reads the section.
pub(super) fn read(table: &mut Table<'_, '_>) -> ConsoleConfig {
    table.refuse_unknown(&KEYS);
    let address = match table.take("address", web_address::of_console) {
        Entry::Given(spot) => Some(spot.value),
        Entry::Absent | Entry::Broken => None,
    };
    ConsoleConfig { address }
}
