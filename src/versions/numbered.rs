//! Writes the number of a version into an office file, and touches nothing else in it.

use std::ops::Range;

use toml::de::DeTable;

/// The text with `version` and `based_on` set to this number; `None` where it is no TOML with a `version`.
pub(super) fn numbered(text: &str, version: u32) -> Option<String> {
    let text = with_base(text, version)?;
    let place = place(&text, "version")?;
    Some(replaced(&text, place, &version.to_string()))
}

/// The text with `based_on` set to this number; `None` where it is no TOML with a `version`.
pub fn with_base(text: &str, based_on: u32) -> Option<String> {
    if let Some(place) = place(text, "based_on") {
        return Some(replaced(text, place, &based_on.to_string()));
    }
    let number = place(text, "version")?;
    let line_end = text.get(number.end..)?.find('\n').map_or(text.len(), |at| number.end + at);
    // A line may end with a carriage return.
    let newline = if text.get(..line_end)?.ends_with('\r') { "\r\n" } else { "\n" };
    let line_end = if newline == "\n" { line_end } else { line_end - 1 };
    Some(replaced(text, line_end..line_end, &format!("{newline}based_on = {based_on}")))
}

/// Where the value of a key stands.
fn place(text: &str, key: &str) -> Option<Range<usize>> {
    let root = DeTable::parse(text).ok()?;
    root.get_ref().get(key).map(|value| value.span())
}

fn replaced(text: &str, place: Range<usize>, new: &str) -> String {
    let mut text = text.to_owned();
    text.replace_range(place, new);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `based_on` put at the end of the text, it lands in the last table.
    #[test]
    fn only_the_numbers_change() {
        let text = "id = \"a\"\nversion = 3   # keep me\nname = \"A\"\n\n[hours]\nsenin = []\n";
        let once = numbered(text, 4).unwrap();
        assert_eq!(once, "id = \"a\"\nversion = 4   # keep me\nbased_on = 4\nname = \"A\"\n\n[hours]\nsenin = []\n");
        assert_eq!(numbered(&once, 12).unwrap(), once.replace("= 4", "= 12"));
        assert_eq!(
            numbered("version = 1\r\nid = \"a\"\r\n", 2).unwrap(),
            "version = 2\r\nbased_on = 2\r\nid = \"a\"\r\n"
        );
        assert_eq!(numbered("version = 1", 2).unwrap(), "version = 2\nbased_on = 2");
        assert_eq!(numbered("id = \"a\"", 2), None);
        assert_eq!(numbered("version = ", 2), None);
    }
}
