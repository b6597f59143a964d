//! The separator between the pieces of a form: `#`, or the mark that an office prints in its place.

/// The marks that an office may choose, `#` first. None of them stands inside a date, a name or a number, but for the
/// comma, which an office chooses for forms of plain words only.
const MARKS: [(char, &[char]); 7] = [
    ('#', &['＃', '﹟', '♯']),
    ('*', &['＊']),
    (';', &['；']),
    (',', &['，', '、']),
    ('~', &['～']),
    ('&', &['＆']),
    ('\n', &[]),
];

/// The mark between the pieces of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Separator(char);

impl Separator {
    /// `#`.
    pub(crate) const HASH: Self = Self('#');

    /// The separator of a mark; `None` for a mark that none may be.
    pub(crate) fn of(mark: char) -> Option<Self> {
        MARKS.iter().find(|(known, _)| *known == mark).map(|_| Self(mark))
    }

    /// All that an office may choose.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        MARKS.iter().map(|&(mark, _)| Self(mark))
    }

    /// The mark.
    pub(crate) fn mark(self) -> char {
        self.0
    }

    /// Whether a character is the mark or looks like it.
    pub(crate) fn is(self, c: char) -> bool {
        // No twin is ASCII, as nearly every character of a message is.
        c == self.0 || !c.is_ascii() && MARKS.iter().any(|(mark, twins)| *mark == self.0 && twins.contains(&c))
    }

    /// The mark for error texts; a line break has no sign of its own.
    pub(crate) fn shown(self) -> String {
        if self.0 == '\n' { "a line break".to_owned() } else { format!("`{}`", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_known_by_its_look() {
        assert!(Separator::HASH.is('＃') && !Separator::HASH.is('*'));
        assert_eq!(Separator::of('/'), None, "it stands inside dates");
        for separator in Separator::all() {
            assert!(separator.is(separator.mark()));
        }
    }
}
