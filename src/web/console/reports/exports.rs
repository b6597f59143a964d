//! The files of an office: made, listed, taken away, removed.

use askama::Template;
use axum::body::Body;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use tokio::io::AsyncReadExt;

use super::list::{Files, listed};
use super::page::{self, Asked};
use super::texts::{Texts, texts};
use crate::access::NoExport;
use crate::domain::export::{FileFormat, What};
use crate::domain::tally::Span;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, Watching, WorksReports};
use crate::web::console::page::{Frame, lead, message, missing, show};
use crate::web::console::state::Console;

/// Bytes of a file that are read and sent at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Asks for a file.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct NewForm {
    what: String,
    format: String,
    first: String,
    last: String,
}

#[derive(Template)]
#[template(path = "console/reports/files.html")]
struct ListPage<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    files: &'a Files,
}

/// The list alone, for a page that follows it.
pub(in crate::web::console) async fn files(
    Watching(InOffice { signed, office, .. }): Watching<WorksReports>,
) -> Result<Response, Failure> {
    let files = listed(&signed, &office).await?;
    let frame = &signed.asked.frame;
    let base = format!("/console/{}/reports", office.id());
    Ok(show(frame, StatusCode::OK, &ListPage { frame, t: texts(frame.lang), base, files: &files }))
}

/// Begins a file.
pub(in crate::web::console) async fn begin(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<WorksReports>,
    Form(form): Form<NewForm>,
) -> Result<Response, Failure> {
    let t = texts(signed.asked.frame.lang);
    let days = form.first.trim().parse().ok().zip(form.last.trim().parse().ok());
    let span = days.and_then(|(first, last)| Span::new(first, last).ok());
    let asked = What::named(&form.what).zip(FileFormat::named(&form.format)).zip(span);
    let Some((what, span)) = asked else {
        return page::shown(&signed, &office, &Asked::default(), Some(t.refused_form)).await;
    };
    match office.begin_export(&console.exports, what, span, &signed.asked.visitor).await? {
        Ok(_) => Ok(lead(&format!("/console/{}/reports?first={}&last={}#files", office.id(), span.first, span.last))),
        Err(NoExport::Forbidden) => Ok(missing(&signed.asked.frame)),
        Err(NoExport::Unconfirmed) => {
            page::shown(&signed, &office, &Asked::of(span), Some(t.refused_unconfirmed)).await
        }
        Err(NoExport::Many) => page::shown(&signed, &office, &Asked::of(span), Some(t.refused_many)).await,
    }
}

/// Removes a file before its time.
pub(in crate::web::console) async fn give_up(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<WorksReports>,
    Path((_, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let Some(export) = office.own_export(id).await? else { return Ok(missing(&signed.asked.frame)) };
    console.exports.give_up(&export).await?;
    Ok(lead(&format!("/console/{}/reports?done=saved#files", office.id())))
}

/// Sends a file.
pub(in crate::web::console) async fn take(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<WorksReports>,
    Path((_, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let t = texts(frame.lang);
    let Some(export) = office.take_export(id, &signed.asked.visitor).await? else { return Ok(missing(frame)) };
    let opened = tokio::fs::File::open(console.exports.path(&export)).await;
    let Ok(file) = opened else {
        // Another node made it, or the database was restored without it.
        return Ok(message(frame, StatusCode::NOT_FOUND, t.files_title, t.elsewhere, ""));
    };
    let Span { first, last } = export.span;
    let (what, ending) = (export.what.name(), export.format.name());
    let named = format!("attachment; filename=\"{}-{what}-{first}-{last}.{ending}\"", office.id());
    let body = stream::try_unfold(file, |mut file| async move {
        let mut chunk = vec![0; CHUNK_BYTES];
        let read = file.read(&mut chunk).await?;
        chunk.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(chunk), file)))
    });
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(export.format.media_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&named).unwrap_or(HeaderValue::from_static("attachment"))),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}
