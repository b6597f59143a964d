//! A file of which keys are changed.

use toml_edit::{DocumentMut, Item, Table, TableLike, Value, value};

use super::value::{NewValue, written};

/// A key with everything in front of it.
pub type Path<'p> = &'p [&'p str];

/// Why a text could not be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It is no TOML, so that nothing in it can be found.
    #[error("it is no TOML: {0}")]
    NoToml(String),
    /// A key that has to be a table holds something else.
    #[error("`{0}` is no table")]
    NoTable(String),
}

/// A file that is being changed.
#[derive(Debug, Clone)]
pub struct EditedFile(DocumentMut);

impl EditedFile {
    /// The file of a text.
    ///
    /// # Errors
    /// [`EditError::NoToml`].
    pub fn read(text: &str) -> Result<Self, EditError> {
        text.parse().map(Self).map_err(|error: toml_edit::TomlError| EditError::NoToml(error.message().to_owned()))
    }

    /// The text.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// The document, for what is more than a key.
    pub(super) fn document(&mut self) -> &mut DocumentMut {
        &mut self.0
    }

    fn at(&self, path: Path<'_>) -> Option<&Item> {
        path.iter().try_fold(self.0.as_item(), |item, key| item.as_table_like()?.get(key))
    }

    /// Whether the file has a key.
    pub fn has(&self, path: Path<'_>) -> bool {
        self.at(path).is_some()
    }

    /// A value as people type it: a text without its quotes, a list with commas between.
    pub fn shown(&self, path: Path<'_>) -> String {
        // What stands around a value in its file, such as a remark, is no part of it.
        let bare = |value: &Value| value.clone().decorated("", "").to_string();
        let plain = |value: &Value| value.as_str().map_or_else(|| bare(value), str::to_owned);
        match self.at(path).and_then(Item::as_value) {
            Some(Value::Array(list)) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
            Some(value) => plain(value),
            None => String::new(),
        }
    }

    /// Whether a key is true.
    pub fn is_true(&self, path: Path<'_>, usual: bool) -> bool {
        self.at(path).and_then(Item::as_bool).unwrap_or(usual)
    }

    /// The keys of a table, in their order.
    pub fn keys(&self, path: Path<'_>) -> Vec<String> {
        let table = self.at(path).and_then(Item::as_table_like);
        table.map(|table| table.iter().map(|(key, _)| key.to_owned()).collect()).unwrap_or_default()
    }

    /// Writes a value, or takes the key away; tables that it needs are added, and those that are left empty go with it.
    ///
    /// # Errors
    /// [`EditError::NoTable`] where one of the tables is something else.
    pub fn set(&mut self, path: Path<'_>, new: Option<&NewValue>) -> Result<(), EditError> {
        let Some(new) = new else {
            take(self.0.as_table_mut(), path);
            return Ok(());
        };
        let tables = path.split_last().map_or(&[][..], |(_, tables)| tables);
        put(self.0.as_table_mut(), path, written(new)).ok_or_else(|| EditError::NoTable(tables.join(".")))
    }

    /// Writes what was typed for a number: what is none is kept as text, so that it is shown with its mistake.
    ///
    /// # Errors
    /// [`EditError::NoTable`] where one of the tables is something else.
    pub fn set_number(&mut self, path: Path<'_>, typed: &str) -> Result<(), EditError> {
        let typed = typed.trim();
        let new = typed.parse().map_or_else(|_| NewValue::from(typed), NewValue::Number);
        self.set(path, (!typed.is_empty()).then_some(&new))
    }

    /// Writes a list of words, or takes it away where it is empty.
    ///
    /// # Errors
    /// [`EditError::NoTable`] where one of the tables is something else.
    pub fn set_list<'t>(&mut self, path: Path<'_>, words: impl IntoIterator<Item = &'t str>) -> Result<(), EditError> {
        let words = words.into_iter().map(str::trim).filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_owned).collect();
        self.set(path, (!words.is_empty()).then_some(&NewValue::Words(words)))
    }

    /// Writes a truth, or takes it away where it is the usual one.
    ///
    /// # Errors
    /// [`EditError::NoTable`] where one of the tables is something else.
    pub fn set_truth(&mut self, path: Path<'_>, new: bool, usual: bool) -> Result<(), EditError> {
        self.set(path, (new != usual).then_some(&NewValue::Yes(new)))
    }

    /// Takes one entry of a list of tables away, by its place.
    pub fn remove_at(&mut self, list: &str, place: usize) {
        match self.0.get_mut(list) {
            Some(Item::ArrayOfTables(tables)) if place < tables.len() => {
                tables.remove(place);
            }
            Some(Item::Value(Value::Array(values))) if place < values.len() => {
                values.remove(place);
            }
            _ => {}
        }
    }

    /// Takes a whole table away.
    pub fn remove(&mut self, path: Path<'_>) {
        take(self.0.as_table_mut(), path);
    }
}

/// Writes a value below a table, with the tables in between; what stands around an old one stays. `None` where one of them is no table.
fn put(table: &mut dyn TableLike, path: Path<'_>, mut new: Value) -> Option<()> {
    match path {
        [] => None,
        [key] => {
            if let Some(Item::Value(old)) = table.get_mut(key) {
                *new.decor_mut() = old.decor().clone();
                *old = new;
            } else {
                table.insert(key, value(new));
            }
            Some(())
        }
        [key, rest @ ..] => {
            if !table.contains_key(key) {
                let mut between = Table::new();
                // A table that only holds others has no line of its own.
                between.set_implicit(true);
                table.insert(key, Item::Table(between));
            }
            let below = table.get_mut(key)?;
            if let (Some(below), [_]) = (below.as_table_mut(), rest) {
                below.set_implicit(false);
            }
            put(below.as_table_like_mut()?, rest, new)
        }
    }
}

/// Takes a key away; says whether the table is empty now.
fn take(table: &mut dyn TableLike, path: Path<'_>) -> bool {
    match path {
        [] => {}
        [key] => {
            table.remove(key);
        }
        [key, rest @ ..] => {
            let below = table.get_mut(key).and_then(Item::as_table_like_mut);
            if below.is_some_and(|below| take(below, rest)) {
                table.remove(key);
            }
        }
    }
    table.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Bogor\nid = \"bogor\" # ours\npattern = \"#Nama#TglLahir\"\n\n[fields.TglLahir]\nage_min = 17   # years\n\n[[reads]]\ntext = \"#Budi#25011987\"\n";

    fn changed(change: impl FnOnce(&mut EditedFile)) -> String {
        let mut file = EditedFile::read(FILE).unwrap();
        change(&mut file);
        file.text()
    }

    // Negative control: without the decor of the old value the comment behind it is gone.
    #[test]
    fn what_is_not_changed_stays_as_it_is_written() {
        assert_eq!(changed(|_| {}), FILE);
        let line = changed(|file| file.set(&["pattern"], Some(&"#Nama".into())).unwrap());
        assert_eq!(line, FILE.replace("#Nama#TglLahir\"\n", "#Nama\"\n"));
        let age = changed(|file| file.set_number(&["fields", "TglLahir", "age_min"], " 18 ").unwrap());
        assert_eq!(age, FILE.replace("= 17 ", "= 18 "));
    }

    #[test]
    fn a_key_goes_with_the_table_that_it_leaves_empty() {
        let gone = changed(|file| file.set_number(&["fields", "TglLahir", "age_min"], "").unwrap());
        assert!(!gone.contains("fields") && gone.contains("[[reads]]"), "{gone}");
    }

    #[test]
    fn a_new_key_stands_in_a_table_of_its_own_and_reads_back() {
        let new = changed(|file| {
            file.set(&["fields", "TglLahir", "texts", "id", "too-young"], Some(&"Belum cukup umur.".into())).unwrap();
            file.set_list(&["fields", "Layanan", "choices", "baru"], ["paspor baru", " ", "new"]).unwrap();
            file.set_truth(&["fields", "TglKedatangan", "today"], false, true).unwrap();
        });
        let file = EditedFile::read(&new).unwrap();
        assert_eq!(file.shown(&["fields", "TglLahir", "texts", "id", "too-young"]), "Belum cukup umur.");
        assert_eq!(file.shown(&["fields", "Layanan", "choices", "baru"]), "paspor baru, new");
        assert!(!file.is_true(&["fields", "TglKedatangan", "today"], true));
        assert_eq!(file.shown(&["fields", "TglLahir", "age_min"]), "17");
        assert!(new.contains("[fields.TglLahir.texts.id]") && !new.contains("[fields]\n"), "{new}");
    }

    #[test]
    fn one_example_goes_and_the_others_stay() {
        let two = format!("{FILE}\n# the second\n[[reads]]\ntext = \"#Siti#05121990\"\n");
        let mut file = EditedFile::read(&two).unwrap();
        file.remove_at("reads", 0);
        file.remove_at("reads", 7);
        let text = file.text();
        assert!(!text.contains("Budi") && text.contains("# the second\n[[reads]]\ntext = \"#Siti"), "{text}");
    }

    #[test]
    fn what_is_no_number_is_kept_to_be_shown_and_what_is_no_toml_is_no_file() {
        let typed = changed(|file| file.set_number(&["fields", "TglLahir", "age_min"], "tujuh").unwrap());
        assert!(typed.contains("age_min = \"tujuh\""), "{typed}");
        assert!(matches!(EditedFile::read("id = "), Err(EditError::NoToml(_))));
    }

    const OFFICE: &str = "# Bogor, from 7 August 2017.\nextend = \"base.toml\"\n\nid = \"bogor\"\nversion = 2\n\
                        seats_per_hour = 50                 # six hours\n\n[policy]\n# When full.\nwhen_full = \"roll\"\n\
                        hold_minutes = 30 # half an hour\n\n[[closed]]\ndate = 2026-12-28\nreason = \"Pindah\"\n";

    #[test]
    fn of_an_office_file_only_the_key_changes() {
        let mut edited = EditedFile::read(OFFICE).unwrap();
        assert_eq!(edited.text(), OFFICE);
        edited.set(&["seats_per_hour"], Some(&NewValue::Number(40))).unwrap();
        edited.set(&["policy", "hold_minutes"], Some(&NewValue::Number(45))).unwrap();
        assert_eq!(edited.text(), OFFICE.replace("= 50 ", "= 40 ").replace("= 30 #", "= 45 #"));
        edited.set(&["policy", "when_full"], None).unwrap();
        assert!(!edited.has(&["policy", "when_full"]) && edited.has(&["policy", "hold_minutes"]), "{}", edited.text());
    }

    // Negative control: with `put` that makes a table of whatever stands in its way, the id of the office is gone.
    #[test]
    fn a_new_key_gets_its_table_and_takes_no_other_keys_place() {
        let mut edited = EditedFile::read(OFFICE).unwrap();
        edited.set(&["site"], Some(&"Loket \"A\"".into())).unwrap();
        edited.set(&["policy", "reschedule", "times"], Some(&NewValue::Number(2))).unwrap();
        let lines = ["a", "b", "c"].map(str::to_owned).to_vec();
        edited.set(&["texts", "id", "requirements"], Some(&NewValue::Lines(lines))).unwrap();
        let table: toml::Table = edited.text().parse().unwrap();
        assert_eq!(table["site"].as_str(), Some("Loket \"A\""), "{}", edited.text());
        assert_eq!(table["policy"]["reschedule"]["times"].as_integer(), Some(2));
        assert_eq!(table["texts"]["id"]["requirements"].as_array().unwrap().len(), 3);
        assert_eq!(table["closed"].as_array().unwrap().len(), 1);
        assert!(edited.text().contains("requirements = [\n    \"a\",\n    \"b\",\n    \"c\",\n]"), "{}", edited.text());
        let refused = edited.set(&["id", "x"], Some(&NewValue::Yes(true)));
        assert_eq!(refused, Err(EditError::NoTable("id".to_owned())));
        assert_eq!(edited.shown(&["id"]), "bogor");
    }
}
