//! The photos of a citizen, for `antrean person export`: files that anybody can open, beside the JSON file or within it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use crate::cli::shared::error::CommandError;
use crate::domain::message::Attachment;
use crate::domain::photo_key::PhotoKeyId;
use crate::files::Readers;
use crate::gateway::picture;
use crate::photos::{Photos, is_upload};
use crate::storage::Traces;

/// A row of the table `media`.
type Row = Map<String, Value>;

/// What the name of the folder ends with, after the name of the JSON file without its ending.
const FOLDER_ENDING: &str = "-photos";

/// A photo, or why it cannot be handed out.
pub(super) struct HandedOut {
    /// Its number.
    id: i64,
    bytes: Result<Vec<u8>, String>,
}

/// All photos of a contact, decrypted.
pub(super) fn of(photos: &Photos, traces: &Traces) -> Vec<HandedOut> {
    let rows = traces.of_table("media").iter();
    let id = |row: &Row| row.get("id").and_then(Value::as_i64).unwrap_or_default();
    rows.map(|row| HandedOut { id: id(row), bytes: bytes(photos, id(row), row) }).collect()
}

fn bytes(photos: &Photos, id: i64, row: &Row) -> Result<Vec<u8>, String> {
    let text = |column: &str| row.get(column).and_then(Value::as_str).unwrap_or_default();
    match text("state") {
        "fetched" => photos.read(id, text("file"), PhotoKeyId::read(text("key_id"))).map_err(|error| error.to_string()),
        "wanted" => {
            let attachment: Option<Attachment> = serde_json::from_str(text("attachment")).ok();
            let reference = attachment.map(|attachment| attachment.reference).unwrap_or_default();
            if !is_upload(&reference) {
                return Err("it has not been fetched from the provider yet; try again in a minute".to_owned());
            }
            photos.read_upload(&reference).map_err(|error| error.to_string())
        }
        _ => Err("the provider did not give it".to_owned()),
    }
}

/// What is said of a photo where it is not handed out: that there is one, and where it is.
pub(super) fn standing(row: &Row) -> &'static str {
    match row.get("state").and_then(Value::as_str) {
        Some("fetched") => "kept, encrypted; `antrean person export` hands it out",
        Some("wanted") => "to be fetched from the provider",
        _ => "the provider did not give it",
    }
}

impl HandedOut {
    /// Its name as a file.
    fn name(&self, bytes: &[u8]) -> String {
        let ending = match picture::mime_of(bytes) {
            Some("image/png") => "png",
            Some("image/webp") => "webp",
            _ => "jpg",
        };
        format!("{}.{ending}", self.id)
    }

    /// Why it is not there, for whoever hands the others out.
    pub(super) fn missing(&self) -> Option<String> {
        self.bytes.as_ref().err().map(|why| format!("photo {} is not in it: {why}", self.id))
    }

    /// As the JSON has it: its bytes as base64 or, where there is a folder, the file that it was written to.
    ///
    /// # Errors
    /// [`CommandError`] when the file cannot be written.
    pub(super) fn handed_out(&self, folder: Option<&Path>) -> Result<Value, CommandError> {
        let id = self.id;
        let bytes = match &self.bytes {
            Ok(bytes) => bytes,
            Err(why) => return Ok(json!({ "id": id, "missing": why })),
        };
        let Some(folder) = folder else {
            let mime = picture::mime_of(bytes).unwrap_or("application/octet-stream");
            return Ok(json!({ "id": id, "type": mime, "base64": BASE64_STANDARD.encode(bytes) }));
        };
        let file = folder.join(self.name(bytes));
        Readers::Owner.write(&file, bytes)?;
        let within = folder.file_name().map_or(folder, Path::new).join(self.name(bytes));
        Ok(json!({ "id": id, "file": within.display().to_string() }))
    }
}

/// The folder for the photos of an export: beside its file, and named after it.
pub(super) fn folder_beside(file: &Path) -> PathBuf {
    let mut name = file.file_stem().map_or_else(OsString::new, ToOwned::to_owned);
    name.push(FOLDER_ENDING);
    file.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_stands_beside_its_file_and_a_photo_is_named_by_what_it_is() {
        assert_eq!(folder_beside(Path::new("/srv/salinan.json")), Path::new("/srv/salinan-photos"));
        assert_eq!(folder_beside(Path::new("salinan")), Path::new("salinan-photos"));
        let photo = HandedOut { id: 7, bytes: Err("gone".to_owned()) };
        assert_eq!(photo.name(b"\x89PNG\r\n\x1A\n"), "7.png");
        assert_eq!(photo.name(b"RIFF\0\0\0\0WEBP"), "7.webp");
        assert_eq!(photo.name(b"\xFF\xD8\xFF\xE0"), "7.jpg");
        assert_eq!(photo.missing().as_deref(), Some("photo 7 is not in it: gone"));
    }
}
