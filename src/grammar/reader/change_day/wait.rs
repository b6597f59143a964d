//! Reads `#tunggu` and its like: the waiting list, for a day that stands behind it or as soon as possible.
//!
//! A single word counts with the mark in front of it only: `tunggu ya` is talk. Whole phrases (`daftar tunggu`) need no mark.

use chrono::NaiveDate;

use crate::grammar::language::politeness::after_greeting;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::change_day::beside;
use crate::grammar::reader::command::{TALK_BYTES_MAX, asks, is_dressing};
use crate::grammar::request::Request;
use crate::grammar::request::change_day::Wait;
use crate::grammar::text::characters::{is_hash, is_pause};
use crate::grammar::text::peel::peel;

/// Reads a message about the waiting list; `None` for any other.
pub(crate) fn read(message: &str, sent_on: NaiveDate) -> Option<Request> {
    let text = message.trim_matches(is_dressing);
    if text.len() > TALK_BYTES_MAX {
        return None;
    }
    let is_marked = || message.trim_start_matches(|c| is_pause(c) && !is_hash(c)).starts_with(is_hash);
    let text = after_greeting(text).trim_start_matches(is_dressing);
    let text = peel(&[&WORDS.fillers], text);
    let phrase = WORDS.wait_phrase.front(text);
    let ((), after) = phrase.or_else(|| WORDS.wait.front(text).filter(|_| is_marked()))?;
    if asks(message) {
        return None;
    }
    let after = after.trim_start_matches(|c| is_pause(c) || is_dressing(c));
    let (soonest, after) = WORDS.soonest.front(after).map_or((false, after), |((), rest)| (true, rest));
    let (leave, after) = WORDS.leave_list.front(after).map_or((false, after), |((), rest)| (true, rest));
    let change = beside(after, sent_on).filter(|change| !change.mistyped)?;
    Some(Request::Wait(Wait { days: change.days, soonest, leave, code: change.code }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        // 1 August 2017 was a Tuesday.
        let sent_on: NaiveDate = "2017-08-01".parse().unwrap();
        match read(text, sent_on) {
            Some(Request::Wait(wait)) => {
                let mut told: Vec<String> = wait.days.iter().map(NaiveDate::to_string).collect();
                told.extend(wait.soonest.then(|| "soonest".to_owned()));
                told.extend(wait.leave.then(|| "leave".to_owned()));
                told.join(" ")
            }
            None => "none".to_owned(),
            other => format!("{other:?}"),
        }
    }

    // Negative control: without the test of the mark, `tunggu ya min` joins the list.
    #[test]
    fn the_list_is_asked_for_with_the_mark_or_by_its_name() {
        for (text, read) in [
            ("#tunggu", ""),
            ("# TUNGGU", ""),
            ("#tunggu 14", "2017-08-14"),
            ("#tunggu 14 agustus", "2017-08-14"),
            ("#tunggu#14082017", "2017-08-14"),
            ("#tunggu secepatnya", "soonest"),
            ("#tunggu hari apa saja", "soonest"),
            ("#tunggu batal", "leave"),
            ("#tunggu selesai", "leave"),
            ("daftar tunggu", ""),
            ("mau daftar tunggu dong", ""),
            ("selamat pagi min, masuk daftar tunggu tanggal 10 ya", "2017-08-10"),
            ("#wait", ""),
            ("#wait tomorrow", "2017-08-02"),
            ("#wait as soon as possible", "soonest"),
            ("waiting list", ""),
            ("#waitlist stop", "leave"),
            ("tunggu", "none"),
            ("tunggu ya min", "none"),
            ("tunggu sebentar", "none"),
            ("wait", "none"),
            ("ada daftar tunggu?", "none"),
            ("#Tunggu Siregar#25011987#08082017", "none"),
            ("#Tunggu#25011987#08082017", "none"),
            ("#Budi#25011987#08082017", "none"),
        ] {
            assert_eq!(told(text), read, "{text}");
        }
    }
}
