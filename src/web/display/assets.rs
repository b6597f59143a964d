//! What the page loads.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::Response;

use crate::web::bundle::{self, CSS, FONT, File, LETTERS, SCRIPT};

const FILES: [File; 6] = [
    ("display.css", CSS, include_bytes!("page/display.css")),
    ("display.js", SCRIPT, include_bytes!("page/display.js")),
    ("voice.js", SCRIPT, include_bytes!("page/voice.js")),
    ("voice.ogg", "audio/ogg", include_bytes!("voice/voice.ogg")),
    ("voice.json", "application/json", include_bytes!("voice/voice.json")),
    ("atkinson.woff2", FONT, LETTERS),
];

static VERSION: LazyLock<String> = LazyLock::new(|| bundle::version(&FILES));

/// The address of a file.
pub(super) fn address(name: &str) -> String {
    format!("/display/assets/{}/{name}", *VERSION)
}

/// Sends a file.
pub(super) async fn send(Path((version, name)): Path<(String, String)>) -> Response {
    bundle::send(&FILES, &name, version == *VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of `#rrggbb`, by WCAG 2.2.
    fn luminance(color: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126f64.mul_add(part(1), 0.7152f64.mul_add(part(3), 0.0722 * part(5)))
    }

    // Negative control: with `--color-text-soft: #8890b0` the softer words stand below 7:1.
    #[test]
    fn everything_that_is_read_in_a_hall_stands_seven_to_one() {
        let css = include_str!("page/display.css");
        let token = |name: &str| css.split(&format!("--color-{name}: ")).nth(1).and_then(|rest| rest.get(..7)).unwrap();
        for (text, ground) in [
            ("text", "ground"),
            ("text", "surface"),
            ("text-soft", "ground"),
            ("text-soft", "surface"),
            ("accent", "ground"),
            ("on-accent", "accent"),
            ("wait", "wait-ground"),
        ] {
            let (a, b) = (luminance(token(text)), luminance(token(ground)));
            let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(ratio >= 7.0, "{text} on {ground}: {ratio:.1}");
        }
        assert!(FILES.iter().map(|(_, _, content)| content.len()).sum::<usize>() < 1024 * 1024, "a megabyte at most");
    }
}
