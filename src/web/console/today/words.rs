//! States and steps in words, each with the mark of its kind.

use chrono::{DateTime, Utc};

use crate::access::Standing;
use crate::domain::booking::State;
use crate::domain::office::Office;
use crate::domain::visit::{Action, Lane};
use crate::web::console::texts::today::Texts;

/// Where somebody stands, and the class of its tag: a colour and a sign beside the word.
pub(super) fn standing(t: &Texts, standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Held => (t.held, "st-held"),
        Standing::Expected => (t.expected, "st-expected"),
        Standing::Arrived => (t.arrived, "st-arrived"),
        Standing::Called => (t.called, "st-called"),
        Standing::Serving => (t.serving, "st-serving"),
        Standing::Parked => (t.parked, "st-parked"),
        Standing::Missed => (t.missed, "st-missed"),
        Standing::Done => (t.finished, "st-done"),
        Standing::NoShow => (t.no_show, "st-missed"),
        Standing::Unserved => (t.unserved, "st-missed"),
    }
}

/// A row that is not the usual one.
pub(super) fn lane(t: &Texts, lane: Option<Lane>) -> &'static str {
    match lane {
        Some(Lane::Priority) => t.priority,
        Some(Lane::Late) => t.late,
        Some(Lane::Booked | Lane::WalkIn) | None => "",
    }
}

/// A booking's state.
pub(super) fn state(t: &Texts, state: State, is_lapsed: bool) -> &'static str {
    match state {
        State::Held if is_lapsed => t.state_lapsed,
        State::Held => t.state_held,
        State::Booked => t.state_booked,
        State::Expired => t.state_expired,
        State::Replaced => t.state_replaced,
        State::Cancelled => t.state_cancelled,
        State::Blocked => t.state_blocked,
    }
}

/// A step of a visit.
pub(super) fn action(t: &Texts, action: Action) -> &'static str {
    match action {
        Action::Arrive => t.did_arrive,
        Action::Call => t.did_call,
        Action::Recall => t.did_recall,
        Action::Come => t.did_come,
        Action::Miss => t.did_miss,
        Action::Park => t.did_park,
        Action::Return => t.did_return,
        Action::Redirect => t.did_redirect,
        Action::Finish => t.did_finish,
        Action::MarkAbsent => t.did_mark_absent,
        Action::EndDay => t.did_end_day,
        Action::Undo => t.did_undo,
    }
}

/// A time of day at the office, `10.42`.
pub(super) fn time(office: &Office, at: DateTime<Utc>) -> String {
    office.zone.local(at).format("%H.%M").to_string()
}

/// A text as messengers show it: what stands between two stars in one line is bold, and the stars are not shown. Stars that mask a
/// number stay.
pub(in crate::web::console) fn bold_parts(text: &str) -> Vec<(bool, &str)> {
    let mut parts = Vec::new();
    let (mut rest, mut plain) = (text, 0);
    while let Some(open) = rest.get(plain..).and_then(|ahead| ahead.find('*')).map(|at| at + plain) {
        match bold_at(rest, open) {
            Some((bold, behind)) => {
                parts.extend(rest.get(..open).filter(|before| !before.is_empty()).map(|before| (false, before)));
                parts.push((true, bold));
                (rest, plain) = (behind, 0);
            }
            None => plain = open + 1,
        }
    }
    parts.extend((!rest.is_empty()).then_some((false, rest)));
    parts
}

/// What a star opens, and what is behind it; `None` where it opens nothing.
fn bold_at(text: &str, open: usize) -> Option<(&str, &str)> {
    let stands_alone = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '*');
    let inner = text.get(open + 1..)?;
    let line = inner.split('\n').next()?;
    let (bold, _) = line.split_once('*')?;
    let behind = inner.get(bold.len() + 1..)?;
    let fits = !bold.is_empty()
        && bold.trim() == bold
        && stands_alone(text.get(..open)?.chars().next_back())
        && stands_alone(behind.chars().next());
    fits.then_some((bold, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without `stands_alone`, the stars of a masked number are taken for bold.
    #[test]
    fn stars_around_words_are_bold_and_stars_that_mask_stay() {
        assert_eq!(bold_parts("*Kode:* H64R"), [(true, "Kode:"), (false, " H64R")]);
        assert_eq!(bold_parts("Nomor 0812****01 *ya*"), [(false, "Nomor 0812****01 "), (true, "ya")]);
        assert_eq!(bold_parts("2 * 3 * 4"), [(false, "2 * 3 * 4")]);
        assert_eq!(bold_parts("*a\nb*"), [(false, "*a\nb*")]);
        assert_eq!(bold_parts(""), []);
    }
}
