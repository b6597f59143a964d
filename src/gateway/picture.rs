//! What counts as a picture: told from its first bytes, never from what a provider or a file name claims.

/// Largest picture taken, in bytes: WhatsApp's own limit for images.
pub const MEDIA_BYTES_MAX: usize = 5 * 1024 * 1024;

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

#[cfg(test)]
mod tests {
    use super::*;

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
