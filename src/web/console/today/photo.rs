//! The photo of an identity card. No byte of the file that a citizen sent gets to a browser: it is decoded within limits, turned as its
//! camera says, made as small as a screen needs, and encoded anew, without what else the file tells.

use std::io::Cursor;
use std::path::{Component, Path as FilePath, PathBuf};
use std::sync::LazyLock;

use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use tokio::sync::Semaphore;

use crate::gateway::picture::MEDIA_BYTES_MAX;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, SeesDay};
use crate::web::console::page::missing;
use crate::web::console::state::Console;

/// Memory that decoding one photo may take, in bytes: 50 million pixels, more than messengers pass on.
const DECODED_BYTES_MAX: u64 = 160 * 1024 * 1024;
/// Longest edge of a photo, in pixels, before it is made smaller.
const EDGE_MAX: u32 = 20_000;
/// Longest edge of what is sent: letters of a card can be read, and it fits a screen.
const SENT_EDGE: u32 = 1_600;
/// Quality of what is sent, of 100.
const QUALITY: u8 = 85;
/// Photos that are decoded at the same time: each takes memory, and few officers look at one at once.
static DECODING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(1));

/// Why a photo cannot be shown. It is for the log; nothing of the file is in it.
#[derive(Debug, thiserror::Error)]
enum Unshowable {
    #[error("its file name is none of ours")]
    Name,
    #[error("its file cannot be read: {0}")]
    File(#[from] std::io::Error),
    #[error("its file is larger than any photo that was taken")]
    Large,
    #[error("it cannot be decoded: {0}")]
    Image(#[from] image::ImageError),
    #[error("it is no JPEG, PNG or WebP")]
    Format,
    #[error("its decoding was cut off")]
    Cut,
}

/// The file of a photo: a plain name within the folder.
fn file(folder: &FilePath, name: &str) -> Result<PathBuf, Unshowable> {
    let mut parts = FilePath::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(only)), None) if only == name => Ok(folder.join(only)),
        _ => Err(Unshowable::Name),
    }
}

/// Decodes a photo and encodes it anew.
fn renewed(bytes: &[u8]) -> Result<Vec<u8>, Unshowable> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(Unshowable::Format);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    (limits.max_image_width, limits.max_image_height) = (Some(EDGE_MAX), Some(EDGE_MAX));
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    if decoder.total_bytes() > DECODED_BYTES_MAX {
        return Err(Unshowable::Large);
    }
    let mut photo = DynamicImage::from_decoder(decoder)?;
    if photo.width().max(photo.height()) > SENT_EDGE {
        photo = photo.thumbnail(SENT_EDGE, SENT_EDGE);
    }
    photo.apply_orientation(orientation);
    let mut sent = Vec::new();
    JpegEncoder::new_with_quality(&mut sent, QUALITY).encode_image(&photo.into_rgb8())?;
    Ok(sent)
}

/// Reads the photo and encodes it anew.
async fn sent(folder: &FilePath, name: &str) -> Result<Vec<u8>, Unshowable> {
    let path = file(folder, name)?;
    let _turn = DECODING.acquire().await.map_err(|_| Unshowable::Cut)?;
    let size = tokio::fs::metadata(&path).await?.len();
    if usize::try_from(size).unwrap_or(usize::MAX) > MEDIA_BYTES_MAX {
        return Err(Unshowable::Large);
    }
    let bytes = tokio::fs::read(&path).await?;
    tokio::task::spawn_blocking(move || renewed(&bytes)).await.map_err(|_| Unshowable::Cut)?
}

/// The photo. That it was looked at is written down first.
pub(in crate::web::console) async fn photo(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<SeesDay>,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let Some(name) = office.photo(&code, &signed.asked.visitor).await? else {
        return Ok(missing(&signed.asked.frame));
    };
    match sent(&console.media, &name).await {
        Ok(bytes) => {
            let headers: [(HeaderName, HeaderValue); 4] = [
                (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"foto.jpg\"")),
            ];
            Ok((headers, bytes).into_response())
        }
        Err(error) => {
            tracing::warn!(office = office.id().as_str(), %error, "a photo could not be shown");
            Ok(StatusCode::NOT_FOUND.into_response())
        }
    }
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

    // Negative control: with the bytes sent as they came, the place is in them.
    #[test]
    fn a_photo_is_turned_made_smaller_and_tells_nothing_else() {
        let original = with_exif(&jpeg(3000, 2000));
        let sent = renewed(&original).unwrap();
        assert!(original.windows(6).any(|part| part == b"GEHEIM"));
        assert!(!sent.windows(6).any(|part| part == b"GEHEIM") && !sent.windows(4).any(|part| part == b"Exif"));
        let shown = image::load_from_memory_with_format(&sent, ImageFormat::Jpeg).unwrap();
        assert_eq!((shown.width(), shown.height()), (1067, 1600), "turned and smaller");
    }

    // Negative control: without the look at `total_bytes`, a small file makes the server take gigabytes.
    #[test]
    fn what_is_no_photo_or_would_fill_memory_is_not_decoded() {
        assert!(matches!(renewed(b"<svg onload=alert(1)>"), Err(Unshowable::Format)));
        assert!(matches!(renewed(b"GIF89a\x01\0\x01\0\0\0\0;"), Err(Unshowable::Format)));
        assert!(renewed(&jpeg(10, 10)[..60]).is_err());
        let mut bomb = Vec::new();
        let mut encoder = png::Encoder::new(&mut bomb, 16_000, 16_000);
        encoder.set_color(png::ColorType::Rgb);
        drop(encoder.write_header().unwrap());
        assert!(matches!(renewed(&bomb), Err(Unshowable::Large | Unshowable::Image(_))));
    }

    #[test]
    fn a_file_is_a_plain_name_in_the_folder() {
        let folder = FilePath::new("/var/lib/antrean/media");
        assert_eq!(file(folder, "17.jpg").unwrap(), folder.join("17.jpg"));
        for name in ["../antrean.toml", "/etc/passwd", "a/b.jpg", "", ".", ".."] {
            assert!(file(folder, name).is_err(), "{name}");
        }
    }
}
