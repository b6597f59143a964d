//! What is misread most.

use askama::Template;
use axum::extract::Query as FromQuery;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::rights::ReadsTalks;
use super::texts::{Texts, texts};
use super::words;
use crate::access::{MisreadGroup, MisreadSample};
use crate::web::console::failure::Failure;
use crate::web::console::in_office::InOffice;
use crate::web::console::page::{Frame, missing, show};

/// `?done=case` of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Query {
    done: String,
}

#[derive(Template)]
#[template(path = "console/conversations/misread.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    messages: usize,
    forms: usize,
    misread: usize,
    groups: Vec<Group>,
}

struct Group {
    title: String,
    count: usize,
    samples: Vec<Sample>,
}

struct Sample {
    sample: MisreadSample,
    when: String,
}

/// The largest groups. That they were looked at is written down.
pub(in crate::web::console) async fn misread(
    InOffice { mut signed, office, .. }: InOffice<ReadsTalks>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    let t = texts(signed.asked.frame.lang);
    signed.asked.frame.done = (query.done == "case").then_some(t.case_done);
    let frame = &signed.asked.frame;
    let Some(totals) = office.misread(&signed.asked.visitor).await? else { return Ok(missing(frame)) };
    let sample = |sample: MisreadSample| Sample { when: words::when(frame, &office, sample.at), sample };
    let group = |group: MisreadGroup| {
        let wrong = words::wrong(frame.lang, group.kind);
        Group {
            title: group.field.map_or_else(|| wrong.to_owned(), |field| format!("{field}: {wrong}")),
            count: group.count,
            samples: group.samples.into_iter().map(sample).collect(),
        }
    };
    let page = Page {
        frame,
        t,
        base: format!("/console/{}/conversations", office.id()),
        messages: totals.messages,
        forms: totals.forms,
        misread: totals.misread,
        groups: totals.groups.into_iter().map(group).collect(),
    };
    Ok(show(frame, StatusCode::OK, &page))
}
