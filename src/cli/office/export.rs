//! `antrean office export`: an office as one whole file, or its files as they were written, which an import takes back byte for byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::versions::version;
use crate::cli::shared::error::CommandError;
use crate::domain::office::OfficeId;
use crate::domain::office_files::TextFile;
use crate::roster::shipped_base;
use crate::storage::{Origin, Storage, StoredVersion};
use crate::versions::with_base;

/// Arguments of `antrean office export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The office, by id
    #[arg(value_name = "ID", value_parser = OfficeId::read)]
    id: OfficeId,
    /// The folder for its files as they were written; without it, one whole file goes to standard output
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Write its own formats and calendars too
    #[arg(long, requires = "folder")]
    with_formats: bool,
    /// This version, not the one in force
    #[arg(long = "version", value_name = "N")]
    number: Option<u32>,
    /// Write over files that have other content
    #[arg(long, requires = "folder")]
    force: bool,
}

/// Runs the command.
pub(super) async fn run(storage: &Storage, args: &ExportArgs) -> Result<ExitCode, CommandError> {
    let version = version(storage, &args.id, args.number).await?;
    let Some(folder) = &args.folder else {
        print!("{}", whole(storage, version).await?);
        return Ok(ExitCode::SUCCESS);
    };
    let is_plain = |file: &TextFile| Path::new(&file.name).file_name().is_some_and(|name| name == file.name.as_str());
    let is_shipped = |file: &&TextFile| shipped_base(&file.name) == Some(file.text.as_str());
    let mut files = vec![version.files.office.clone()];
    files.extend(version.files.bases.iter().filter(|file| !is_shipped(file)).cloned());
    if args.with_formats {
        files.extend(version.files.formats.iter().chain(&version.files.calendars).cloned());
    }
    if !files.iter().all(is_plain) {
        // A base elsewhere cannot be put where its office looks for it.
        eprintln!("{}: it extends a file of another folder, so it is written as one whole file", args.id);
        let name = format!("{}.toml", args.id);
        let own = files.split_off(1 + version.files.bases.iter().filter(|file| !is_shipped(file)).count());
        files = vec![TextFile { name, text: whole(storage, version).await? }];
        files.extend(own);
    }
    write(folder, &files, args.force)?;
    for file in &files {
        println!("{}", folder.join(&file.name).display());
    }
    Ok(ExitCode::SUCCESS)
}

/// A version as one whole file, which says what it continues where that came from no file.
async fn whole(storage: &Storage, version: StoredVersion) -> Result<String, CommandError> {
    let heads = storage.version_heads(Some(&version.head.office)).await?;
    let is_made_here =
        |head: &&crate::storage::VersionHead| head.origin != Origin::File && head.version <= version.head.version;
    let made_here = heads.iter().find(is_made_here).map(|head| head.version);
    Ok(made_here.and_then(|number| with_base(&version.file, number)).unwrap_or(version.file))
}

/// Writes the files; none where one of them is there with other content.
fn write(folder: &Path, files: &[TextFile], force: bool) -> Result<(), CommandError> {
    let failed = |path: &Path, error: &std::io::Error| CommandError::Other(format!("{}: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for file in files {
        let path = folder.join(&file.name);
        let has_other =
            path.exists() && fs::read(&path).map_err(|error| failed(&path, &error))? != file.text.as_bytes();
        if has_other && !force {
            return Err(CommandError::Other(format!(
                "nothing was written: {} is there with other content; name another folder, or add --force",
                path.display()
            )));
        }
    }
    for file in files {
        let path = folder.join(&file.name);
        fs::write(&path, &file.text).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}
