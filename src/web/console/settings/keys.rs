//! Every key of an office file as a field: what it is called, what it means, and what may be written. A key that the reader of office
//! files knows and that is missing here fails a test by its name.

use super::key::{Group, Key, Kind, Row};
use super::office_rows::{HOURS, OFFICE, RELEASE};
use super::policy_rows::POLICY;
use super::text_rows::{NOTICES, TEXTS, notice, topic};
use crate::conversation::Lang;
use crate::domain::notice::Kind as NoticeKind;
use crate::grammar::Topic;

const TOPIC_HINT: (&str, &str) = (
    "Kalimat kantor sendiri yang ditambahkan pada jawaban; kosong: tidak ada.",
    "The office's own sentence, added to the answer; empty: none.",
);

/// The keys of a group, as its page shows them.
pub(super) fn of(group: Group) -> Vec<Key> {
    let rows = match group {
        Group::Office => OFFICE,
        Group::Hours => HOURS,
        Group::Release => RELEASE,
        Group::Policy => POLICY,
        Group::Texts => TEXTS,
        Group::Topics => &[],
        Group::Notices => NOTICES,
    };
    let key = |&Row(path, kind, usual, (id, en), hint): &Row| {
        let label = (id.to_owned(), en.to_owned());
        Key { path: path.to_owned(), group, kind, usual, label, hint }
    };
    let mut keys: Vec<Key> = rows.iter().map(key).collect();
    if group == Group::Notices {
        keys.extend(NoticeKind::ALL.map(|kind| {
            let (id, en) = notice(kind);
            let label = (id.to_owned(), en.to_owned());
            Key {
                path: format!("notices.{}", kind.key()),
                group,
                kind: Kind::Yes,
                usual: "true",
                label,
                hint: ("", ""),
            }
        }));
    }
    if group == Group::Topics {
        for of in Topic::ALL {
            let (id, en) = topic(of);
            for (code, id_name, en_name) in [("id", "Indonesia", "Indonesian"), ("en", "Inggris", "English")] {
                let label = (format!("{id} ({id_name})"), format!("{en} ({en_name})"));
                let path = format!("texts.{code}.topics.{}", of.name());
                keys.push(Key { path, group, kind: Kind::Line, usual: "", label, hint: TOPIC_HINT });
            }
        }
    }
    keys
}

/// All keys.
pub(super) fn all() -> impl Iterator<Item = Key> {
    Group::ALL.into_iter().flat_map(of)
}

/// What a key of an office, a format or a calendar is called; days and formats by their own names.
pub(super) fn label_of(path: &str, lang: Lang) -> Option<String> {
    if let Some(key) = all().find(|key| key.path == path) {
        return Some(key.label(lang).to_owned());
    }
    // One line may stand for several weekdays.
    let (table, rest) = path.split_once('.')?;
    let words = match (table, lang) {
        ("hours", Lang::Id) => "Jam buka",
        ("hours", Lang::En) => "Opening hours",
        ("closed", Lang::Id) => "Tutup",
        ("closed", Lang::En) => "Closed",
        ("open", Lang::Id) => "Buka tambahan",
        ("open", Lang::En) => "Open besides",
        ("holiday", Lang::Id) => "Hari libur",
        ("holiday", Lang::En) => "Holiday",
        ("format", _) => "Format",
        _ => return None,
    };
    Some(format!("{words} {rest}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::roster;

    /// Keys that the program writes itself, or that no form changes: an id never changes, and a base file is of the text.
    const WITHOUT_FIELD: [&str; 4] = ["extend", "id", "version", "based_on"];

    // Negative control: without the row of `policy.arrivals` this fails by its name.
    #[test]
    fn every_key_that_the_reader_knows_has_a_field_and_no_other() {
        let fields: BTreeSet<String> = all().map(|key| key.path).collect();
        let known: BTreeSet<String> =
            roster::keys().into_iter().filter(|key| !WITHOUT_FIELD.contains(&key.as_str())).collect();
        assert_eq!(fields, known);
        assert_eq!(all().count(), fields.len(), "a key has two fields");
    }
}
