//! What the calendar says in words.

use chrono::{DateTime, Utc};

use super::texts::Texts;
use crate::conversation::Lang;
use crate::domain::displaced::Remedy;
use crate::domain::message::Delivery;
use crate::domain::office::Office;
use crate::front_desk::{Affected, CalendarDay, CalendarHour, CalendarRefused, ClosedDay, HourState, Reach};
use crate::storage::{CalendarPerson, PersonNotice};

/// An instant as the office's clock shows it: `24-12 10.05`.
pub(super) fn moment(office: &Office, at: DateTime<Utc>) -> String {
    office.zone.local(at).format("%d-%m %H.%M").to_string()
}

/// The same to the second, without its day.
pub(super) fn second(office: &Office, at: DateTime<Utc>) -> String {
    office.zone.local(at).format("%H.%M.%S").to_string()
}

/// Why a change is refused.
pub(super) fn refused(t: &'static Texts, refused: CalendarRefused) -> &'static str {
    match refused {
        CalendarRefused::Past => t.refused_past,
        CalendarRefused::Span => t.refused_span,
        CalendarRefused::TooFar => t.refused_far,
        CalendarRefused::Hours => t.refused_hours,
        CalendarRefused::Seats => t.refused_seats,
        CalendarRefused::Reason => t.refused_reason,
        CalendarRefused::NoHours => t.refused_no_hours,
        CalendarRefused::Nothing => t.refused_nothing,
        CalendarRefused::Outdated => t.refused_outdated,
        CalendarRefused::Silent => t.refused_silent,
        CalendarRefused::Unknown => t.refused_unknown,
        CalendarRefused::Settling => t.refused_settling,
    }
}

/// Why nobody is served on a day.
pub(super) fn closed(t: &Texts, lang: Lang, closed: &ClosedDay) -> String {
    match closed {
        ClosedDay::Weekday => t.closed_weekday.to_owned(),
        ClosedDay::Unknown => t.closed_unknown.to_owned(),
        ClosedDay::Office(reason) => format!("{}: {reason}", t.closed),
        ClosedDay::Holiday(holiday) => {
            let name = match lang {
                Lang::Id => &holiday.name,
                Lang::En => &holiday.name_en,
            };
            if holiday.joint_leave { format!("{name} ({})", t.joint_leave) } else { name.clone() }
        }
    }
}

/// Why an hour of an open day gives nothing; `None` where it does.
pub(super) fn state(t: &Texts, office: &Office, state: HourState) -> Option<String> {
    Some(match state {
        HourState::Free | HourState::DayClosed => return None,
        HourState::Full => t.full.to_owned(),
        HourState::NotReleased(opens) => format!("{} {}", t.not_released, moment(office, opens)),
        HourState::Outside => t.outside.to_owned(),
        HourState::Past => t.past.to_owned(),
    })
}

/// `38 terdaftar, 2 belum konfirmasi, 30 hadir`: what there is.
pub(super) fn people(t: &Texts, (booked, held, arrived): (u32, u32, u32)) -> Vec<String> {
    let counted = [(booked, t.booked), (held, t.held), (arrived, t.arrived)];
    counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect()
}

/// How full something is, in five steps, for its colour.
pub(super) fn heat(taken: u32, seats: u32) -> u32 {
    if taken == 0 || seats == 0 { 0 } else { (1 + taken.saturating_mul(4) / seats).min(5) }
}

/// The colour of a day.
pub(super) fn heat_of_day(day: &CalendarDay) -> u32 {
    heat(day.sum(|hour| hour.people.booked + hour.people.held), day.sum(|hour| hour.seats))
}

/// The colour of an hour.
pub(super) fn heat_of_hour(hour: &CalendarHour) -> u32 {
    heat(hour.people.booked + hour.people.held, hour.seats)
}

/// How a citizen can be reached.
pub(super) fn reach(t: &Texts, office: &Office, one: &Affected) -> String {
    let is_free = one.cost.as_ref().is_some_and(|cost| cost.amount.is_zero());
    match one.reach {
        Reach::AnyTime => t.reach_any.to_owned(),
        Reach::Window(until) => {
            let word = if is_free { t.reach_window } else { t.reach_until };
            format!("{word} {}", moment(office, until))
        }
        Reach::Template => t.reach_template.to_owned(),
        Reach::WhenTheyWrite => t.reach_later.to_owned(),
        Reach::Unknown => t.reach_unknown.to_owned(),
    }
}

/// How far a message has come.
pub(super) fn delivery(t: &'static Texts, delivery: Option<Delivery>) -> &'static str {
    match delivery {
        None => t.delivery_none,
        Some(Delivery::Sent) => t.delivery_sent,
        Some(Delivery::Failed) => t.delivery_failed,
        Some(Delivery::Delivered) => t.delivery_delivered,
        Some(Delivery::Read) => t.delivery_read,
    }
}

/// How far the notice to somebody has come.
pub(super) fn notice(t: &'static Texts, person: &CalendarPerson, waits: bool) -> (&'static str, &'static str) {
    match &person.notice {
        None if person.choice == "keep" => (t.notice_none, "off"),
        _ if waits => (t.notice_wait, "wait"),
        None => (t.notice_none, "off"),
        Some(PersonNotice { state, delivery: come, .. }) => match state.as_str() {
            "planned" => (t.notice_planned, "wait"),
            "dropped" | "expired" => (t.notice_dropped, "off"),
            "held" => (t.notice_held, "wait"),
            "dead" => (t.notice_dead, "bad"),
            "sent" => {
                (delivery(t, come.or(Some(Delivery::Sent))), if *come == Some(Delivery::Failed) { "bad" } else { "on" })
            }
            _ => (t.notice_queued, "wait"),
        },
    }
}

/// What was chosen.
pub(super) fn choice(t: &'static Texts, choice: &str) -> &'static str {
    match choice {
        "move" => t.move_them,
        "tell" => t.tell,
        "cancel" => t.cancel,
        "keep" => t.keep,
        _ => t.choice_reopened,
    }
}

/// The state of a change.
pub(super) fn change_state(t: &'static Texts, state: &str) -> (&'static str, &'static str) {
    match state {
        "waiting" => (t.state_waiting, "wait"),
        "settling" => (t.state_settling, "wait"),
        "undone" => (t.state_undone, "off"),
        "corrected" => (t.state_corrected, "off"),
        _ => (t.state_done, "on"),
    }
}

/// The remedy of a form's value.
pub(super) fn remedy(value: &str) -> Option<Remedy> {
    Remedy::ALL.into_iter().find(|remedy| remedy.name() == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without `1 +`, an hour with its first booking looks empty.
    #[test]
    fn an_empty_hour_has_no_colour_and_a_full_one_the_darkest() {
        assert_eq!([0, 1, 24, 25, 49, 50, 60].map(|taken| heat(taken, 50)), [0, 1, 2, 3, 4, 5, 5]);
        assert_eq!(heat(3, 0), 0);
    }
}
