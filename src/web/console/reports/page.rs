//! The page of an office's reports.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query as FromQuery;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;

use super::chart::{Chart, Plot, Said};
use super::list::{Files, listed};
use super::texts::{Texts, texts};
use super::words;
use crate::access::{OfficeView, Report};
use crate::domain::figures::Numbers;
use crate::domain::tally::Span;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, SeesReports};
use crate::web::console::page::{Frame, show};
use crate::web::console::state::Console;
use crate::web::console::visitor::Signed;

/// Days from which on months are shown: more bars than a screen's height.
const DAYS_SHOWN_MAX: usize = 62;

/// `?span=month`, or `?first=2026-08-03&last=2026-08-09`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Asked {
    span: String,
    first: String,
    last: String,
    done: String,
}

impl Asked {
    /// Days that were chosen before.
    pub(super) fn of(span: Span) -> Self {
        Self { first: span.first.to_string(), last: span.last.to_string(), ..Self::default() }
    }
}

/// One of the numbers above.
struct Total {
    label: &'static str,
    number: String,
}

/// A row of the table of everything.
struct Row {
    name: String,
    of: Numbers,
}

#[derive(Template)]
#[template(path = "console/reports/page.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    /// `week`, `month`, or empty.
    span: &'static str,
    first: String,
    last: String,
    days: String,
    counted: Option<String>,
    totals: Vec<Total>,
    charts: Vec<(Chart, &'static str)>,
    rows: Vec<Row>,
    names: &'static str,
    sum: Numbers,
    error: Option<&'static str>,
    files: Option<Files>,
    must_confirm: bool,
}

/// The days that were asked for.
struct Chosen {
    span: Span,
    name: &'static str,
    error: Option<&'static str>,
}

fn chosen(t: &Texts, asked: &Asked, today: NaiveDate) -> Chosen {
    let week = |error| Chosen { span: Span::week(today), name: "week", error };
    if asked.first.is_empty() && asked.last.is_empty() {
        return match asked.span.as_str() {
            "month" => Chosen { span: Span::month(today), name: "month", error: None },
            _ => week(None),
        };
    }
    match (asked.first.trim().parse(), asked.last.trim().parse()) {
        (Ok(first), Ok(last)) => match Span::new(first, last) {
            Ok(span) => Chosen { span, name: "", error: None },
            Err(_) => week(Some(t.wrong_days)),
        },
        _ => week(Some(t.wrong_date)),
    }
}

/// The page.
pub(in crate::web::console) async fn page(
    State(_): State<Console>,
    InOffice { signed, office, .. }: InOffice<SeesReports>,
    FromQuery(asked): FromQuery<Asked>,
) -> Result<Response, Failure> {
    let signed = signed.with_done(&asked.done);
    shown(&signed, &office, &asked, None).await
}

/// The page, with what was wrong with a form.
pub(super) async fn shown(
    signed: &Signed,
    office: &OfficeView,
    asked: &Asked,
    error: Option<&'static str>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let t = texts(frame.lang);
    let today = office.office().date_at(office.now());
    let chosen = chosen(t, asked, today);
    let report = office.seen_report(chosen.span, &signed.asked.visitor).await?;
    let zone = office.office().zone;
    let files = if office.may_export() { Some(listed(signed, office).await?) } else { None };
    let by_month = chosen.span.count() > DAYS_SHOWN_MAX;
    let page = Page {
        frame,
        t,
        base: format!("/console/{}/reports", office.id()),
        span: chosen.name,
        first: chosen.span.first.to_string(),
        last: chosen.span.last.to_string(),
        days: format!("{} – {}", frame.plain_date(chosen.span.first), frame.plain_date(chosen.span.last)),
        counted: report.counted_at.map(|at| zone.local(at).format("%H.%M, %d-%m-%Y").to_string()),
        totals: totals(t, &report),
        charts: charts(frame, t, &report, by_month),
        rows: rows(frame, &report, by_month),
        names: if by_month { t.month_name } else { t.day },
        sum: report.figures.total,
        error: error.or(chosen.error),
        must_confirm: !signed.who.is_confirmed(),
        files,
    };
    let status = if page.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(frame, status, &page))
}

fn totals(t: &'static Texts, report: &Report) -> Vec<Total> {
    let (of, figures) = (report.figures.total, &report.figures);
    let number = |label, number: u64| Total { label, number: number.to_string() };
    vec![
        number(t.messages, of.messages),
        number(t.refused, of.refused),
        number(t.misread, of.misread),
        number(t.places, of.places),
        number(t.served, of.served),
        number(t.absent, of.absent),
        Total { label: t.answered_in, number: words::half_of_replies(t, &figures.replies) },
        Total { label: t.waited, number: words::half_of_waits(t, &figures.waits) },
    ]
}

/// The rows by day, or by month.
fn rows(frame: &Frame, report: &Report, by_month: bool) -> Vec<Row> {
    let days = &report.figures.days;
    if !by_month {
        return days.iter().map(|(day, of)| Row { name: words::short_day(frame, *day), of: *of }).collect();
    }
    let mut months: BTreeMap<NaiveDate, Numbers> = BTreeMap::new();
    for (day, of) in days {
        months.entry(Span::month(*day).first).or_default().plus(of);
    }
    months.into_iter().map(|(month, of)| Row { name: words::short_month(frame, month), of }).collect()
}

fn charts(frame: &Frame, t: &'static Texts, report: &Report, by_month: bool) -> Vec<(Chart, &'static str)> {
    let said = Said { none: t.none, most: t.most, all: t.all };
    let figures = &report.figures;
    let by_day = |of: fn(&Numbers) -> u64| {
        rows(frame, report, by_month).into_iter().map(|row| (row.name, of(&row.of))).collect::<Vec<_>>()
    };
    let by_hour = |of: fn(&Numbers) -> u64| {
        let hours = figures.hours.iter().filter(|(_, numbers)| of(numbers) > 0);
        hours.map(|(hour, numbers)| (format!("{hour:02}.00"), of(numbers))).collect::<Vec<_>>()
    };
    let day = if by_month { t.month_name } else { t.day };
    let plot = |id, title, names, numbers, rows| Plot { id, title, names, numbers, has_long_names: false, rows };
    let refusals = figures.refusals.iter().map(|(name, count)| (words::reason(t, name), *count)).collect();
    let plots = [
        (plot("messages-day", t.plot_messages_day, day, t.count, by_day(|of| of.messages)), ""),
        (plot("messages-hour", t.plot_messages_hour, t.hour, t.count, by_hour(|of| of.messages)), ""),
        (plot("places-day", t.plot_places_day, day, t.people, by_day(|of| of.places)), t.note_places),
        (plot("places-hour", t.plot_places_hour, t.hour, t.people, by_hour(|of| of.places)), ""),
        (
            Plot {
                id: "refusals",
                title: t.plot_refusals,
                names: t.reason,
                numbers: t.count,
                has_long_names: true,
                rows: refusals,
            },
            "",
        ),
        (
            Plot {
                has_long_names: true,
                ..plot("replies", t.plot_replies, t.time, t.count, words::of_replies(t, &figures.replies))
            },
            "",
        ),
        (plot("absent-day", t.plot_absent, day, t.people, by_day(|of| of.absent)), ""),
        (
            Plot {
                has_long_names: true,
                ..plot("waits", t.plot_waits, t.time, t.people, words::of_waits(t, &figures.waits))
            },
            t.note_waits,
        ),
    ];
    plots.into_iter().map(|(plot, note)| (plot.drawn(&said), note)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Lang;
    use crate::domain::sample::day;

    // Negative control: with the dates taken as they come, a last day before the first shows an empty report without a word.
    #[test]
    fn wrong_days_show_this_week_and_say_so() {
        let t = texts(Lang::Id);
        let today = day(2026, 8, 5);
        let of = |span: &str, first: &str, last: &str| {
            let text = str::to_owned;
            chosen(t, &Asked { span: text(span), first: text(first), last: text(last), done: String::new() }, today)
        };
        let week = Span::week(today);
        assert_eq!((of("", "", "").span, of("week", "", "").error), (week, None));
        assert_eq!(of("month", "", "").span, Span::month(today));
        let own = of("", "2026-07-01", "2026-07-31");
        assert_eq!((own.span.count(), own.name, own.error), (31, "", None));
        for (first, last) in
            [("2026-07-31", "2026-07-01"), ("2020-01-01", "2026-07-01"), ("1 Juli", "2026-07-01"), ("2026-07-01", "")]
        {
            let wrong = of("", first, last);
            assert!(wrong.span == week && wrong.error.is_some(), "{first} {last}");
        }
    }
}
