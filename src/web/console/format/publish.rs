//! Publishes a draft as a version of its office. Bookings that stand are not touched, and a conversation under way keeps its format.

use super::draft::Draft;
use super::texts::Texts;
use crate::access::{OfficeView, text_mark};
use crate::grammar::Format;
use crate::roster::FileProblem;
use crate::versions::{format_text, put_format};
use crate::web::console::catalogue;
use crate::web::console::failure::Failure;
use crate::web::console::publishing::{NewFormat, Unpublished, publish_format};
use crate::web::console::state::Console;
use crate::web::console::visitor::Signed;

/// What came of it.
pub(super) enum Outcome {
    Done,
    /// Why it was not published, and what is wrong with the office's files, where that is it.
    Refused(&'static str, Vec<String>),
}

/// What is to be published.
pub(super) struct Wish<'a> {
    pub(super) format: &'a Format,
    pub(super) draft: &'a Draft,
    pub(super) why: &'a str,
    /// The mark of the file in force that the officer saw.
    pub(super) seen: &'a str,
}

/// Publishes a draft.
pub(super) async fn publish(
    console: &Console,
    (signed, office): (&Signed, &OfficeView),
    wish: &Wish<'_>,
    d: &'static Texts,
) -> Result<Outcome, Failure> {
    let Wish { format, draft, why, seen } = *wish;
    let refused = |text| Ok(Outcome::Refused(text, Vec::new()));
    if !draft.is_sound() {
        return refused(d.publish_unsound);
    }
    let Some(current) = (console.versions)().current(office.id()).await? else { return refused(d.none) };
    let (parent, mut files) = (current.version, current.files);
    let in_force = format_text(&files, format);
    if text_mark(in_force) != seen {
        console.desk.refresh_offices().await?;
        return refused(d.publish_stale);
    }
    if in_force == draft.text {
        return refused(d.publish_same);
    }
    put_format(&mut files, format.id(), draft.text.clone());
    let new = NewFormat { id: format.id(), parent, files, why };
    match publish_format(console, (signed, office), new).await? {
        Ok(()) => {
            office.drop_format_draft(format.id()).await?;
            Ok(Outcome::Done)
        }
        Err(Unpublished::Why) => refused(d.publish_why),
        Err(Unpublished::Same) => refused(d.publish_same),
        Err(Unpublished::Stale) => refused(d.publish_stale),
        Err(Unpublished::Unknown) => refused(d.none),
        Err(Unpublished::Office(problems)) => {
            let lang = signed.asked.frame.lang;
            let said = |FileProblem { what, remedy, .. }: FileProblem| catalogue::sentence(lang, &what, &remedy);
            Ok(Outcome::Refused(d.publish_office, problems.into_iter().map(said).collect()))
        }
    }
}
