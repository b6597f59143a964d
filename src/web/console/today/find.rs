//! Finds somebody at the desk. What is searched for is sent in a form, so that no name stands in an address.

use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::words::standing;
use crate::access::{Find, FoundBooking, OfficeView};
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, SeesDay};
use crate::web::console::page::{Frame, missing, show};
use crate::web::console::texts::today::{Texts, texts};

/// What is searched for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct FindForm {
    what: String,
    why: String,
}

#[derive(Template)]
#[template(path = "console/today/find.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    what: String,
    /// What was said why; `None` where the office does not ask.
    why: Option<String>,
    error: Option<&'static str>,
    found: Option<Vec<Row>>,
    has_more: bool,
}

/// A booking that was found.
struct Row {
    booking: FoundBooking,
    names: String,
    date: String,
    word: &'static str,
    class: &'static str,
}

impl<'a> Page<'a> {
    fn blank(frame: &'a Frame, office: &OfficeView, form: &FindForm) -> Self {
        Self {
            frame,
            t: texts(frame.lang),
            base: format!("/console/{}", office.id()),
            what: form.what.trim().to_owned(),
            why: office.asks_why().then(|| form.why.trim().to_owned()),
            error: None,
            found: None,
            has_more: false,
        }
    }
}

fn row(frame: &Frame, t: &Texts, booking: FoundBooking) -> Row {
    let (word, class) = booking.standing.map_or((t.no_place, "st-gone"), |at| standing(t, at));
    Row { names: booking.names.join(", "), date: frame.date(booking.date), booking, word, class }
}

/// The empty search.
pub(in crate::web::console) async fn find_page(InOffice { signed, office, .. }: InOffice<SeesDay>) -> Response {
    let frame = &signed.asked.frame;
    show(frame, StatusCode::OK, &Page::blank(frame, &office, &FindForm::default()))
}

/// What was found.
pub(in crate::web::console) async fn find(
    InOffice { signed, office, .. }: InOffice<SeesDay>,
    Form(form): Form<FindForm>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let Some(found) = office.find((&form.what, &form.why), &signed.asked.visitor).await? else {
        return Ok(missing(frame));
    };
    let mut page = Page::blank(frame, &office, &form);
    let status = match found {
        Find::TooShort => {
            page.error = Some(page.t.too_short);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Find::Unexplained => {
            page.error = Some(page.t.unexplained);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Find::Found(found, has_more) => {
            page.found = Some(found.into_iter().map(|booking| row(frame, page.t, booking)).collect());
            page.has_more = has_more;
            StatusCode::OK
        }
    };
    Ok(show(frame, status, &page))
}
