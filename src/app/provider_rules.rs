//! What providers forbid to be asked in a chat, and which formats and texts ask for it all the same.

use std::collections::BTreeSet;

use crate::config::{ChannelConfig, Config, Creation, GatewayConfig};
use crate::domain::office::{Office, OfficeId, OfficeTexts};
use crate::grammar::{Field, Format, PhotoKind};
use crate::roster::{Advice, Roster};

/// The rule, as it is told.
const RULE: &str = "WhatsApp's business messaging policy forbids to ask people for the numbers of identity cards in a chat, and pictures of \
                    the cards show them";
/// Fields for numbers of identity cards, as posters print them.
const NUMBERS: [(Field, &str); 2] = [(Field::Nik, "NIK"), (Field::NoKk, "NoKK")];
/// Words by which a sentence asks for something to be sent.
const SENDING: [&str; 14] = [
    "kirim",
    "kirimkan",
    "tulis",
    "tuliskan",
    "ketik",
    "balas",
    "lampirkan",
    "unggah",
    "sertakan",
    "send",
    "write",
    "type",
    "attach",
    "reply",
];
/// Words and pairs of words for the number or the picture of an identity card.
const IDENTITY: [&str; 12] = [
    "nik",
    "nokk",
    "no kk",
    "nomor kk",
    "no ktp",
    "nomor ktp",
    "foto ktp",
    "foto e ktp",
    "foto paspor",
    "nomor paspor",
    "id card",
    "identity card",
];

/// Words by which it asks not to.
const NOT: [&str; 6] = ["jangan", "tidak", "tak", "not", "don", "never"];

/// Offices on lines of which we know that their provider has the rule. Without a configuration nothing is known of any line.
fn official_lines(config: &Config) -> BTreeSet<&OfficeId> {
    let is_official = |channel: &&ChannelConfig| match config.gateways.get(&channel.gateway) {
        Some(GatewayConfig::WhatsAppCloud(_)) => true,
        // A number of Twilio's may be of SMS, too.
        Some(GatewayConfig::Twilio(_)) => channel.key.starts_with("whatsapp:"),
        _ => false,
    };
    config.channels.iter().filter(is_official).map(|channel| &channel.office).collect()
}

/// What formats and texts ask for that the provider of their line forbids, each with the way around.
pub fn forbidden_questions(config: &Config, roster: &Roster) -> Vec<Advice> {
    let offices = official_lines(config).into_iter().filter_map(|id| roster.offices.get(id));
    offices.flat_map(|office| of_office(office, &roster.formats_of(office))).collect()
}

/// What the formats and texts of one office ask for.
fn of_office(office: &Office, formats: &[&Format]) -> Vec<Advice> {
    let advice = |what: String, remedy: &str| Advice {
        what: format!("the office `{}` is on WhatsApp's official channel, but {what}; {RULE}", office.id),
        remedy: remedy.to_owned(),
    };
    let mut all = Vec::new();
    for format in formats {
        let id = format.id();
        let known = NUMBERS.into_iter().filter(|(field, _)| format.asks(*field)).map(|(_, name)| name);
        let numbers: Vec<&str> = known.chain(format.own_questions().filter(|name| names_identity(name))).collect();
        if !numbers.is_empty() {
            let what = format!("its format `{id}` asks for {}", numbers.join(" and "));
            all.push(advice(what, "leave it out of the line and look at the card at the counter"));
        }
        let shows_card = format.photos().iter().any(|kind| *kind != PhotoKind::Any);
        if shows_card && !format.photo_by_page() {
            let what = format!("its format `{id}` asks for the picture of a document");
            let remedy = "write `upload = \"page\"` into the format: the reply then links a page where the photo is sent; it needs \
                          `public_address` in the configuration";
            all.push(advice(what, remedy));
        }
        if let Some(sentence) = format.own_sentences().find(|text| asks_for_identity(text)) {
            let what = format!("a text of its format `{id}` asks for an identity card: \"{sentence}\"");
            all.push(advice(what, "ask to bring the card, not to send it or its number"));
        }
    }
    for (lang, texts) in [("id", &office.texts_id), ("en", &office.texts_en)] {
        if let Some(sentence) = sentences(texts).find(|text| asks_for_identity(text)) {
            let what = format!("its texts ({lang}) ask for an identity card: \"{sentence}\"");
            all.push(advice(what, "ask to bring the card, not to send it or its number"));
        }
    }
    all
}

/// All sentences of an office's own texts.
fn sentences(texts: &OfficeTexts) -> impl Iterator<Item = &str> {
    let single = [&texts.bring, &texts.excluded, &texts.official];
    let all = texts.requirements.iter().chain(single).chain(texts.topics.values());
    all.flat_map(|text| text.split(['.', '!', '?', '\n', ';'])).map(str::trim).filter(|text| !text.is_empty())
}

/// Lower-case words, one space between them.
fn folded(text: &str) -> String {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    format!(" {} ", words.join(" "))
}

fn names_identity(text: &str) -> bool {
    let folded = folded(text);
    IDENTITY.iter().any(|word| folded.contains(&format!(" {word} ")))
}

/// Whether a sentence asks for a number or a picture of an identity card to be sent.
fn asks_for_identity(text: &str) -> bool {
    let folded = folded(text);
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(&format!(" {word} ")));
    has(&IDENTITY) && has(&SENDING) && !has(&NOT)
}

/// The formats whose photos are sent by a page, where citizens have no address to open one at: their ids.
pub fn pages_without_address(config: &Config, roster: &Roster) -> Option<String> {
    // A demo is reached where it listens.
    if config.public_address.is_some() || config.creation == Creation::Freely {
        return None;
    }
    let offices = config.channels.iter().filter_map(|channel| roster.offices.get(&channel.office));
    let formats: BTreeSet<&str> = offices
        .flat_map(|office| roster.formats_of(office))
        .filter(|format| format.photo_by_page())
        .map(|format| format.id().as_str())
        .collect();
    (!formats.is_empty()).then(|| {
        let named: Vec<String> = formats.into_iter().map(|id| format!("`{id}`")).collect();
        format!(
            "the format {} says upload = \"page\", but the configuration has no `public_address`, so no reply could link the page: add it \
             (https://antrean.example.go.id), or remove `upload`",
            named.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative controls, run: with the words of sending not asked for, what is to be brought is warned about; with the words of identity not
    // asked for, every text is.
    #[test]
    fn a_text_that_asks_to_send_a_card_is_found_and_one_that_asks_to_bring_it_is_not() {
        for text in
            ["Kirim foto KTP Anda", "Tulis NIK di belakang nama", "Please send your ID card", "Lampirkan foto e-KTP"]
        {
            assert!(asks_for_identity(text), "{text}");
        }
        for text in [
            "Bawa e-KTP asli",
            "Bawa kartu asli, nomor KTP harus terbaca",
            "e-KTP, KK, dan akta lahir asli",
            "Kirim #bantuan",
            "Teknik",
            "Jangan kirim foto KTP",
            "Do not send your NIK",
        ] {
            assert!(!asks_for_identity(text), "{text}");
        }
    }

    fn asked(format: &str) -> Vec<String> {
        let format = Format::from_toml(format).unwrap();
        let roster = Roster::shipped().unwrap();
        let office = &roster.offices[&OfficeId::read("bogor").unwrap()];
        of_office(office, &[&format]).into_iter().map(|advice| advice.what).collect()
    }

    #[test]
    fn numbers_and_pictures_of_cards_are_named_and_a_page_is_the_way_around() {
        let line = |more: &str, line: &str| format!("id = \"x\"\npattern = \"{line}\"\n{more}");
        assert_eq!(asked(&line("", "#Nama#TglLahir")), Vec::<String>::new());
        let nik = asked(&line("", "#Nama#TglLahir#NIK"));
        assert!(nik.len() == 1 && nik[0].contains("asks for NIK"), "{nik:?}");
        let photo = asked(&line("", "#Nama#TglLahir + FotoKTP"));
        assert!(photo.len() == 1 && photo[0].contains("the picture of a document"), "{photo:?}");
        assert_eq!(asked(&line("upload = \"page\"\n", "#Nama#TglLahir + FotoKTP")), Vec::<String>::new());
        assert_eq!(asked(&line("", "#Nama#TglLahir + Foto")), Vec::<String>::new(), "any picture will do");
    }
}
