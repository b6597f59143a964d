//! Decodes a picture within limits, turns it as its camera says, makes it smaller and encodes it anew, without what else its file tells.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::error::PhotoError;

/// Memory that decoding one picture may take, in bytes: 50 million pixels, more than messengers pass on.
const DECODED_BYTES_MAX: u64 = 160 * 1024 * 1024;
/// Longest edge of a picture, in pixels, before it is made smaller.
const EDGE_MAX: u32 = 20_000;

/// How a picture is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    /// Its longest edge, in pixels.
    pub edge: u32,
    /// Its quality, of 100.
    pub quality: u8,
}

/// For a screen: letters of a card can be read, and it fits.
pub const SHOWN: Encoding = Encoding { edge: 1_600, quality: 85 };
/// For the disk: what is shown later is made of it.
pub const STORED: Encoding = Encoding { edge: 2_400, quality: 90 };

/// Whether a JPEG has its end: decoders fill up with grey what is missing of one that was cut short. Other pictures do not decode then.
pub fn has_end(bytes: &[u8]) -> bool {
    let last = |mark: [u8; 2]| bytes.windows(mark.len()).rposition(|part| part == mark);
    // Within coded data 0xFF stands before nothing that means a marker.
    !bytes.starts_with(b"\xFF\xD8") || last(*b"\xFF\xD9") > last(*b"\xFF\xDA")
}

/// Decodes a picture and encodes it anew, as a JPEG.
///
/// # Errors
/// [`PhotoError`] when it is no picture, is broken off, or would take too much memory.
pub fn renewed(bytes: &[u8], encoding: Encoding) -> Result<Vec<u8>, PhotoError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(PhotoError::Format);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    (limits.max_image_width, limits.max_image_height) = (Some(EDGE_MAX), Some(EDGE_MAX));
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    if decoder.total_bytes() > DECODED_BYTES_MAX {
        return Err(PhotoError::Large);
    }
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if picture.width().max(picture.height()) > encoding.edge {
        picture = picture.thumbnail(encoding.edge, encoding.edge);
    }
    picture.apply_orientation(orientation);
    let mut sent = Vec::new();
    JpegEncoder::new_with_quality(&mut sent, encoding.quality).encode_image(&picture.into_rgb8())?;
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG of one colour, as large as said.
    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = image::RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30]));
        JpegEncoder::new(&mut bytes).encode_image(&picture).unwrap();
        bytes
    }

    /// The same with an EXIF block that says "turned by 90 degrees" and tells of a place.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GEHEIM-6.6S106.8E";
        let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
        [&jpeg[..2], b"\xFF\xE1", &length, b"Exif\0\0", tiff, &jpeg[2..]].concat()
    }

    // Negative control, run: with the bytes sent as they came, the place is in them.
    #[test]
    fn a_photo_is_turned_made_smaller_and_tells_nothing_else() {
        let original = with_exif(&jpeg(3000, 2000));
        let sent = renewed(&original, SHOWN).unwrap();
        assert!(original.windows(6).any(|part| part == b"GEHEIM"));
        assert!(!sent.windows(6).any(|part| part == b"GEHEIM") && !sent.windows(4).any(|part| part == b"Exif"));
        let shown = image::load_from_memory_with_format(&sent, ImageFormat::Jpeg).unwrap();
        assert_eq!((shown.width(), shown.height()), (1067, 1600), "turned and smaller");
    }

    // Negative control, run: with the bytes sent as they came, the script behind the picture is in them.
    #[test]
    fn what_is_hidden_behind_a_picture_is_gone() {
        let polyglot = [&jpeg(20, 20)[..], b"<script>alert(1)</script>PK\x03\x04"].concat();
        let sent = renewed(&polyglot, STORED).unwrap();
        assert!(!sent.windows(7).any(|part| part == b"<script") && !sent.windows(4).any(|part| part == b"PK\x03\x04"));
    }

    // Negative control, run: with `true` for every JPEG, one that was cut short has its end.
    #[test]
    fn a_jpeg_that_was_cut_short_has_no_end() {
        let whole = with_exif(&jpeg(90, 60));
        assert!(has_end(&whole) && has_end(&[&whole[..], b" and more"].concat()) && has_end(b"\x89PNG"));
        for cut in 2..whole.len() - 1 {
            assert!(!has_end(&whole[..cut]), "cut at {cut}");
        }
    }

    // Negative control, run: without both limits the decoder begins with it, and fails for another reason, the end of the file.
    #[test]
    fn what_is_no_photo_or_would_fill_memory_is_not_decoded() {
        assert!(matches!(renewed(b"<svg onload=alert(1)>", SHOWN), Err(PhotoError::Format)));
        assert!(matches!(renewed(b"GIF89a\x01\0\x01\0\0\0\0;", SHOWN), Err(PhotoError::Format)));
        assert!(matches!(renewed(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", SHOWN), Err(PhotoError::Format)));
        assert!(renewed(&jpeg(10, 10)[..60], SHOWN).is_err());
        let mut bomb = Vec::new();
        let mut encoder = png::Encoder::new(&mut bomb, 16_000, 16_000);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().unwrap();
        // The beginning of its pixels: a decoder looks at the size before it asks for more.
        writer.write_chunk(png::chunk::IDAT, b"\x78\x01").unwrap();
        drop(writer);
        let refused = renewed(&bomb, SHOWN);
        let by_limit = matches!(refused, Err(PhotoError::Large | PhotoError::Image(image::ImageError::Limits(_))));
        assert!(by_limit, "{refused:?}");
    }
}
