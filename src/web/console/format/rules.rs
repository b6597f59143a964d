//! The rules of each piece as a form, and what was typed into it put back into the file.

use super::sent::Sent;
use super::words;
use crate::conversation::Lang;
use crate::grammar::{Field, Format, LinePiece};
use crate::roster::{EditError, EditedFile, NewValue};

/// The rules of a piece, as they stand in the file.
pub(super) struct PieceRules {
    /// What the office calls it, which is its key in the file.
    pub(super) name: String,
    pub(super) meaning: &'static str,
    pub(super) max: Option<Max>,
    /// Spellings of a date, with whether each is taken; empty for other pieces.
    pub(super) dates: Vec<(&'static str, bool)>,
    pub(super) ages: Option<(String, String)>,
    /// Whether the same day may be asked for, and how many days ahead.
    pub(super) visit: Option<(bool, String)>,
    pub(super) holds: Option<bool>,
    pub(super) choices: Option<String>,
    pub(super) names: Option<String>,
    pub(super) is_plain: bool,
}

/// The largest value of a piece.
pub(super) struct Max {
    pub(super) value: String,
    pub(super) counts_people: bool,
}

/// The rules of every piece of the file's line.
pub(super) fn of(text: &str, lang: Lang) -> Vec<PieceRules> {
    let (Ok(file), Some(pieces)) = (EditedFile::read(text), Format::pieces_of_file(text)) else { return Vec::new() };
    let fields = pieces.into_iter().flat_map(|LinePiece { fields, .. }| fields);
    fields.map(|(field, name)| rules(&file, field, name, lang)).collect()
}

fn rules(file: &EditedFile, field: Field, name: String, lang: Lang) -> PieceRules {
    let at = |key: &str| file.shown(&["fields", &name, key]);
    let is_text = matches!(field, Field::Teks(_));
    let has_max = is_text || matches!(field, Field::Nama | Field::Alamat | Field::Jumlah);
    let taken = at("dates");
    let dates = match field {
        Field::TglLahir => Format::date_spellings()
            .filter(|spelling| *spelling != "besok")
            .map(|spelling| (spelling, holds(&taken, spelling)))
            .collect(),
        Field::TglKedatangan => Format::date_spellings().map(|spelling| (spelling, holds(&taken, spelling))).collect(),
        _ => Vec::new(),
    };
    let is_holding = is_text || field == Field::Alamat;
    let rules = PieceRules {
        meaning: words::field(lang, field),
        max: has_max.then(|| Max { value: at("max"), counts_people: field == Field::Jumlah }),
        dates,
        ages: (field == Field::TglLahir).then(|| (at("age_min"), at("age_max"))),
        visit: (field == Field::TglKedatangan)
            .then(|| (file.is_true(&["fields", &name, "today"], true), at("horizon_days"))),
        holds: is_holding.then(|| file.is_true(&["fields", &name, "holds_separator"], false)),
        choices: (field == Field::Layanan).then(|| choices(file, &name)),
        names: is_text.then(|| at("names")),
        is_plain: false,
        name,
    };
    let is_plain = rules.max.is_none() && rules.dates.is_empty() && rules.choices.is_none();
    PieceRules { is_plain, ..rules }
}

fn holds(list: &str, word: &str) -> bool {
    list.split(", ").any(|taken| taken == word)
}

/// The services, a line each: `baru: paspor baru, new`.
fn choices(file: &EditedFile, name: &str) -> String {
    let line = |service: String| {
        let words = file.shown(&["fields", name, "choices", &service]);
        if words.is_empty() { service } else { format!("{service}: {words}") }
    };
    let lines: Vec<String> = file.keys(&["fields", name, "choices"]).into_iter().map(line).collect();
    lines.join("\n")
}

/// Puts what was typed for every piece of the line into the file.
pub(super) fn apply(text: &str, sent: &Sent) -> Option<String> {
    let mut file = EditedFile::read(text).ok()?;
    let pieces = Format::pieces_of_file(text)?;
    for (field, name) in pieces.into_iter().flat_map(|LinePiece { fields, .. }| fields) {
        // Only what was on the page when it was sent.
        if sent.given(&format!("rule:{name}")).is_some() {
            put(&mut file, field, &name, sent).ok()?;
        }
    }
    Some(file.text())
}

fn put(file: &mut EditedFile, field: Field, name: &str, sent: &Sent) -> Result<(), EditError> {
    let of = |key: &str| format!("rule:{name}:{key}");
    let typed = |key: &str| sent.field(&of(key)).to_owned();
    let is_ticked = |key: &str| sent.given(&of(key)).is_some();
    let numbers: &[&str] = match field {
        Field::Nama | Field::Alamat | Field::Jumlah | Field::Teks(_) => &["max"],
        Field::TglLahir => &["age_min", "age_max"],
        Field::TglKedatangan => &["horizon_days"],
        _ => &[],
    };
    for key in numbers {
        file.set_number(&["fields", name, key], &typed(key))?;
    }
    match field {
        Field::TglLahir | Field::TglKedatangan => {
            let key = of("dates");
            file.set_list(&["fields", name, "dates"], sent.all(&key))?;
        }
        Field::Layanan => put_choices(file, name, &typed("choices"))?,
        Field::Teks(_) => {
            let names = typed("names");
            file.set_list(&["fields", name, "names"], names.split(','))?;
        }
        _ => {}
    }
    if field == Field::TglKedatangan {
        file.set_truth(&["fields", name, "today"], is_ticked("today"), true)?;
    }
    if matches!(field, Field::Alamat | Field::Teks(_)) {
        file.set_truth(&["fields", name, "holds_separator"], is_ticked("holds_separator"), false)?;
    }
    Ok(())
}

fn put_choices(file: &mut EditedFile, name: &str, typed: &str) -> Result<(), EditError> {
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    let services: Vec<(&str, &str)> = lines.map(|line| line.split_once(':').unwrap_or((line, ""))).collect();
    for service in file.keys(&["fields", name, "choices"]) {
        if !services.iter().any(|(kept, _)| kept.trim() == service) {
            file.remove(&["fields", name, "choices", &service]);
        }
    }
    for (service, words) in services {
        let words = words.split(',').map(str::trim).filter(|word| !word.is_empty());
        let words = NewValue::Words(words.map(str::to_owned).collect());
        file.set(&["fields", name, "choices", service.trim()], Some(&words))?;
    }
    Ok(())
}

/// Adds a question of the office's own to the file; its name still has to be written into the line.
pub(super) fn add_question(text: &str, name: &str) -> Option<String> {
    let mut file = EditedFile::read(text).ok()?;
    let name = name.trim();
    if !name.is_empty() {
        file.set(&["fields", name, "kind"], Some(&"text".into())).ok()?;
    }
    Some(file.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(fields: &[(&str, &str)]) -> Sent {
        Sent(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    const FILE: &str = "id = \"x\"\npattern = \"#Nama#TglLahir#TglKedatangan#Layanan#Kerja\"\n\n[fields.Kerja]\nkind = \"text\" # ours\n\n[fields.Layanan.choices]\nbaru = [\"new\"]\nlama = []\n";

    // Negative control: with a box that is not ticked taken for one that is, `today` stays true.
    #[test]
    fn what_is_typed_stands_in_the_file_and_is_shown_again() {
        let all = sent(&[
            ("rule:Nama", "1"),
            ("rule:Nama:max", "40"),
            ("rule:TglLahir", "1"),
            ("rule:TglLahir:age_min", "17"),
            ("rule:TglLahir:age_max", ""),
            ("rule:TglLahir:dates", "ddmmyyyy"),
            ("rule:TglLahir:dates", "dd-mm-yyyy"),
            ("rule:TglKedatangan", "1"),
            ("rule:TglKedatangan:horizon_days", "14"),
            ("rule:Layanan", "1"),
            ("rule:Layanan:choices", "baru: paspor baru, new\r\nhilang\n"),
            ("rule:Kerja", "1"),
            ("rule:Kerja:names", "Occupation, "),
            ("rule:Kerja:holds_separator", "1"),
        ]);
        let text = apply(FILE, &all).unwrap();
        let format = Format::from_toml(&text).unwrap();
        let limits = format.limits();
        assert_eq!(
            (limits.nama_chars_max, limits.age_min, limits.age_max, limits.horizon_days),
            (40, Some(17), None, Some(14))
        );
        assert!(
            !format.takes_today() && format.holds_separator(Field::Teks(0)) && text.contains("kind = \"text\" # ours")
        );
        let services: Vec<&str> = limits.services.iter().map(crate::domain::person::Service::as_str).collect();
        assert_eq!(services, ["baru", "hilang"]);
        let shown = of(&text, Lang::Id);
        assert_eq!(shown.len(), 5);
        assert_eq!(shown[3].choices.as_deref(), Some("baru: paspor baru, new\nhilang"));
        assert_eq!(shown[1].dates.iter().filter(|(_, taken)| *taken).count(), 2);
        assert_eq!(apply(&text, &sent(&[])), Some(text.clone()), "what was not on the page stays");
    }

    #[test]
    fn rules_can_be_filled_in_where_the_file_is_not_whole_yet() {
        let text = "id = \"x\"\npattern = \"#Nama#Layanan\"\n";
        assert!(Format::from_toml(text).is_err());
        assert_eq!(of(text, Lang::Id).len(), 2);
        let filled = apply(text, &sent(&[("rule:Layanan", "1"), ("rule:Layanan:choices", "baru")])).unwrap();
        assert!(Format::from_toml(&filled).is_ok(), "{filled}");
        let asked = add_question(&filled, " Kerja ").unwrap();
        assert!(asked.contains("[fields.Kerja]\nkind = \"text\""), "{asked}");
    }
}
