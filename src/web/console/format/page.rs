//! The page, and what its one form does. Every button sends the whole draft, so that nothing that was typed is lost.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::draft::{Draft, FILE_BYTES_MAX};
use super::look::{Look, Wanted};
use super::proposed::{self, Proposed};
use super::publish::{self, Outcome, Wish};
use super::rules::{self, PieceRules};
use super::sent::Sent;
use super::sentences::{self, About, Choice};
use super::texts::{Texts, texts};
use crate::access::{OfficeView, text_mark};
use crate::domain::staff::{Area, Level};
use crate::grammar::Format;
use crate::roster::{EditError, EditedFile};
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, Right, Watching};
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::state::Console;
use crate::web::console::visitor::Asked;

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

/// `?of=bogor-2017&done=discarded`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Where {
    of: String,
    done: String,
}

#[derive(Template)]
#[template(path = "console/format/page.html")]
struct Page<'a> {
    frame: &'a Frame,
    d: &'static Texts,
    base: String,
    of: &'a str,
    tabs: Vec<Tab>,
    may: May,
    draft: &'a Draft,
    in_force: &'a str,
    standing: Standing,
    error: Option<&'static str>,
    rules: Vec<PieceRules>,
    choices: Vec<Choice>,
    sentence_chosen: bool,
    sentence_id: String,
    sentence_en: String,
    examples: String,
    proposed: Option<Proposed>,
    past: bool,
    why: String,
    /// The mark of the file in force, which is on the page.
    seen: String,
    office_problems: Vec<String>,
    look: Look<'a>,
}

/// What follows the draft while somebody types.
#[derive(Template)]
#[template(path = "console/format/part.html")]
struct Part<'a> {
    d: &'static Texts,
    /// The file, where the line that was typed has changed it.
    changed: Option<&'a str>,
    rules: Vec<PieceRules>,
    look: Look<'a>,
}

/// What somebody may do here.
struct May {
    write: bool,
    rehearse: bool,
}

/// How the draft stands to what is in force.
struct Standing {
    /// Whether it says something else.
    is_draft: bool,
    /// Whether somebody has changed what is in force since it was begun.
    is_stale: bool,
}

/// A format of the office.
struct Tab {
    id: String,
    is_current: bool,
}

/// What the page shows besides the draft.
#[derive(Default)]
struct Shows {
    error: Option<&'static str>,
    chosen: String,
    examples: String,
    proposed: Option<Proposed>,
    past: bool,
    reveal: bool,
    why: String,
    office_problems: Vec<String>,
}

/// The format of an office that is meant: the one that is named, or the ordinary one.
fn meant(office: &OfficeView, id: &str) -> Option<Arc<Format>> {
    office.formats_in_force().into_iter().find(|format| id.is_empty() || format.id().as_str() == id)
}

/// The page, with somebody's own draft or what is in force.
pub(in crate::web::console) async fn page(
    InOffice { signed, office, .. }: InOffice<SeesSettings>,
    Query(query): Query<Where>,
) -> Result<Response, Failure> {
    let mut asked = signed.asked;
    let d = texts(asked.frame.lang);
    asked.frame.done = match query.done.as_str() {
        "discarded" => Some(d.discarded),
        "published" => Some(d.published),
        _ => None,
    };
    let Some(format) = meant(&office, &query.of) else { return Ok(missing(&asked.frame)) };
    let kept = office.format_draft(&format).await?;
    let text = kept.map_or_else(|| format.text().to_owned(), |kept| kept.text);
    shown((&asked, &office), &format, text, Shows::default()).await
}

/// Does what a button of the form says.
pub(in crate::web::console) async fn act(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<WorksSettings>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (asked, sent) = (&signed.asked, Sent(fields));
    let d = texts(asked.frame.lang);
    let Some(format) = meant(&office, sent.field("of")) else { return Ok(missing(&asked.frame)) };
    let (text, line_error) = typed(&office, &format, &sent, d).await?;
    let mut shows = Shows {
        error: line_error,
        chosen: sent.field("about").to_owned(),
        examples: sent.text("examples").unwrap_or_default(),
        past: sent.given("past").is_some(),
        why: sent.field("why").split_whitespace().collect::<Vec<_>>().join(" "),
        ..Shows::default()
    };
    let changed = match sent.field("do") {
        "rules" => Some(rules::apply(&text, &sent)),
        "question" => Some(rules::add_question(&text, sent.field("question"))),
        "sentence" => About::read(&shows.chosen)
            .map(|about| about.put(&text, (sent.field("sentence_id"), sent.field("sentence_en")))),
        "take" => Some(sent.text("proposed")),
        "drop_examples" => Some(Draft::without_failing(&text)),
        "examples" => {
            let today = office.office().date_at(office.now());
            shows.proposed = Some(proposed::of(d, &shows.examples, today, format.id()));
            None
        }
        "reveal" => {
            (shows.past, shows.reveal) = (true, true);
            None
        }
        "discard" => {
            office.drop_format_draft(format.id()).await?;
            return Ok(lead(&format!("/console/{}/format?of={}&done=discarded", office.id(), format.id())));
        }
        _ => None,
    };
    let text = match changed {
        Some(Some(changed)) => changed,
        Some(None) => {
            shows.error = Some(d.file_broken);
            text
        }
        None => text,
    };
    keep(&office, &format, &text).await?;
    if sent.field("do") == "publish" {
        let draft = Draft::of(text.clone(), &format, (d, asked.frame.lang));
        let wish = Wish { format: &format, draft: &draft, why: &shows.why, seen: sent.field("seen") };
        match publish::publish(&console, (&signed, &office), &wish, d).await? {
            Outcome::Done => {
                return Ok(lead(&format!("/console/{}/format?of={}&done=published", office.id(), format.id())));
            }
            Outcome::Refused(why, problems) => (shows.error, shows.office_problems) = (Some(why), problems),
        }
    }
    shown((asked, &office), &format, text, shows).await
}

/// What follows the draft, for the page's script while somebody types.
pub(in crate::web::console) async fn look(
    Watching(InOffice { signed, office, .. }): Watching<WorksSettings>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (asked, sent) = (signed.asked, Sent(fields));
    let (frame, d) = (&asked.frame, texts(asked.frame.lang));
    let Some(format) = meant(&office, sent.field("of")) else { return Ok(missing(frame)) };
    let (text, _) = typed(&office, &format, &sent, d).await?;
    keep(&office, &format, &text).await?;
    let is_changed = sent.text("file").is_some_and(|file| file != text);
    let draft = Draft::of(text, &format, (d, frame.lang));
    let past = match &draft.format {
        Some(format) if sent.given("past").is_some() => office.rehearse(format, false, &asked.visitor).await?,
        _ => None,
    };
    let wanted = Wanted {
        office: &office,
        lang: frame.lang,
        chosen: sent.field("about"),
        past: past.as_ref(),
        is_revealed: false,
    };
    let part = Part {
        d,
        changed: is_changed.then_some(draft.text.as_str()),
        rules: rules::of(&draft.text, frame.lang),
        look: Look::of(&draft, &wanted),
    };
    Ok(show(frame, StatusCode::OK, &part))
}

/// The file that was sent, or the draft that is kept; with the line that was typed put into it.
async fn typed(
    office: &OfficeView,
    format: &Format,
    sent: &Sent,
    d: &Texts,
) -> Result<(String, Option<&'static str>), Failure> {
    let text = match sent.text("file") {
        Some(text) => text,
        None => office.format_draft(format).await?.map_or_else(|| format.text().to_owned(), |kept| kept.text),
    };
    let line = sent.field("line").trim();
    if sent.given("line").is_none() || line == sent.field("line_was").trim() {
        return Ok((text, None));
    }
    Ok(match with_line(&text, line) {
        Ok(changed) => (changed, None),
        Err(_) => (text, Some(d.file_broken)),
    })
}

/// A file with another line.
fn with_line(text: &str, line: &str) -> Result<String, EditError> {
    let mut file = EditedFile::read(text)?;
    file.set(&["pattern"], Some(&line.into()))?;
    Ok(file.text())
}

/// Keeps a draft that is not too long to be one.
async fn keep(office: &OfficeView, format: &Format, text: &str) -> Result<(), Failure> {
    if text.len() <= FILE_BYTES_MAX {
        office.keep_format_draft(format, text).await?;
    }
    Ok(())
}

async fn shown(
    (asked, office): (&Asked, &OfficeView),
    format: &Arc<Format>,
    text: String,
    shows: Shows,
) -> Result<Response, Failure> {
    let (frame, d) = (&asked.frame, texts(asked.frame.lang));
    let kept = office.format_draft(format).await?;
    let draft = Draft::of(text, format, (d, frame.lang));
    let past = match &draft.format {
        Some(draft) if shows.past => office.rehearse(draft, shows.reveal, &asked.visitor).await?,
        _ => None,
    };
    let is_revealed = shows.reveal && past.is_some();
    let wanted = Wanted { office, lang: frame.lang, chosen: &shows.chosen, past: past.as_ref(), is_revealed };
    let about = About::read(&shows.chosen);
    let sentence = |lang| about.map(|about| about.sentence(&draft.text, lang)).unwrap_or_default();
    let for_choices = draft.format.as_ref().unwrap_or(format);
    let tab = |of: Arc<Format>| Tab { id: of.id().to_string(), is_current: of.id() == format.id() };
    let page = Page {
        frame,
        d,
        base: format!("/console/{}/format", office.id()),
        of: format.id().as_str(),
        tabs: office.formats_in_force().into_iter().map(tab).collect(),
        may: May { write: office.level(Area::Settings) >= Level::Write, rehearse: office.may_rehearse() },
        in_force: format.text(),
        standing: Standing {
            is_draft: draft.text != format.text(),
            is_stale: kept.is_some_and(|kept| !kept.is_on_current),
        },
        error: shows.error,
        rules: rules::of(&draft.text, frame.lang),
        choices: sentences::choices(for_choices, &shows.chosen, (frame.lang, d.form_whole)),
        sentence_chosen: about.is_some(),
        sentence_id: sentence("id"),
        sentence_en: sentence("en"),
        examples: shows.examples,
        proposed: shows.proposed,
        past: shows.past,
        why: shows.why,
        seen: text_mark(format.text()),
        office_problems: shows.office_problems,
        look: Look::of(&draft, &wanted),
        draft: &draft,
    };
    let status = if shows.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(frame, status, &page))
}
