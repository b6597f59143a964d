//! The text of an export, however a phone or an editor stored it: plain, inside a zip archive, in UTF-8 or UTF-16, with any line
//! ends. Files come from strangers, so everything has a limit.

use std::io::Read as _;
use std::path::Path;

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive};

use crate::sheet::{EncodingError, refuse_unmarked};

/// Largest file, in bytes: an archive "without media" has a few hundred KiB; one with media is more than a story needs.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Largest text, in bytes: ten times the longest story; an archive that unpacks to more is an attack or a whole group's life.
pub const TEXT_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Most entries of an archive: a chat with its media has some hundreds.
pub const ENTRIES_MAX: usize = 10_000;

/// Why a file gives no text. Names of files inside an archive hold names of people, so none is quoted.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be opened or read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It is too large.
    #[error("the file has more than {} MiB; export the chat without media", FILE_BYTES_MAX / 1024 / 1024)]
    FileTooLarge,
    /// What is inside is too large.
    #[error("the chat's text has more than {} MiB; keep only the part that the story needs", TEXT_BYTES_MAX / 1024 / 1024)]
    TextTooLarge,
    /// The archive is damaged.
    #[error("the zip archive is damaged ({0}); export the chat once more, or unpack it and give the .txt inside")]
    Archive(String),
    /// The archive has too many entries.
    #[error("the zip archive has more than {ENTRIES_MAX} entries; export the chat without media")]
    TooManyEntries,
    /// No text is inside, or several that may be the chat.
    #[error("{0} .txt files in the zip archive may be the chat; unpack it and give the right one")]
    WhichText(usize),
    /// The bytes are in no known encoding.
    #[error("byte {0} is no UTF-8; save the file as UTF-8 or UTF-16")]
    Encoding(usize),
    /// UTF-16 that does not say so.
    #[error(transparent)]
    Unmarked(#[from] EncodingError),
}

impl From<rawzip::Error> for FileError {
    fn from(error: rawzip::Error) -> Self {
        Self::Archive(error.to_string())
    }
}

/// Reads the text of an exported chat.
///
/// # Errors
/// [`FileError`] says what is wrong and what to do.
pub fn read(path: &Path) -> Result<String, FileError> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(FileError::FileTooLarge);
    }
    text_of(bytes)
}

/// The text of a file's `bytes`.
///
/// # Errors
/// [`FileError`] says what is wrong and what to do.
pub fn text_of(bytes: Vec<u8>) -> Result<String, FileError> {
    // `PK` opens every archive; no chat begins so, because a head does.
    let bytes = if bytes.starts_with(b"PK\x03\x04") { unpacked(&bytes)? } else { bytes };
    if bytes.len() as u64 > TEXT_BYTES_MAX {
        return Err(FileError::TextTooLarge);
    }
    Ok(decoded(bytes)?.replace("\r\n", "\n").replace('\r', "\n"))
}

/// UTF-16 says so by its byte-order mark; everything else must be UTF-8.
fn decoded(bytes: Vec<u8>) -> Result<String, FileError> {
    let unit: fn([u8; 2]) -> u16 = match bytes.get(..2) {
        Some([0xFF, 0xFE]) => u16::from_le_bytes,
        Some([0xFE, 0xFF]) => u16::from_be_bytes,
        _ => {
            refuse_unmarked(&bytes)?;
            return String::from_utf8(bytes).map_err(|error| FileError::Encoding(error.utf8_error().valid_up_to()));
        }
    };
    let units = bytes.chunks(2).map(|pair| match pair {
        [one, two] => unit([*one, *two]),
        // Half a character at the end becomes one that nothing reads.
        _ => u16::from(b'?'),
    });
    Ok(char::decode_utf16(units.skip(1)).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// The chat inside an archive.
fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, FileError> {
    let archive = ZipArchive::from_slice(bytes)?;
    let (method, place) = chat_entry(&archive)?;
    let entry = archive.get_entry(place)?;
    let mut text = Vec::new();
    let read = match method {
        CompressionMethod::STORE => {
            entry.verifying_reader(entry.data()).take(TEXT_BYTES_MAX + 1).read_to_end(&mut text)
        }
        CompressionMethod::DEFLATE => {
            let inflated = DeflateDecoder::new(entry.data());
            entry.verifying_reader(inflated).take(TEXT_BYTES_MAX + 1).read_to_end(&mut text)
        }
        _ => return Err(FileError::Archive("its compression is unknown".to_owned())),
    };
    read.map_err(|error| FileError::Archive(error.to_string()))?;
    Ok(text)
}

/// The entry of the archive that is the chat: the one with WhatsApp's own file name, or else the only `.txt`.
fn chat_entry(archive: &ZipSliceArchive<&[u8]>) -> Result<(CompressionMethod, ZipArchiveEntryWayfinder), FileError> {
    let mut named = Vec::new();
    let mut others = Vec::new();
    let mut entries = archive.entries();
    for count in 0.. {
        let Some(entry) = entries.next_entry()? else { break };
        if count >= ENTRIES_MAX {
            return Err(FileError::TooManyEntries);
        }
        let path = String::from_utf8_lossy(entry.file_path().as_ref()).to_lowercase();
        let name = path.rsplit('/').next().unwrap_or_default();
        if entry.is_dir() || !is_text(name) || path.starts_with("__macosx/") || name.starts_with("._") {
            continue;
        }
        let own = name == "_chat.txt" || name.contains("whatsapp");
        (if own { &mut named } else { &mut others }).push((entry.compression_method(), entry.wayfinder()));
    }
    let found = if named.is_empty() { others } else { named };
    match found.as_slice() {
        [one] => Ok(*one),
        several => Err(FileError::WhichText(several.len())),
    }
}

fn is_text(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const CHAT: &str = "01/08/17 09.00 - Rini: halo\n01/08/17 09.01 - Kanim: Selamat pagi é\n";

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut output = Vec::new();
        let mut archive = rawzip::ZipArchiveWriter::new(&mut output);
        for (name, bytes) in files {
            let new = archive.new_file(name).compression_method(CompressionMethod::DEFLATE);
            let (mut entry, config) = new.start().expect("an entry");
            let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default());
            let mut writer = config.wrap(encoder);
            writer.write_all(bytes).expect("bytes");
            let (encoder, descriptor) = writer.finish().expect("an end");
            encoder.finish().expect("an end");
            entry.finish(descriptor).expect("an end");
        }
        archive.finish().expect("an archive");
        output
    }

    fn utf16(unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        format!("\u{FEFF}{CHAT}").encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_encoding_and_line_end_gives_the_same_text() {
        for bytes in [
            CHAT.as_bytes().to_vec(),
            CHAT.replace('\n', "\r\n").into_bytes(),
            CHAT.replace('\n', "\r").into_bytes(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            archive(&[("_chat.txt", CHAT.as_bytes()), ("notes.txt", b"something else"), ("1.jpg", b"x")]),
            archive(&[("Chat WhatsApp dengan Rini.txt", &utf16(u16::to_le_bytes))]),
        ] {
            assert_eq!(text_of(bytes).expect("a text"), CHAT);
        }
    }

    // With the comparison in `text_of` left out, the test failed: the text came back, cut off at the limit of `take`.
    #[test]
    fn an_archive_that_unpacks_to_too_much_is_refused() {
        let zeros = vec![b'0'; usize::try_from(TEXT_BYTES_MAX).expect("a size") + 1];
        assert!(matches!(text_of(archive(&[("_chat.txt", &zeros)])), Err(FileError::TextTooLarge)));
    }

    #[test]
    fn what_cannot_be_read_is_told_without_a_name() {
        let two = archive(&[("Rini.txt", b"a"), ("Siti.txt", b"b")]);
        for (bytes, told) in [
            (two, "2 .txt files in the zip archive may be the chat; unpack it and give the right one"),
            (
                archive(&[("Rini.jpg", b"a")]),
                "0 .txt files in the zip archive may be the chat; unpack it and give the right one",
            ),
            (
                CHAT.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                "byte 2 is zero, as in UTF-16 without a byte-order mark; save it as UTF-8 (Notepad: Save as, Encoding: UTF-8)",
            ),
            (b"Ren\xE9 Rini".to_vec(), "byte 3 is no UTF-8; save the file as UTF-8 or UTF-16"),
        ] {
            assert_eq!(text_of(bytes).expect_err("an error").to_string(), told);
        }
        let mut torn = archive(&[("_chat.txt", CHAT.as_bytes())]);
        torn.truncate(torn.len() - 9);
        assert!(matches!(text_of(torn), Err(FileError::Archive(_))));
    }
}
