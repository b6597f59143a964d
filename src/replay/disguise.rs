//! Replaces people in an exported chat: names, numbers, birth dates, addresses. The same person gets the same mask
//! everywhere, so that a story still holds together.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::person::Applicant;

/// Invented names; those that occur in the chat are passed over.
const NAMES: [&str; 12] =
    ["Budi", "Siti", "Agus", "Dewi", "Joko", "Rina", "Hadi", "Wati", "Eko", "Lina", "Tono", "Yanti"];
/// The birth date that everybody gets.
const BORN: (i32, u32, u32) = (1987, 1, 25);
/// The number that everybody gets who is written down with one.
const PHONE: &str = "081200000001";
/// The identity number that everybody gets; it goes with [`BORN`].
const NIK: &str = "3271042501870001";
/// The e-mail address that everybody gets.
const EMAIL: &str = "budi@example.id";
/// What everybody answers to an office's own questions.
const ANSWER: &str = "Contoh";
/// The address that everybody gets.
const ADDRESS: &str = "Jl. Melati No. 1";
/// Digits of an identity number.
const NIK_DIGITS: usize = 16;
/// Digits of a phone number, the country's included.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 9..=15;
/// Words of a name shorter than this (`H.`, `bin`) may be anybody's.
const WORD_CHARS_MIN: usize = 3;

/// Who is who under which mask.
#[derive(Debug, Default)]
pub struct Disguise {
    /// Invented names that are still free, the next one last.
    free: Vec<&'static str>,
    /// Whole names and their words, in lower case, and what stands for them.
    names: BTreeMap<String, &'static str>,
    /// Anything else, word for word.
    texts: BTreeMap<String, String>,
}

impl Disguise {
    /// A disguise for a chat that goes `all`.
    pub fn new(all: &str) -> Self {
        let all = all.to_lowercase();
        let free = NAMES.into_iter().rev().filter(|name| !all.contains(&name.to_lowercase())).collect();
        Self { free, ..Self::default() }
    }

    /// The mask of a name; its longer words wear it too.
    pub fn name(&mut self, name: &str) -> &'static str {
        let lower = name.to_lowercase();
        if let Some(mask) = self.names.get(&lower) {
            return mask;
        }
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        let known =
            words.iter().filter(|word| word.chars().count() >= WORD_CHARS_MIN).find_map(|word| self.names.get(*word));
        let mask = known.copied().unwrap_or_else(|| self.free.pop().unwrap_or("Warga"));
        for word in words.into_iter().filter(|word| word.chars().count() >= WORD_CHARS_MIN) {
            self.names.insert(word.to_owned(), mask);
        }
        self.names.insert(lower.clone(), mask);
        mask
    }

    /// Learns what a form says about its people.
    pub fn learn(&mut self, applicant: &Applicant) {
        applicant.people().for_each(|person| self.learn_person(person));
    }

    fn learn_person(&mut self, applicant: &Applicant) {
        self.name(applicant.nama.as_str());
        if let Some(alamat) = &applicant.alamat {
            self.texts.insert(alamat.as_str().to_owned(), ADDRESS.to_owned());
        }
        if let Some(born) = applicant.tgl_lahir {
            self.learn_birth(born.date());
        }
        if let Some(email) = &applicant.email {
            self.texts.insert(email.as_str().to_owned(), EMAIL.to_owned());
        }
        for answer in &applicant.teks {
            self.texts.insert(answer.as_str().to_owned(), ANSWER.to_owned());
        }
    }

    fn learn_birth(&mut self, born: NaiveDate) {
        let Some(mask) = NaiveDate::from_ymd_opt(BORN.0, BORN.1, BORN.2) else { return };
        for spelling in ["%d%m%Y", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d %m %Y", "%d%m%y", "%-d-%-m-%Y", "%-d/%-m/%Y"]
        {
            self.texts.insert(born.format(spelling).to_string(), mask.format(spelling).to_string());
        }
    }

    /// Learns the pieces of a form that could not be read: its words are a name or an address, its first date a birth.
    pub fn learn_pieces(&mut self, text: &str, sent: NaiveDate) {
        let mut born = false;
        let mut named = false;
        for piece in text.split('#').map(str::trim).filter(|piece| !piece.is_empty()) {
            let digits: String = piece.chars().filter(char::is_ascii_digit).collect();
            let letters = piece.chars().any(char::is_alphabetic);
            if !letters && !born && digits.len() == 8 {
                born = true;
                if let Some(date) = NaiveDate::parse_from_str(&digits, "%d%m%Y").ok().filter(|&date| date < sent) {
                    self.learn_birth(date);
                }
            } else if letters && !named {
                named = true;
                self.name(piece.trim_end_matches(|c: char| !c.is_alphabetic()));
            } else if letters {
                self.texts.insert(piece.to_owned(), ADDRESS.to_owned());
            }
        }
    }

    /// The text with everybody masked.
    pub fn mask(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for (real, mask) in self.texts.iter().rev() {
            masked = masked.replace(real, mask);
        }
        mask_numbers(&self.mask_names(&masked))
    }

    /// Whole names first, then words: `SITI RAHMA` becomes `BUDI`, not `BUDI BUDI`.
    fn mask_names(&self, text: &str) -> String {
        let mut names: Vec<(&String, &&str)> = self.names.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
        names.into_iter().fold(text.to_owned(), |text, (name, mask)| replace_word(&text, name, mask))
    }
}

/// Replaces `name` (in lower case) wherever it stands as a word of its own, in the case that it is written in.
fn replace_word(text: &str, name: &str, mask: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let (end, matched) = same_beginning(rest, name);
        let after = rest.get(end..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
        if matched && !before.is_alphanumeric() && !after.is_alphanumeric() {
            let found = rest.get(..end).unwrap_or_default();
            let shout = found.chars().any(char::is_alphabetic) && !found.chars().any(char::is_lowercase);
            out.push_str(&if shout { mask.to_uppercase() } else { mask.to_owned() });
            rest = rest.get(end..).unwrap_or_default();
            before = 'a';
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            before = first;
        }
    }
    out
}

/// How far `text` goes on like `name` but for case, in bytes, and whether it does so to the end of `name`.
fn same_beginning(text: &str, name: &str) -> (usize, bool) {
    let mut wanted = name.chars().peekable();
    let mut end = 0;
    for c in text.chars() {
        if wanted.peek().is_none() {
            break;
        }
        if !c.to_lowercase().all(|lower| wanted.next() == Some(lower)) {
            return (end, false);
        }
        end += c.len_utf8();
    }
    (end, wanted.peek().is_none())
}

/// Masks identity numbers and phone numbers, however they are spaced.
fn mask_numbers(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        let goes_on = c.is_ascii_digit() || (matches!(c, ' ' | '-' | '+') && (!run.is_empty() || c == '+'));
        if goes_on {
            run.push(c);
        } else {
            out.push_str(&mask_run(&run));
            run.clear();
            out.push(c);
        }
    }
    out.pop();
    out
}

fn mask_run(run: &str) -> String {
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let tail: String = run.chars().rev().take_while(|c| !c.is_ascii_digit()).collect();
    let body = run.len() - tail.len();
    let phone = digits.starts_with("62") || digits.starts_with("08");
    if digits.len() == NIK_DIGITS {
        format!("{NIK}{tail}")
    } else if phone && PHONE_DIGITS.contains(&digits.len()) && !run.get(..body).unwrap_or_default().contains("--") {
        format!("{PHONE}{tail}")
    } else {
        run.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_wear_one_mask_in_any_case() {
        let mut disguise = Disguise::new("Halo Siti Rahma");
        assert_eq!(disguise.name("Siti Rahma"), "Budi");
        assert_eq!(disguise.mask("Nama: SITI RAHMA. Halo Siti, rahmat"), "Nama: BUDI. Halo Budi, rahmat");
    }

    #[test]
    fn invented_names_do_not_meet_real_ones() {
        let mut disguise = Disguise::new("Budi dan Siti");
        assert_eq!(disguise.name("Budi"), "Agus");
    }

    #[test]
    fn numbers_are_masked_however_they_are_spaced() {
        let disguise = Disguise::default();
        for (text, masked) in [
            ("HP +62 812-0000-9999 ya", "HP 081200000001 ya"),
            ("081200009999", "081200000001"),
            ("NIK 3271 0465 0187 0009.", "NIK 3271042501870001."),
            ("tanggal 07-08-2017, kode 00002681", "tanggal 07-08-2017, kode 00002681"),
        ] {
            assert_eq!(disguise.mask(text), masked);
        }
    }

    #[test]
    fn a_broken_form_gives_nobody_away() {
        let mut disguise = Disguise::default();
        let sent = NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date");
        disguise.learn_pieces("#Rahma Wulandari#17031990#kapan saja", sent);
        let masked = disguise.mask("#Rahma Wulandari#17031990#kapan saja");
        assert_eq!(masked, "#Warga#25011987#Jl. Melati No. 1");
    }
}
