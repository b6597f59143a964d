//! The time of sending in every spelling that providers use. A time never costs its message: where it cannot be read or is
//! implausible, the time of arrival counts. Pure.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use serde_json::Value;

/// How old a time of sending may be: WhatsApp delivers again for seven days, no other provider for longer.
pub const SENT_AGE_MAX: TimeDelta = TimeDelta::days(8);
/// How far in the future a time of sending may be: unsynchronised clocks differ by minutes.
pub const SENT_AHEAD_MAX: TimeDelta = TimeDelta::minutes(10);
/// Longest text that is looked at, in bytes: the longest spelling known has about forty.
const TEXT_BYTES_MAX: usize = 64;
/// Numbers from here on are milliseconds: as seconds it would be the year 5138.
const MILLIS_MIN: u64 = 100_000_000_000;
/// Numbers from here on are microseconds.
const MICROS_MIN: u64 = 100_000_000_000_000;
/// Numbers from here on are nanoseconds.
const NANOS_MIN: u64 = 100_000_000_000_000_000;
/// Hours ahead of UTC that a time without a zone may mean, in the order in which they are tried: UTC, and the three zones of
/// Indonesia. A reading in the future is no reading.
const ZONES_HOURS: [i32; 4] = [0, 7, 8, 9];

/// The time of sending as the provider gives it, or the time of arrival where that is unreadable or implausible.
///
/// The two bounds, [`SENT_AGE_MAX`] and [`SENT_AHEAD_MAX`], are counted from `received_at`.
pub(in crate::gateway) fn sent_at(claimed: Option<&Value>, received_at: DateTime<Utc>) -> DateTime<Utc> {
    let Some(claimed) = claimed else { return received_at };
    let plausible = |instant: &DateTime<Utc>| is_plausible(*instant, received_at);
    let numbered = match claimed {
        Value::Number(number) => epoch(&number.to_string()),
        Value::String(text) => epoch(text),
        // A 64-bit number of JavaScript's protobuf.
        Value::Object(parts) => parts.get("low").and_then(Value::as_i64).and_then(|low| {
            let high = parts.get("high").and_then(Value::as_i64).unwrap_or_default();
            epoch(&(high.wrapping_shl(32) | (low & 0xFFFF_FFFF)).to_string())
        }),
        _ => None,
    };
    let written = || claimed.as_str().map(written).unwrap_or_default().into_iter().find(plausible);
    numbered.filter(plausible).or_else(written).unwrap_or(received_at)
}

/// A time of sending within its bounds, else the time of arrival.
pub(in crate::gateway) fn bounded(claimed: DateTime<Utc>, received_at: DateTime<Utc>) -> DateTime<Utc> {
    if is_plausible(claimed, received_at) { claimed } else { received_at }
}

fn is_plausible(instant: DateTime<Utc>, received_at: DateTime<Utc>) -> bool {
    (-SENT_AHEAD_MAX..=SENT_AGE_MAX).contains(&received_at.signed_duration_since(instant))
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, perhaps with a fraction or an exponent.
fn epoch(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.len() > TEXT_BYTES_MAX {
        return None;
    }
    let number = text.parse::<u64>().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        // Rounded by its text: there is no other way from one to the other that cannot overflow.
        number.is_finite().then(|| format!("{number:.0}").parse().ok())?
    })?;
    let signed = i64::try_from(number).ok()?;
    match number {
        0..MILLIS_MIN => DateTime::from_timestamp(signed, 0),
        MILLIS_MIN..MICROS_MIN => DateTime::from_timestamp_millis(signed),
        MICROS_MIN..NANOS_MIN => DateTime::from_timestamp_micros(signed),
        _ => Some(DateTime::from_timestamp_nanos(signed)),
    }
}

/// What a written time may mean, the likeliest first.
fn written(text: &str) -> Vec<DateTime<Utc>> {
    // Behind `[` some libraries name the zone once more.
    let text = text.split('[').next().unwrap_or_default().trim();
    if text.len() > TEXT_BYTES_MAX || !text.is_ascii() {
        return Vec::new();
    }
    if let Ok(instant) = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)) {
        return vec![instant.to_utc()];
    }
    let upper = text.to_ascii_uppercase();
    let Some((date, rest)) = upper.split_once([' ', 'T', ',', '_']) else { return compact(&upper) };
    let (time, zone) = zoned(rest.trim_matches([' ', ',']));
    let Some(time) = time_of_day(time) else { return Vec::new() };
    let zones: Vec<FixedOffset> = match zone {
        Zone::Told(zone) => vec![zone],
        Zone::None => ZONES_HOURS.iter().filter_map(|hours| FixedOffset::east_opt(hours * 3_600)).collect(),
    };
    let meant = |date: NaiveDate| {
        let local = date.and_time(time);
        zones.clone().into_iter().filter_map(move |zone| zone.from_local_datetime(&local).single())
    };
    dates(date).into_iter().flat_map(meant).map(|instant| instant.to_utc()).collect()
}

/// `20260803090000`, in any zone.
fn compact(text: &str) -> Vec<DateTime<Utc>> {
    let Ok(local) = chrono::NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S") else { return Vec::new() };
    let zones = ZONES_HOURS.iter().filter_map(|hours| FixedOffset::east_opt(hours * 3_600));
    zones.filter_map(|zone| zone.from_local_datetime(&local).single()).map(|instant| instant.to_utc()).collect()
}

/// A zone that a time names, or none.
enum Zone {
    Told(FixedOffset),
    None,
}

/// The time without its zone, and the zone.
fn zoned(text: &str) -> (&str, Zone) {
    let named = [("Z", 0), ("UTC", 0), ("GMT", 0), ("WITA", 8), ("WIB", 7), ("WIT", 9)];
    for (name, hours) in named {
        if let Some(time) = text.strip_suffix(name) {
            return (time.trim_end(), FixedOffset::east_opt(hours * 3_600).map_or(Zone::None, Zone::Told));
        }
    }
    let Some(at) = text.find(['+', '-']) else { return (text, Zone::None) };
    let (time, zone) = text.split_at(at);
    let whole = if zone.len() == 3 { format!("{zone}00") } else { zone.to_owned() };
    (time.trim_end(), whole.parse().map_or(Zone::None, Zone::Told))
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let spellings = [
        "%H:%M:%S%.f",
        "%H:%M",
        "%H.%M.%S",
        "%H.%M",
        "%I:%M:%S %p",
        "%I:%M %p",
        "%I:%M:%S%p",
        "%I:%M%p",
        "%H:%M:%S,%f",
    ];
    spellings.iter().find_map(|spelling| NaiveTime::parse_from_str(text, spelling).ok())
}

/// A day as three numbers: year first; or day first, as Indonesia writes, and only then month first.
fn dates(text: &str) -> Vec<NaiveDate> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [a, b, c] = parts.as_slice() else { return Vec::new() };
    let numbers = (a.parse::<u16>(), b.parse::<u16>(), c.parse::<u16>());
    let (Ok(first), Ok(second), Ok(third)) = numbers else { return Vec::new() };
    let date = |year: u16, month: u16, day: u16| {
        let year = if year < 100 { 2_000 + i32::from(year) } else { i32::from(year) };
        NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))
    };
    if a.len() == 4 {
        return date(first, second, third).into_iter().collect();
    }
    [date(third, second, first), date(third, first, second)].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    // Negative control: without `ZONES_HOURS`' three zones, day-first times of the clock on the wall are the arrival.
    #[test]
    fn every_spelling_of_one_instant_is_read_as_that_instant() {
        // Three minutes later it is here.
        let (sent, received_at) = (at("2026-08-03T02:00:00Z"), at("2026-08-03T02:03:00Z"));
        let seconds = sent.timestamp();
        for claimed in [
            json!(seconds),
            json!(seconds.to_string()),
            json!(format!(" {seconds} ")),
            json!(format!("{seconds}.0")),
            json!(1_785_722_400.25),
            json!("1.7857224e9"),
            json!(seconds * 1_000),
            json!((seconds * 1_000).to_string()),
            json!(seconds * 1_000_000),
            json!(seconds * 1_000_000_000),
            json!({"low": seconds, "high": 0, "unsigned": true}),
            json!("2026-08-03T02:00:00Z"),
            json!("2026-08-03T02:00:00.000+0000"),
            json!("2026-08-03T02:00:00.885+0000"),
            json!("2026-08-03T09:00:00+07"),
            json!("2026-08-03T09:00:00+07:00[Asia/Jakarta]"),
            json!("2026-08-03 09:00:00 +0700"),
            json!("2026-08-03 02:00:00"),
            json!("2026-08-03T02:00"),
            json!("2026-08-03 02:00:00.5"),
            json!("2026/08/03 02:00:00"),
            json!("2026-08-03 02:00:00 UTC"),
            json!("2026-08-03 10:00:00 WITA"),
            json!("03/08/2026 09:00"),
            json!("03/08/2026 09:00:00"),
            json!("03-08-2026 09.00"),
            json!("3.8.2026, 09:00"),
            json!("03/08/26 09:00 WIB"),
            json!("08/03/2026 09:00 AM"),
            json!("20260803020000"),
            json!("Mon, 03 Aug 2026 02:00:00 GMT"),
        ] {
            let read = sent_at(Some(&claimed), received_at);
            assert!((read - sent).abs() < TimeDelta::seconds(1), "{claimed}: {read}");
        }
    }

    #[test]
    fn what_is_no_time_is_the_time_of_arrival() {
        let received_at = at("2026-08-03T02:03:00Z");
        for claimed in [
            json!(null),
            json!(""),
            json!("x"),
            json!(-1),
            json!("-1785722400"),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(1e300),
            json!("1e400"),
            json!("NaN"),
            json!("9".repeat(500)),
            json!(true),
            json!([1_785_722_400]),
            json!({"low": "x"}),
            json!("besok"),
            json!("31/02/2026 09:00"),
            json!("2026-08-03"),
            json!("٠٣/٠٨/٢٠٢٦ ٠٩:٠٠"),
        ] {
            assert_eq!(sent_at(Some(&claimed), received_at), received_at, "{claimed}");
        }
        assert_eq!(sent_at(None, received_at), received_at);
    }

    // Negative control: with `is_plausible` always true, this one, `every_spelling…` and `no_time_is_too_odd` fail.
    #[test]
    fn a_time_of_sending_is_believed_within_its_bounds() {
        let received_at = at("2026-11-22T03:00:00Z");
        for (claimed, believed) in [
            (received_at - TimeDelta::seconds(1), true),
            (received_at - SENT_AGE_MAX, true),
            (received_at - SENT_AGE_MAX - TimeDelta::seconds(1), false),
            (received_at + SENT_AHEAD_MAX, true),
            (received_at + SENT_AHEAD_MAX + TimeDelta::seconds(1), false),
            (DateTime::UNIX_EPOCH, false),
        ] {
            let expected = if believed { claimed } else { received_at };
            assert_eq!(sent_at(Some(&json!(claimed.timestamp())), received_at), expected, "{claimed}");
            assert_eq!(sent_at(Some(&json!(claimed.to_rfc3339())), received_at), expected, "{claimed}");
        }
    }

    proptest! {
        #[test]
        fn no_time_is_too_odd(number: i64, text in ".{0,80}|[0-9TZ:/+. -]{0,40}") {
            let received_at = at("2026-11-22T03:00:00Z");
            for claimed in [json!(number), json!(text), json!({"low": number, "high": number})] {
                let sent = sent_at(Some(&claimed), received_at);
                prop_assert!(sent >= received_at - SENT_AGE_MAX && sent <= received_at + SENT_AHEAD_MAX);
            }
        }
    }
}
