//! Values that several sections share.

use std::path::{Path, PathBuf};

use toml::de::DeValue;

use crate::sheet::{Entry, Mistake, Read, Spot, line, string};

/// Longest text of one key, in characters.
pub(super) const TEXT_CHARS_MAX: usize = 4_096;
/// Largest file that holds a secret, in bytes.
const SECRET_BYTES_MAX: u64 = 16 * 1024;

/// A text on one line.
pub(super) fn text(value: &DeValue<'_>) -> Read<String> {
    line(value, TEXT_CHARS_MAX)
}

/// A text whose spaces count, such as the one behind `Bearer`.
pub(super) fn exact(value: &DeValue<'_>) -> Read<String> {
    string(value).map(str::to_owned)
}

/// The value of an entry; `None` where it is missing or a mistake was noted.
pub(super) fn taken<T>(entry: Entry<T>) -> Option<T> {
    match entry {
        Entry::Given(spot) => Some(spot.value),
        Entry::Absent | Entry::Broken => None,
    }
}

/// The texts of a list.
pub(super) fn words(entry: Entry<Vec<Spot<String>>>) -> Option<Vec<String>> {
    taken(entry).map(|list| list.into_iter().map(|spot| spot.value).collect())
}

/// A path, relative to `folder`.
pub(super) fn path(value: &DeValue<'_>, folder: &Path) -> Read<PathBuf> {
    Ok(folder.join(text(value)?))
}

/// A secret as it is written. Its mistakes never repeat it.
pub(super) fn secret_text(value: &DeValue<'_>) -> Read<String> {
    match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(Mistake::new("must be a text that is not empty", "put it in \"quotes\"")),
    }
}

/// The secret in a file, without the line break at its end.
pub(super) fn secret_file(file: &Path) -> Read<String> {
    let failed =
        |why: String| Mistake::new(format!("names {}, {why}", file.display()), "write the secret into that file");
    let size = std::fs::metadata(file).map_err(|error| failed(format!("which cannot be read: {error}")))?.len();
    if size > SECRET_BYTES_MAX {
        return Err(failed("which is too large for a secret".to_owned()));
    }
    let text = std::fs::read_to_string(file).map_err(|error| failed(format!("which cannot be read: {error}")))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() { Err(failed("which is empty".to_owned())) } else { Ok(secret.to_owned()) }
}
