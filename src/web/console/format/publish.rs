//! Publishes a draft as a version of its office. Bookings that stand are not touched, and a conversation under way keeps its format.

use super::draft::Draft;
use super::texts::Texts;
use crate::access::{OfficeView, text_mark};
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::office_files::TextFile;
use crate::grammar::Format;
use crate::roster::format_id;
use crate::versions::{Edit, PublishError, WHY_CHARS_MAX};
use crate::web::console::failure::Failure;
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
    let versions = (console.versions)();
    let Some(current) = versions.current(office.id()).await? else { return refused(d.none) };
    let (parent, mut files) = (current.version, current.files);
    let is_own = |file: &&mut TextFile| format_id(&file.text).as_ref() == Some(format.id());
    let own = files.formats.iter_mut().find(is_own);
    let in_force = own.as_ref().map_or(format.text(), |file| file.text.as_str());
    if text_mark(in_force) != seen {
        console.desk.refresh_offices().await?;
        return refused(d.publish_stale);
    }
    if in_force == draft.text {
        return refused(d.publish_same);
    }
    match own {
        Some(file) => file.text.clone_from(&draft.text),
        None => files.formats.push(TextFile { name: format!("{}.toml", format.id()), text: draft.text.clone() }),
    }
    let done = match versions.preview(office.id(), &files).await {
        // Written down before it is done; what cannot be published is not.
        Ok(_) if !why.is_empty() && why.chars().count() <= WHY_CHARS_MAX => {
            let event = AuditEvent::of(Act::PublishFormat).about(Subject::format(format.id().as_str())).because(why);
            let changed = Scope::Words(format!("version {}", parent.saturating_add(1)));
            office.record(event.reaching(changed), &signed.asked.visitor).await?;
            let edit = Edit { office: office.id(), parent, files, why, actor: signed.who.login() };
            versions.publish(edit).await.map(drop)
        }
        Ok(_) => Err(PublishError::Why),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            console.desk.refresh_offices().await?;
            office.drop_format_draft(format.id()).await?;
            Ok(Outcome::Done)
        }
        Err(PublishError::Why) => refused(d.publish_why),
        Err(PublishError::Nothing) => refused(d.publish_same),
        Err(PublishError::Conflict(_)) => refused(d.publish_stale),
        Err(PublishError::Problems(problems)) => {
            let said = problems.into_iter().map(|problem| format!("{} {}", problem.what, problem.remedy));
            Ok(Outcome::Refused(d.publish_office, said.collect()))
        }
        Err(PublishError::Displaces(_)) => refused(d.publish_office),
        Err(PublishError::Unknown) => refused(d.none),
        Err(PublishError::Storage(error)) => Err(error.into()),
    }
}
