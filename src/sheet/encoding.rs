//! The text of a file as editors save it: UTF-8, or what Notepad calls Unicode, UTF-16 with its byte-order mark in front.

/// Bytes at the front of a file that show whether it is UTF-16.
const LOOKED_AT: usize = 256;

/// Why the bytes of a file give no text: where, and what to do. Bytes are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// Every second byte is zero: UTF-16 that does not say so.
    #[error(
        "byte {0} is zero, as in UTF-16 without a byte-order mark; save it as UTF-8 (Notepad: Save as, Encoding: UTF-8)"
    )]
    Unmarked(usize),
    /// With a byte-order mark, but not whole.
    #[error("it is broken UTF-16; save it as UTF-8")]
    Broken,
    /// No text in UTF-8.
    #[error("line {line} is not UTF-8 (byte {byte}); save it as UTF-8")]
    NotUtf8 {
        /// The line, counted from 1.
        line: usize,
        /// The byte of the file.
        byte: usize,
    },
}

/// The text of a file's bytes, without its byte-order mark.
///
/// # Errors
/// [`EncodingError`] says where it is no text, and what to do.
pub fn decoded(bytes: Vec<u8>) -> Result<String, EncodingError> {
    let utf16 = |order: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let (units, rest) = bytes.as_chunks::<2>();
        let text = char::decode_utf16(units.iter().map(|unit| order(*unit))).collect::<Result<String, _>>();
        text.ok().filter(|_| rest.is_empty()).ok_or(EncodingError::Broken)
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => utf16(u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => utf16(u16::from_be_bytes, rest),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest.to_vec(), 3),
        _ => {
            refuse_unmarked(&bytes)?;
            utf8(bytes, 0)
        }
    }
}

fn utf8(bytes: Vec<u8>, in_front: usize) -> Result<String, EncodingError> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
        EncodingError::NotUtf8 { line, byte: in_front + valid + 1 }
    })
}

/// Refuses what shows itself to be UTF-16 without a byte-order mark: most of its letters are ASCII, half of each is a zero byte,
/// and no text has such bytes otherwise.
///
/// # Errors
/// [`EncodingError::Unmarked`] with the first zero byte.
pub fn refuse_unmarked(bytes: &[u8]) -> Result<(), EncodingError> {
    let front = bytes.get(..LOOKED_AT.min(bytes.len())).unwrap_or_default();
    let (units, _) = front.as_chunks::<2>();
    let half = |zero: fn(&[u8; 2]) -> bool| units.iter().filter(|unit| zero(unit)).count() * 2 > units.len();
    let is_utf16 = half(|[high, low]| *high == 0 && *low != 0) || half(|[low, high]| *high == 0 && *low != 0);
    match front.iter().position(|byte| *byte == 0).filter(|_| is_utf16) {
        Some(at) => Err(EncodingError::Unmarked(at + 1)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "name = \"Kantor Imigrasi Bogor\" # é\n";

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    // Negative control: with `String::from_utf8` in place of `decoded` the second and third give nothing.
    #[test]
    fn a_file_is_read_in_whatever_encoding_an_editor_saved_it() {
        for bytes in [
            TEXT.as_bytes().to_vec(),
            utf16(&format!("\u{FEFF}{TEXT}"), u16::to_le_bytes),
            utf16(&format!("\u{FEFF}{TEXT}"), u16::to_be_bytes),
            format!("\u{FEFF}{TEXT}").into_bytes(),
        ] {
            assert_eq!(decoded(bytes).as_deref(), Ok(TEXT));
        }
    }

    // Negative control: without `refuse_unmarked` the first two are texts full of zero bytes.
    #[test]
    fn what_is_no_text_is_told_with_its_place_and_the_remedy() {
        for (bytes, told) in [
            (utf16(TEXT, u16::to_le_bytes), EncodingError::Unmarked(2)),
            (utf16(TEXT, u16::to_be_bytes), EncodingError::Unmarked(1)),
            (vec![0xFF, 0xFE, 0x41], EncodingError::Broken),
            (b"id = 1\nname = \"Caf\xE9\"".to_vec(), EncodingError::NotUtf8 { line: 2, byte: 19 }),
            (b"\xEF\xBB\xBF\xE9".to_vec(), EncodingError::NotUtf8 { line: 1, byte: 4 }),
        ] {
            assert_eq!(decoded(bytes), Err(told));
            assert!(told.to_string().contains("save it as UTF-8"), "{told}");
        }
        assert!(decoded(b"one \0 byte in a long text is for its reader to judge".to_vec()).is_ok());
    }
}
