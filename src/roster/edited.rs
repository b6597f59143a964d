//! Changes single keys of a file and leaves everything else as it is written: comments, order, spacing.

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

/// A key with everything in front of it.
pub type Path<'p> = &'p [&'p str];

/// A file that is being changed.
pub struct EditedFile(DocumentMut);

impl EditedFile {
    /// The file of a text; `None` where it is no TOML, so that nothing in it can be found.
    pub fn read(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// The text.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    fn at(&self, path: Path<'_>) -> Option<&Item> {
        path.iter().try_fold(self.0.as_item(), |item, key| item.as_table_like()?.get(key))
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

    /// Writes a value, or takes the key away; tables that are left empty go with it.
    pub fn set(&mut self, path: Path<'_>, new: Option<Value>) {
        match new {
            Some(new) => put(self.0.as_table_mut(), path, new),
            None => {
                take(self.0.as_table_mut(), path);
            }
        }
    }

    /// Writes what was typed for a number: what is none is kept as text, so that it is shown with its mistake.
    pub fn set_number(&mut self, path: Path<'_>, typed: &str) {
        let typed = typed.trim();
        let new = typed.parse::<i64>().map_or_else(|_| Value::from(typed), Value::from);
        self.set(path, (!typed.is_empty()).then_some(new));
    }

    /// Writes a list of texts, or takes it away where it is empty.
    pub fn set_list<'t>(&mut self, path: Path<'_>, texts: impl IntoIterator<Item = &'t str>) {
        let list: Array = texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect();
        self.set(path, (!list.is_empty()).then_some(Value::Array(list)));
    }

    /// Writes a truth, or takes it away where it is the usual one.
    pub fn set_truth(&mut self, path: Path<'_>, new: bool, usual: bool) {
        self.set(path, (new != usual).then_some(Value::from(new)));
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

/// Writes a value below a table, with the tables in between; what stands around an old one stays.
fn put(table: &mut dyn TableLike, path: Path<'_>, mut new: Value) {
    match path {
        [] => {}
        [key] => {
            if let Some(old) = table.get(key).and_then(Item::as_value) {
                *new.decor_mut() = old.decor().clone();
            }
            table.insert(key, value(new));
        }
        [key, rest @ ..] => {
            if table.get(key).is_none_or(|item| !item.is_table_like()) {
                let mut between = Table::new();
                // A table that only holds others has no line of its own.
                between.set_implicit(true);
                table.insert(key, Item::Table(between));
            }
            let Some(below) = table.get_mut(key) else { return };
            if let (Some(below), [_]) = (below.as_table_mut(), rest) {
                below.set_implicit(false);
            }
            if let Some(below) = below.as_table_like_mut() {
                put(below, rest, new);
            }
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

    // To be broken once (not run yet): without the decor of the old value the comment behind it is gone.
    #[test]
    fn what_is_not_changed_stays_as_it_is_written() {
        assert_eq!(changed(|_| {}), FILE);
        let line = changed(|file| file.set(&["pattern"], Some("#Nama".into())));
        assert_eq!(line, FILE.replace("#Nama#TglLahir\"\n", "#Nama\"\n"));
        let age = changed(|file| file.set_number(&["fields", "TglLahir", "age_min"], " 18 "));
        assert_eq!(age, FILE.replace("= 17 ", "= 18 "));
    }

    #[test]
    fn a_key_goes_with_the_table_that_it_leaves_empty() {
        let gone = changed(|file| file.set_number(&["fields", "TglLahir", "age_min"], ""));
        assert!(!gone.contains("fields") && gone.contains("[[reads]]"), "{gone}");
    }

    #[test]
    fn a_new_key_stands_in_a_table_of_its_own_and_reads_back() {
        let new = changed(|file| {
            file.set(&["fields", "TglLahir", "texts", "id", "too-young"], Some("Belum cukup umur.".into()));
            file.set_list(&["fields", "Layanan", "choices", "baru"], ["paspor baru", " ", "new"]);
            file.set_truth(&["fields", "TglKedatangan", "today"], false, true);
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
        let typed = changed(|file| file.set_number(&["fields", "TglLahir", "age_min"], "tujuh"));
        assert!(typed.contains("age_min = \"tujuh\""), "{typed}");
        assert!(EditedFile::read("id = ").is_none());
    }
}
