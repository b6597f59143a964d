//! The language of the replies.

use serde::{Deserialize, Serialize};

/// The language that a contact chose; Indonesian until they say `#english`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Indonesian.
    #[default]
    Id,
    /// English.
    En,
}

impl Lang {
    /// Both, by their ISO 639-1 codes, as configuration, database and locale files write them.
    pub const CODES: [(&'static str, Self); 2] = [("id", Self::Id), ("en", Self::En)];

    /// Its ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The language of a stored code; Indonesian for any that is not known.
    pub fn of_code(code: &str) -> Self {
        Self::CODES.iter().find(|(known, _)| *known == code).map_or(Self::default(), |(_, lang)| *lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Stored chats, configuration files and locale files write the same code.
    #[test]
    fn a_language_has_one_code_wherever_it_is_written() {
        for (code, lang) in Lang::CODES {
            assert_eq!((lang.code(), Lang::of_code(code)), (code, lang));
            assert_eq!(serde_json::to_string(&lang).unwrap(), format!("\"{code}\""));
        }
        assert_eq!(Lang::of_code("jv"), Lang::Id);
    }
}
