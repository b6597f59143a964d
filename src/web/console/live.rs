//! The changes of an office, for a page of somebody who works there.

use axum::extract::State;
use axum::response::Response;

use super::failure::Failure;
use super::in_office::{InOffice, SeesDay, Watching};
use super::state::Console;
use crate::domain::staff::{Area, Level};
use crate::storage::Topic;
use crate::web::live::Changes;

/// The stream. It ends with the session, and when the role at the office is taken back.
pub(super) async fn stream(
    State(console): State<Console>,
    Watching(InOffice { signed, office, .. }): Watching<SeesDay>,
) -> Result<Response, Failure> {
    let watch = console.live.watch(office.id()).await?;
    let (access, token, id) = (console.access.clone(), signed.token().to_owned(), office.id().clone());
    let may_listen = move || {
        let (access, token, id) = (access.clone(), token.clone(), id.clone());
        Box::pin(async move {
            // A database that does not answer ends the stream, too: the page comes back, and is judged anew.
            let known = access.known(&token).await.ok().flatten();
            known
                .and_then(|who| access.office(&who, id.as_str()))
                .is_some_and(|office| office.level(Area::Day) > Level::Nothing)
        }) as futures_util::future::BoxFuture<'static, bool>
    };
    let closing = console.closing.clone();
    Ok(Changes { watch, topics: &Topic::ALL, may_listen: Box::new(may_listen), closing }.stream())
}
