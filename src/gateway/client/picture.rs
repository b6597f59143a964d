//! Which bytes are a picture: judged by the bytes, never by what a provider or a file name claims. Nothing is decoded:
//! a picture that would fill memory when shown is known by the size in its header.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use bytes::Bytes;

/// A picture, fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its type, by its first bytes.
    pub mime: &'static str,
    /// The bytes.
    pub bytes: Bytes,
}

/// A picture that could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Worth another try.
    #[error("passing fault: {0}")]
    Transient(String),
    /// Gone, too large, or no picture.
    #[error("cannot be used: {0}")]
    Final(String),
}

/// Largest picture taken, in bytes: WhatsApp's own limit for images.
pub const MEDIA_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Most pixels of a picture, in all: twice what the best telephones take. Shown, each takes four bytes.
pub const PIXELS_MAX: usize = 100_000_000;

/// The types a picture may have, as a provider writes them.
const MIMES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// The type of a picture, or `None` when the bytes are no JPEG, PNG or WebP.
pub fn mime_of(bytes: &[u8]) -> Option<&'static str> {
    let [jpeg, png, webp] = MIMES;
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some(jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(webp),
        _ => None,
    }
}

/// Whether a claimed type is one of a picture: good enough to ask for the bytes, never to trust them.
pub fn is_claimed(mime: &str) -> bool {
    let kind = mime.split(';').next().unwrap_or_default().trim();
    MIMES.iter().any(|known| kind.eq_ignore_ascii_case(known))
}

/// Whether a file's name ends like a picture's: good enough to ask for the bytes, never to trust them.
pub fn is_named(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    ["jpg", "jpeg", "png", "webp"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Takes fetched bytes for a picture: right type, as large as it may be shown, and what the provider promised.
///
/// # Errors
/// [`FetchError`]: bytes that are not the promised ones may be right at the next try, all else is final.
pub(in crate::gateway) fn take(bytes: Vec<u8>, sha256: Option<&str>) -> Result<Media, FetchError> {
    let is_final = |why: &str| FetchError::Final(why.to_owned());
    let mime = mime_of(&bytes).ok_or_else(|| is_final("not a JPEG, PNG or WebP"))?;
    if sha256.is_some_and(|promised| !hashes_to(&bytes, promised)) {
        return Err(FetchError::Transient("not the bytes that were promised".to_owned()));
    }
    let size = imagesize::blob_size(&bytes).map_err(|_| is_final("a picture without a size"))?;
    let pixels = size.width.saturating_mul(size.height);
    if pixels == 0 || pixels > PIXELS_MAX {
        return Err(is_final("a picture of too many pixels, or of none"));
    }
    Ok(Media { mime, bytes: bytes.into() })
}

/// Whether the bytes hash to what a provider promised, in hex or base64. A promise that is neither promises nothing.
fn hashes_to(bytes: &[u8], promised: &str) -> bool {
    let hash = Sha256::digest(bytes);
    let promised = promised.trim();
    let known = hex::decode(promised).ok().or_else(|| BASE64_STANDARD.decode(promised).ok());
    known.filter(|known| known.len() == hash.len()).is_none_or(|known| known == hash.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of a PNG of this size: all that is ever looked at.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_picture_that_would_fill_memory_is_refused_by_its_header() {
        assert_eq!(take(png(4_000, 3_000), None).map(|media| media.mime), Ok("image/png"));
        for (width, height) in [(50_000, 50_000), (u32::MAX, u32::MAX), (0, 10), (100_000_001, 1)] {
            assert!(matches!(take(png(width, height), None), Err(FetchError::Final(_))), "{width}x{height}");
        }
        assert!(matches!(take(b"\xFF\xD8\xFF\xE0 cut".to_vec(), None), Err(FetchError::Final(_))));
        assert!(matches!(take(b"%PDF-1.7".to_vec(), None), Err(FetchError::Final(_))));
    }

    #[test]
    fn bytes_are_compared_with_what_was_promised() {
        let hash = Sha256::digest(png(1, 1));
        for promised in [hex::encode(hash), BASE64_STANDARD.encode(hash), "no hash at all".to_owned()] {
            assert!(take(png(1, 1), Some(&promised)).is_ok(), "{promised}");
        }
        for other in [hex::encode([7; 32]), BASE64_STANDARD.encode([7; 32])] {
            assert!(matches!(take(png(1, 1), Some(&other)), Err(FetchError::Transient(_))), "{other}");
        }
    }

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        assert_eq!(mime_of(b"\xFF\xD8\xFF\xE0rest"), Some("image/jpeg"));
        assert_eq!(mime_of(b"\x89PNG\r\n\x1A\nrest"), Some("image/png"));
        assert_eq!(mime_of(b"RIFF\x10\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [&b""[..], b"\xFF\xD8", b"%PDF-1.7", b"GIF89a", b"RIFF\x10\0\0\0WAVE", b"PK\x03\x04"] {
            assert_eq!(mime_of(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_claimed_type_is_read_without_case_and_parameters() {
        assert!(is_claimed("image/jpeg") && is_claimed("IMAGE/PNG; q=1"));
        assert!(!is_claimed("image/svg+xml") && !is_claimed("application/pdf") && !is_claimed(""));
    }
}
