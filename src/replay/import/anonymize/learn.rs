//! What a chat says about its people: what the grammar reads, and what it cannot read but has the form of it.

use chrono::NaiveDate;

use super::dates::{self, Said};
use super::masks::ANSWER;
use super::people::Anonymizer;
use super::words::{self, Label, Word, is_address_cue, is_common, is_kin, is_name_cue, is_title, labelled, words};
use crate::domain::person::Applicant;
use crate::grammar::{Ask, Misread, Request};

/// Letters from which a word of an address gives it away by itself.
const PLACE_CHARS_MIN: usize = 4;
/// Most words of a name that is only guessed.
const NAME_WORDS_MAX: usize = 6;
/// Most words of a name behind a word that announces one in a sentence.
const CUED_WORDS_MAX: usize = 4;

impl Anonymizer {
    /// Learns from a message: what was read in it as `request`, and what has the form of personal data.
    pub fn learn(&mut self, request: &Request, text: &str, citizen: bool) {
        match request {
            Request::Form(form) => self.learn_applicant(&form.applicant),
            Request::Ask(ask) => self.learn_ask(ask),
            Request::Misread(Misread { member, suggestion, .. }) => {
                if let Some(nama) = member.as_ref().and_then(|member| member.nama.as_ref()) {
                    self.name(nama.as_str());
                }
                if let Some(suggestion) = suggestion {
                    self.learn_applicant(&suggestion.form.applicant);
                }
            }
            _ => {}
        }
        self.learn_labels(text);
        // The line of a poster inside a longer text is not a form that somebody filled in.
        let quoted = !citizen && !text.trim_start().starts_with('#');
        if !quoted && !matches!(request, Request::Form(_) | Request::Placeholder | Request::Command(_)) {
            self.learn_pieces(text);
        }
        self.learn_sentences(text);
    }

    /// Learns the office's name in the chat, where it is a clerk's: `Pak Joko Kanim`.
    pub fn learn_clerk(&mut self, name: &str) {
        let own = words(name)
            .into_iter()
            .filter(|word| !is_common(&word.folded) && !self.office_words.contains(&word.folded));
        for word in own.collect::<Vec<_>>() {
            self.name(&word.folded);
        }
    }

    fn learn_ask(&mut self, ask: &Ask) {
        for choice in &ask.choices {
            self.learn_applicant(&choice.form.applicant);
            if let Some(next) = &choice.then {
                self.learn_ask(next);
            }
        }
    }

    fn learn_applicant(&mut self, applicant: &Applicant) {
        for person in applicant.people() {
            self.name(person.nama.as_str());
            if let Some(alamat) = &person.alamat {
                self.learn_address(alamat.as_str());
            }
            if let Some(born) = person.tgl_lahir {
                self.births.known.insert(born.date());
            }
            for answer in &person.teks {
                self.learn_answer(answer.as_str());
            }
        }
    }

    /// Learns an address, and the words in it that give it away by themselves.
    pub(super) fn learn_address(&mut self, address: &str) {
        let all: Vec<String> = words(address).into_iter().map(|word| word.folded).collect();
        for word in &all {
            let place =
                word.chars().count() >= PLACE_CHARS_MIN && !is_common(word) && !self.office_words.contains(word);
            if place {
                self.places.insert(word.clone());
            }
        }
        if !all.is_empty() {
            self.texts.insert(all, self.address.clone());
        }
    }

    fn learn_answer(&mut self, answer: &str) {
        let all: Vec<String> = words(answer).into_iter().map(|word| word.folded).collect();
        if !all.is_empty() && !all.iter().all(|word| is_common(word) || self.office_words.contains(word)) {
            self.texts.insert(all, ANSWER.to_owned());
        }
    }

    /// Learns the values of labelled lines.
    fn learn_labels(&mut self, text: &str) {
        for line in labelled(text) {
            let value = text.get(line.value).unwrap_or_default();
            match line.label {
                Label::Name => {
                    let name = value.split(['#', '/', ';', '(']).next().unwrap_or_default();
                    self.learn_certain_name(name.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default());
                }
                Label::Birth => self.learn_births(value),
                Label::Address => self.learn_address(value),
                Label::Visit | Label::Other => {}
            }
        }
    }

    /// A name where one was asked for: only a hint that is all everybody's words (`Nama: lengkap`) is none.
    fn learn_certain_name(&mut self, name: &str) {
        let all = words(name);
        let hint = all.iter().all(|word| is_common(&word.folded) && !word.capital);
        if !hint && all.len() <= 2 * NAME_WORDS_MAX {
            self.name(name);
        }
    }

    /// Days that are called birth dates, whenever they are.
    fn learn_births(&mut self, text: &str) {
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some((length, written)) = dates::at(rest) {
                if let Said::Day(date) = written.said(self.year()) {
                    self.births.known.insert(date);
                }
                at += length;
            } else {
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
    }

    fn year(&self) -> i32 {
        chrono::Datelike::year(&self.births.first)
    }

    /// Learns the pieces of a form that could not be read: in each line its first words are a name, other words an address; of
    /// two dates the first is a birth.
    pub(super) fn learn_pieces(&mut self, text: &str) {
        if !text.contains('#') {
            return;
        }
        let mut named = false;
        let mut dates: Vec<Option<NaiveDate>> = Vec::new();
        for line in text.lines() {
            named &= line.matches('#').count() < 2;
            for piece in line.split('#').map(str::trim).filter(|piece| !piece.is_empty()) {
                if let Some((length, written)) = dates::at(piece)
                    && piece.get(length..).is_some_and(|rest| words(rest).len() <= 1)
                {
                    let Said::Day(date) = written.said(self.year()) else { continue };
                    dates.push(Some(date));
                    continue;
                }
                let all = words(piece);
                let letters = all.iter().any(|word| word.folded.chars().any(char::is_alphabetic));
                if !letters {
                    continue;
                }
                let keyword = all.iter().all(|word| is_common(&word.folded) && !word.capital)
                    || all.iter().all(|word| is_label_word(&word.folded))
                    || !named && all.iter().all(|word| is_common(&word.folded)) && line.starts_with(piece);
                if !named && !keyword && !all.iter().any(|word| is_address_cue(&word.folded)) {
                    named = true;
                    self.name(piece.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default());
                } else if named {
                    self.learn_address(piece);
                }
            }
        }
        if let [Some(born), _, ..] = dates.as_slice() {
            self.births.known.insert(*born);
        }
    }

    /// Learns names in sentences: in front of a birth date, and behind words that announce one.
    fn learn_sentences(&mut self, text: &str) {
        for line in text.lines() {
            self.learn_in_front_of_births(line);
            let all = words(line);
            for (at, word) in all.iter().enumerate() {
                let next = all.get(at + 1..).unwrap_or_default();
                let cued = is_name_cue(&word.folded) || is_spelled_an(line, &all, at);
                let named = if cued {
                    self.name_behind(line, skip_fillers(next), false)
                } else if is_title(&word.folded) || is_kin(&word.folded) {
                    self.name_behind(line, next, true)
                } else {
                    None
                };
                if let Some(name) = named {
                    self.name(&name);
                }
            }
        }
    }

    /// The name that `next` begins with: words that are not everybody's, and capitals among themselves.
    fn name_behind(&self, line: &str, next: &[Word], capitals: bool) -> Option<String> {
        let mut taken: Vec<&Word> = Vec::new();
        for word in next.iter().take(CUED_WORDS_MAX) {
            let own = !is_common(&word.folded)
                && !self.office_words.contains(&word.folded)
                && word.folded.chars().all(|c| !c.is_numeric());
            let joined = taken.last().is_none_or(|last| line.get(last.at.end..word.at.start).is_some_and(is_joint));
            if !own || !joined || capitals && !word.capital {
                break;
            }
            taken.push(word);
        }
        let range = taken.first()?.at.start..taken.last()?.at.end;
        line.get(range).filter(|name| name.chars().count() > 1).map(str::to_owned)
    }

    /// Words in front of a birth date are whose it is, or the place: `Rini Astuti 17-03-1990`, `Bogor, 12 Maret 1988`.
    fn learn_in_front_of_births(&mut self, line: &str) {
        let mut at = 0;
        let mut start = 0;
        while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
            let first = rest.chars().next().unwrap_or(' ');
            let before = line.get(..at).and_then(|front| front.chars().next_back()).unwrap_or(' ');
            let found = dates::at(rest).filter(|_| first.is_ascii_digit() && !before.is_alphanumeric());
            let Some((length, written)) = found else {
                if matches!(first, '#' | ':' | ';' | '|' | '/' | '=' | '*') {
                    start = at + 1;
                }
                at += first.len_utf8();
                continue;
            };
            if self.births.is_birth(written.said(self.year())) {
                self.learn_guessed_name(line.get(start..at).unwrap_or_default());
            }
            at += length;
            start = at;
        }
    }

    fn learn_guessed_name(&mut self, front: &str) {
        let all = words(front);
        let from = all.iter().rposition(|word| is_common(&word.folded)).map_or(0, |last| last + 1);
        let own = all.get(from..).unwrap_or_default();
        let plain = own
            .iter()
            .all(|word| !self.office_words.contains(&word.folded) && word.folded.chars().all(char::is_alphabetic));
        if let (Some(first), Some(last)) = (own.first(), own.last())
            && plain
            && own.len() <= NAME_WORDS_MAX
        {
            let name = front.get(first.at.start..last.at.end).unwrap_or_default().to_owned();
            if name.contains(',') { self.learn_answer(&name) } else { drop(self.name(&name)) }
        }
    }
}

/// Whether a word stands in the line of a poster: `#NAMA#TGLLAHIR`.
fn is_label_word(folded: &str) -> bool {
    [
        "nama",
        "tgllahir",
        "tgl",
        "lahir",
        "tanggal",
        "kedatangan",
        "tglkedatangan",
        "alamat",
        "jumlah",
        "nik",
        "hp",
        "contoh",
    ]
    .contains(&folded)
}

/// `a.n.`, `a/n`, `atas nama` announce a name as surely as `nama` does.
fn is_spelled_an(line: &str, all: &[Word], at: usize) -> bool {
    let (Some(one), Some(two)) = (at.checked_sub(1).and_then(|before| all.get(before)), all.get(at)) else {
        return false;
    };
    one.folded == "a"
        && two.folded == "n"
        && line.get(one.at.end..two.at.start).is_some_and(|gap| matches!(gap, "." | "/" | " "))
}

/// Without the words between a word that announces a name and the name: `nama saya adalah`.
fn skip_fillers(next: &[Word]) -> &[Word] {
    let filler = |word: &Word| {
        [
            "saya", "adalah", "lengkap", "aku", "anak", "istri", "suami", "nya", "ini", "is", "my", "ibu", "bapak",
            "pak", "bu", "ayah",
        ]
        .contains(&word.folded.as_str())
    };
    let fillers = next.iter().take_while(|word| filler(word)).count();
    next.get(fillers..).unwrap_or_default()
}

/// Whether two words with this between them may be of one name.
pub(super) fn is_joint(gap: &str) -> bool {
    gap.chars().count() <= 2 && gap.chars().all(|c| matches!(c, ' ' | '.' | '_' | '\'' | '’' | '-' | '`'))
}

/// Words of a person's own name in an office's: what everybody knows of it.
pub fn office_words(name: &str, id: &str) -> String {
    let generic: Vec<String> =
        words(name).into_iter().map(|word| word.folded).filter(|word| !words::is_common(word)).collect();
    format!("{} {id}", generic.join(" "))
}
