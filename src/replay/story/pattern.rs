//! Expected texts: literal lines with `{*}` (anything within a line), `...` (any further lines) and captures such
//! as `{code}`, which take the first code that they meet and match only that code from then on.

use std::fmt;

use super::segment::{Captures, Segment, code_at, codes_in, escape, segments};

/// The line that stands for any further lines, none included.
pub const ANY_LINES: &str = "...";

/// One line of an expected text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    written: String,
    segments: Vec<Segment>,
}

impl Line {
    fn any_lines(&self) -> bool {
        self.written == ANY_LINES
    }
}

/// Matches `segments` against the whole of `text`. Backtracks only at `{*}`, of which a line has few.
fn match_line(segments: &[Segment], text: &str, captures: &Captures) -> Option<Captures> {
    let Some((first, rest)) = segments.split_first() else {
        return text.is_empty().then(|| captures.clone());
    };
    match first {
        Segment::Literal(literal) => match_line(rest, text.strip_prefix(literal.as_str())?, captures),
        Segment::Any => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .find_map(|at| match_line(rest, text.get(at..)?, captures)),
        Segment::Capture { name, .. } => {
            if let Some(code) = captures.get(name) {
                return match_line(rest, text.strip_prefix(code.as_str())?, captures);
            }
            let (code, left) = text.split_at_checked(code_at(text)?)?;
            // Two names are two codes: a code that must be new is not one that is known.
            if captures.values().any(|known| known == code) {
                return None;
            }
            let mut seen = captures.clone();
            seen.insert(name.clone(), code.to_owned());
            match_line(rest, left, &seen)
        }
    }
}

fn match_lines(lines: &[Line], text: &[&str], captures: &Captures) -> Option<Captures> {
    let Some((first, rest)) = lines.split_first() else {
        return text.is_empty().then(|| captures.clone());
    };
    if first.any_lines() {
        return (0..=text.len()).find_map(|skipped| match_lines(rest, text.get(skipped..)?, captures));
    }
    let (line, left) = text.split_first()?;
    match_lines(rest, left, &match_line(&first.segments, line.trim_end(), captures)?)
}

/// An expected text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    lines: Vec<Line>,
}

impl Pattern {
    /// Reads an expected text; every text is one. White space at the end of a line does not count.
    pub fn read(text: &str) -> Self {
        let line = |written: &str| Line { written: written.to_owned(), segments: segments(written) };
        Self { lines: text.split('\n').map(str::trim_end).map(line).collect() }
    }

    /// Whether `text` is what is expected; if so, the captures with those that it added.
    pub fn matches(&self, text: &str, captures: &Captures) -> Option<Captures> {
        let lines: Vec<&str> = text.trim_end().split('\n').collect();
        match_lines(&self.lines, &lines, captures)
    }

    /// The pattern nearest to this one that `text` matches: what `--bless` writes, and what a diff compares with.
    ///
    /// A line that still matches stays as it was written; another one becomes the line of `text` at its place, with
    /// the codes in it captured. `...` still matches all that lies between the lines around it.
    pub fn blessed(&self, text: &str, captures: &Captures) -> Self {
        if self.matches(text, captures).is_some() {
            return self.clone();
        }
        let got: Vec<&str> = text.trim_end().split('\n').collect();
        // A gap is given up when the text is too short to have all the lines around it.
        let gap = self.lines.iter().position(Line::any_lines).filter(|_| self.lines.len() <= got.len() + 1);
        let (front, back) = gap.map_or((got.len(), 0), |gap| (gap, self.lines.len() - gap - 1));
        let mut writer = LineWriter { old: &self.lines, next: 0, captures: captures.clone(), names: self.names() };
        let mut lines: Vec<Line> = got.iter().take(front).map(|line| writer.write(line)).collect();
        if gap.is_some() {
            lines.push(Line { written: ANY_LINES.to_owned(), segments: Vec::new() });
        }
        lines.extend(got.iter().skip(got.len() - back).map(|line| writer.write(line)));
        Self { lines }
    }

    /// The pattern that two answers of one crowd share: where their lines differ, `{*}`.
    pub fn widened(&self, text: &str) -> Self {
        let got: Vec<&str> = text.trim_end().split('\n').collect();
        if got.len() != self.lines.len() {
            return Self::read(ANY_LINES);
        }
        let lines = self.lines.iter().zip(got).map(|(line, other)| {
            if match_line(&line.segments, other, &Captures::new()).is_some() {
                return line.written.clone();
            }
            let same = |(a, b): &(char, char)| a == b;
            let front: String = line.written.chars().zip(other.chars()).take_while(same).map(|(a, _)| a).collect();
            format!("{front}{{*}}")
        });
        Self::read(&lines.collect::<Vec<_>>().join("\n"))
    }

    fn names(&self) -> Vec<String> {
        let named = |segment: &Segment| match segment {
            Segment::Capture { name, .. } => Some(name.clone()),
            _ => None,
        };
        self.lines.iter().flat_map(|line| line.segments.iter().filter_map(named)).collect()
    }
}

/// As it is written in the story.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written: Vec<&str> = self.lines.iter().map(|line| line.written.as_str()).collect();
        f.write_str(&written.join("\n"))
    }
}

/// Writes the lines of a blessed pattern, one after the other.
struct LineWriter<'a> {
    old: &'a [Line],
    /// The first old line that has not been used or passed.
    next: usize,
    captures: Captures,
    /// Names that the old pattern used: taken first when a new line shows a code.
    names: Vec<String>,
}

impl LineWriter<'_> {
    fn write(&mut self, line: &str) -> Line {
        let line = line.trim_end();
        let kept = self.old.iter().enumerate().skip(self.next).find_map(|(at, old)| {
            let seen = (!old.any_lines()).then(|| match_line(&old.segments, line, &self.captures)).flatten()?;
            Some((at, old.clone(), seen))
        });
        if let Some((at, old, seen)) = kept {
            self.next = at + 1;
            self.captures = seen;
            return old;
        }
        let written = self.capture_codes(line);
        Line { segments: segments(&written), written }
    }

    fn capture_codes(&mut self, line: &str) -> String {
        let mut written = String::new();
        let mut done = 0;
        for (at, code) in codes_in(line) {
            written.push_str(&escape(line.get(done..at).unwrap_or_default()));
            let name = self.name_of(code);
            written.extend(["{", &name, "}"]);
            done = at + code.len();
        }
        written + &escape(line.get(done..).unwrap_or_default())
    }

    /// The name that `code` has; else the first free one of the old pattern; else a new one.
    fn name_of(&mut self, code: &str) -> String {
        if let Some((name, _)) = self.captures.iter().find(|(_, seen)| *seen == code) {
            return name.clone();
        }
        let word = if code.contains('-') { "booking" } else { "code" };
        let numbered = (2_u32..).map(|n| format!("{word}{n}"));
        let mut names = self.names.iter().cloned().chain([word.to_owned()]).chain(numbered);
        let free = names.find(|name| !self.captures.contains_key(name)).unwrap_or_else(|| word.to_owned());
        self.captures.insert(free.clone(), code.to_owned());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pattern: &str, text: &str) -> Option<Captures> {
        Pattern::read(pattern).matches(text, &Captures::new())
    }

    fn captures(pairs: &[(&str, &str)]) -> Captures {
        pairs.iter().map(|(name, code)| ((*name).to_owned(), (*code).to_owned())).collect()
    }

    #[test]
    fn a_text_matches_itself_and_nothing_else() {
        assert!(seen("Halo.\n\nSilakan.", "Halo.\n\nSilakan.\n").is_some());
        assert!(seen("Halo.", "Halo").is_none());
        assert!(seen("Halo.", "Halo.\nLagi.").is_none());
        assert!(seen("*Kode:* ya", "*Kode:* ya").is_some(), "bold marks are plain characters");
        assert!(seen("*Kode:* ya", "xxKode:yy ya").is_none());
    }

    #[test]
    fn wildcards_span_a_part_of_a_line_or_whole_lines() {
        assert!(seen("Nomor {*}, jam {*}", "Nomor 09-001, jam 09.00").is_some());
        assert!(seen("Nomor {*}", "Nomor 1\nlagi").is_none());
        assert!(seen("Halo\n...", "Halo").is_some());
        assert!(seen("Halo\n...\nSelesai", "Halo\na\nb\nSelesai").is_some());
        assert!(seen("Halo\n...\nSelesai", "Halo\na\nb").is_none());
    }

    #[test]
    fn a_capture_reads_a_code_once_and_must_meet_it_again() {
        assert_eq!(seen("Kode {code}.", "Kode 00002681."), Some(captures(&[("code", "00002681")])));
        assert!(seen("Kode {code}.", "Kode 0002681.").is_none(), "seven digits are no code");
        assert!(seen("Kode {code}{*}", "Kode 000026811").is_none(), "nor are nine");
        let known = captures(&[("code", "00002681")]);
        assert!(Pattern::read("Kode {code}").matches("Kode 00002681", &known).is_some());
        assert!(Pattern::read("Kode {code}").matches("Kode 11112222", &known).is_none());
        assert!(Pattern::read("Kode {code2}").matches("Kode 00002681", &known).is_none(), "two names, two codes");
    }

    #[test]
    fn blessing_keeps_the_wildcards_that_still_match() {
        let old = Pattern::read("Halo {*}\nKode {kode}\nSalah\n...");
        let blessed = old.blessed("Halo Budi\nKode 00002681\nBenar\nLagi\nLagi", &Captures::new());
        assert_eq!(blessed.to_string(), "Halo {*}\nKode {kode}\nBenar\n...");
        let shorter = old.blessed("Maaf", &Captures::new());
        assert_eq!(shorter.to_string(), "Maaf");
    }

    #[test]
    fn blessing_captures_new_codes_and_knows_old_ones() {
        let known = captures(&[("code", "11112222")]);
        let blessed = Pattern::read("").blessed("Kode 11112222 diganti 00002681", &known);
        assert_eq!(blessed.to_string(), "Kode {code} diganti {code2}");
    }

    #[test]
    fn what_blessing_writes_is_matched_by_the_text() {
        for old in ["", "...", "a\n...", "...\na", "a\n...\nb", "a\nb\nc\nd", "{*}", "{code}"] {
            for text in ["a", "b", "a\nb", "x\ny\nz", "kode 12345678\nya {aneh}\nsudah", "1\n2\n3\n4\n5"] {
                let blessed = Pattern::read(old).blessed(text, &Captures::new());
                assert!(blessed.matches(text, &Captures::new()).is_some(), "{old:?} for {text:?} gave {blessed}");
                let again = Pattern::read(&blessed.to_string());
                assert!(again.matches(text, &Captures::new()).is_some(), "{blessed} does not read back");
            }
        }
    }

    #[test]
    fn answers_of_a_crowd_share_what_they_have_in_common() {
        let first = Pattern::read("Kode {code}\nNomor 09-001");
        assert_eq!(first.widened("Kode 00002681\nNomor 09-002").to_string(), "Kode {code}\nNomor 09-00{*}");
    }
}
