//! Finds files: the shipped ones, which are compiled in, and those under the paths that an operator gave.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use miette::NamedSource;
use toml::de::DeTable;

use crate::domain::office_files::TextFile;
use crate::sheet::{Problem, Source, decoded};

static OFFICES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/offices");
/// The office that a demo has besides.
static DEMO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/demo");
static CALENDARS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/calendars");

/// Largest file that is read, in bytes: a large office's file has a few thousand, so more is some other file.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Deepest folder below a given one, so that a link in a circle ends.
const FOLDER_DEPTH_MAX: u32 = 8;

/// Where a file came from; equal for the same file by whatever path it was named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// Compiled in, by file name.
    Shipped(String),
    /// On disk, links resolved.
    Disk(PathBuf),
    /// Kept in the database with its office, by file name.
    Kept(String),
}

/// A file that has been read.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) origin: Origin,
    pub(super) source: Source,
}

/// What a TOML file is, by its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Office,
    Calendar,
    Format,
    Unknown,
}

impl File {
    /// What it is: calendars have a `year`, formats a `pattern`, offices one of their own keys.
    pub(super) fn kind(&self) -> Kind {
        let (root, errors) = DeTable::parse_recoverable(self.source.inner());
        let has = |key: &str| root.get_ref().contains_key(key);
        if has("year") || has("holiday") {
            Kind::Calendar
        } else if has("pattern") {
            Kind::Format
        } else if !errors.is_empty() || super::draft::KEYS.iter().any(|key| has(key)) {
            Kind::Office
        } else {
            Kind::Unknown
        }
    }

    /// Whether it is by its name meant to be extended only.
    pub(super) fn is_called_base(&self) -> bool {
        match &self.origin {
            Origin::Shipped(name) | Origin::Kept(name) => name == "base.toml",
            Origin::Disk(path) => path.file_name().is_some_and(|name| name == "base.toml"),
        }
    }

    /// Its name and text.
    pub(super) fn text_file(&self) -> TextFile {
        let name = match &self.origin {
            Origin::Shipped(name) | Origin::Kept(name) => name.clone(),
            Origin::Disk(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        };
        TextFile { name, text: self.source.inner().clone() }
    }

    /// A file as the database keeps it.
    pub(super) fn kept(file: &TextFile) -> Self {
        let source = Arc::new(NamedSource::new(file.name.clone(), file.text.clone()));
        Self { origin: Origin::Kept(file.name.clone()), source }
    }

    /// Whether it is one of the shipped ones.
    pub(super) fn is_shipped(&self) -> bool {
        matches!(self.origin, Origin::Shipped(_))
    }

    /// The file that this one extends under the name `extend`: beside it on disk, or else the shipped one of that name.
    pub(super) fn base(&self, extend: &str) -> Option<Result<Self, Problem>> {
        if let Origin::Disk(path) = &self.origin {
            let beside = path.with_file_name("").join(extend);
            if beside.is_file() {
                return Some(read(&beside));
            }
        }
        let name = Path::new(extend).file_name()?.to_str()?;
        shipped_in(&OFFICES, "offices").into_iter().find(|file| file.origin == Origin::Shipped(name.to_owned())).map(Ok)
    }
}

/// The shipped office files and their base.
pub(super) fn shipped_offices() -> Vec<File> {
    shipped_in(&OFFICES, "offices")
}

/// The text of the shipped file that offices extend by this name.
pub fn shipped_base(name: &str) -> Option<&'static str> {
    OFFICES.get_file(name)?.contents_utf8()
}

/// The office that a demo has besides the shipped ones.
pub(super) fn demo_offices() -> Vec<File> {
    shipped_in(&DEMO, "demo")
}

/// The shipped calendars.
pub(super) fn shipped_calendars() -> Vec<File> {
    shipped_in(&CALENDARS, "calendars")
}

fn shipped_in(folder: &Dir<'_>, name: &str) -> Vec<File> {
    let files = folder.files().filter_map(|file| {
        let file_name = file.path().file_name()?.to_str()?;
        let text = file.contents_utf8()?;
        let shown = format!("fixtures/{name}/{file_name} (shipped)");
        Some(File {
            origin: Origin::Shipped(file_name.to_owned()),
            source: Arc::new(NamedSource::new(shown, text.to_owned())),
        })
    });
    files.collect()
}

/// The TOML files of `paths`, each once, folders in the order of their names. What lies in a folder beside offices,
/// calendars and formats is passed over; a file given by its own name is always one of them, or a problem.
pub(super) fn found(paths: &[PathBuf], problems: &mut Vec<Problem>) -> Vec<File> {
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    for path in paths {
        let mut listed = Vec::new();
        if let Err(problem) = list(path, 0, &mut listed) {
            problems.push(problem);
            continue;
        }
        let mut any = false;
        for entry in listed {
            match read(&entry) {
                Ok(file) if entry != *path && file.kind() == Kind::Unknown => {}
                Ok(file) => {
                    any = true;
                    if seen.insert(file.origin.clone()) {
                        files.push(file);
                    }
                }
                Err(problem) => {
                    any = true;
                    problems.push(problem);
                }
            }
        }
        if !any {
            let what = format!("there is no office, calendar or format file in {}", path.display());
            problems.push(Problem::whole(what, "give a folder of .toml files that are, or a single file"));
        }
    }
    files
}

fn list(path: &Path, depth: u32, into: &mut Vec<PathBuf>) -> Result<(), Problem> {
    let unreadable = |error: std::io::Error| {
        Problem::whole(format!("{} cannot be read: {error}", path.display()), "check the path and its permissions")
    };
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        into.push(path.to_owned());
        return Ok(());
    }
    if depth == FOLDER_DEPTH_MAX {
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path).and_then(|dir| dir.map(|entry| Ok(entry?.path())).collect()).map_err(unreadable)?;
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && (entry.is_dir() || entry.extension().is_some_and(|ext| ext == "toml")) {
            list(&entry, depth + 1, into)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<File, Problem> {
    let unreadable = |why: String| {
        Problem::whole(format!("{} cannot be read: {why}", path.display()), "check the path and its permissions")
    };
    let bytes = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(unreadable(format!("it has {bytes} bytes, an office file at most {FILE_BYTES_MAX}")));
    }
    let text = decoded(fs::read(path).map_err(|error| unreadable(error.to_string()))?).map_err(|error| {
        let what = format!("{} cannot be read: {error}", path.display());
        Problem::whole(what, "open it in an editor and save it once more, with the encoding UTF-8")
    })?;
    let origin = Origin::Disk(path.canonicalize().unwrap_or_else(|_| path.to_owned()));
    Ok(File { origin, source: Arc::new(NamedSource::new(path.display().to_string(), text)) })
}
