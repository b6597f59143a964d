//! Reads all files once: formats, calendars, then the offices, which depend on them and extend one another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::draft::Draft;
use super::files::{self, File, Kind, Origin};
use super::loaded::Roster;
use super::sources::{OfficeSource, Sources};
use super::year;
use crate::domain::calendar::Calendar;
use crate::domain::office::{FormatId, Office, OfficeId};
use crate::domain::office_files::TextFile;
use crate::domain::person::PARTY_MAX;
use crate::grammar::{Ambiguity, Field, Format, FormatError, ambiguity, check};
use crate::sheet::{Entry, Place, Problem, Problems, Spot};

/// Longest chain of files that extend one another; a circle is longer.
const EXTEND_DEPTH_MAX: usize = 4;

/// What the files of some paths say, and everything that is wrong with them.
#[derive(Debug)]
pub struct Survey {
    /// What could be read; all of it, if there are no problems.
    pub roster: Roster,
    /// The problems, file by file; empty where all is well.
    pub problems: Problems,
}

/// Reads `paths` as [`Roster::load`] does, but gives what could be read beside the problems.
pub fn survey(paths: &[PathBuf]) -> Survey {
    let mut problems = Vec::new();
    let found = if paths.is_empty() { files::shipped_offices() } else { files::found(paths, &mut problems) };
    let (roster, problems) = surveyed(found, Vec::new(), problems);
    Survey { roster, problems: Problems(problems.into_iter().map(miette::Report::new).collect()) }
}

/// Reads files; `bases` are those that the database keeps for them to extend.
pub(super) fn surveyed(found: Vec<File>, bases: Vec<File>, mut problems: Vec<Problem>) -> (Roster, Vec<Problem>) {
    let sorted = Sorted::of(found, &mut problems);
    let formats = formats(Format::shipped(), &sorted.formats, &mut problems);
    let calendar = calendar(&files::shipped_calendars(), &sorted.calendars, &mut problems);
    let known = formats.keys().cloned().collect();
    let (offices, sources) = offices(&sorted.offices, bases, &known, &mut problems);
    let sources = Sources::of(sources, &sorted.formats, &sorted.calendars);
    let calendar = Arc::new(calendar);
    let roster = Roster { offices, formats, calendar, sources: sources.into(), ..Roster::default() };
    problems.extend(roster.offices.values().filter_map(|office| ambiguous(&roster, office)));
    problems.extend(roster.offices.values().filter_map(|office| too_small_for_families(&roster, office)));
    (roster, problems)
}

impl Roster {
    /// The offices, formats and calendars compiled in from `fixtures/` and `grammar/`.
    ///
    /// # Errors
    /// [`Problems`], which the project's own tests rule out.
    pub fn shipped() -> Result<Self, Problems> {
        Self::load(&[])
    }

    /// The shipped offices and that of the demo, whose day is in progress.
    ///
    /// # Errors
    /// [`Problems`], which the project's own tests rule out.
    pub fn demo() -> Result<Self, Problems> {
        let offices = [files::shipped_offices(), files::demo_offices()].concat();
        let (roster, problems) = surveyed(offices, Vec::new(), Vec::new());
        if problems.is_empty() {
            Ok(roster)
        } else {
            Err(Problems(problems.into_iter().map(miette::Report::new).collect()))
        }
    }

    /// What the files of `paths` (files or folders) say, over the shipped formats and calendars; a format or year among
    /// them outranks the shipped one. Without any path, the shipped offices.
    ///
    /// # Errors
    /// All [`Problems`] of all files.
    pub fn load(paths: &[PathBuf]) -> Result<Self, Problems> {
        let Survey { roster, problems } = survey(paths);
        if problems.0.is_empty() { Ok(roster) } else { Err(problems) }
    }
}

/// Files by what they are.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) offices: Vec<File>,
    pub(super) calendars: Vec<File>,
    pub(super) formats: Vec<File>,
}

impl Sorted {
    pub(super) fn of(files: Vec<File>, problems: &mut Vec<Problem>) -> Self {
        let mut sorted = Self::default();
        for file in files {
            match file.kind() {
                Kind::Office => sorted.offices.push(file),
                Kind::Calendar => sorted.calendars.push(file),
                Kind::Format => sorted.formats.push(file),
                Kind::Unknown => problems.push(Problem::at(
                    Place::top(&file.source),
                    "this is neither an office nor a calendar nor a format",
                    "an office has `id`, a calendar `year`, a format `pattern`; move other files elsewhere",
                )),
            }
        }
        sorted
    }
}

/// The shipped formats and those of `own` files, which replace shipped ones; each has to read its own examples as it says.
fn formats(shipped: Vec<Format>, own: &[File], problems: &mut Vec<Problem>) -> BTreeMap<FormatId, Arc<Format>> {
    // Whether those that are compiled in keep their examples is what the project's own tests say, not every start.
    let shipped = shipped.into_iter().map(|format| (format.id().clone(), Arc::new(format)));
    let mut formats: BTreeMap<FormatId, Arc<Format>> = shipped.collect();
    let mut first = BTreeMap::<FormatId, Place>::new();
    for file in own {
        let at = |error: FormatError| {
            let place = Place { source: Arc::clone(&file.source), at: error.at };
            Problem::at(place, error.message, error.remedy)
        };
        let Some(format) = Format::read(&file.source, problems) else { continue };
        problems.extend(check(&format).into_iter().map(at));
        let here = Place::top(&file.source);
        if let Some(other) = first.insert(format.id().clone(), here.clone()) {
            let what = format!("the format `{}` is given by {} too", format.id(), other.in_words());
            problems.push(Problem::at(here, what, "give each format one file"));
        }
        formats.insert(format.id().clone(), Arc::new(format));
    }
    formats
}

/// The problem of an office with two formats that are ambiguous.
fn ambiguous(roster: &Roster, office: &Office) -> Option<Problem> {
    let Ambiguity { taken, never, message } = ambiguity(&roster.formats_of(office))?;
    let (id, taken, never) = (&office.id, taken.id(), never.id());
    let what =
        format!("the office `{id}` cannot tell its formats `{taken}` and `{never}` apart: both read `{message}`");
    Some(Problem::whole(what, "leave one of them out, or give one a keyword in front or another piece"))
}

/// The problem of an office that takes forms for families although no hour has seats for the largest one. A family is never
/// split, so such a form could never be booked.
fn too_small_for_families(roster: &Roster, office: &Office) -> Option<Problem> {
    let family = roster.formats_of(office).into_iter().find(|format| format.fields().contains(&Field::Jumlah))?;
    (office.seats_per_hour < u32::from(PARTY_MAX)).then(|| {
        let (id, family, seats) = (&office.id, family.id(), office.seats_per_hour);
        let what = format!(
            "the office `{id}` takes up to {PARTY_MAX} persons in one form (`{family}`), but an hour has {seats} seats"
        );
        Problem::whole(what, format!("write seats_per_hour = {PARTY_MAX} or more, or leave that format out"))
    })
}

/// The shipped calendars and those of `own` files, which replace shipped ones.
pub(super) fn calendar(shipped: &[File], own: &[File], problems: &mut Vec<Problem>) -> Calendar {
    let mut calendar = Calendar::default();
    for files in [shipped, own] {
        let mut first = BTreeMap::<i32, Place>::new();
        for file in files {
            let Some(year) = year::read(&file.source, problems) else { continue };
            let Spot { value, place } = year.year;
            if let Some(other) = first.insert(value, place.clone()) {
                let what = format!("the calendar of {value} is given by {} too", other.in_words());
                problems.push(Problem::at(place, what, "give each year one file"));
            }
            calendar.add_year(value, year.holidays);
        }
    }
    calendar
}

/// Offices with the files that make them what they are.
pub(super) type Found = (BTreeMap<OfficeId, Arc<Office>>, Vec<OfficeSource>);

/// The offices of `files`; `known` are the formats that exist, `bases` are kept for them to extend.
pub(super) fn offices(
    files: &[File],
    bases: Vec<File>,
    known: &BTreeSet<FormatId>,
    problems: &mut Vec<Problem>,
) -> Found {
    let mut all = Drafts { bases, ..Drafts::default() };
    // In the order given, so that a base among them is named as it was given, not as an office found it.
    for file in files {
        all.draft(file);
    }
    let mut chains: Vec<Vec<TextFile>> = Vec::new();
    let mut drafts: Vec<Draft> = Vec::new();
    for file in files {
        let mut chain = Vec::new();
        drafts.push(all.resolve(file, &mut chain));
        chains.push(chain);
    }
    let mut noted = all.problems;
    let mut first = BTreeMap::<OfficeId, (Place, Option<Arc<Office>>)>::new();
    let mut sources = Vec::new();
    for ((file, draft), bases) in files.iter().zip(&drafts).zip(chains) {
        let is_base = file.is_called_base() || all.extended.contains(&file.origin);
        if is_base && draft.id.given().is_none() {
            continue;
        }
        let office = draft.office(Some(known), &mut noted).map(Arc::new);
        let Some(id) = draft.id.given() else { continue };
        match first.get(&id.value) {
            None => {
                first.insert(id.value.clone(), (id.place.clone(), office));
                sources.push(OfficeSource { id: id.value.clone(), office: file.text_file(), bases });
            }
            Some((other, earlier)) => noted.push(duplicate(id, office.as_deref(), other, earlier.as_deref())),
        }
    }
    // Offices that share a base share its mistakes: each is said once.
    for problem in noted {
        if !problems.iter().any(|earlier| earlier.repeats(&problem)) {
            problems.push(problem);
        }
    }
    (first.into_iter().filter_map(|(id, (_, office))| Some((id, office?))).collect(), sources)
}

fn duplicate(id: &Spot<OfficeId>, office: Option<&Office>, other: &Place, earlier: Option<&Office>) -> Problem {
    let changed = match (office, earlier) {
        (Some(office), Some(earlier)) if office.version == earlier.version && office != earlier => {
            format!(", under the same version {} but with other content", office.version)
        }
        _ => String::new(),
    };
    let what = format!("the office `{}` is given by {} too{changed}", id.value, other.in_words());
    let remedy = if changed.is_empty() {
        "keep one file for each office, or give this one an id of its own"
    } else {
        "keep one file for each office, and raise `version` with every change"
    };
    Problem::at(id.place.clone(), what, remedy)
}

/// The drafts of all files: each is read once, however many extend it.
#[derive(Debug, Default)]
struct Drafts {
    by_origin: BTreeMap<Origin, Draft>,
    extended: BTreeSet<Origin>,
    /// Files that the database keeps for others to extend.
    bases: Vec<File>,
    problems: Vec<Problem>,
}

impl Drafts {
    fn draft(&mut self, file: &File) -> Draft {
        if let Some(draft) = self.by_origin.get(&file.origin) {
            return draft.clone();
        }
        let draft = Draft::read(&file.source, &mut self.problems);
        self.by_origin.insert(file.origin.clone(), draft.clone());
        draft
    }

    /// The draft of `file` laid over those that it extends, which are added to `chain`.
    fn resolve(&mut self, file: &File, chain: &mut Vec<TextFile>) -> Draft {
        let mut draft = self.draft(file);
        let extend = match &draft.extend {
            Entry::Absent => return draft,
            Entry::Broken => {
                draft.seen_whole = false;
                return draft;
            }
            Entry::Given(extend) => extend.clone(),
        };
        let kept = self.bases.iter().find(|base| base.origin == Origin::Kept(extend.value.clone())).cloned();
        let problem = match kept.map(Ok).or_else(|| file.base(&extend.value)) {
            Some(Ok(base)) if chain.len() < EXTEND_DEPTH_MAX => {
                self.extended.insert(base.origin.clone());
                chain.push(TextFile { name: extend.value.clone(), text: base.source.inner().clone() });
                return draft.over(&self.resolve(&base, chain));
            }
            Some(Ok(_)) => {
                let what = format!("more than {EXTEND_DEPTH_MAX} files extend one another here, perhaps in a circle");
                Problem::at(extend.place, what, "let each file extend base.toml directly")
            }
            Some(Err(problem)) => problem,
            None => {
                let what =
                    format!("there is no file \"{}\" to extend, beside this one or among the shipped", extend.value);
                Problem::at(
                    extend.place,
                    what,
                    "write extend = \"base.toml\" for the shipped one, or the path of your own",
                )
            }
        };
        self.problems.push(problem);
        draft.seen_whole = false;
        draft
    }
}
