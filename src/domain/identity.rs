//! Numbers and addresses that name a person or a household: NIK, family card, telephone, e-mail.
//!
//! A value is valid when it is read from what a citizen wrote. It is believed when it comes back from storage: rules such
//! as the list of provinces or of telephone prefixes change, and an old booking has to stay readable.

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use phonenumber::{Mode, country};
use serde::{Deserialize, Serialize};

/// Digits of a NIK and of a family card's number.
const REGISTRY_DIGITS: usize = 16;
/// What is added to the day of birth in a woman's NIK.
const WOMAN_DAYS: u32 = 40;
/// Longest e-mail address (RFC 5321, section 4.5.3.1.3, less the brackets).
pub const EMAIL_CHARS_MAX: usize = 254;
/// Longest part in front of the `@` (RFC 5321, section 4.5.3.1.1).
const EMAIL_LOCAL_MAX: usize = 64;
/// Longest label of a domain name (RFC 1035, section 2.3.4).
const DOMAIN_LABEL_MAX: usize = 63;
/// Digits of an Indonesian mobile number behind its `8`: ten to thirteen with the national 0.
const MOBILE_DIGITS: RangeInclusive<usize> = 8..=11;
/// Digits of any telephone number with its country (ITU-T E.164).
const PHONE_DIGITS: RangeInclusive<usize> = 7..=15;
/// Digits of a number without `+`, at least.
const BARE_DIGITS_MIN: usize = 9;

/// Province codes that open a NIK or a family card's number, by island group: Sumatra, Riau Islands, Java, Bali and Nusa
/// Tenggara, Kalimantan, Sulawesi, Maluku, Papua.
///
/// Source: the list of jakarta.tribunnews.com, 29 August 2023, as far as it goes; the rest inferred from numbers in use.
const PROVINCES: [RangeInclusive<u32>; 8] = [11..=19, 21..=21, 31..=36, 51..=53, 61..=65, 71..=76, 81..=82, 91..=97];

/// The sixteen digits of a text, spaces, dots and dashes left out, if they open with a province.
fn registry_number(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    let whole = digits.len() == REGISTRY_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    let province = part(&digits, 0, 2)?;
    (whole && PROVINCES.iter().any(|codes| codes.contains(&province))).then_some(digits)
}

/// The number that some of the digits make.
fn part(digits: &str, from: usize, to: usize) -> Option<u32> {
    digits.get(from..to)?.parse().ok()
}

/// A national identity number: 16 digits, province first, birth date inside (a woman's day + 40), serial not 0000.
///
/// Source: the civil registry's explanation of the sixteen digits (dukcapil.klaten.go.id).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nik(String);

impl Nik {
    /// Reads sixteen digits; `None` when a part of them cannot be.
    pub fn read(text: &str) -> Option<Self> {
        let digits = registry_number(text)?;
        let day = part(&digits, 6, 8)?;
        let day = if day > WOMAN_DAYS { day - WOMAN_DAYS } else { day };
        let fits = (1..=31).contains(&day) && (1..=12).contains(&part(&digits, 8, 10)?) && part(&digits, 12, 16)? > 0;
        fits.then_some(Self(digits))
    }

    /// The sixteen digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The birth date inside as day, month and year of two digits; a woman's day without the 40.
    pub fn birth(&self) -> Option<(u32, u32, u32)> {
        let day = part(&self.0, 6, 8)?;
        let day = if day > WOMAN_DAYS { day - WOMAN_DAYS } else { day };
        Some((day, part(&self.0, 8, 10)?, part(&self.0, 10, 12)?))
    }

    /// Whether the birth date inside is this one. A NIK is never reissued for a corrected date, so that one which differs
    /// is to be looked at and not to be refused (dukcapil.klaten.go.id).
    pub fn agrees_with(&self, born: NaiveDate) -> bool {
        self.birth() == Some((born.day(), born.month(), born.year().unsigned_abs() % 100))
    }
}

impl fmt::Debug for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nik(…)")
    }
}

/// The number of a family card: 16 digits, province first.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoKk(String);

impl NoKk {
    /// Reads sixteen digits; `None` when they are not, or name no province.
    pub fn read(text: &str) -> Option<Self> {
        registry_number(text).map(Self)
    }

    /// The sixteen digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NoKk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoKk(…)")
    }
}

/// A telephone number that its country knows, as its digits with the country and without `+` (E.164): one number, one
/// spelling, however it was written.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads a number of any country. Without `+` or `00`, one that opens with 0 or 8 is Indonesian and any other opens
    /// with its country.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let written = text.strip_prefix('+').unwrap_or(text);
        let is_number = written.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.' | '/'));
        let digits: String = written.chars().filter(char::is_ascii_digit).collect();
        if !is_number || !PHONE_DIGITS.contains(&digits.trim_start_matches('0').len()) {
            return None;
        }
        if text.starts_with('+') {
            return Self::abroad(&digits);
        }
        // A date has eight digits at most; the shortest telephone number of Indonesia has nine with its 0.
        if digits.len() < BARE_DIGITS_MIN {
            return None;
        }
        if let Some(digits) = digits.strip_prefix("00") {
            return Self::abroad(digits);
        }
        match digits.strip_prefix('0') {
            Some(national) => Self::national(national),
            None if digits.starts_with('8') => Self::national(&digits),
            None => Self::abroad(&digits),
        }
    }

    /// An Indonesian number without its 0.
    fn national(digits: &str) -> Option<Self> {
        let is_mobile = digits.strip_prefix('8').is_some_and(|rest| MOBILE_DIGITS.contains(&rest.len()));
        if is_mobile {
            return Some(Self(format!("62{digits}")));
        }
        Self::known(phonenumber::parse(Some(country::ID), format!("0{digits}")).ok()?)
    }

    /// A number with its country in front.
    fn abroad(digits: &str) -> Option<Self> {
        match digits.strip_prefix("62") {
            // `+62 0812…`: the national 0 is left in by many.
            Some(national) => Self::national(national.strip_prefix('0').unwrap_or(national)),
            None => Self::known(phonenumber::parse(None, format!("+{digits}")).ok()?),
        }
    }

    fn known(number: phonenumber::PhoneNumber) -> Option<Self> {
        let number = Some(number).filter(phonenumber::is_valid)?;
        Some(Self(number.format().mode(Mode::E164).to_string().trim_start_matches('+').to_owned()))
    }

    /// The digits with the country, without `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as people write it to be called from anywhere: `+62 812-0000-0001`.
    pub fn international(&self) -> String {
        let written = format!("+{}", self.0);
        phonenumber::parse(None, &written)
            .map_or(written, |number| number.format().mode(Mode::International).to_string())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = self.0.len().saturating_sub(3);
        write!(f, "Phone(…{})", self.0.get(tail..).unwrap_or_default())
    }
}

/// An e-mail address as written, its domain in small letters. Quoted and non-ASCII addresses are not taken: none of the
/// mail systems in use by citizens gives one.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Reads an address; `None` when it has not the shape of one.
    pub fn read(text: &str) -> Option<Self> {
        let (local, domain) = text.trim().split_once('@')?;
        let is_local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '%' | '+' | '-' | '\'' | '&');
        let dotted = |part: &str| !part.is_empty() && part.chars().all(is_local);
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= DOMAIN_LABEL_MAX
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let (_, top) = domain.rsplit_once('.')?;
        let fits = local.len() <= EMAIL_LOCAL_MAX
            && local.split('.').all(dotted)
            && domain.split('.').all(label)
            && top.len() > 1
            && top.chars().all(|c| c.is_ascii_alphabetic())
            && local.len() + 1 + domain.len() <= EMAIL_CHARS_MAX;
        fits.then(|| Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are one mailbox: no system in use tells letter case apart.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nik_is_sixteen_digits_that_can_be() {
        assert!(Nik::read("3271 0465 0187 0001").is_some(), "a woman's day is 41 to 71");
        assert!(Nik::read("3271043213870001").is_none(), "no thirty-second day");
        assert!(Nik::read("327104250187000").is_none(), "fifteen digits");
        assert!(Nik::read("9971042501870001").is_none(), "no province 99");
        assert!(Nik::read("3271042501870000").is_none(), "no serial 0000");
    }

    #[test]
    fn a_nik_agrees_with_its_own_birth_date_only() {
        let born = NaiveDate::from_ymd_opt(1987, 1, 25).expect("a date");
        for (nik, agrees) in [("3271042501870001", true), ("3271046501870001", true), ("3271042601870001", false)] {
            assert_eq!(Nik::read(nik).expect("a NIK").agrees_with(born), agrees, "{nik}");
        }
    }

    #[test]
    fn a_family_card_is_sixteen_digits_of_a_province() {
        assert_eq!(NoKk::read("3271.0412-0315 0002").expect("a number").as_str(), "3271041203150002");
        assert!(NoKk::read("0071041203150002").is_none());
        assert!(NoKk::read("32710412031500021").is_none());
    }

    #[test]
    fn one_number_has_one_spelling() {
        for written in [
            "081200000001",
            "0812-0000-0001",
            "+62 812 0000 0001",
            "6281200000001",
            "006281200000001",
            "+62081200000001",
            "81200000001",
            "(0812) 0000.0001",
        ] {
            assert_eq!(Phone::read(written).map(|phone| phone.0).as_deref(), Some("6281200000001"), "{written}");
        }
        assert_eq!(Phone::read("+65 9123 4567").expect("a number").as_str(), "6591234567");
        assert_eq!(Phone::read("65 9123 4567").expect("a number").as_str(), "6591234567");
        assert_eq!(Phone::read("(021) 555 1234").map(|phone| phone.0).as_deref(), Some("62215551234"));
        for wrong in
            ["", "0812", "0812abc00001", "+999 123 4567", "25011987#", "25011987", "05121990", "0812000000000000"]
        {
            assert_eq!(Phone::read(wrong), None, "{wrong}");
        }
        assert_eq!(Phone::read("081200000001").expect("a number").international(), "+62 812-0000-0001");
    }

    #[test]
    fn an_address_has_a_box_and_a_domain() {
        for good in ["budi@example.id", "Budi.Santoso+paspor@mail.example.co.id", "b@x-y.com"] {
            assert!(Email::read(good).is_some(), "{good}");
        }
        for wrong in [
            "budi",
            "budi@",
            "@example.id",
            "budi@example",
            "bu di@example.id",
            "budi@@example.id",
            "b.@x.id",
            "b@-x.id",
        ] {
            assert!(Email::read(wrong).is_none(), "{wrong}");
        }
        assert_eq!(Email::read("Budi@EXAMPLE.id").expect("an address").as_str(), "Budi@example.id");
    }
}
