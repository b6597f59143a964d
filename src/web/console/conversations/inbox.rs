//! The inbox: filters, search, and the list that follows what happens.

use askama::Template;
use axum::Form;
use axum::extract::Query as FromQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::rights::{ReadsTalks, SeesTalks};
use super::texts::{Texts, texts};
use super::words;
use crate::access::{AsideMessage, InboxFilter, OfficeView, Sight, StuckReply, TalkFind, TalkRow, Visitor};
use crate::domain::staff::{Area, Level};
use crate::storage::Topic;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, Watching};
use crate::web::console::page::{Frame, missing, show};

/// Tells the page's script of when what it shows is: a demo's clock is not the browser's.
const TAKEN: HeaderName = HeaderName::from_static("antrean-time");

/// `?show=…&done=…` of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct InboxQuery {
    show: String,
    done: String,
}

/// What is searched for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct SearchForm {
    what: String,
}

/// A link to a part of the inbox.
struct FilterLink {
    address: String,
    word: &'static str,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "console/conversations/inbox.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    filters: Vec<FilterLink>,
    filter: &'static str,
    /// Whether whoever asks reads what was written, and may search in it.
    reads: bool,
    list: List,
    search: Option<Search>,
}

/// A search that was made.
struct Search {
    what: String,
    error: Option<&'static str>,
    found: Option<usize>,
}

/// The list alone.
#[derive(Template)]
#[template(path = "console/conversations/list.html")]
struct Part {
    list: List,
}

struct List {
    t: &'static Texts,
    base: String,
    etag: String,
    taken: String,
    rows: Vec<Row>,
    stuck: Option<Vec<Stuck>>,
    aside: Vec<Aside>,
    /// Whether what did not get through waits for its citizen.
    is_held: bool,
    /// What is said where there is nothing.
    none: &'static str,
    may_answer: bool,
    hides_words: bool,
}

/// A conversation.
struct Row {
    talk: TalkRow,
    when: String,
    waits: Option<String>,
}

/// A reply that did not get through.
struct Stuck {
    reply: StuckReply,
    when: String,
    word: &'static str,
}

/// A message that could not be served.
struct Aside {
    message: AsideMessage,
    when: String,
}

fn word(t: &Texts, filter: InboxFilter) -> (&'static str, &'static str) {
    match filter {
        InboxFilter::Today => (t.show_today, t.none_today),
        InboxFilter::Unanswered => (t.show_unanswered, t.none_unanswered),
        InboxFilter::Tickets => (t.show_tickets, t.none_tickets),
        InboxFilter::Dead => (t.show_dead, t.none_dead),
        InboxFilter::Held => (t.show_held, t.none_held),
    }
}

fn links(t: &Texts, base: &str, shown: Option<InboxFilter>, reads: bool) -> Vec<FilterLink> {
    let link = |filter: InboxFilter| FilterLink {
        address: format!("{base}?show={}", filter.name()),
        word: word(t, filter).0,
        is_current: shown == Some(filter),
    };
    let mut links: Vec<_> = InboxFilter::ALL.into_iter().map(link).collect();
    if reads {
        links.push(FilterLink { address: format!("{base}/misread"), word: t.show_misread, is_current: false });
    }
    links
}

impl List {
    fn new(frame: &Frame, office: &OfficeView, none: &'static str) -> Self {
        Self {
            t: texts(frame.lang),
            base: base(office),
            etag: String::new(),
            taken: office.office().zone.local(office.now()).format("%H.%M").to_string(),
            rows: Vec::new(),
            stuck: None,
            aside: Vec::new(),
            is_held: false,
            none,
            may_answer: office.level(Area::Conversations) >= Level::Write,
            hides_words: office.talk_sight() == Some(Sight::Masked),
        }
    }

    fn with_rows(mut self, frame: &Frame, office: &OfficeView, rows: Vec<TalkRow>) -> Self {
        let row = |talk: TalkRow| Row {
            when: words::when(frame, office, talk.at),
            waits: talk
                .ticket
                .as_ref()
                .and_then(|ticket| ticket.waiting_since)
                .map(|at| words::when(frame, office, at)),
            talk,
        };
        self.rows = rows.into_iter().map(row).collect();
        self
    }

    /// The list of a filter; `None` for somebody to whom conversations are closed.
    async fn of(signed: (&Frame, &Visitor), office: &OfficeView, filter: InboxFilter) -> Result<Option<Self>, Failure> {
        let (frame, visitor) = signed;
        let mut list = Self::new(frame, office, word(texts(frame.lang), filter).1);
        if let InboxFilter::Dead | InboxFilter::Held = filter {
            list.is_held = filter == InboxFilter::Held;
            let Some(stuck) = office.stuck(list.is_held, visitor).await? else { return Ok(None) };
            let reply = |reply: StuckReply| Stuck {
                when: words::when(frame, office, reply.at),
                word: words::stuck(list.t, &reply.state),
                reply,
            };
            list.stuck = Some(stuck.into_iter().map(reply).collect());
            if filter == InboxFilter::Dead {
                let aside = office.aside().await?.unwrap_or_default();
                let message = |message: AsideMessage| Aside { when: words::when(frame, office, message.at), message };
                list.aside = aside.into_iter().map(message).collect();
            }
            return Ok(Some(list));
        }
        let Some(rows) = office.talks(filter, visitor).await? else { return Ok(None) };
        Ok(Some(list.with_rows(frame, office, rows)))
    }
}

fn base(office: &OfficeView) -> String {
    format!("/console/{}/conversations", office.id())
}

/// Marks a list: what was said here, the minute, and for whom it is made.
async fn etag(frame: &Frame, office: &OfficeView, filter: InboxFilter) -> Result<String, Failure> {
    let talks = office.versions().await?.of(Topic::Talks);
    let minute = office.now().timestamp().div_euclid(60);
    let sight = if office.talk_sight() == Some(Sight::Whole) { 'w' } else { 'm' };
    Ok(format!("\"{talks}-{minute}-{}-{}{sight}\"", filter.name(), frame.code()))
}

fn read(office: &OfficeView) -> bool {
    office.level(Area::Conversations) >= Level::Read
}

/// The inbox.
pub(in crate::web::console) async fn page(
    InOffice { signed, office, .. }: InOffice<SeesTalks>,
    FromQuery(query): FromQuery<InboxQuery>,
) -> Result<Response, Failure> {
    let mut frame = signed.asked.frame;
    let (t, base, filter) = (texts(frame.lang), base(&office), InboxFilter::named(&query.show));
    frame.done = match query.done.as_str() {
        "again" => Some(t.done_again),
        "served" => Some(t.done_served),
        "unserved" => Some(t.done_not_served),
        "closed" => Some(t.done_closed),
        _ => None,
    };
    frame.is_note = query.done == "unserved";
    let etag = etag(&frame, &office, filter).await?;
    let Some(list) = List::of((&frame, &signed.asked.visitor), &office, filter).await? else {
        return Ok(missing(&frame));
    };
    let reads = read(&office);
    let page = Page {
        frame: &frame,
        t,
        filters: links(t, &base, Some(filter), reads),
        filter: filter.name(),
        reads,
        list: List { etag, ..list },
        base,
        search: None,
    };
    Ok(show(&frame, StatusCode::OK, &page))
}

/// The list alone, for the page's script. 304 where it has not changed.
pub(in crate::web::console) async fn list(
    Watching(InOffice { signed, office, .. }): Watching<SeesTalks>,
    FromQuery(query): FromQuery<InboxQuery>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let filter = InboxFilter::named(&query.show);
    let tag = etag(frame, &office, filter).await?;
    let taken = office.office().zone.local(office.now()).format("%H.%M").to_string();
    let marks = [
        (header::ETAG, HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))),
        (TAKEN, HeaderValue::from_str(&taken).unwrap_or(HeaderValue::from_static(""))),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, marks).into_response());
    }
    let Some(list) = List::of((frame, &signed.asked.visitor), &office, filter).await? else {
        return Ok(missing(frame));
    };
    Ok((marks, show(frame, StatusCode::OK, &Part { list: List { etag: tag, ..list } })).into_response())
}

/// What was found. What is searched for is sent in a form, so that no name stands in an address.
pub(in crate::web::console) async fn search(
    InOffice { signed, office, .. }: InOffice<ReadsTalks>,
    Form(form): Form<SearchForm>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let Some(found) = office.find_talks(&form.what, &signed.asked.visitor).await? else { return Ok(missing(frame)) };
    let (t, base) = (texts(frame.lang), base(&office));
    let mut search = Search { what: form.what.trim().to_owned(), error: None, found: None };
    let mut list = List::new(frame, &office, t.none_found);
    let status = match found {
        TalkFind::TooShort => {
            search.error = Some(t.too_short);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        TalkFind::Found(rows) => {
            search.found = Some(rows.len());
            list = list.with_rows(frame, &office, rows);
            StatusCode::OK
        }
    };
    let filters = links(t, &base, None, true);
    let page = Page { frame, t, filters, filter: "", reads: true, list, base, search: Some(search) };
    Ok(show(frame, status, &page))
}
