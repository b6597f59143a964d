//! `set key = value`: changes one rule of an office for one story. The keys are those of an office file.

use chrono::{NaiveDate, NaiveTime};

use crate::domain::notice::Kind;
use crate::domain::office::{
    Approval, Dated, Earliest, FormatId, HORIZON_DAYS_MAX, NO_SHOWS, NoShows, Office, PerPerson, Quiet, Release,
    SEATS_PER_HOUR_MAX, Share, Span, WhenFull,
};
use crate::domain::person::PARTY_MAX;
use crate::domain::shared_offer::AT_ONCE_MAX;
use crate::roster::release_of;

/// Minutes in a day: no minute rule is longer.
const MINUTES_MAX: u32 = 24 * 60;
/// Oldest age that a rule may name, in years: nobody is older.
const YEARS_MAX: u32 = 120;
/// Live bookings that a story may allow to one number.
const LIVE_PER_NUMBER_MAX: u32 = 50;
/// Holds that a story may allow to one number in a day.
const HOLDS_PER_NUMBER_MAX: u32 = 240;

/// Moves that a story may allow to one booking.
const RESCHEDULE_TIMES_MAX: u32 = 10;
/// Days before the visit on which a story may end moving.
const RESCHEDULE_DAYS_BEFORE_MAX: u32 = 30;
/// Visits without anybody after which a story may ask for an answer.
const NO_SHOWS_MAX: u32 = 20;

/// Sets one rule.
///
/// # Errors
/// What is wrong with the key or the value, and what would be right.
pub fn apply(office: &mut Office, key: &str, value: &str) -> Result<(), String> {
    let policy = &mut office.policy;
    match key {
        "seats_per_hour" => office.seats_per_hour = number(value, 1, SEATS_PER_HOUR_MAX)?,
        "seats_per_day" => office.seats_per_day = optional(value, |v| number(v, 1, SEATS_PER_HOUR_MAX * 24))?,
        "formats" => office.formats = formats(value)?,
        "intake" => office.intake = optional(value, span)?,
        "release" => office.release = optional(value, release)?,
        "closed" => {
            let (date, reason) = dated(value)?;
            office.dated.insert(date, Dated::Closed { reason: reason.to_owned() });
        }
        "open" => {
            let (date, spans) = dated(value)?;
            let spans = spans.split_whitespace().map(span).collect::<Result<_, _>>()?;
            office.dated.insert(date, Dated::Open { spans });
        }
        "when_full" => {
            policy.when_full = one_of(
                value,
                &[("roll", WhenFull::Roll), ("suggest", WhenFull::Suggest), ("refuse", WhenFull::Refuse)],
            )?;
        }
        "approval" => policy.approval = one_of(value, &[("code", Approval::Code), ("none", Approval::None)])?,
        "approval_words" => policy.approval_words = one_of(value, &[("true", true), ("false", false)])?,
        "children_under" => policy.relatives.children_under = number(value, 0, YEARS_MAX)?,
        "elders_from" => policy.relatives.elders_from = number(value, 0, YEARS_MAX)?,
        "cancelling" => policy.cancelling = one_of(value, &[("true", true), ("false", false)])?,
        "reschedule_times" => policy.reschedule.times = number(value, 0, RESCHEDULE_TIMES_MAX)?,
        "reschedule_days_before" => policy.reschedule.days_before = number(value, 0, RESCHEDULE_DAYS_BEFORE_MAX)?,
        "reschedule_until" => policy.reschedule.until = time(value)?,
        "reschedule_extra_after_closing" => {
            policy.reschedule.extra_after_closing = one_of(value, &[("true", true), ("false", false)])?;
        }
        "earliest" => policy.earliest = earliest(value)?,
        "hold_minutes" => policy.hold_minutes = number(value, 1, MINUTES_MAX)?,
        "photo_wait_minutes" => policy.photo_wait_minutes = number(value, 1, MINUTES_MAX)?,
        "live_per_number" => policy.live_per_number = number(value, 1, LIVE_PER_NUMBER_MAX)?,
        "live_per_person" if value == "note" => policy.live_per_person = PerPerson::Note,
        "live_per_person" => policy.live_per_person = PerPerson::AtMost(number(value, 1, LIVE_PER_NUMBER_MAX)?),
        "holds_share" => policy.holds_share = share(value)?,
        "holds_per_number" => policy.holds_per_number = number(value, 1, HOLDS_PER_NUMBER_MAX)?,
        "people_per_booking" => policy.people_per_booking = number(value, 1, u32::from(PARTY_MAX))?,
        "horizon_days" => policy.horizon_days = number(value, 1, HORIZON_DAYS_MAX)?,
        "arrive_early_minutes" => policy.arrive_early_minutes = number(value, 0, MINUTES_MAX)?,
        "arrivals" => policy.arrivals = one_of(value, &[("true", true), ("false", false)])?,
        "waiting" => policy.waiting = one_of(value, &[("true", true), ("false", false)])?,
        "waiting_at_once" => policy.waiting_at_once = number(value, 1, AT_ONCE_MAX)?,
        "grace_minutes" => policy.grace_minutes = number(value, 0, MINUTES_MAX)?,
        "no_shows" => policy.no_shows = optional(value, no_shows)?,
        "handover" => policy.handover = one_of(value, &[("true", true), ("false", false)])?,
        "quiet" => office.notices.quiet = optional(value, quiet)?,
        "reminder_at" => office.notices.reminder_at = time(value)?,
        _ => {
            let kind = key.strip_prefix("notice_").and_then(|key| Kind::ALL.into_iter().find(|kind| kind.key() == key));
            let kind = kind.ok_or_else(|| format!("no rule is called `{key}`"))?;
            if one_of(value, &[("true", true), ("false", false)])? {
                office.notices.off.remove(&kind);
            } else {
                office.notices.off.insert(kind);
            }
        }
    }
    Ok(())
}

/// `jumat 14:00`, or `1/2 jumat 14:00, 1/2 sabtu 09:00`.
fn release(value: &str) -> Result<Release, String> {
    release_of(value)
        .ok_or_else(|| format!("`{value}` is no release like `jumat 14:00` or `1/2 jumat 14:00, 1/2 sabtu 09:00`"))
}

/// `2 06:00`: from so many visits on to which nobody came, answers are awaited until this time on the day; `2 -1 21:00`: on the evening before.
fn no_shows(value: &str) -> Result<NoShows, String> {
    let wrong = || format!("`{value}` is no rule like `2 06:00` or `2 -1 21:00`");
    let (from, rest) = value.split_once(' ').ok_or_else(wrong)?;
    let (days_before, until) = rest.strip_prefix("-1 ").map_or((0, rest), |until| (1, until));
    Ok(NoShows { answer_from: number(from, 1, NO_SHOWS_MAX)?, days_before, until: time(until)?, ..NO_SHOWS })
}

/// `21:00`.
fn time(value: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(value, "%H:%M").map_err(|_| format!("`{value}` is no time like 21:00"))
}

/// `20:00-06:00`, past midnight too.
fn quiet(value: &str) -> Result<Quiet, String> {
    let times = value.split_once('-').and_then(|(from, until)| Some((time(from).ok()?, time(until).ok()?)));
    let quiet = times.filter(|(from, until)| from != until).map(|(from, until)| Quiet { from, until });
    quiet.ok_or_else(|| format!("`{value}` is no stretch like 20:00-06:00"))
}

/// `1/3`.
fn share(value: &str) -> Result<Share, String> {
    let parts = value.split_once('/');
    let read = parts.and_then(|(parts, of)| Some(Share { parts: parts.parse().ok()?, of: of.parse().ok()? }));
    read.filter(|share| 0 < share.parts && share.parts <= share.of)
        .ok_or_else(|| format!("`{value}` is no part like 1/3"))
}

fn number(value: &str, least: u32, most: u32) -> Result<u32, String> {
    let read = value.parse().ok().filter(|number| (least..=most).contains(number));
    read.ok_or_else(|| format!("`{value}` is not a number from {least} to {most}"))
}

/// Message formats by id, the ordinary one first.
fn formats(value: &str) -> Result<Vec<FormatId>, String> {
    let ids = value.split([' ', ',']).filter(|id| !id.is_empty());
    let ids: Vec<FormatId> =
        ids.map(|id| FormatId::read(id).map_err(|error| error.to_string())).collect::<Result<_, _>>()?;
    if ids.is_empty() { Err("name one format at least".to_owned()) } else { Ok(ids) }
}

/// `none`, or a value.
fn optional<T>(value: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if value == "none" { Ok(None) } else { read(value).map(Some) }
}

fn one_of<T: Copy>(value: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let chosen = choices.iter().find(|(name, _)| *name == value).map(|(_, choice)| *choice);
    chosen.ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        format!("`{value}` is none of {}", names.join(", "))
    })
}

/// `tomorrow`, or `today 60`: until so many minutes before the hour.
fn earliest(value: &str) -> Result<Earliest, String> {
    if value == "tomorrow" {
        return Ok(Earliest::Tomorrow);
    }
    let minutes = value.strip_prefix("today").ok_or_else(|| format!("`{value}` is neither tomorrow nor today 60"))?;
    number(minutes.trim(), 0, MINUTES_MAX).map(|minutes_before| Earliest::Today { minutes_before })
}

/// `07:30-10:00`.
fn span(value: &str) -> Result<Span, String> {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    let read = value.split_once('-').and_then(|(from, until)| Some(Span { from: time(from)?, until: time(until)? }));
    read.filter(|span| span.from < span.until).ok_or_else(|| format!("`{value}` is no span like 07:30-10:00"))
}

/// `2017-08-07 Pindah gedung`.
fn dated(value: &str) -> Result<(NaiveDate, &str), String> {
    let (date, rest) = value.split_once(' ').unwrap_or((value, ""));
    let date = date.parse().map_err(|_| format!("`{date}` is no date like 2017-08-07"))?;
    let rest = Some(rest.trim()).filter(|rest| !rest.is_empty());
    Ok((date, rest.ok_or_else(|| "after the date stands a reason, or hours like 08:00-12:00".to_owned())?))
}
