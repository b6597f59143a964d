//! Citizens' addresses in one canonical spelling, whichever provider sent them.

use phonenumber::Mode;
pub use phonenumber::country::Id as Country;

use crate::domain::message::Contact;

/// Longest address that any provider documents, in bytes: a country, a dot, `ENT.`, 128 characters, and a margin.
const ADDRESS_BYTES_MAX: usize = 160;

/// Reads an address: a phone number in any international spelling becomes its digits without `+` (E.164), so that
/// `+62 812-0000-1234` and `6281200001234` are one citizen; anything else stays as the provider wrote it.
///
/// `None` when it is empty, too long or holds control characters: then there is nobody to answer.
pub fn read(text: &str) -> Option<Contact> {
    let text = text.trim();
    if text.is_empty() || text.len() > ADDRESS_BYTES_MAX || text.contains(char::is_control) {
        return None;
    }
    let written = text.strip_prefix('+').unwrap_or(text);
    let is_number = written.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.'));
    if !is_number {
        return Some(Contact::new(text));
    }
    if is_plain_mobile(written) {
        return Some(Contact::new(written));
    }
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| Contact::new(e164(&digits).unwrap_or(digits)))
}

/// Reads an address as [`read`] does, but a number in its country's own spelling (`0812…`) by that country.
pub fn read_local(text: &str, country: Country) -> Option<Contact> {
    let written = text.trim();
    let is_local = written.starts_with('0') && !written.starts_with("00");
    // Nearly every number is international already, and the library takes its time.
    let parsed = if is_local { phonenumber::parse(Some(country), written).ok() } else { None };
    match parsed.filter(phonenumber::is_valid) {
        Some(number) => read(&number.format().mode(Mode::E164).to_string()),
        None => read(text),
    }
}

/// The country of this code, `ID`, if its numbers are known.
pub fn country(code: &str) -> Option<Country> {
    code.parse().ok()
}

/// An Indonesian mobile number that is written as E.164 already: nearly every message comes from one, and the library
/// takes longer over it than everything else that is read. Ten to thirteen digits with the national 0.
fn is_plain_mobile(written: &str) -> bool {
    let digits = written.strip_prefix("628").unwrap_or_default();
    (8..=11).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The E.164 digits of a number that its country knows; one that it does not know is not guessed at.
fn e164(digits: &str) -> Option<String> {
    let number = phonenumber::parse(None, format!("+{digits}")).ok().filter(phonenumber::is_valid)?;
    Some(number.format().mode(Mode::E164).to_string().trim_start_matches('+').to_owned())
}

/// Whether an address is WhatsApp's business-scoped user id (`ID.` and letters or digits) rather than a phone number.
///
/// Recognised by its form, since intermediaries put one into the fields meant for numbers.
pub fn is_scoped_id(address: &str) -> bool {
    let (country, rest) = address.split_once('.').unwrap_or_default();
    country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()) && !rest.is_empty()
}

/// Who is behind a WhatsApp-Web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Jid {
    /// A citizen, by phone number (`62…@s.whatsapp.net`, `62…@c.us`) or privacy id (`…@lid`).
    Person(Contact),
    /// A group, a channel or a broadcast: no single person, so nobody to answer.
    Crowd,
}

/// Reads a WhatsApp-Web address, whose phone may carry the number of a device (`62…:12@s.whatsapp.net`). `None` when
/// it is none.
pub fn jid(text: &str) -> Option<Jid> {
    let (user, server) = text.trim().split_once('@')?;
    let user = user.split(':').next().unwrap_or_default();
    match server {
        "s.whatsapp.net" | "c.us" if user.bytes().all(|b| b.is_ascii_digit()) => {
            // Zero is WhatsApp's own notices.
            if user == "0" { Some(Jid::Crowd) } else { read(user).map(Jid::Person) }
        }
        "lid" if !user.is_empty() => read(&format!("{user}@lid")).map(Jid::Person),
        "g.us" | "broadcast" | "newsletter" => Some(Jid::Crowd),
        "s.whatsapp.net" | "c.us" | "lid" => None,
        // A server that is not known yet: whoever it is, they are answered under the address that they wrote from.
        _ if !user.is_empty() && !server.is_empty() => read(&format!("{user}@{server}")).map(Jid::Person),
        _ => None,
    }
}

/// Whether an address is WhatsApp-Web's privacy id.
pub fn is_lid(address: &str) -> bool {
    address.ends_with("@lid")
}

/// Whether an address names its server itself: a privacy id, or one of a server that is not known yet.
pub fn names_its_server(address: &str) -> bool {
    address.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn contact(text: &str) -> Option<String> {
        read(text).map(|contact| contact.as_str().to_owned())
    }

    // Negative control: with "62" for "628" in `is_plain_mobile`, 62 0812... keeps a 0 that the library drops.
    proptest! {
        #[test]
        fn the_short_way_gives_what_the_library_gives(digits in "62[08][0-9]{8,11}") {
            prop_assert_eq!(is_plain_mobile(&digits), digits.starts_with("628"));
            let library = e164(&digits).unwrap_or(digits.clone());
            prop_assert_eq!(contact(&digits), Some(library));
        }
    }

    #[test]
    fn one_phone_number_has_one_spelling() {
        for written in
            ["6281200001234", "+6281200001234", "+62 812-0000-1234", "62 812 0000 1234", "+62 0812 0000 1234"]
        {
            assert_eq!(contact(written).as_deref(), Some("6281200001234"), "{written}");
        }
    }

    #[test]
    fn a_number_that_no_country_knows_keeps_its_digits() {
        assert_eq!(contact("+6281200").as_deref(), Some("6281200"));
        assert_eq!(contact("999000111222333444").as_deref(), Some("999000111222333444"));
    }

    // Negative control: with `read` in the place of `read_local`, the first three keep their 0.
    #[test]
    fn a_number_in_its_countrys_own_spelling_is_that_countrys() {
        let local = |text, code| read_local(text, country(code)?).map(|contact| contact.as_str().to_owned());
        for (written, code, number) in [
            ("081200001234", "ID", "6281200001234"),
            ("0812-0000-1234", "ID", "6281200001234"),
            ("0251 8312345", "ID", "622518312345"),
            ("6281200001234", "ID", "6281200001234"),
            ("+6281200001234", "MY", "6281200001234"),
            ("012-345 6789", "MY", "60123456789"),
            ("0", "ID", "0"),
            ("93456", "ID", "93456"),
            ("KANIM", "ID", "KANIM"),
        ] {
            assert_eq!(local(written, code).as_deref(), Some(number), "{written}");
        }
        assert_eq!(country("XX"), None);
    }

    #[test]
    fn an_opaque_id_stays_as_it_is() {
        assert_eq!(contact("ID.13491208655302741918").as_deref(), Some("ID.13491208655302741918"));
        assert!(is_scoped_id("ID.13491208655302741918") && is_scoped_id("ID.ENT.118157"));
        assert!(!is_scoped_id("6281200001234") && !is_scoped_id("ID.") && !is_scoped_id("id.1") && !is_scoped_id(""));
    }

    #[test]
    fn a_web_address_is_a_person_or_a_crowd() {
        let person = |text: &str| Some(Jid::Person(Contact::new(text)));
        assert_eq!(jid("6281200001234@s.whatsapp.net"), person("6281200001234"));
        assert_eq!(jid("6281200001234:12@s.whatsapp.net"), person("6281200001234"));
        assert_eq!(jid("6281200001234@c.us"), person("6281200001234"));
        assert_eq!(jid("251556368777322@lid"), person("251556368777322@lid"));
        assert_eq!(jid("251556368777322:3@lid"), person("251556368777322@lid"));
        for crowd in ["120363402106@g.us", "status@broadcast", "120363@newsletter", "0@s.whatsapp.net"] {
            assert_eq!(jid(crowd), Some(Jid::Crowd), "{crowd}");
        }
        assert_eq!(jid("6281200001234@hosted"), person("6281200001234@hosted"), "a server that is not known yet");
        for none in ["", "6281200001234", "@c.us", "a@", "x1@c.us", "@lid"] {
            assert_eq!(jid(none), None, "{none}");
        }
    }

    #[test]
    fn nobody_is_behind_an_empty_or_broken_address() {
        for broken in ["", " ", "+", "62\u{0}812", &"9".repeat(200)] {
            assert_eq!(read(broken), None, "{broken:?}");
        }
    }

    proptest! {
        #[test]
        fn reading_an_address_twice_changes_nothing(text in ".{0,40}|\\+?[0-9 -]{0,20}") {
            if let Some(once) = read(&text) {
                prop_assert_eq!(read(once.as_str()), Some(once));
            }
        }
    }
}
