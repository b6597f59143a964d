//! Draws the QR picture that the office scans at the entrance.

use bytes::Bytes;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::{Color, EcLevel, bits, ec};

use super::png;

/// Narrowest picture, in pixels: sharp on any phone, a few kilobytes as PNG.
const WIDTH_PIXELS_MIN: usize = 480;
/// White modules around the code, on each side (ISO/IEC 18004).
const QUIET_MODULES: usize = 4;

/// Draws a QR picture of `payload` as a PNG; `None` when `payload` is longer than any QR picture can hold.
///
/// Eight bits each of red, green and blue, wasteful as that is: the strictest provider takes no other PNG than that.
pub fn draw_qr(payload: &str) -> Option<Bytes> {
    let (colors, inner) = modules(payload)?;
    let width = inner + 2 * QUIET_MODULES;
    let mut squares = vec![false; width * QUIET_MODULES];
    for row in colors.chunks(inner) {
        squares.extend([false; QUIET_MODULES]);
        squares.extend(row.iter().map(|color| *color == Color::Dark));
        squares.extend([false; QUIET_MODULES]);
    }
    squares.resize(width * width, false);
    let scale = u32::try_from(WIDTH_PIXELS_MIN.div_ceil(width)).ok()?;
    Some(Bytes::from(png::encode(&squares, width, scale)))
}

/// The modules of the code, row by row, and how many a row has.
fn modules(payload: &str) -> Option<(Vec<Color>, usize)> {
    // The highest correction: nearly a third of it may be scratched or in glare, and a booking code still fits the
    // smallest picture of twenty-one modules.
    let level = EcLevel::H;
    let data = bits::encode_auto(payload.as_bytes(), level).ok()?;
    let version = data.version();
    let (data, correction) = ec::construct_codewords(&data.into_bytes(), version, level).ok()?;
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    // Every scanner reads every mask. Choosing the best of the eight is most of the work, and for a code as small as this one they
    // hardly differ.
    canvas.apply_mask(MaskPattern::Checkerboard);
    Some((canvas.into_colors(), usize::try_from(version.width()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::BookingCode;
    use rand::SeedableRng;

    /// Reads the one code in a picture, and checks that its margin is white as far as scanners need it.
    fn scan(file: &Bytes) -> (::png::Info<'static>, String) {
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut pixels).expect("a picture");
        let info = reader.info().clone();
        let (width, height) = (info.width as usize, info.height as usize);
        let margin = 4 * width / 29;
        let inside = |at: usize| (margin..width - margin).contains(&at);
        let dark_margin = (0..width * height).any(|at| {
            let (x, y) = (at % width, at / width);
            !(inside(x) && inside(y)) && pixels[at * 3] != 255
        });
        assert!(!dark_margin, "a margin of four modules of twenty-nine");
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[(y * width + x) * 3]);
        let codes = picture.detect_grids();
        assert_eq!(codes.len(), 1);
        (info, codes[0].decode().expect("a code").1)
    }

    // Negative control: drawing light for dark finds no code; no quiet zone fails the margin (this scanner needs none).
    #[test]
    fn a_scanner_reads_the_booking_code_back() {
        for seed in 0..60 {
            let code = BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(seed));
            let file = draw_qr(code.as_str()).expect("a picture");
            let (info, payload) = scan(&file);
            assert_eq!(payload, code.as_str());
            assert!(info.width >= 480 && info.width == info.height, "{}", info.width);
            assert_eq!((info.color_type, info.bit_depth), (::png::ColorType::Rgb, ::png::BitDepth::Eight));
            assert!(file.len() < 20_000, "{} bytes", file.len());
        }
    }

    #[test]
    fn what_no_picture_can_hold_is_not_drawn() {
        assert_eq!(draw_qr(&"x".repeat(10_000)), None);
    }
}
