//! Advice about office files: what a file may say but hardly means. `antrean check` prints it; nothing is refused for it.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::domain::office::{Dated, Office};

/// Days after which a closed or opened date counts as long over: a file stays as it is for some weeks after a date has passed.
const OVER_DAYS: u64 = 60;
/// The week, for the most that one day of it offers.
const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// One piece of advice about an office file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What is odd, with the office's id.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

/// What is odd about an office, as seen on `today`.
pub fn advice(office: &Office, today: NaiveDate) -> Vec<Advice> {
    [long_over(office, today), closed_on_a_free_day(office), too_many_seats(office), too_few_seats(office)]
        .into_iter()
        .flatten()
        .map(|(what, remedy)| Advice { what: format!("the office `{}` {what}", office.id), remedy })
        .collect()
}

type Found = Option<(String, String)>;

fn long_over(office: &Office, today: NaiveDate) -> Found {
    let bound = today.checked_sub_days(Days::new(OVER_DAYS))?;
    let over: Vec<NaiveDate> = office.dated.keys().copied().take_while(|date| *date < bound).collect();
    let (first, last) = (over.first()?, over.last()?);
    let what = match over.len() {
        1 => format!("closes or opens on {first}, which is long over"),
        count => format!("closes or opens on {count} days from {first} to {last}, which are long over"),
    };
    Some((what, "remove the entry, or check its year".to_owned()))
}

fn closed_on_a_free_day(office: &Office) -> Found {
    let (date, weekday) = office.dated.iter().find_map(|(date, dated)| {
        let weekday = date.weekday();
        (matches!(dated, Dated::Closed { .. }) && office.hours.on(weekday).is_empty()).then_some((date, weekday))
    })?;
    let day = weekday_name(weekday);
    Some((
        format!("closes on {date}, a {day}, but never opens on a {day}"),
        "check the date, or remove the entry".to_owned(),
    ))
}

fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// A limit of seats in a day that is higher than any day's hours give.
fn too_many_seats(office: &Office) -> Found {
    let limit = office.seats_per_day?;
    let hours = |day| office.hours.on(day).iter().flat_map(|span| span.hours()).count();
    let longest = u32::try_from(WEEK.into_iter().map(hours).max()?).ok()?;
    let most = office.seats_per_hour.saturating_mul(longest);
    (limit > most).then(|| {
        let what = format!(
            "gives at most seats_per_day = {limit}, but its longest day has {longest} hours of {} seats, {most} in all",
            office.seats_per_hour
        );
        (what, format!("remove seats_per_day, write at most {most}, or raise seats_per_hour"))
    })
}

/// A limit of seats in a day that is smaller than the largest party.
fn too_few_seats(office: &Office) -> Found {
    let limit = office.seats_per_day?;
    let party = office.policy.people_per_booking;
    (limit < party).then(|| {
        let what = format!("takes up to {party} people in one booking, but gives seats_per_day = {limit}");
        (what, format!("write seats_per_day = {party} or more, or a smaller people_per_booking"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample;

    fn told(change: impl FnOnce(&mut Office)) -> Vec<String> {
        let mut office = sample::office();
        office.dated.clear();
        office.seats_per_day = None;
        change(&mut office);
        let today = NaiveDate::from_ymd_opt(2026, 11, 29).unwrap();
        advice(&office, today).into_iter().map(|advice| format!("{} | {}", advice.what, advice.remedy)).collect()
    }

    fn close(office: &mut Office, date: &str) {
        office.dated.insert(date.parse().unwrap(), Dated::Closed { reason: "Pindah gedung".to_owned() });
    }

    // Negative control: an office as it should be gives none, so each row below is its own change's.
    #[test]
    fn what_is_odd_is_told_and_nothing_else() {
        assert_eq!(told(|office| close(office, "2026-12-28")), Vec::<String>::new());
        assert_eq!(told(|office| close(office, "2026-11-02")), Vec::<String>::new(), "a few weeks are not long");
        for (said, part) in [
            (told(|office| close(office, "2025-12-29")), "on 2025-12-29, which is long over"),
            (told(|office| close(office, "2026-12-27")), "closes on 2026-12-27, a Sunday"),
            (told(|office| office.seats_per_day = Some(100_000)), "gives at most seats_per_day = 100000"),
            (
                told(|office| {
                    office.seats_per_day = Some(1);
                    office.policy.people_per_booking = 5;
                }),
                "up to 5 people in one booking, but gives seats_per_day = 1",
            ),
        ] {
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(said[0].contains(part), "{said:?}");
        }
    }
}
