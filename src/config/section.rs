//! One `[gateway.…]` section: its keys, its secrets, and the variables that outrank both.

use std::path::Path;

use super::value::{exact, path, secret_file, secret_text, text};
use super::variables::{self, Variables};
use crate::sheet::{Entry, Table};

/// A section that is being read.
pub(super) struct Section<'s, 'doc, 'p, 'v> {
    /// The gateway's name.
    pub(super) name: &'s str,
    /// Its keys in the file.
    pub(super) table: &'s mut Table<'doc, 'p>,
    /// The environment.
    pub(super) variables: &'s mut Variables<'v>,
    /// What paths are relative to.
    pub(super) folder: &'s Path,
}

impl Section<'_, '_, '_, '_> {
    /// A text, if it is there.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let entry = self.table.take(key, text);
        self.or_variable(key, &entry)
    }

    /// A text whose spaces count, if it is there; it may be empty.
    pub(super) fn exact(&mut self, key: &str) -> Option<String> {
        let entry = self.table.take(key, exact);
        self.or_variable(key, &entry)
    }

    /// A text that must be there.
    pub(super) fn needed(&mut self, key: &str, example: &str) -> Option<String> {
        let before = self.table.problems();
        let found = self.text(key);
        if found.is_none() && self.table.problems() == before {
            self.table.note(self.table.here(), format!("`{key}` is missing"), format!("add {key} = \"{example}\""));
        }
        found
    }

    /// A secret that must be there: in the file, in a file of its own, or in the environment.
    pub(super) fn secret(&mut self, key: &str) -> Option<String> {
        let before = self.table.problems();
        let secret = self.optional_secret(key);
        if secret.is_none() && self.table.problems() == before {
            let variable = variables::name_of(self.name, key);
            let remedy = format!("add {key} = \"...\", or {key}_file, or set the variable {variable}");
            self.table.note(self.table.here(), format!("`{key}` is missing"), remedy);
        }
        secret
    }

    /// A secret and its successor during a rotation; `None` when the first is missing, which has been noted.
    pub(super) fn secrets(&mut self, key: &str) -> Option<Vec<String>> {
        let first = self.secret(key);
        let next = self.optional_secret(&format!("{key}_next"));
        first.map(|first| std::iter::once(first).chain(next).collect())
    }

    /// The same where neither has to be there.
    pub(super) fn optional_secrets(&mut self, key: &str) -> Vec<String> {
        let first = self.optional_secret(key);
        let next = self.optional_secret(&format!("{key}_next"));
        first.into_iter().chain(next).collect()
    }

    fn optional_secret(&mut self, key: &str) -> Option<String> {
        let in_file = format!("{key}_file");
        let own = self.table.take(key, secret_text);
        let beside = self.table.take(&in_file, |value| secret_file(&path(value, self.folder)?));
        let elsewhere =
            self.variables.take(&variables::name_of(self.name, &in_file)).map(|name| self.folder.join(name));
        if let Some(value) = self.variables.take(&variables::name_of(self.name, key)) {
            return Some(value.to_owned());
        }
        if let Some(file) = elsewhere {
            return match secret_file(&file) {
                Ok(secret) => Some(secret),
                Err(mistake) => {
                    self.table.note(self.table.here(), format!("`{in_file}` {}", mistake.what), mistake.remedy);
                    None
                }
            };
        }
        if let (Some(_), Some(twice)) = (own.given(), beside.given()) {
            let place = twice.place.clone();
            self.table.note(place, format!("`{key}` is given twice"), format!("keep {key} or {in_file}"));
        }
        own.or(beside).given().map(|spot| spot.value.clone())
    }

    fn or_variable(&mut self, key: &str, entry: &Entry<String>) -> Option<String> {
        let variable = self.variables.take(&variables::name_of(self.name, key)).map(str::to_owned);
        variable.or_else(|| entry.given().map(|spot| spot.value.clone()))
    }
}
