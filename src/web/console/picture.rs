//! QR codes in a page.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around a QR code.
const QUIET: usize = 4;

/// A QR code as one path of bars.
pub(super) struct Picture {
    pub(super) side: usize,
    pub(super) path: String,
}

/// A QR code of a text; `None` where the text is too long for one.
pub(super) fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let squares = code.into_colors();
    let mut path = String::new();
    for (y, row) in squares.chunks(width.max(1)).enumerate() {
        let mut x = QUIET;
        // Neighbours of one colour are one bar: a list of hundreds of codes stays small.
        for bar in row.chunk_by(|one, other| one == other) {
            if bar.first() == Some(&Color::Dark) {
                write!(path, "M{x} {}h{}v1h-{}z", y + QUIET, bar.len(), bar.len()).ok()?;
            }
            x += bar.len();
        }
    }
    Some(Picture { side: width + 2 * QUIET, path })
}
