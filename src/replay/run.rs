//! Finds stories, plays them side by side, and writes back what was blessed.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::NaiveDateTime;
use similar::{DiffTag, TextDiff};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::play::harness::{DatabaseSource, Harness, PlayError, Setup};
use super::play::player::{Difference, play};
use super::report::{Ending, Played};
use super::story::edit::edited;
use super::story::read::{self, ScriptError};
use crate::domain::message::{Contact, Content};
use crate::domain::office::OfficeId;
use crate::files::Readers;
use crate::roster::Roster;
use crate::sheet::decoded;
use crate::storage::{Address, Storage, StorageError};

/// What the names of stories end with.
const STORY_EXTENSION: &str = "chat";
/// Folders inside folders that are searched: a link that leads back up ends here.
const FOLDER_DEPTH_MAX: usize = 16;
/// Times that a story is played while it is blessed: a new reply may define the code that a later message sends.
const BLESS_ROUNDS_MAX: usize = 64;
/// Stories played at one time: each has a database with its own threads.
const STORIES_AT_ONCE_MAX: usize = 8;
/// The seed of a story that names none.
const SEED_DEFAULT: u8 = 17;

/// Why no story was played at all.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A path could not be read.
    #[error("{path}: {error}")]
    Path {
        /// The path.
        path: PathBuf,
        /// What is wrong with it.
        error: std::io::Error,
    },
    /// There is nothing to play.
    #[error("no .chat story in {0}")]
    NoStory(String),
    /// The database that every story begins with could not be made.
    #[error("cannot make the database that every story begins with: {0}")]
    Template(#[from] StorageError),
}

/// A folder that is removed when it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> std::io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("antrean-replay-{}-{number}", std::process::id()));
        Readers::Owner.create_folder(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A failure does no harm: the system clears its temporary folder sooner or later.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Plays stories: holds what all stories of one run share, the offices and where their databases come from.
#[derive(Clone)]
pub struct Runner {
    roster: Roster,
    database: DatabaseSource,
    scratch: Arc<Scratch>,
}

impl Runner {
    /// Prepares the database that every story begins with: a SQLite file, or a schema of the PostgreSQL at `server`.
    ///
    /// # Errors
    /// [`ReplayError`] when it cannot be made.
    pub async fn prepare(roster: Roster, server: Option<Address<'_>>) -> Result<Self, ReplayError> {
        let failed = |error| ReplayError::Path { path: std::env::temp_dir(), error };
        let scratch = Arc::new(Scratch::new().map_err(failed)?);
        let database = if let Some(Address { url, tls }) = server {
            DatabaseSource::Server(url.to_owned(), tls)
        } else {
            let template = scratch.0.join("template.db");
            Storage::open_scratch(&template).await?.close().await;
            DatabaseSource::File(template)
        };
        Ok(Self { roster, database, scratch })
    }

    fn setup(&self) -> Setup<'_> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Setup {
            roster: self.roster.clone(),
            database: &self.database,
            name: format!("antrean_story_{}_{number}", std::process::id()),
            folder: self.scratch.0.join(number.to_string()),
            seed: SEED_DEFAULT,
            notices: false,
            turn_links: None,
        }
    }

    /// Plays the story `text`.
    pub async fn play(&self, path: &Path, text: &str) -> Played {
        let begun = Instant::now();
        let broken = |line, message| Ending::Broken(vec![ScriptError { line, message }]);
        let setup = self.setup();
        let (name, folder) = (setup.name.clone(), setup.folder.clone());
        let (why, ending) = match read::read(text, |id| self.roster.offices.contains_key(id)) {
            Err(errors) => (String::new(), Ending::Broken(errors)),
            Ok(story) => {
                let ending = match Box::pin(play(&story, setup)).await {
                    Ok(differences) if differences.is_empty() => Ending::Passed,
                    Ok(differences) => Ending::Differs(differences),
                    Err(PlayError::Story(line, message)) => broken(line, message),
                    Err(error) => broken(1, error.to_string()),
                };
                (story.why, ending)
            }
        };
        // A story that was never opened has nothing to clear, and what is left behind does no harm.
        let _ = self.database.clear(&name).await;
        let _ = std::fs::remove_dir_all(folder);
        Played { path: path.to_owned(), why, ending, took: begun.elapsed() }
    }

    /// What a citizen would be answered who wrote `text` to an empty office at `sent`, by the office's clock.
    ///
    /// # Errors
    /// [`PlayError`] when the message cannot be served.
    pub async fn replies(&self, office: &OfficeId, text: &str, sent: NaiveDateTime) -> Result<Vec<String>, PlayError> {
        let setup = self.setup();
        setup.knows(office).map_err(PlayError::Broken)?;
        let (name, folder) = (setup.name.clone(), setup.folder.clone());
        let harness = Harness::open(setup, office, sent).await?;
        let contact = Contact::new("6281200000001");
        let message = Harness::inbound(office, &contact, 1, harness.now(), Content::Text(text.to_owned()));
        harness.serve(vec![vec![message]]).await?;
        harness.settle().await?;
        let replies = harness.replies().into_iter().map(|reply| reply.text).collect();
        harness.close().await;
        // What is left behind does no harm.
        let _ = self.database.clear(&name).await;
        let _ = std::fs::remove_dir_all(folder);
        Ok(replies)
    }

    /// The text of the story at `path` with its replies as antrean gives them, and how it ends then.
    pub async fn blessed(&self, path: &Path, text: String) -> (String, Played) {
        let mut text = text;
        let mut played = self.play(path, &text).await;
        for _ in 0..BLESS_ROUNDS_MAX {
            let Ending::Differs(differences) = &played.ending else { break };
            let Some(better) = better(&text, differences) else { break };
            text = better;
            played = self.play(path, &text).await;
        }
        (text, played)
    }
}

/// The story with its differences edited away; later ones may only follow from the first.
fn better(text: &str, differences: &[Difference]) -> Option<String> {
    let edits: Vec<_> = differences.iter().filter_map(|difference| difference.edit.clone()).collect();
    (!edits.is_empty()).then(|| edited(text, &edits)).filter(|better| better != text)
}

/// The stories at `paths`: files as they are named, folders with all that is in them, in order of their names.
///
/// # Errors
/// [`ReplayError`] when a path cannot be read, or none holds a story.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ReplayError> {
    let mut found = Vec::new();
    for path in paths {
        search(path, 0, &mut found).map_err(|error| ReplayError::Path { path: path.clone(), error })?;
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        let named: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(ReplayError::NoStory(named.join(", ")));
    }
    Ok(found)
}

fn search(path: &Path, depth: usize, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !std::fs::metadata(path)?.is_dir() {
        if depth == 0 || path.extension().is_some_and(|extension| extension == STORY_EXTENSION) {
            found.push(path.to_owned());
        }
        return Ok(());
    }
    if depth < FOLDER_DEPTH_MAX {
        for entry in std::fs::read_dir(path)? {
            search(&entry?.path(), depth + 1, found)?;
        }
    }
    Ok(())
}

/// Plays the stories at `paths` side by side, on SQLite or on the PostgreSQL at `server`; results come in the order of
/// `paths`.
///
/// # Errors
/// [`ReplayError`] when a story cannot be read from the disk, or nothing can be played.
pub async fn run(roster: Roster, paths: &[PathBuf], server: Option<Address<'_>>) -> Result<Vec<Played>, ReplayError> {
    let runner = Runner::prepare(roster, server).await?;
    each(paths, move |path, text| {
        let runner = runner.clone();
        async move { runner.play(&path, &text).await }
    })
    .await
}

/// What a blessing came to.
#[derive(Debug, Clone)]
pub struct Blessed {
    /// How the stories end now.
    pub played: Vec<Played>,
    /// Those whose file was rewritten.
    pub rewritten: Vec<Rewritten>,
}

/// A story whose file was rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The file.
    pub path: PathBuf,
    /// What is different in it, in order.
    pub changes: Vec<Change>,
}

/// Lines of a story that were rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The line in the file as it was, counted from 1.
    pub line: usize,
    /// The first of the lines that went; `None` where lines were only added.
    pub old: Option<String>,
    /// The first of the lines that came; `None` where lines only went.
    pub new: Option<String>,
}

/// What is different between two texts of a story.
fn changes(old: &str, new: &str) -> Vec<Change> {
    let diff = TextDiff::from_lines(old, new);
    let first = |lines: &[&str], range: Range<usize>| {
        lines.get(range).and_then(<[&str]>::first).map(|line| line.trim_end().to_owned())
    };
    let different = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    different
        .map(|op| Change {
            line: op.old_range().start + 1,
            old: first(&old, op.old_range()),
            new: first(&new, op.new_range()),
        })
        .collect()
}

/// Plays the stories at `paths` and rewrites the replies of those that differ. Returns what still differs afterwards.
///
/// # Errors
/// [`ReplayError`] when a story cannot be read or written, or nothing can be played.
pub async fn bless(roster: Roster, paths: &[PathBuf], server: Option<Address<'_>>) -> Result<Blessed, ReplayError> {
    let runner = Runner::prepare(roster, server).await?;
    let blessed = each(paths, move |path, text| {
        let runner = runner.clone();
        async move {
            let (better, played) = Box::pin(runner.blessed(&path, text.clone())).await;
            let changes = changes(&text, &better);
            (played, (better != text).then_some((better, changes)))
        }
    })
    .await?;
    let mut rewritten = Vec::new();
    for (played, better) in &blessed {
        if let Some((text, changes)) = better {
            let path = played.path.clone();
            std::fs::write(&path, text).map_err(|error| ReplayError::Path { path: path.clone(), error })?;
            rewritten.push(Rewritten { path, changes: changes.clone() });
        }
    }
    Ok(Blessed { played: blessed.into_iter().map(|(played, _)| played).collect(), rewritten })
}

async fn each<T, F, Fut>(paths: &[PathBuf], work: F) -> Result<Vec<T>, ReplayError>
where
    T: Send + 'static,
    F: Fn(PathBuf, String) -> Fut,
    Fut: Future<Output = T> + Send + 'static,
{
    let seats = Arc::new(Semaphore::new(STORIES_AT_ONCE_MAX));
    let mut playing = JoinSet::new();
    for (at, path) in paths.iter().enumerate() {
        let decode = |bytes| decoded(bytes).map_err(|error| std::io::Error::new(ErrorKind::InvalidData, error));
        let text = std::fs::read(path).and_then(decode);
        let text = text.map_err(|error| ReplayError::Path { path: path.clone(), error })?;
        let (seats, story) = (seats.clone(), work(path.clone(), text));
        playing.spawn(async move {
            let _seat = seats.acquire_owned().await;
            (at, story.await)
        });
    }
    let mut done = playing.join_all().await;
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}
