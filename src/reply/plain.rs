//! Foreign text made harmless.

/// Text of a citizen or an office as one harmless line: white space folded; control characters, and format characters
/// that hide or turn text around, left out; so are the signs that chats read as markup.
pub(super) fn plain(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|&c| c.is_whitespace() || !(c.is_control() || is_invisible(c) || matches!(c, '*' | '_' | '~' | '`')))
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Zero-width and direction characters, tags and the like (Unicode category Cf, as far as chats carry it).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
