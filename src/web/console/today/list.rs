//! Today's list: everybody by hour, with where they stand and how many stand where.

use askama::Template;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Timelike, Utc};

use super::words::{self, standing};
use crate::access::{Counts, DayList, ListedPerson, OfficeView, Sight, Standing};
use crate::storage::{Topic, Versions};
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, SeesDay, Watching};
use crate::web::console::page::{Frame, missing, show};
use crate::web::console::texts::today::{Texts, texts};

/// Tells the page's script of when what it shows is: a demo's clock is not the browser's.
const TAKEN: HeaderName = HeaderName::from_static("antrean-time");

/// A count of the page.
struct Counted {
    /// Who is counted.
    standings: &'static [Standing],
    word: fn(&Texts) -> &'static str,
    /// Whether nobody is worth a word.
    is_always_shown: bool,
}

impl Counted {
    const fn always(standings: &'static [Standing], word: fn(&Texts) -> &'static str) -> Self {
        Self { standings, word, is_always_shown: true }
    }
}

/// The counts, in their order.
const COUNTED: [Counted; 7] = [
    Counted::always(&[Standing::Held], |t| t.held),
    Counted::always(&[Standing::Expected], |t| t.expected),
    Counted::always(&[Standing::Arrived, Standing::Parked], |t| t.arrived),
    Counted::always(&[Standing::Called, Standing::Serving], |t| t.at_counter),
    Counted::always(&[Standing::Done], |t| t.finished),
    Counted::always(&[Standing::Missed, Standing::NoShow], |t| t.missing),
    Counted { standings: &[Standing::Unserved], word: |t| t.unserved, is_always_shown: false },
];

/// Of whom it is known that they were here.
const HERE: [Standing; 7] = [
    Standing::Arrived,
    Standing::Called,
    Standing::Serving,
    Standing::Parked,
    Standing::Missed,
    Standing::Done,
    Standing::Unserved,
];

#[derive(Template)]
#[template(path = "console/today/page.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    date: String,
    list: List<'a>,
}

/// The list alone.
#[derive(Template)]
#[template(path = "console/today/list.html")]
struct Part<'a> {
    list: List<'a>,
}

struct List<'a> {
    t: &'static Texts,
    base: &'a str,
    etag: String,
    taken: String,
    counts: Vec<(&'static str, usize)>,
    groups: Vec<Group<'a>>,
}

/// The people of an hour, or those without a booking.
struct Group<'a> {
    id: String,
    title: String,
    is_now: bool,
    summary: String,
    rows: Vec<Row<'a>>,
}

/// Somebody.
struct Row<'a> {
    person: &'a ListedPerson,
    word: &'static str,
    class: &'static str,
    lane: &'static str,
    since: String,
}

fn rows<'a>(t: &Texts, office: &OfficeView, people: &'a [ListedPerson]) -> Vec<Row<'a>> {
    let row = |person: &'a ListedPerson| {
        let (word, class) = standing(t, person.standing);
        let since = person.since.map(|at| words::time(office.office(), at)).unwrap_or_default();
        Row { person, word, class, lane: words::lane(t, person.lane), since }
    };
    people.iter().map(row).collect()
}

fn group<'a>(t: &Texts, office: &OfficeView, (id, title): (String, String), people: &'a [ListedPerson]) -> Group<'a> {
    let counts = Counts::of(people);
    let (here, done) = (counts.at(&HERE), counts.at(&[Standing::Done]));
    let summary = format!("{} {} · {here} {} · {done} {}", people.len(), t.people, t.here, t.done);
    Group { id, title, is_now: false, summary, rows: rows(t, office, people) }
}

impl<'a> List<'a> {
    fn of(t: &'static Texts, base: &'a str, office: &OfficeView, (day, etag): (&'a DayList, String)) -> Self {
        let now = office.office().zone.local(day.taken_at);
        let hour = |list: &'a crate::access::HourList| {
            let title = format!("{:02}.00–{:02}.00", list.hour, list.hour + 1);
            let group = group(t, office, (format!("h{:02}", list.hour), title), &list.people);
            Group { is_now: u32::from(list.hour) == now.hour(), ..group }
        };
        let mut groups: Vec<Group<'a>> = day.hours.iter().map(hour).collect();
        if !day.walk_ins.is_empty() {
            groups.push(group(t, office, ("walk-ins".to_owned(), t.walk_ins.to_owned()), &day.walk_ins));
        }
        let counts = day.counts();
        let counted = |counted: &Counted| {
            let count = counts.at(counted.standings);
            (counted.is_always_shown || count > 0).then(|| ((counted.word)(t), count))
        };
        Self {
            t,
            base,
            etag,
            taken: words::time(office.office(), day.taken_at),
            counts: COUNTED.iter().filter_map(counted).collect(),
            groups,
        }
    }
}

/// Marks a list: what has changed here, the minute, since time alone ends a hold or begins an hour, and for whom it is made.
fn etag(versions: Versions, now: DateTime<Utc>, frame: &Frame, sight: Sight) -> String {
    let (today, bookings, minute) =
        (versions.of(Topic::Today), versions.of(Topic::Bookings), now.timestamp().div_euclid(60));
    let sight = if sight == Sight::Whole { 'w' } else { 'm' };
    format!("\"{today}-{bookings}-{minute}-{}{sight}\"", frame.code())
}

/// The page. It is whole without a script; with one it follows the day.
pub(in crate::web::console) async fn page(
    InOffice { signed, office, .. }: InOffice<SeesDay>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let (t, base) = (texts(frame.lang), format!("/console/{}", office.id()));
    let versions = office.versions().await?;
    let Some((day, sight)) = office.day(&signed.asked.visitor).await?.zip(office.sight()) else {
        return Ok(missing(frame));
    };
    let etag = etag(versions, day.taken_at, frame, sight);
    let list = List::of(t, &base, &office, (&day, etag));
    let page = Page { frame, t, base: base.clone(), date: frame.date(day.date), list };
    Ok(show(frame, StatusCode::OK, &page))
}

/// The list alone, for the page's script. 304 where it has not changed.
pub(in crate::web::console) async fn list(
    Watching(InOffice { signed, office, .. }): Watching<SeesDay>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let (versions, now) = (office.versions().await?, office.now());
    let Some(sight) = office.sight() else { return Ok(missing(frame)) };
    let tag = etag(versions, now, frame, sight);
    let taken = words::time(office.office(), now);
    let marks = [
        (header::ETAG, HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))),
        (TAKEN, HeaderValue::from_str(&taken).unwrap_or(HeaderValue::from_static(""))),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, marks).into_response());
    }
    let Some(day) = office.day(&signed.asked.visitor).await? else { return Ok(missing(frame)) };
    let base = format!("/console/{}", office.id());
    let list = List::of(texts(frame.lang), &base, &office, (&day, tag));
    Ok((marks, show(frame, StatusCode::OK, &Part { list })).into_response())
}
