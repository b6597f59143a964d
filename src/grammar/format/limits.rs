//! The numbers and choices of a format's rules that replies name.

use crate::domain::person::Service;
use crate::grammar::format::rules::Rules;

/// The numbers and choices of a format's rules that replies name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Characters of a name.
    pub nama_chars_max: usize,
    /// Characters of an address.
    pub alamat_chars_max: usize,
    /// Persons on one form.
    pub party_max: u8,
    /// Youngest, in years.
    pub age_min: Option<u32>,
    /// Oldest, in years.
    pub age_max: Option<u32>,
    /// Days ahead that may be asked for.
    pub horizon_days: Option<u32>,
    /// The services, in the order of the file.
    pub services: Vec<Service>,
    /// What the office calls the pieces that it named itself, and the characters that each takes.
    pub texts: Vec<(String, usize)>,
}

impl Default for Limits {
    fn default() -> Self {
        Self::of(&Rules::default())
    }
}

impl Limits {
    pub(crate) fn of(rules: &Rules) -> Self {
        Self {
            nama_chars_max: rules.nama_chars_max,
            alamat_chars_max: rules.alamat_chars_max,
            party_max: rules.party_max,
            age_min: rules.age_min,
            age_max: rules.age_max,
            horizon_days: rules.horizon_days,
            services: rules.services.clone(),
            texts: rules.texts.iter().map(|text| (text.name.clone(), text.chars_max)).collect(),
        }
    }
}
