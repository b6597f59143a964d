//! What the pages of the settings have in common: a change that is looked at, then published; what keeps it from that; who was faster.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};

use super::keys::label_of;
use super::texts::{Texts, texts};
use crate::access::OfficeView;
use crate::conversation::Lang;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::fingerprint;
use crate::domain::office_files::OfficeFiles;
use crate::domain::staff::{Area, Level};
use crate::roster::FileProblem;
use crate::storage::{StorageError, StoredOffice, VersionHead};
use crate::versions::{Change, Edit, PublishError, Versions, WHY_CHARS_MAX, difference};
use crate::web::console::catalogue::{self, Told};
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, Right};
use crate::web::console::page::Frame;
use crate::web::console::state::Console;

/// Sees the settings.
pub(in crate::web::console) struct SeesSettings;
/// Changes the settings.
pub(in crate::web::console) struct WorksSettings;

impl Right for SeesSettings {
    const AREA: Area = Area::Settings;
    const LEVEL: Level = Level::Read;
}

impl Right for WorksSettings {
    const AREA: Area = Area::Settings;
    const LEVEL: Level = Level::Write;
}

/// The fields of a form.
pub(super) type Posted = BTreeMap<String, String>;

/// One field of a form; empty where it is missing.
pub(super) fn posted<'f>(form: &'f Posted, name: &str) -> &'f str {
    form.get(name).map_or("", String::as_str)
}

/// Why, as one line.
pub(super) fn why_of(form: &Posted) -> String {
    let line = posted(form, "why").split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).collect()
}

/// The head of every page of the settings.
pub(super) struct Head {
    pub(super) s: &'static Texts,
    /// The address of the settings of this office.
    pub(super) base: String,
    /// The sections: address, words, whether it is this one.
    pub(super) sections: Vec<(String, &'static str, bool)>,
    /// The version that is changed.
    pub(super) version: u32,
    pub(super) may_write: bool,
}

impl Head {
    pub(super) fn of(frame: &Frame, office: &OfficeView, here: &str, version: u32) -> Self {
        let s = texts(frame.lang);
        let base = format!("/console/{}/settings", office.id());
        let groups = [
            ("office", s.group_office),
            ("hours", s.group_hours),
            ("release", s.group_release),
            ("policy", s.group_policy),
            ("texts", s.group_texts),
            ("topics", s.group_topics),
            ("notices", s.group_notices),
        ];
        let group = |(name, words): (&str, &'static str)| (format!("{base}?group={name}"), words, here == name);
        let mut sections: Vec<(String, &'static str, bool)> = groups.into_iter().map(group).collect();
        for (name, words) in [("holidays", s.page_holidays), ("text", s.page_text), ("versions", s.page_versions)] {
            sections.push((format!("{base}/{name}"), words, here == name));
        }
        Self { s, base, sections, version, may_write: office.level(Area::Settings) >= Level::Write }
    }
}

/// Something to mend, maybe at a field.
pub(super) struct Problem {
    /// The id of the field; empty: none.
    pub(super) field: String,
    pub(super) what: String,
    pub(super) remedy: String,
}

/// A sentence about what changes.
pub(super) struct Sentence {
    pub(super) label: String,
    pub(super) text: String,
}

/// Who was faster, and what they changed.
pub(super) struct Faster {
    pub(super) who: String,
    pub(super) version: u32,
    pub(super) at: String,
    pub(super) why: String,
    pub(super) changes: Vec<Sentence>,
    /// Whether what is shown has their changes in it.
    pub(super) is_joined: bool,
}

/// A change as a page shows it.
#[derive(Default)]
pub(super) struct Draft {
    /// Whether it was looked at.
    pub(super) is_checked: bool,
    pub(super) changes: Vec<Sentence>,
    /// Names these changes; a form that publishes sends it back.
    pub(super) seen: String,
    pub(super) problems: Vec<Problem>,
    pub(super) faster: Option<Faster>,
    pub(super) why: String,
    /// A sentence about the form as a whole.
    pub(super) note: Option<&'static str>,
}

impl Draft {
    /// The status of the page: nothing was published where something is to be mended.
    pub(super) fn status(&self) -> StatusCode {
        if self.problems.is_empty() && self.faster.is_none() && self.note.is_none() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }

    /// Whether nothing but the reason keeps it from being published.
    pub(super) fn is_ready(&self) -> bool {
        self.is_checked && self.problems.iter().all(|problem| problem.field == "why")
    }

    /// What is wrong at a field.
    pub(super) fn at(&self, field: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.field == field)
    }
}

/// What came of a form.
pub(super) enum Outcome {
    /// It is in force.
    Published,
    /// It is shown again.
    Shown(Box<Draft>),
}

/// A form of these pages: what it was made of, and what it wants.
pub(super) struct Wish<'a> {
    /// What is in force.
    pub(super) current: &'a StoredOffice,
    /// The version that the form was made of.
    pub(super) parent: u32,
    /// The files as they would be.
    pub(super) files: OfficeFiles,
    /// What the form says besides.
    pub(super) form: &'a Posted,
    /// Whether the form was put on top of what is in force; a whole text was not.
    pub(super) is_joined: bool,
    /// The field of a problem in a file.
    pub(super) place: &'a (dyn Fn(&FileProblem) -> String + Sync),
}

/// Checks a change, and publishes it where that was asked for and its difference was seen.
pub(super) async fn settle<R: Right>(
    console: &Console,
    request: &InOffice<R>,
    wish: Wish<'_>,
) -> Result<Outcome, Failure> {
    let (frame, office) = (&request.signed.asked.frame, &request.office);
    let (s, versions) = (texts(frame.lang), (console.versions)());
    let why = why_of(wish.form);
    let mut draft = Draft { is_checked: true, why: why.clone(), ..Draft::default() };
    let changes = match versions.preview(office.id(), &wish.files).await {
        Ok(changes) => changes,
        Err(error) => {
            draft.problems = problems(frame.lang, error, wish.place)?;
            Vec::new()
        }
    };
    draft.seen = name_of(&changes, &wish.files);
    draft.changes = sentences(frame.lang, &changes);
    if wish.parent != wish.current.version {
        draft.faster = faster(frame, office, &versions, (wish.parent, wish.current)).await?;
        if let Some(faster) = &mut draft.faster {
            faster.is_joined = wish.is_joined;
        }
    }
    let publishes = posted(wish.form, "do") == "publish";
    if publishes && (why.is_empty() || why.chars().count() > WHY_CHARS_MAX) {
        draft.problems.push(Problem { field: "why".to_owned(), what: s.wrong_why.to_owned(), remedy: String::new() });
    }
    let publishes = publishes && draft.problems.is_empty() && draft.faster.is_none();
    if !publishes {
        return Ok(Outcome::Shown(Box::new(draft)));
    }
    if posted(wish.form, "seen") != draft.seen {
        draft.note = Some(s.look_first);
        return Ok(Outcome::Shown(Box::new(draft)));
    }
    let (id, parent, actor) = (office.id(), wish.current.version, request.signed.who.login());
    let event = AuditEvent::of(Act::ChangeOffice).about(Subject::office(id)).because(&why);
    let changed = Scope::Words(format!("version {}", parent.saturating_add(1)));
    office.record(event.reaching(changed), &request.signed.asked.visitor).await?;
    match versions.publish(Edit { office: id, parent, files: wish.files, why: &why, actor }).await {
        Ok(_) => {
            console.desk.refresh_offices().await?;
            Ok(Outcome::Published)
        }
        Err(PublishError::Conflict(head)) => {
            draft.faster = Some(told(frame, office, &head, Vec::new()));
            Ok(Outcome::Shown(Box::new(draft)))
        }
        Err(PublishError::Nothing) => {
            draft.note = Some(s.changes_none);
            Ok(Outcome::Shown(Box::new(draft)))
        }
        Err(error) => {
            draft.problems = problems(frame.lang, error, wish.place)?;
            Ok(Outcome::Shown(Box::new(draft)))
        }
    }
}

/// Why a change cannot be published, each at its field.
pub(super) fn problems(
    lang: Lang,
    error: PublishError,
    place: &(dyn Fn(&FileProblem) -> String + Sync),
) -> Result<Vec<Problem>, StorageError> {
    let s = texts(lang);
    let one = |what: String, remedy: &str| vec![Problem { field: String::new(), what, remedy: remedy.to_owned() }];
    Ok(match error {
        PublishError::Storage(error) => return Err(error),
        PublishError::Problems(problems) => problems
            .into_iter()
            .map(|problem| {
                let field = place(&problem);
                // A field says where; in a text, and in another file, only the line does.
                let is_key = field.starts_with("f-");
                let at = match problem.line {
                    line if line > 0 && !is_key => format!("{}, {} {line}: ", problem.file, s.line_number),
                    _ => String::new(),
                };
                let Told { what, remedy, is_english } = catalogue::told(lang, &problem.what, &problem.remedy);
                // Fields are known by their labels, files by their keys.
                let what = if is_key { with_label(lang, &what) } else { what };
                let lead = if is_english { s.in_english } else { "" };
                Problem { field, what: format!("{at}{lead}{what}"), remedy }
            })
            .collect(),
        PublishError::Displaces(places) => {
            one(format!("{}: {} {}.", s.displaces, places.len(), s.bookings), s.displaces_remedy)
        }
        PublishError::Why => one(s.wrong_why.to_owned(), ""),
        PublishError::Nothing => one(s.changes_none.to_owned(), ""),
        PublishError::Unknown | PublishError::Conflict(_) => one(s.conflict_title.to_owned(), ""),
    })
}

/// A sentence with what a form calls a key, in place of the first key that it names.
fn with_label(lang: Lang, what: &str) -> String {
    let named = what.split_once('`').and_then(|(before, rest)| {
        let (key, behind) = rest.split_once('`')?;
        let label = label_of(key, lang)?;
        Some(format!("{before}\u{201c}{label}\u{201d}{behind}"))
    });
    named.unwrap_or_else(|| what.to_owned())
}

/// A name of a change, the same for the same change.
fn name_of(changes: &[Change], files: &OfficeFiles) -> String {
    let all: Vec<&str> = files.all().map(|file| file.text.as_str()).collect();
    let said: Vec<String> = changes.iter().map(crate::versions::sentence).collect();
    format!("{:016x}", fingerprint::of(&format!("{}\n{}", said.join("\n"), all.join("\n"))))
}

/// What somebody published since a form was made.
async fn faster(
    frame: &Frame,
    office: &OfficeView,
    versions: &Versions,
    (parent, current): (u32, &StoredOffice),
) -> Result<Option<Faster>, StorageError> {
    let Some(head) = versions.list(office.id()).await?.into_iter().next() else { return Ok(None) };
    let before = versions.version(office.id(), parent).await?;
    let changes = before.map(|before| difference((&before.file, &before.files), (&current.file, &current.files)));
    Ok(Some(told(frame, office, &head, sentences(frame.lang, &changes.unwrap_or_default()))))
}

fn told(frame: &Frame, office: &OfficeView, head: &VersionHead, changes: Vec<Sentence>) -> Faster {
    let s = texts(frame.lang);
    let who = if head.actor.is_empty() { s.unknown_who.to_owned() } else { head.actor.clone() };
    Faster { who, version: head.version, at: moment(office, head.at), why: head.why.clone(), changes, is_joined: false }
}

/// A moment by the office's clock.
pub(super) fn moment(office: &OfficeView, at: DateTime<Utc>) -> String {
    office.office().zone.local(at).format("%d-%m-%Y %H.%M").to_string()
}

/// Changes in sentences.
pub(super) fn sentences(lang: Lang, changes: &[Change]) -> Vec<Sentence> {
    let s = texts(lang);
    let value = |text: &str| match text {
        "" => s.empty_value.to_owned(),
        "true" => s.yes.to_owned(),
        "false" => s.no.to_owned(),
        text => format!("\u{201c}{text}\u{201d}"),
    };
    let sentence = |Change { key, before, after }: &Change| {
        let text = match (before, after) {
            (Some(before), Some(after)) => format!("{} {}, {} {}", s.was, value(before), s.becomes, value(after)),
            (None, Some(after)) => format!("{}: {}", s.added, value(after)),
            (Some(before), None) => format!("{} {}", s.removed, value(before)),
            (None, None) => String::new(),
        };
        Sentence { label: label_of(key, lang).unwrap_or_else(|| key.clone()), text }
    };
    changes.iter().map(sentence).collect()
}
