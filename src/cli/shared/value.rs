//! Values that several commands read or print: host names, instants, counts, the office's own time.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::domain::office::Zone;

/// The hour that a day without one stands for, as a message's time of sending: offices are open then.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// Reads a host name, as a browser's address has it.
///
/// # Errors
/// A sentence with an example.
pub fn host(text: &str) -> Result<String, String> {
    let is_name = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let name = text.strip_suffix('.').unwrap_or(text);
    if name.split('.').all(is_name) {
        Ok(name.to_ascii_lowercase())
    } else {
        Err("not a host name; write the name alone, without http:// and without a port: demo.kantor.lan".to_owned())
    }
}

/// Reads when a message was sent: `2026-08-03T09:00:00+07:00`; without a zone it is WIB, without a time nine o'clock.
///
/// # Errors
/// A sentence with examples.
pub fn sent(text: &str) -> Result<DateTime<FixedOffset>, String> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant);
    }
    let moment = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .into_iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(MORNING));
    let moment = moment.or_else(day).ok_or_else(|| {
        "not a time; write 2026-08-03, \"2026-08-03 09:00\" (WIB) or 2026-08-03T09:00:00+07:00".to_owned()
    })?;
    Ok(Zone::Wib.instant(moment).fixed_offset())
}

/// `1 reply`, `2 replies`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// An instant as the clock of `zone` shows it: `2026-08-03 09:00 WIB`.
pub fn local(at: DateTime<Utc>, zone: Zone) -> String {
    format!("{} {}", zone.local(at).format("%Y-%m-%d %H:%M"), zone.name())
}

/// How long ago or ahead something is, to its largest unit: `3 min ago`, `in 2 h`, `now`.
pub fn distance(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (at - now).num_seconds();
    let size = match seconds.unsigned_abs() {
        0..60 => return "now".to_owned(),
        size @ 60..3_600 => format!("{} min", size / 60),
        size @ 3_600..172_800 => format!("{} h", size / 3_600),
        size => format!("{} days", size / 86_400),
    };
    if seconds < 0 { format!("{size} ago") } else { format!("in {size}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_sending_may_lack_zone_and_hour() {
        let nine: DateTime<FixedOffset> = "2026-08-03T09:00:00+07:00".parse().unwrap();
        for text in [
            "2026-08-03",
            "2026-08-03 09:00",
            "2026-08-03T09:00:00",
            "2026-08-03T09:00:00+07:00",
            "2026-08-03T02:00:00Z",
        ] {
            assert_eq!(sent(text), Ok(nine), "{text}");
        }
        for text in ["yesterday", "03-08-2026 9", "2026-02-30"] {
            assert!(sent(text).unwrap_err().contains("2026-08-03 09:00"), "{text}");
        }
    }

    #[test]
    fn distances_and_counts_read_as_people_say_them() {
        let now: DateTime<Utc> = "2026-08-03T02:00:00Z".parse().unwrap();
        let after = |seconds| distance(now + chrono::TimeDelta::seconds(seconds), now);
        assert_eq!(
            [after(0), after(-59), after(-60), after(7_300), after(-172_900)],
            ["now", "now", "1 min ago", "in 2 h", "2 days ago"]
        );
        assert_eq!([counted(1, "reply", "replies"), counted(0, "reply", "replies")], ["1 reply", "0 replies"]);
        assert_eq!(local(now, Zone::Wit), "2026-08-03 11:00 WIT");
    }
}
