//! What is misread most, and a misread message as an example for the format's file, with everybody in it masked.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;

use super::rights::ReadsTalks;
use super::texts::{Texts, texts};
use super::words;
use crate::access::{MisreadGroup, MisreadSample, OfficeView};
use crate::grammar::{self, Format, Misread, Request};
use crate::web::console::failure::Failure;
use crate::web::console::in_office::InOffice;
use crate::web::console::page::{Frame, missing, show};
use crate::web::console::state::Console;

/// A message that becomes an example.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct CaseForm {
    channel: String,
    message: String,
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

#[derive(Template)]
#[template(path = "console/conversations/case.html")]
struct CasePage<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    before: String,
    after: String,
    /// The part of the file; `None` where the message is of no use as an example.
    file: Option<String>,
    left: Vec<String>,
}

/// The largest groups. That they were looked at is written down.
pub(in crate::web::console) async fn misread(
    InOffice { signed, office, .. }: InOffice<ReadsTalks>,
) -> Result<Response, Failure> {
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
        t: texts(frame.lang),
        base: format!("/console/{}/conversations", office.id()),
        messages: totals.messages,
        forms: totals.forms,
        misread: totals.misread,
        groups: totals.groups.into_iter().map(group).collect(),
    };
    Ok(show(frame, StatusCode::OK, &page))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    // A JSON text is one of TOML, but for the sign that deletes.
    serde_json::to_string(text).unwrap_or_default().replace('\u{7f}', "\\u007f")
}

/// What is wrong with a text, by the office's formats.
fn wrong(formats: &[&Format], text: &str, sent: NaiveDate) -> Option<Misread> {
    match grammar::read(formats, text, sent) {
        Request::Misread(misread) => Some(misread),
        _ => None,
    }
}

/// The part of a format's file that says how this text is misread.
fn part(formats: &[&Format], misread: &Misread, text: &str, sent: NaiveDate) -> String {
    let called = |field| {
        let format = formats.iter().find(|format| *format.id() == misread.format);
        format.map_or("", |format| format.called(field)).to_owned()
    };
    let field = misread.field.map_or_else(String::new, |field| format!("field = {}\n", quoted(&called(field))));
    let (from, to) = misread.at;
    format!(
        "[[misreads]]\ntext = {}\nsent = \"{sent}\"\nkind = \"{}\"\n{field}at = [{from}, {to}]\n",
        quoted(text),
        misread.kind.name()
    )
}

fn case_of(
    office: &OfficeView,
    console: &Console,
    text: &str,
    sent: NaiveDate,
) -> (String, Option<String>, Vec<String>) {
    let formats = office.formats();
    let disguised = (console.messaging.disguise)(&formats, office.office(), text, sent);
    let (before, after) = (wrong(&formats, text, sent), wrong(&formats, &disguised.text, sent));
    let alike = before.zip(after).filter(|(one, other)| (one.kind, one.field) == (other.kind, other.field));
    let file = alike.map(|(_, misread)| part(&formats, &misread, &disguised.text, sent));
    (disguised.text, file.filter(|_| disguised.left.is_empty()), disguised.left)
}

/// A misread message as an example, masked, for whoever compares the two.
pub(in crate::web::console) async fn case(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<ReadsTalks>,
    Form(form): Form<CaseForm>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let found = office.message_words(&form.channel, &form.message, &signed.asked.visitor).await?;
    let Some((before, at)) = found else { return Ok(missing(frame)) };
    let (after, file, left) = case_of(&office, &console, &before, office.office().date_at(at));
    let page = CasePage {
        frame,
        t: texts(frame.lang),
        base: format!("/console/{}/conversations", office.id()),
        before,
        after,
        file,
        left,
    };
    Ok(show(frame, StatusCode::OK, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the text between plain quotes, the file cannot be read.
    #[test]
    fn an_example_is_read_back_by_the_formats_own_reader() {
        let line = "#Nama#TglLahir#TglKedatangan";
        let format = Format::of_line(line).unwrap();
        let sent = NaiveDate::from_ymd_opt(2026, 8, 3).unwrap();
        let text = "#Budi \"B\\o\"\n#31061987#10082026\u{7f}";
        let misread = wrong(&[&format], text, sent).unwrap();
        let file = format!(
            "id = \"x\"\npattern = \"{line}\"\n[[reads]]\ntext = \"#Budi#25011987#10082026\"\nsent = \"2026-08-03\"\n\
             fields = {{ Nama = \"Budi\", TglLahir = \"1987-01-25\", TglKedatangan = \"2026-08-10\" }}\n{}",
            part(&[&format], &misread, text, sent)
        );
        let read = Format::from_toml(&file).unwrap_or_else(|errors| panic!("{errors:?}\n{file}"));
        assert_eq!(grammar::check(&read), Vec::new(), "{file}");
    }
}
