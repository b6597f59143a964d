//! `antrean media`: the photos that citizens sent, and the keys that they are encrypted with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::shared::acting::Acting;
use super::shared::error::{CommandError, block_on};
use super::shared::installation::{Installation, WithInstallation};
use super::shared::value::counted;
use crate::app;
use crate::domain::audit::{Act, AuditEvent, Subject};
use crate::domain::booking::Booking;
use crate::domain::code::BookingCode;
use crate::domain::photo_key::PhotoKeyId;
use crate::files::Readers;
use crate::photos::{KeyList, PhotoError, Photos};
use crate::storage::{PhotoCounts, Storage};

/// Arguments of `antrean media`.
pub type MediaArgs = WithInstallation<Action>;

/// What `antrean media` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Say which keys there are, how many photos each has, and which are missing; exit code 1 where something is wrong
    Status {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Make a new key; the server encrypts all photos with it, a few at a time, while it serves
    Rotate {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Save the photo of a booking, decrypted, as a file that only you can read; that is written down like a look at the page
    Save {
        /// The booking's code
        code: String,
        /// The file; it must not be there yet
        file: PathBuf,
    },
}

/// Runs the command.
pub fn run(args: &MediaArgs) -> ExitCode {
    block_on(async {
        match &args.what {
            Action::Status { json } => status(&args.installation, *json).await,
            Action::Rotate { json } => rotate((&args.installation, &args.acting), *json).await,
            Action::Save { code, file } => save((&args.installation, &args.acting), code, file).await,
        }
    })
}

fn failed(error: &PhotoError) -> CommandError {
    CommandError::Other(error.to_string())
}

async fn status(installation: &Installation, as_json: bool) -> Result<ExitCode, CommandError> {
    let config = installation.read()?;
    let photos = app::photos(&config);
    let counts = installation.storage().await?.photo_counts().await?;
    let keys = photos.read_keys();
    let troubles = app::key_troubles(photos.key_folder(), &keys, &counts);
    let rows = rows(keys.as_ref().ok(), &counts);
    if as_json {
        let row = |row: &Row| json!({ "key": row.key.map(|key| key.to_string()), "photos": row.photos, "here": row.is_here, "newest": row.is_newest });
        let all = json!({
            "folder": photos.key_folder().display().to_string(),
            "keys": rows.iter().map(row).collect::<Vec<_>>(),
            "wanted": counts.wanted,
            "wrong": troubles,
        });
        println!("{all}");
    } else {
        println!("keys in {}:", photos.key_folder().display());
        for row in &rows {
            let name = row.key.map_or_else(|| "(not encrypted)".to_owned(), |key| key.to_string());
            println!("{name:<18} {:>8}  {}", row.photos, row.words());
        }
        if rows.is_empty() {
            println!("none yet: the first start of `antrean serve` makes one");
        }
        if counts.wanted > 0 {
            println!("{} still to be fetched", counted(usize::try_from(counts.wanted).unwrap_or(0), "photo", "photos"));
        }
        for trouble in &troubles {
            println!("wrong: {trouble}");
        }
    }
    Ok(ExitCode::from(u8::from(!troubles.is_empty())))
}

/// A key and its photos.
struct Row {
    /// `None`: photos that are not encrypted.
    key: Option<PhotoKeyId>,
    photos: i64,
    is_here: bool,
    is_newest: bool,
}

impl Row {
    fn words(&self) -> &'static str {
        match (self.key, self.is_here, self.is_newest, self.photos) {
            (None, ..) => "waiting to be encrypted",
            (_, false, ..) => "MISSING",
            (_, _, true, _) => "encrypts new photos",
            (_, _, _, 0) => "not used any more: keep it as long as you keep copies of photos from its time",
            _ => "waiting to be encrypted with the newest key",
        }
    }
}

fn rows(keys: Option<&KeyList>, counts: &PhotoCounts) -> Vec<Row> {
    let held = keys.map(KeyList::ids).unwrap_or_default();
    let photos = |key| counts.by_key.iter().find(|of| of.key == key).map_or(0, |of| of.photos);
    let newest = held.last().copied();
    let here = held.iter().map(|key| Row {
        key: Some(*key),
        photos: photos(Some(*key)),
        is_here: true,
        is_newest: newest == Some(*key),
    });
    let others = counts.by_key.iter().filter(|of| of.key.is_none_or(|key| !held.contains(&key)));
    let others = others.map(|of| Row { key: of.key, photos: of.photos, is_here: false, is_newest: false });
    others.chain(here).collect()
}

async fn rotate((installation, acting): (&Installation, &Acting), as_json: bool) -> Result<ExitCode, CommandError> {
    let photos = app::photos(&installation.read()?);
    let storage = installation.storage().await?;
    acting.record(&storage, AuditEvent::of(Act::RotateKey)).await?;
    let key = photos.add_key().map_err(|error| failed(&error))?;
    let counts = storage.photo_counts().await?;
    let others: i64 = counts.by_key.iter().map(|of| of.photos).sum();
    if as_json {
        println!(
            "{}",
            json!({ "key": key.to_string(), "folder": photos.key_folder().display().to_string(), "photos": others })
        );
    } else {
        println!(
            "the key {key} is in {}; within a minute the server encrypts new photos with it",
            photos.key_folder().display()
        );
        println!(
            "{} to be encrypted anew while it serves; `antrean media status` counts them",
            counted(usize::try_from(others).unwrap_or(0), "photo is", "photos are")
        );
        println!("copy the new file now, and keep the older keys as long as you keep copies of photos from their time");
    }
    Ok(ExitCode::SUCCESS)
}

async fn save(
    (installation, acting): (&Installation, &Acting),
    code: &str,
    file: &Path,
) -> Result<ExitCode, CommandError> {
    let code = BookingCode::read(code).map_err(|error| CommandError::Usage(error.to_string()))?;
    let (photos, storage) = (app::photos(&installation.read()?), installation.storage().await?);
    let found = storage.find_bookings(&code).await?;
    let Some(booking) = found.into_iter().max_by_key(|booking| booking.id) else {
        return Err(CommandError::Other(format!("there is no booking {code}")));
    };
    if file.exists() {
        return Err(CommandError::Usage(format!("{} is there already; name another file", file.display())));
    }
    let event = AuditEvent::of(Act::ViewPhoto).about(Subject::booking(booking.id)).at(&booking.office);
    acting.record(&storage, event).await?;
    save_photo(&storage, &photos, &booking, file).await?;
    println!("saved as {}; remove it when it has done its work", file.display());
    Ok(ExitCode::SUCCESS)
}

async fn save_photo(storage: &Storage, photos: &Photos, booking: &Booking, file: &Path) -> Result<(), CommandError> {
    let Some(photo) = storage.photos_of(std::slice::from_ref(booking)).await?.into_values().next() else {
        return Err(CommandError::Other(format!("the booking {} has no photo on the disk", booking.code)));
    };
    let bytes = photos.read(photo.id, &photo.file, photo.key).map_err(|error| failed(&error))?;
    Readers::Owner.write(file, &bytes)?;
    Ok(())
}
