//! The keys of the office file as fields, a group on each page.

use std::ops::Range;

use askama::Template;
use axum::extract::{Form, Query as FromQuery, State};
use axum::response::Response;
use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use super::draft::{Draft, Head, Outcome, Posted, Problem, SeesSettings, Wish, WorksSettings, posted, settle};
use super::key::{Choice, Group, Key, Kind};
use super::keys;
use super::texts::texts;
use super::values::{self, Unwritable, Values};
use crate::access::OfficeView;
use crate::roster::{EditedFile, FileProblem, weekdays_of};
use crate::storage::StoredOffice;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::InOffice;
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::state::Console;

/// Begins the name of a field that is a key.
const KEY: &str = "key:";

/// `?group=…&done=…` of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Query {
    group: String,
    done: String,
}

#[derive(Template)]
#[template(path = "console/settings/fields.html")]
struct Page<'a> {
    frame: &'a Frame,
    head: Head,
    group: &'static str,
    title: &'static str,
    fields: Vec<Field>,
    draft: Draft,
}

/// A field as a page shows it.
struct Field {
    id: String,
    name: String,
    label: String,
    hint: &'static str,
    value: String,
    kind: Kind,
    /// Of what it is chosen: value, words, whether it is the one.
    choices: Vec<(&'static str, &'static str, bool)>,
    /// How many lines it has.
    rows: usize,
    is_inherited: bool,
    what: String,
    remedy: String,
}

impl Field {
    fn is_area(&self) -> bool {
        matches!(self.kind, Kind::Lines | Kind::Closed | Kind::Open | Kind::Waves)
    }

    fn is_chosen(&self) -> bool {
        !self.choices.is_empty()
    }

    fn is_number(&self) -> bool {
        self.kind == Kind::Number
    }
}

/// The id of the field of a key.
fn id_of(path: &str) -> String {
    format!("f-{}", path.replace('.', "-"))
}

/// A group of fields.
pub(in crate::web::console) async fn form(
    State(console): State<Console>,
    request: InOffice<SeesSettings>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    let InOffice { signed, office, .. } = request;
    let frame = signed.asked.frame.with_done(&query.done);
    let Some(current) = (console.versions)().current(office.id()).await? else { return Ok(missing(&frame)) };
    let group = Group::named(&query.group).unwrap_or(Group::Office);
    let values = values::of(&current.file, &current.files.office.text);
    Ok(shown(&frame, (&office, &current), (group, &values), Draft::default()))
}

/// Checks or publishes the fields of a group.
pub(in crate::web::console) async fn change(
    State(console): State<Console>,
    request: InOffice<WorksSettings>,
    Form(form): Form<Posted>,
) -> Result<Response, Failure> {
    let (frame, office) = (&request.signed.asked.frame, &request.office);
    let versions = (console.versions)();
    let Some(current) = versions.current(office.id()).await? else { return Ok(missing(frame)) };
    let group = Group::named(posted(&form, "group")).unwrap_or(Group::Office);
    let parent = posted(&form, "parent").parse().unwrap_or(current.version);
    let before = if parent == current.version { None } else { versions.version(office.id(), parent).await? };
    let before = before.map_or_else(
        || values::of(&current.file, &current.files.office.text),
        |before| values::of(&before.file, &before.files.office.text),
    );
    // What the form changes, on top of what is in force by now.
    let changed: Vec<(Key, String)> = keys::of(group)
        .into_iter()
        .filter_map(|key| {
            let value = values::tidy(form.get(&format!("{KEY}{}", key.path))?);
            (before.get(&key.path) != Some(&value)).then_some((key, value))
        })
        .collect();
    let mut values = values::of(&current.file, &current.files.office.text);
    values.extend(changed.iter().map(|(key, value)| (key.path.clone(), value.clone())));
    let mut files = current.files.clone();
    match values::write(&files.office.text, &changed) {
        Ok(text) => files.office.text = text,
        Err(unwritable) => {
            let why = posted(&form, "why").to_owned();
            let draft = Draft { is_checked: true, why, problems: unwritten(frame, unwritable), ..Draft::default() };
            return Ok(shown(frame, (office, &current), (group, &values), draft));
        }
    }
    let (text, name) = (files.office.text.clone(), files.office.name.clone());
    let place = |problem: &FileProblem| field_of(problem, (&name, &text), group);
    let wish = Wish { current: &current, parent, files, form: &form, is_joined: true, place: &place };
    match settle(&console, &request, wish).await? {
        Outcome::Published => Ok(lead(&format!("/console/{}/settings?group={}&done=saved", office.id(), group.name()))),
        Outcome::Shown(draft) => Ok(shown(frame, (office, &current), (group, &values), *draft)),
    }
}

fn unwritten(frame: &Frame, unwritable: Unwritable) -> Vec<Problem> {
    let s = texts(frame.lang);
    match unwritable {
        Unwritable::Text(error) => {
            vec![Problem { field: String::new(), what: error.to_string(), remedy: String::new() }]
        }
        Unwritable::Lines(lines) => lines
            .into_iter()
            .map(|bad| Problem {
                field: id_of(&bad.path),
                what: format!("{}: {}", s.bad_line, bad.line),
                remedy: s.bad_line_remedy.to_owned(),
            })
            .collect(),
    }
}

fn shown(
    frame: &Frame,
    (office, current): (&OfficeView, &StoredOffice),
    (group, values): (Group, &Values),
    draft: Draft,
) -> Response {
    let head = Head::of(frame, office, group.name(), current.version);
    let s = head.s;
    let own = EditedFile::read(&current.files.office.text).ok();
    let field = |key: Key| {
        let value = values.get(&key.path).cloned().unwrap_or_default();
        let id = id_of(&key.path);
        let problem = draft.at(&id);
        let line_count = value.lines().count();
        Field {
            name: format!("{KEY}{}", key.path),
            label: key.label(frame.lang).to_owned(),
            hint: key.hint(frame.lang),
            choices: choices(frame, key.kind, &value),
            rows: line_count.saturating_add(1).clamp(3, 12),
            is_inherited: own.as_ref().is_some_and(|own| !is_own(own, &key)) && !value.is_empty(),
            what: problem.map(|problem| problem.what.clone()).unwrap_or_default(),
            remedy: problem.map(|problem| problem.remedy.clone()).unwrap_or_default(),
            kind: key.kind,
            value,
            id,
        }
    };
    let fields = keys::of(group).into_iter().map(field).collect();
    let title = match group {
        Group::Office => s.group_office,
        Group::Hours => s.group_hours,
        Group::Release => s.group_release,
        Group::Policy => s.group_policy,
        Group::Texts => s.group_texts,
        Group::Topics => s.group_topics,
        Group::Notices => s.group_notices,
    };
    let status = draft.status();
    show(frame, status, &Page { frame, head, group: group.name(), title, fields, draft })
}

/// Whether the office's own text says a key; a weekday may stand in a line for several.
fn is_own(own: &EditedFile, key: &Key) -> bool {
    own.has(&key.parts()) || (key.path.starts_with("hours.") && own.has(&["hours"]))
}

fn choices(frame: &Frame, kind: Kind, value: &str) -> Vec<(&'static str, &'static str, bool)> {
    let s = texts(frame.lang);
    let is_indonesian = frame.lang == crate::conversation::Lang::Id;
    let of: Vec<Choice> = match kind {
        Kind::Yes => vec![("true", s.yes, s.yes), ("false", s.no, s.no)],
        Kind::Choice(of) => of.to_vec(),
        _ => return Vec::new(),
    };
    let mut shown: Vec<_> =
        of.iter().map(|(name, id, en)| (*name, if is_indonesian { *id } else { *en }, *name == value)).collect();
    if !shown.iter().any(|(_, _, is_it)| *is_it) {
        shown.insert(0, ("", s.unsaid, true));
    }
    shown
}

/// The field that a problem of the office file is about; empty where it is about none of this group.
fn field_of(problem: &FileProblem, (name, text): (&str, &str), group: Group) -> String {
    let path = missing_key(&problem.what)
        .or_else(|| (problem.file == name && problem.line > 0).then(|| key_at(text, &problem.at))?)
        .unwrap_or_default();
    let fields = keys::of(group);
    let is_field = |path: &str| fields.iter().any(|key| key.path == path);
    if is_field(&path) {
        return id_of(&path);
    }
    if let Some(days) = path.strip_prefix("hours.") {
        return weekdays_of(days)
            .first()
            .map(|day| id_of(&format!("hours.{day}")))
            .filter(|_| group == Group::Hours)
            .unwrap_or_default();
    }
    // Of a table as a whole, its first field.
    let inner = fields.iter().find(|key| !path.is_empty() && key.path.starts_with(&format!("{path}.")));
    inner.map(|key| id_of(&key.path)).unwrap_or_default()
}

/// The key that a problem calls missing.
fn missing_key(what: &str) -> Option<String> {
    Some(what.strip_prefix('`')?.strip_suffix("` is missing")?.to_owned())
}

/// The innermost key whose value, or whose name, holds a stretch of the text.
fn key_at(text: &str, at: &Range<usize>) -> Option<String> {
    fn within(table: &DeTable<'_>, at: &Range<usize>, prefix: &str) -> Option<String> {
        for (key, value) in table {
            let path = format!("{prefix}{}", key.get_ref());
            let is_in = |span: Range<usize>| span.start <= at.start && at.start < span.end.max(span.start + 1);
            if let DeValue::Table(inner) = value.get_ref()
                && let Some(found) = within(inner, at, &format!("{path}."))
            {
                return Some(found);
            }
            if is_in(key.span()) || is_in(value.span()) {
                return Some(path);
            }
        }
        None
    }
    let (root, _) = DeTable::parse_recoverable(text);
    within(root.get_ref(), at, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::office::OfficeId;
    use crate::roster::{Roster, check_files};

    // Negative control: with `key_at` always `None`, every problem stands at the top of the page alone.
    #[test]
    fn a_problem_stands_at_its_field() {
        let roster = Roster::shipped().unwrap();
        let id = OfficeId::read("bogor").unwrap();
        let files = roster.files_of(&roster.offices[&id]).unwrap();
        for (path, value, group) in [
            ("policy.hold_minutes", "0", Group::Policy),
            ("policy.horizon_days", "banyak", Group::Policy),
            ("hours.rabu", "12:00-08:00", Group::Hours),
            ("seats_per_hour", "0", Group::Hours),
            ("site", "", Group::Office),
            ("policy.reschedule.until", "malam", Group::Policy),
            ("texts.id.topics.fee", &"x".repeat(400), Group::Topics),
            ("release.waves", "1/3 jumat 14:00", Group::Release),
        ] {
            let key = keys::of(group).into_iter().find(|key| key.path == path).unwrap();
            let mut files = files.clone();
            files.office.text = values::write(&files.office.text, &[(key, value.to_owned())]).unwrap();
            let problems = check_files(&id, &files).unwrap_err();
            let (name, text) = (files.office.name.as_str(), files.office.text.as_str());
            let fields: Vec<String> = problems.iter().map(|problem| field_of(problem, (name, text), group)).collect();
            let wanted = match path {
                "release.waves" => id_of("release.at"),
                path => id_of(path),
            };
            assert!(fields.contains(&wanted), "{path}: {fields:?} {problems:?}");
        }
    }
}
