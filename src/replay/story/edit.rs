//! Rewrites the replies of a story in place; everything else stays as its author wrote it.

use std::fmt;
use std::ops::Range;

use super::model::{ExpectedReply, Speaker};

/// An edit of a story that makes one reply agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The lines that go, counted from 1, end not included; none when a reply is added before `lines.start`.
    pub lines: Range<usize>,
    /// What comes in their place, without the last line end.
    pub with: String,
}

/// As a story writes it after `<`, `[qr]` included.
impl fmt::Display for ExpectedReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.qr { "[qr] " } else { "" }, self.pattern)
    }
}

/// A reply as a story writes it: `Budi < text`, further lines indented.
pub fn statement(who: Option<&Speaker>, reply: Option<&ExpectedReply>) -> String {
    let text = reply.map_or_else(|| "nothing".to_owned(), ExpectedReply::to_string);
    let mut written = who.map(|who| format!("{who} ")).unwrap_or_default() + "<";
    for (at, line) in text.lines().enumerate() {
        written.push_str(match (at, line.is_empty()) {
            (0, true) => "",
            (0, false) => " ",
            (_, true) => "\n",
            (_, false) => "\n  ",
        });
        written.push_str(line);
    }
    written
}

/// The text of a story with these edits applied.
pub fn edited(text: &str, edits: &[Edit]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // From the end, so that the numbers of the lines before stay true. Of several additions at one place the last
    // comes first here, and ends up last in the file.
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.lines.start, edit.lines.end));
    for edit in edits.into_iter().rev() {
        let from = edit.lines.start.saturating_sub(1).min(lines.len());
        let until = edit.lines.end.saturating_sub(1).clamp(from, lines.len());
        lines.splice(from..until, [edit.with.clone()]);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::pattern::Pattern;
    use super::*;

    #[test]
    fn only_the_named_lines_change() {
        let story = "# why: x\nBudi > halo\n< lama\n  lagi\nwait 1h\n";
        let edits = [
            Edit { lines: 3..5, with: "< baru".to_owned() },
            Edit { lines: 6..6, with: "< satu".to_owned() },
            Edit { lines: 6..6, with: "< dua".to_owned() },
        ];
        assert_eq!(edited(story, &edits), "# why: x\nBudi > halo\n< baru\nwait 1h\n< satu\n< dua\n");
    }

    #[test]
    fn a_reply_is_written_as_it_is_read() {
        let reply = ExpectedReply { qr: true, pattern: Pattern::read("Halo\n\nKode {code}") };
        let who = Speaker::One("Budi".to_owned());
        assert_eq!(statement(Some(&who), Some(&reply)), "Budi < [qr] Halo\n\n  Kode {code}");
        assert_eq!(statement(None, None), "< nothing");
    }
}
