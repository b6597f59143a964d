//! Reads `[fields]` and `[texts]` of a format file: rules of the pieces, and the office's own sentences.

use toml::de::DeValue;

use crate::domain::office::HORIZON_DAYS_MAX;
use crate::domain::person::{
    ADDRESS_CHARS_MAX, AGE_YEARS_MAX, ANSWER_CHARS_MAX, NAMA_CHARS_MAX, PARTY_MAX, SERVICE_CHARS_MAX, Service,
};
use crate::grammar::date::spelling::{DateSpelling, Spellings};
use crate::grammar::format::rules::{OwnText, Rules, SERVICE_WORDS_MAX, SERVICES_MAX, TEXT_NAMES_MAX, TextRule};
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::{Field, TEXTS_MAX};
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::text::words::{Words, folded};
use crate::sheet::{Entry, Mistake, Place, Read, Table, choice, line, nearest, truth, whole};

/// Longest sentence of an office's own, in characters: it stands in a reply with the form and an example.
const SENTENCE_CHARS_MAX: usize = 300;
/// Longest name of a piece of the office's own, in characters.
const NAME_CHARS_MAX: usize = 30;

/// A field that the file speaks of, and where.
pub(crate) type Named = (Field, Place);

/// Reads both tables; all fields that are spoken of are given too, so that they can be looked for in the line.
pub(crate) fn read(top: &mut Table<'_, '_>) -> (Rules, Vec<Named>) {
    let mut rules = Rules::default();
    let mut named = Vec::new();
    if let Some(mut fields) = top.table("fields") {
        for (key, place) in fields.keys() {
            let field = if let Some(field) = Field::KNOWN.into_iter().find(|field| field.name() == key) {
                if let Some(table) = fields.table(key) {
                    known(field, table, &mut rules);
                }
                Some(field)
            } else {
                fields.table(key).and_then(|table| text(key, &place, table, &mut rules))
            };
            named.extend(field.map(|field| (field, place)));
        }
    }
    texts(top, None, &mut rules);
    (rules, named)
}

/// A number of characters, persons, years or days; what the file does not say stays.
fn set<T: TryFrom<u32>>(table: &mut Table<'_, '_>, key: &str, (min, max): (u32, usize), into: &mut T) {
    let max = u32::try_from(max).unwrap_or(u32::MAX);
    if let Entry::Given(spot) = table.take(key, |value| whole(value, min, max))
        && let Ok(value) = T::try_from(spot.value)
    {
        *into = value;
    }
}

/// The same for a number that has no value where the file is silent.
fn set_some(table: &mut Table<'_, '_>, key: &str, range: (u32, usize), into: &mut Option<u32>) {
    let max = u32::try_from(range.1).unwrap_or(u32::MAX);
    if let Entry::Given(spot) = table.take(key, |value| whole(value, range.0, max)) {
        *into = Some(spot.value);
    }
}

fn spellings(table: &mut Table<'_, '_>) -> Spellings {
    let list = table.take_list("dates", |value| choice(value, &DateSpelling::ALL));
    let Entry::Given(list) = list else { return Spellings::default() };
    let place = list.place;
    let shapes = Spellings(Some(list.value.into_iter().map(|spot| spot.value).collect()));
    if !shapes.can_spell() {
        let what = "no spelling with a whole year is left, so that not every day could be written";
        table.note(place, what, "name at least one of \"ddmmyyyy\", \"dd-mm-yyyy\", \"yyyy-mm-dd\", \"dd month yyyy\"");
    }
    shapes
}

/// The rules of one of the known fields.
fn known(field: Field, mut table: Table<'_, '_>, rules: &mut Rules) {
    let keys: &[&str] = match field {
        Field::Nama | Field::Jumlah => &["max", "texts"],
        Field::TglLahir => &["dates", "age_min", "age_max", "texts"],
        Field::TglKedatangan => &["dates", "today", "horizon_days", "texts"],
        Field::Alamat => &["max", "holds_separator", "texts"],
        Field::Layanan => &["choices", "texts"],
        Field::Nik | Field::NoKk | Field::Telepon | Field::Email | Field::Sesi | Field::Teks(_) => &["texts"],
    };
    table.refuse_unknown(keys);
    match field {
        Field::Nama => set(&mut table, "max", (1, NAMA_CHARS_MAX), &mut rules.nama_chars_max),
        Field::TglLahir => born(&mut table, rules),
        Field::TglKedatangan => {
            rules.visit = spellings(&mut table);
            if let Entry::Given(today) = table.take("today", truth) {
                rules.today = today.value;
            }
            set_some(&mut table, "horizon_days", (1, HORIZON_DAYS_MAX as usize), &mut rules.horizon_days);
        }
        Field::Alamat => {
            set(&mut table, "max", (1, ADDRESS_CHARS_MAX), &mut rules.alamat_chars_max);
            if let Entry::Given(holds) = table.take("holds_separator", truth) {
                rules.alamat_holds_separator = holds.value;
            }
        }
        Field::Jumlah => set(&mut table, "max", (1, usize::from(PARTY_MAX)), &mut rules.party_max),
        Field::Layanan => services(&mut table, rules),
        Field::Nik | Field::NoKk | Field::Telepon | Field::Email | Field::Sesi | Field::Teks(_) => {}
    }
    texts(&mut table, Some(field), rules);
}

fn born(table: &mut Table<'_, '_>, rules: &mut Rules) {
    rules.born = spellings(table);
    let years = usize::try_from(AGE_YEARS_MAX).unwrap_or_default();
    set_some(table, "age_min", (0, years), &mut rules.age_min);
    set_some(table, "age_max", (0, years), &mut rules.age_max);
    if let (Some(least), Some(most)) = (rules.age_min, rules.age_max)
        && least > most
    {
        let place = table.here();
        table.note(place, format!("nobody is at least {least} and at most {most}"), "raise age_max, or lower age_min");
    }
    if rules.born.0.as_ref().is_some_and(|shapes| shapes.contains(&DateSpelling::Counted)) {
        let place = table.here();
        table.note(place, "nobody is born `besok`", "leave \"besok\" out of the dates");
    }
}

/// `choices`: each service and its other spellings.
fn services(table: &mut Table<'_, '_>, rules: &mut Rules) {
    let mut words: Vec<(u8, String)> = Vec::new();
    let here = table.here();
    let Some(mut choices) = table.table("choices") else { return };
    let keys = choices.keys();
    if keys.is_empty() || keys.len() > SERVICES_MAX {
        let what = format!("{} services are too few or too many for one reply", keys.len());
        choices.note(here, what, format!("name 1 to {SERVICES_MAX}, like baru = [\"paspor baru\"]"));
    }
    for ((name, place), at) in keys.into_iter().take(SERVICES_MAX).zip(0_u8..) {
        let Some(service) = Service::named(name) else {
            let what = format!("a service needs a name of 1 to {SERVICE_CHARS_MAX} characters");
            choices.note(place, what, "write it like baru = [\"paspor baru\"]");
            continue;
        };
        let spellings = choices.take_list(name, |value| line(value, SERVICE_CHARS_MAX));
        let others = spellings.given().map(|list| list.value.clone()).unwrap_or_default();
        let own = (name.to_owned(), place);
        for (spelling, place) in std::iter::once(own).chain(others.into_iter().map(|spot| (spot.value, spot.place))) {
            let folded = folded(&spelling).collect::<String>();
            if folded.is_empty() {
                choices.note(place, format!("`{spelling}` holds no letter or digit"), "write it as citizens would");
            } else if words.len() == SERVICE_WORDS_MAX {
                let what = format!("the services have more than {SERVICE_WORDS_MAX} spellings together");
                choices.note(place, what, "leave those that nobody writes: case, spaces and dots do not matter");
                rules.services.push(service);
                rules.service_words = Words::of_folded(boxed(words));
                return;
            } else if let Some((earlier, _)) = words.iter().find(|(_, word)| *word == folded) {
                let earlier = rules.services.get(usize::from(*earlier)).map_or(name, Service::as_str);
                let what = format!("`{spelling}` is said of `{earlier}` already, so it is never reached");
                choices.note(place, what, "leave it with one service");
            } else {
                words.push((at, folded));
            }
        }
        rules.services.push(service);
    }
    rules.service_words = Words::of_folded(boxed(words));
}

/// Folded spellings as a table of words takes them.
fn boxed(words: Vec<(u8, String)>) -> Vec<(Box<str>, u8)> {
    words.into_iter().map(|(at, word)| (word.into_boxed_str(), at)).collect()
}

/// A piece of the office's own naming.
fn text(key: &str, place: &Place, mut table: Table<'_, '_>, rules: &mut Rules) -> Option<Field> {
    if matches!(table.take("kind", kind), Entry::Absent) {
        let near = nearest(key, Field::KNOWN.map(Field::name));
        let what = format!("`{key}` is no known piece");
        let remedy = near.map_or_else(
            || "add kind = \"text\" for a question of your own, or name a piece of the pattern".to_owned(),
            |near| format!("did you mean `{near}`? For a question of your own add kind = \"text\""),
        );
        table.note(place.clone(), what, remedy);
        return None;
    }
    table.refuse_unknown(&["kind", "names", "max", "holds_separator", "texts"]);
    let mut rule = TextRule { name: key.to_owned(), chars_max: ANSWER_CHARS_MAX, holds_separator: false };
    set(&mut table, "max", (1, ANSWER_CHARS_MAX), &mut rule.chars_max);
    if let Entry::Given(holds) = table.take("holds_separator", truth) {
        rule.holds_separator = holds.value;
    }
    let at = u8::try_from(rules.texts.len()).ok().filter(|at| usize::from(*at) < TEXTS_MAX);
    let Some(at) = at else {
        let what = format!("a form has at most {TEXTS_MAX} questions of the office's own");
        table.note(place.clone(), what, "leave this one out");
        return None;
    };
    let names = table.take_list("names", |value| line(value, NAME_CHARS_MAX));
    let mut names = names.given().map(|list| list.value.clone()).unwrap_or_default();
    if let Some(beyond) = names.get(TEXT_NAMES_MAX) {
        let what = format!("a piece has at most {TEXT_NAMES_MAX} other names");
        table.note(beyond.place.clone(), what, "leave those that nobody writes: case, spaces and dots do not matter");
    }
    names.truncate(TEXT_NAMES_MAX);
    let own = (key.to_owned(), place.clone());
    let mut words: Vec<(u8, String)> = rules.text_words.entries().map(|(word, at)| (at, word.to_owned())).collect();
    for (name, place) in std::iter::once(own).chain(names.into_iter().map(|spot| (spot.value, spot.place))) {
        let folded = folded(&name).collect::<String>();
        if folded.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            let what = format!("`{name}` is no name: it holds no letter, or more than {NAME_CHARS_MAX} characters");
            table.note(place, what, "name the piece as the poster prints it");
        } else if words.iter().any(|(_, word)| *word == folded) || WORDS.fields.get(&name).is_some() {
            table.note(place, format!("`{name}` is the name of another piece"), "call it something else");
        } else {
            words.push((at, folded));
        }
    }
    rules.text_words = Words::of_folded(boxed(words));
    rules.texts.push(rule);
    let field = Field::Teks(at);
    texts(&mut table, Some(field), rules);
    Some(field)
}

fn kind(value: &DeValue<'_>) -> Read<()> {
    choice(value, &[("text", ())])
}

/// `texts.id` and `texts.en`: the office's own sentences, by what is wrong.
fn texts(table: &mut Table<'_, '_>, field: Option<Field>, rules: &mut Rules) {
    let Some(mut both) = table.table("texts") else { return };
    both.refuse_unknown(&["id", "en"]);
    for lang in ["id", "en"] {
        let Some(mut sentences) = both.table(lang) else { continue };
        for (key, place) in sentences.keys() {
            let kinds = || MisreadKind::ALL.into_iter().filter(|kind| kind.is_about(field));
            let Some(kind) = kinds().find(|kind| kind.name() == key) else {
                let names: Vec<&str> = kinds().map(MisreadKind::name).collect();
                let remedy = nearest(key, names.iter().copied()).map_or_else(
                    || format!("write one of {}", names.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                sentences.note(place, format!("`{key}` is nothing that can be wrong here"), remedy);
                continue;
            };
            let Entry::Given(spot) = sentences.take(key, sentence) else { continue };
            let at = rules.own_texts.iter().position(|own| own.field == field && own.kind == kind);
            let at = at.unwrap_or_else(|| {
                rules.own_texts.push(OwnText { field, kind, id: None, en: None });
                rules.own_texts.len() - 1
            });
            if let Some(own) = rules.own_texts.get_mut(at) {
                let into = if lang == "id" { &mut own.id } else { &mut own.en };
                *into = Some(spot.value);
            }
        }
    }
}

fn sentence(value: &DeValue<'_>) -> Read<String> {
    let text = line(value, SENTENCE_CHARS_MAX)?;
    if text.contains(char::is_alphabetic) {
        Ok(text)
    } else {
        Err(Mistake::new("says nothing", "write the sentence that citizens get, or remove the line"))
    }
}
