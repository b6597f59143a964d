//! More than three thousand names by region, each in several forms: every one reads back as it is written.

use serde::Deserialize;

use super::*;

/// Names that the list has at least.
const NAMES_MIN: usize = 3_000;

#[derive(Deserialize)]
struct Names {
    region: Vec<Region>,
}

#[derive(Deserialize)]
struct Region {
    #[serde(rename = "region")]
    place: String,
    parts: Vec<Vec<String>>,
    /// Whether they are read in a form without marks too.
    #[serde(default = "yes")]
    blanks: bool,
}

fn yes() -> bool {
    true
}

impl Region {
    /// Every name of the region's parts.
    fn names(&self) -> Vec<String> {
        let mut names = vec![String::new()];
        for parts in &self.parts {
            let longer = names.iter().flat_map(|name| parts.iter().map(move |part| format!("{name} {part}")));
            names = longer.map(|name| name.trim().to_owned()).collect();
        }
        names
    }
}

/// A form without marks.
const BLANKS: &str = "{} 25011987 07082017";
/// How a name comes in a form: the format, and the message with `{}` for the name.
const FORMS: [(&str, &str); 15] = [
    ("nama-lahir-kedatangan", "#{}#25011987#07082017"),
    ("nama-lahir-kedatangan", "{} # 25-01-1987 # 7 Agustus 2017"),
    ("nama-lahir-kedatangan", "Selamat pagi min, #{}#25011987#07082017#terima kasih"),
    ("nama-lahir-kedatangan", "Assalamualaikum\n#{}#25011987#07082017 hatur nuhun pisan"),
    ("nama-lahir-kedatangan", "Halo kak,\n#{}\n#25011987\n#07082017\nsuksma"),
    ("nama-lahir-kedatangan", "#\"{}\"#25011987#07082017 syukron"),
    ("nama-lahir-kedatangan", "Nama: {}\nTgl Lahir: 25-01-1987\nTgl Kedatangan: 07-08-2017"),
    (
        "nama-lahir-kedatangan",
        "Selamat siang\nNama : *{}*\nTgl Lahir : 25-01-1987\nTgl Kedatangan : 07-08-2017\nMohon konfirmasinya kak",
    ),
    ("nama-lahir-kedatangan", "Nama: {} Tgl Lahir: 25011987 Tgl Kedatangan: 07082017"),
    ("nama-lahir-kedatangan", "{}\n25-01-1987\n07-08-2017"),
    ("nama-lahir-kedatangan", "{};25011987;07082017"),
    ("nama-lahir-kedatangan", BLANKS),
    ("batam-tanpa-foto", "{}#25011987#Jl. Melati 5 Batam"),
    ("batam-tanpa-foto", "Halo,\n{}#25011987#Jl. Melati 5 Batam, mohon konfirmasinya"),
    ("batam-keluarga", "{}#25011987#Jl. Melati 5 Batam#3"),
];

/// The name that a message gives.
fn named(format: &Format, message: &str) -> Result<String, String> {
    let sent_on = "2017-08-01".parse().expect("a date");
    match read(&[format], message, sent_on) {
        Request::Form(form) => Ok(form.applicant.nama.as_str().to_owned()),
        other => Err(format!("{other:?}")),
    }
}

// Negative control: with `also_names` or `honorifics` empty in the vocabulary this fails, and so it does with thanks cut from
// every name's end, as they were before.
#[test]
fn every_name_of_the_list_reads_back_as_written_in_every_form() {
    let names: Names = toml::from_str(include_str!("../../../fixtures/names/regions.toml")).expect("a readable list");
    let shipped = Format::shipped();
    let format = |id: &str| shipped.iter().find(|format| format.id().as_str() == id).expect("a shipped format");
    let (mut all, mut failed) = (std::collections::BTreeSet::new(), Vec::new());
    for region in &names.region {
        for name in region.names() {
            for (id, form) in FORMS.into_iter().filter(|(_, form)| region.blanks || *form != BLANKS) {
                let message = form.replace("{}", &name);
                let read = named(format(id), &message);
                if read.as_ref() != Ok(&name) {
                    failed.push(format!("{}: {message:?} gave {read:?}", region.place));
                }
            }
            all.insert(name);
        }
    }
    println!("{} names", all.len());
    assert!(all.len() >= NAMES_MIN, "{} names", all.len());
    let shown: Vec<&String> = failed.iter().take(60).collect();
    assert!(failed.is_empty(), "{} of {}: {shown:#?}", failed.len(), all.len() * FORMS.len());
}
