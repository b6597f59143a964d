//! The list to print as PDF.

use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::list::Asked;
use super::texts::{Texts, texts};
use crate::conversation::Lang;
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::export::{DayList, ListHour, ListRow, ListWords, day_list};
use crate::front_desk::PaperPerson;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, WorksDay};
use crate::web::console::state::Console;

fn words(lang: Lang, p: &Texts) -> ListWords {
    ListWords {
        lang: lang.code(),
        hour: p.at,
        number: p.number,
        name: p.name,
        came: p.came,
        served: p.served,
        code: p.code,
        without_booking: p.without_booking,
        none: p.none,
    }
}

/// The list of the day that is named, else of today.
pub(in crate::web::console) async fn pdf(
    State(console): State<Console>,
    place: InOffice<WorksDay>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let desk = place.front_desk(&console)?;
    let InOffice { signed, office, .. } = place;
    let frame = &signed.asked.frame;
    let p = texts(frame.lang);
    let date = asked.date.parse().unwrap_or_else(|_| desk.date());
    office.record(AuditEvent::of(Act::ViewPaper).reaching(Scope::day(date)), &signed.asked.visitor).await?;
    let day = desk.paper(date).await?;
    let row = |person: &PaperPerson| ListRow {
        number: person.number.clone(),
        name: person.name.as_ref().map_or_else(|| p.others.to_owned(), |name| name.as_str().to_owned()),
        code: person.code.to_string(),
        has_picture: person.person == 0,
    };
    let hours = day.people.chunk_by(|one, other| one.hour == other.hour);
    let as_of = office.office().zone.local(office.now()).format("%d-%m-%Y %H.%M");
    let list = DayList {
        title: format!("{}: {}", office.name(), frame.date(date)),
        note: format!("{} {} · {} {as_of}", day.people.len(), p.people, p.printed),
        hours: hours
            .filter_map(|of| Some(ListHour { hour: of.first()?.hour, rows: of.iter().map(row).collect() }))
            .collect(),
        words: words(frame.lang, p),
    };
    match tokio::task::spawn_blocking(move || day_list(&list)).await {
        Ok(Ok(bytes)) => {
            let named = format!("inline; filename=\"{}-{date}.pdf\"", office.id());
            let headers: [(HeaderName, HeaderValue); 4] = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
                (
                    header::CONTENT_DISPOSITION,
                    HeaderValue::from_str(&named).unwrap_or(HeaderValue::from_static("inline")),
                ),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            ];
            Ok((headers, bytes).into_response())
        }
        Ok(Err(error)) => {
            tracing::error!(office = office.id().as_str(), %error, "the day's list could not be drawn");
            Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        Err(_) => Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    }
}
