//! Any message to an office without a format: only commands, codes and greetings are left. What is read is written there,
//! and marks and blanks around it change nothing.

#![no_main]
#![expect(dead_code, unused_imports, reason = "a target uses a part of the modules that it takes")]

#[path = "../../src/domain/mod.rs"]
mod domain;
#[path = "../../src/grammar/mod.rs"]
mod grammar;
#[path = "../../src/sheet/mod.rs"]
mod sheet;

use chrono::NaiveDate;
use domain::code::APPROVAL_CODE_DIGITS;
use grammar::Request;
use libfuzzer_sys::fuzz_target;

/// Whether the characters stand in the text in this order, whatever lies between.
fn stands_in(wanted: &str, text: &str) -> bool {
    let mut text = text.chars();
    wanted.chars().all(|wanted| text.any(|c| c.to_ascii_uppercase() == wanted))
}

/// The request without what the mark decides: whether a command is carried out at once, or asked about first.
fn sober(request: &Request) -> Request {
    match request {
        Request::Command(command) => Request::Command(grammar::Command { plain: false, ..command.clone() }),
        other => other.clone(),
    }
}

fuzz_target!(|text: &str| {
    let sent_on = NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date");
    let read = |text: &str| grammar::read(&[], text, sent_on);
    let request = read(text);
    match &request {
        Request::Digits(digits) => {
            assert!((1..=APPROVAL_CODE_DIGITS).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
            assert_eq!(read(digits), request, "{text:?}");
            // `yang kedua` is a choice without a digit.
            let is_place = digits.len() == 1 && !text.contains(|c: char| c.is_ascii_digit());
            if text.is_ascii() {
                assert!(is_place || stands_in(digits, text), "{digits} is not written in {text:?}");
            }
        }
        Request::Command(command) => {
            if let Some(code) = &command.code {
                assert!(!command.mistyped && stands_in(code.as_str(), text), "{code} is not written in {text:?}");
            }
        }
        Request::Greeting => assert!(text.contains(char::is_alphanumeric), "{text:?} greets nobody"),
        // Both have a length of their own, which dressing may take them beyond.
        Request::Thanks | Request::Automatic => return,
        Request::AboutCancelling
        | Request::ChangeDay(_)
        | Request::Wait(_)
        | Request::Day(_)
        | Request::Question
        | Request::Unreadable => {}
        other => panic!("an office without a format cannot read {text:?} as {other:?}"),
    }
    // The mark in front of a day begins a form, whose first piece is no name: only a day itself is an answer. And the mark
    // makes a command of a word with talk behind it. The head of a copied message is one at the very front only.
    let is_copied = text.contains(':') && text.contains(|c: char| c.is_ascii_digit());
    let is_talk = match &request {
        Request::Day(_) | Request::Question | Request::Unreadable => true,
        // `ganti tanggal 8 bisa?`
        Request::ChangeDay(change) => change.is_asked,
        _ => false,
    };
    let marked = (!is_copied && !is_talk).then(|| format!("# {text}"));
    for dressed in [format!(" {text}\n"), format!("\u{200b}{text}\u{200b}")].into_iter().chain(marked) {
        if dressed.len() <= domain::message::MESSAGE_BYTES_MAX {
            let again = read(&dressed);
            assert!(
                sober(&again) == sober(&request) || again == Request::Automatic,
                "{dressed:?}: {again:?}, not {request:?}"
            );
        }
    }
});
