//! Draws the picture that the office scans at the door.

use bytes::Bytes;
use qrcode::{Color, EcLevel, QrCode};

/// Narrowest picture, in pixels: sharp on any phone, a few kilobytes as PNG.
const WIDTH_PIXELS_MIN: usize = 480;
/// White modules around the code, on each side (ISO/IEC 18004).
const QUIET_MODULES: usize = 4;

/// Draws a QR picture of `payload` as a PNG; `None` when `payload` is longer than any QR picture can hold.
///
/// Eight bits each of red, green and blue, wasteful as that is: the strictest provider takes no other PNG than that.
pub fn draw_qr(payload: &str) -> Option<Bytes> {
    // The highest correction: nearly a third of it may be scratched or in glare, and a booking code still fits the
    // smallest picture of twenty-one modules.
    let code = QrCode::with_error_correction_level(payload, EcLevel::H).ok()?;
    let modules = code.width() + 2 * QUIET_MODULES;
    let scale = WIDTH_PIXELS_MIN.div_ceil(modules);
    let side = u32::try_from(modules * scale).ok()?;

    let mut pixels = Vec::with_capacity(modules * scale * modules * scale * 3);
    let colors = code.to_colors();
    let blank = vec![255; modules * scale * 3];
    let quiet = || std::iter::repeat_n(Color::Light, QUIET_MODULES);
    let margin = blank.repeat(QUIET_MODULES * scale);
    pixels.extend_from_slice(&margin);
    for row in colors.chunks(code.width()) {
        let row: Vec<u8> = quiet()
            .chain(row.iter().copied())
            .chain(quiet())
            .flat_map(|module| std::iter::repeat_n(module.select(0, 255), scale * 3))
            .collect();
        pixels.extend(row.repeat(scale));
    }
    pixels.extend_from_slice(&margin);
    png(side, &pixels)
}

fn png(side: u32, pixels: &[u8]) -> Option<Bytes> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Most rows repeat the row above: as differences they are zeros, which pack in a tenth of the time.
    encoder.set_filter(png::Filter::Up);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(pixels).ok()?;
    writer.finish().ok()?;
    Some(Bytes::from(file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::BookingCode;
    use rand::SeedableRng;

    /// Reads the one code in a picture, and checks that its margin is white as far as scanners need it.
    fn scan(file: &Bytes) -> (png::Info<'static>, String) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG");
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

    // Negative controls: drawing light for dark finds no code; no quiet zone fails the margin (this scanner needs none).
    #[test]
    fn a_scanner_reads_the_booking_code_back() {
        for seed in 0..5 {
            let code = BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(seed));
            let file = draw_qr(code.as_str()).expect("a picture");
            let (info, payload) = scan(&file);
            assert_eq!(payload, code.as_str());
            assert!(info.width >= 480 && info.width == info.height, "{}", info.width);
            assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
            assert!(file.len() < 20_000, "{} bytes", file.len());
        }
    }

    #[test]
    fn what_no_picture_can_hold_is_not_drawn() {
        assert_eq!(draw_qr(&"x".repeat(10_000)), None);
    }
}
