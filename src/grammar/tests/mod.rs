//! What must hold of the reader as a whole.

mod abnf;
mod any_form;
mod corpus;
mod misreadings;
mod names_corpus;
mod properties;
mod proposals;
mod samples;

use chrono::NaiveDate;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn shipped(id: &str) -> Format {
    Format::shipped().into_iter().find(|format| format.id().as_str() == id).expect("a shipped format")
}

fn sent() -> NaiveDate {
    date("2017-08-01")
}

/// The request in the words of `samples.toml`.
fn described(formats: &[&Format], request: &Request) -> String {
    let form = |form: &Form| {
        let format = formats.iter().find(|format| *format.id() == form.format).expect("one of the formats");
        let value = |field| format.value(form, field).expect("a value");
        let values: Vec<String> =
            format.fields().into_iter().map(|field| format!(" {}={}", field.name(), value(field))).collect();
        let notes: Vec<String> =
            form.notes.iter().map(|note| format!(" {}:{}={}", note.kind.name(), note.from, note.to)).collect();
        values.concat() + &notes.concat()
    };
    match request {
        Request::Form(read) => {
            let people: Vec<String> = read.each().map(|one| form(&one)).collect();
            format!("form{}", people.join(" and"))
        }
        Request::Misread(Misread { kind, field, at, .. }) => {
            format!("misread {} {} {}-{}", kind.name(), field.map_or("-", Field::name), at.0, at.1)
        }
        Request::Ask(ask) => {
            let days: Vec<String> = ask.choices.iter().map(|choice| format!(" {}", choice.date)).collect();
            format!("ask {}{}", ask.field.name(), days.concat())
        }
        Request::Command(command) => format!("command {}", command.name.name()),
        Request::Digits(digits) => format!("digits {digits}"),
        Request::Day(days) => format!("day {days:?}"),
        Request::Placeholder => "placeholder".to_owned(),
        Request::Greeting => "greeting".to_owned(),
        Request::Thanks => "thanks".to_owned(),
        Request::Automatic => "automatic".to_owned(),
        Request::AboutCancelling => "about cancelling".to_owned(),
        Request::ChangeDay(change) => format!("change to {:?}", change.days),
        Request::Wait(wait) => format!("wait for {:?}", wait.days),
        Request::Question => "question".to_owned(),
        Request::Unreadable => "unreadable".to_owned(),
    }
}
