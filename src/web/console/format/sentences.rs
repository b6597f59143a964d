//! The office's own sentences about mistakes, and the replies that citizens get with them, in both languages.

use super::words;
use crate::access::OfficeView;
use crate::conversation::{Lang, Outcome};
use crate::domain::message::Contact;
use crate::grammar::{Field, Format, Misread, MisreadKind};
use crate::reply::{Scene, write};
use crate::roster::EditedFile;
use crate::web::console::today::bold_parts;

/// An invented citizen, who is shown the reply.
const CITIZEN: &str = "6281200000001";

/// A mistake that may have a sentence, for a list to choose from.
pub(super) struct Choice {
    /// `Nama:missing`; of the whole form `:surplus`.
    pub(super) key: String,
    pub(super) label: String,
    pub(super) is_chosen: bool,
    pub(super) has_own: bool,
}

/// A reply as a citizen sees it, in one language.
pub(super) struct Bubble {
    pub(super) lang: &'static str,
    /// The text in parts, with whether each is bold.
    pub(super) parts: Vec<(bool, String)>,
}

/// A mistake with the reply to it.
pub(super) struct Reply {
    pub(super) label: String,
    pub(super) bubbles: Vec<Bubble>,
}

/// A mistake that is chosen: the piece by its name in the file, and what is wrong.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
}

impl<'a> About<'a> {
    /// Reads `Nama:missing`.
    pub(super) fn read(key: &'a str) -> Option<Self> {
        let (name, kind) = key.rsplit_once(':')?;
        MisreadKind::named(kind).map(|_| Self { name, kind })
    }

    fn path<'p>(&'p self, lang: &'p str) -> Vec<&'p str> {
        let front: &[&str] = if self.name.is_empty() { &[] } else { &["fields", self.name] };
        front.iter().copied().chain(["texts", lang, self.kind]).collect()
    }

    /// The sentence in a file; empty where there is none.
    pub(super) fn sentence(&self, text: &str, lang: &str) -> String {
        EditedFile::read(text).map(|file| file.shown(&self.path(lang))).unwrap_or_default()
    }

    /// Writes both sentences into a file, or takes out those that are empty.
    pub(super) fn put(&self, text: &str, (id, en): (&str, &str)) -> Option<String> {
        let mut file = EditedFile::read(text).ok()?;
        for (lang, sentence) in [("id", id), ("en", en)] {
            let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
            let new = (!sentence.is_empty()).then(|| sentence.as_str().into());
            file.set(&self.path(lang), new.as_ref()).ok()?;
        }
        Some(file.text())
    }
}

fn fields(format: &Format) -> impl Iterator<Item = (Option<Field>, String)> {
    let fields: Vec<_> =
        format.fields().into_iter().map(|field| (Some(field), format.called(field).to_owned())).collect();
    fields.into_iter().chain([(None, String::new())])
}

fn label((lang, whole): (Lang, &str), name: &str, kind: MisreadKind) -> String {
    let name = if name.is_empty() { whole } else { name };
    format!("{name}: {}", words::kind(lang, kind.name()))
}

/// Every mistake that the format can find, to choose from; those with a sentence of their own first.
pub(super) fn choices(format: &Format, chosen: &str, (lang, whole): (Lang, &str)) -> Vec<Choice> {
    let own: Vec<(Option<Field>, MisreadKind)> = format.own_texts().map(|(field, kind, _)| (field, kind)).collect();
    let of_field = |(field, name): (Option<Field>, String)| {
        let own = &own;
        Format::mistakes_about(field).map(move |kind| {
            let key = format!("{name}:{}", kind.name());
            Choice {
                label: label((lang, whole), &name, kind),
                is_chosen: key == chosen,
                has_own: own.contains(&(field, kind)),
                key,
            }
        })
    };
    let mut all: Vec<Choice> = fields(format).flat_map(of_field).collect();
    all.sort_by_key(|choice| !choice.has_own);
    all
}

/// The replies to the mistakes that have sentences of their own, and to the one that is chosen.
pub(super) fn replies(office: &OfficeView, format: &Format, chosen: &str, (lang, whole): (Lang, &str)) -> Vec<Reply> {
    let all = fields(format).flat_map(|(field, name)| {
        Format::mistakes_about(field).map(move |kind| (field, name.clone(), kind)).collect::<Vec<_>>()
    });
    let has_own = |field, kind| format.own_texts().any(|(of, about, _)| (of, about) == (field, kind));
    let shown = all.filter(|(field, name, kind)| has_own(*field, *kind) || format!("{name}:{}", kind.name()) == chosen);
    let reply = |(field, name, kind): (Option<Field>, String, MisreadKind)| Reply {
        label: label((lang, whole), &name, kind),
        bubbles: [Lang::Id, Lang::En].map(|lang| bubble(office, format, (field, kind), lang)).into(),
    };
    shown.map(reply).collect()
}

fn bubble(office: &OfficeView, format: &Format, (field, kind): (Option<Field>, MisreadKind), lang: Lang) -> Bubble {
    let misread = Misread {
        format: format.id().clone(),
        kind,
        field,
        at: (0, 0),
        found: String::new(),
        expected: String::new(),
        others: Vec::new(),
        pieces: Vec::new(),
        member: None,
        suggestion: None,
        either: None,
        several: false,
    };
    let contact = Contact::new(CITIZEN);
    let formats = [format];
    let scene = Scene {
        office: office.office(),
        formats: &formats,
        calendar: office.calendar(),
        contact: &contact,
        lang,
        now: office.now(),
        pause_until: None,
        turn_links: None,
        upload: None,
        tells_privacy: false,
    };
    let said = write(&scene, &Outcome::Misread { misread, photo_kept: false });
    let parts = bold_parts(&said.text).into_iter().map(|(bold, text)| (bold, text.to_owned())).collect();
    Bubble { lang: lang.code(), parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the path of a piece's sentence taken for the form's, the format says nothing of its own.
    #[test]
    fn a_sentence_is_put_where_the_format_reads_it() {
        let text = "id = \"x\"\npattern = \"#Nama#TglLahir\"\n";
        let about = About::read("TglLahir:too-young").unwrap();
        let with = about.put(text, ("Di bawah umur.\r\n Datanglah bersama orang tua.", "")).unwrap();
        assert_eq!(about.sentence(&with, "id"), "Di bawah umur. Datanglah bersama orang tua.");
        let format = Format::from_toml(&with).unwrap();
        let own: Vec<_> =
            format.own_texts().map(|(field, kind, own)| (field, kind, own.id.clone(), own.en.clone())).collect();
        assert_eq!(
            own,
            [(
                Some(Field::TglLahir),
                MisreadKind::TooYoung,
                Some("Di bawah umur. Datanglah bersama orang tua.".to_owned()),
                None
            )]
        );
        assert_eq!(about.put(&with, ("", " ")).as_deref(), Some(text));
        let whole = About::read(":surplus").unwrap();
        let with = whole.put(text, ("Formulir ini punya dua bagian.", "This form has two pieces.")).unwrap();
        assert!(
            Format::from_toml(&with)
                .unwrap()
                .own_texts()
                .any(|(field, kind, _)| (field, kind) == (None, MisreadKind::Surplus))
        );
        assert!(About::read("TglLahir:nothing").is_none());
    }

    #[test]
    fn what_has_a_sentence_is_offered_first() {
        let format = Format::from_toml(
            "id = \"x\"\npattern = \"#Nama#TglLahir\"\n[fields.TglLahir.texts.id]\ntoo-young = \"Belum.\"",
        )
        .unwrap();
        let choices = choices(&format, "Nama:missing", (Lang::Id, "seluruh isian"));
        assert!(choices[0].has_own && choices[0].key == "TglLahir:too-young");
        assert!(choices.iter().any(|choice| choice.is_chosen && choice.label == "Nama: bagian ini tidak ada"));
        assert!(choices.iter().any(|choice| choice.key == ":surplus" && choice.label.starts_with("seluruh isian")));
    }
}
