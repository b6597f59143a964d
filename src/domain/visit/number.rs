//! The numbers that are called: `09-017` of a booking, `P-03` of a priority, `W-012` of somebody without a booking.

use super::lane::Lane;

/// The next number of a row that has numbers of its own: those of a booking are its hour and seat.
pub fn row_number(lane: Lane, place: u32) -> String {
    match lane {
        Lane::Priority => format!("P-{place:02}"),
        Lane::WalkIn | Lane::Booked | Lane::Late => format!("W-{place:03}"),
    }
}

/// A number as people write it, in the form in which it is kept: `p3` is `P-03`, `w-12` is `W-012`, `9-17` is `09-017`.
///
/// `None` where it cannot be one.
pub fn read_number(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    let (row, rest) = match text.strip_prefix(['P', 'W']) {
        Some(rest) => (text.chars().next(), rest.trim_start_matches(['-', ' '])),
        None => (None, text.as_str()),
    };
    if let Some(row) = row {
        let place: u32 = number(rest)?;
        return Some(row_number(if row == 'P' { Lane::Priority } else { Lane::WalkIn }, place));
    }
    let (hour, seat) = rest.split_once(['-', ' ', '.'])?;
    let hour: u32 = number(hour)?;
    // A second person with the number of a booking that was given up has a letter behind it.
    let letter = seat.trim_start_matches(|c: char| c.is_ascii_digit());
    let seat: u32 = number(seat.strip_suffix(letter)?)?;
    let is_letter = letter.len() <= 1 && letter.bytes().all(|b| b.is_ascii_uppercase());
    (hour < 24 && is_letter).then(|| format!("{hour:02}-{seat:03}{letter}"))
}

/// Digits only: `+7` is no number of a queue.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_back_however_it_is_written() {
        for (text, read) in [
            ("09-017", "09-017"),
            ("9-17", "09-017"),
            ("9 17", "09-017"),
            ("09-017b", "09-017B"),
            ("10-1250", "10-1250"),
            ("p3", "P-03"),
            ("P-03", "P-03"),
            ("w-12", "W-012"),
            ("W 12", "W-012"),
        ] {
            assert_eq!(read_number(text).as_deref(), Some(read), "{text}");
        }
        for text in ["", "P", "W-", "17", "24-001", "09-", "09-+17", "09-017BC", "X-03", "LMGF-D5AQ"] {
            assert_eq!(read_number(text), None, "{text}");
        }
        assert_eq!(row_number(Lane::WalkIn, 1_012), "W-1012");
    }
}
