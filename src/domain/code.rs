//! The two codes a citizen handles: the booking code, shown at the entrance, and the approval code, sent back once.

use std::fmt;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// Thirty-two characters without 0, O, 1 and I, which look alike on paper and sound alike at a counter.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Characters of a booking code, the check character included.
pub const BOOKING_CODE_CHARS: usize = 8;
/// Digits of an approval code; the documented samples have eight (`00002681`).
pub const APPROVAL_CODE_DIGITS: usize = 8;

/// A booking code: seven random characters and a check character, written `LMGF-D5AQ`.
///
/// The check character catches every single wrong character and every swap of two neighbours.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BookingCode(String);

/// A text that is no booking code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a booking code: eight letters and digits with a check character, like LMGF-D5AQ")]
pub struct BookingCodeError;

/// Multiplies by x in GF(32) with x^5 + x^2 + 1, whose powers are all different for 31 places.
fn times_x(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 { shifted } else { (shifted ^ 0b10_0101) & 0b1_1111 }
}

/// The check value over `values`: Horner's rule in GF(32), so neighbours have different weights.
fn check(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_x(sum ^ value))
}

fn value_of(character: char) -> Option<u8> {
    let upper = u8::try_from(character.to_ascii_uppercase()).ok()?;
    ALPHABET.iter().position(|&letter| letter == upper).and_then(|at| u8::try_from(at).ok())
}

fn letter_of(value: u8) -> char {
    ALPHABET.get(usize::from(value & 31)).map_or('2', |&letter| char::from(letter))
}

impl BookingCode {
    /// Draws a new code.
    pub fn draw(rng: &mut impl Rng) -> Self {
        let mut values: Vec<u8> = (1..BOOKING_CODE_CHARS).map(|_| rng.random_range(0..32)).collect();
        values.push(check(&values));
        Self(values.into_iter().map(letter_of).collect())
    }

    /// The code of an erased booking, in the place of the one that its citizen had: made of the booking's number, so that it says
    /// nothing and no two bookings share it.
    pub fn of_erased(booking: i64) -> Self {
        let mut rest = booking.unsigned_abs();
        let mut values: Vec<u8> = Vec::with_capacity(BOOKING_CODE_CHARS);
        for _ in 1..BOOKING_CODE_CHARS {
            values.push(u8::try_from(rest & 31).unwrap_or(0));
            rest >>= 5;
        }
        values.push(check(&values));
        Self(values.into_iter().map(letter_of).collect())
    }

    /// Reads a code as people type it: any case, with spaces, dashes or a `#` in it.
    ///
    /// # Errors
    /// [`BookingCodeError`] when the length, a character or the check character is wrong.
    pub fn read(text: &str) -> Result<Self, BookingCodeError> {
        let values: Option<Vec<u8>> = text.chars().filter(|c| !matches!(c, ' ' | '-' | '#')).map(value_of).collect();
        let values = values.ok_or(BookingCodeError)?;
        match values.split_last() {
            Some((last, rest)) if values.len() == BOOKING_CODE_CHARS && check(rest) == *last => {
                Ok(Self(values.into_iter().map(letter_of).collect()))
            }
            _ => Err(BookingCodeError),
        }
    }

    /// The eight characters, without the dash: what the QR picture holds.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In two groups of four, as it is printed.
impl fmt::Display for BookingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (front, back) = self.0.split_at_checked(4).unwrap_or((&self.0, ""));
        write!(f, "{front}-{back}")
    }
}

impl fmt::Debug for BookingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BookingCode(…)")
    }
}

impl TryFrom<String> for BookingCode {
    type Error = BookingCodeError;
    fn try_from(text: String) -> Result<Self, BookingCodeError> {
        Self::read(&text)
    }
}

impl From<BookingCode> for String {
    fn from(code: BookingCode) -> Self {
        code.0
    }
}

/// An approval code: eight digits as a text, because leading zeros matter (`00002681`, Kompas 19 July 2017).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApprovalCode(String);

impl ApprovalCode {
    /// Draws a new code.
    pub fn draw(rng: &mut impl Rng) -> Self {
        Self(format!("{:08}", rng.random_range(0..100_000_000_u32)))
    }

    /// Reads a code as people send it back: spaces, dashes and a `#` are dropped, lost leading zeros put back.
    ///
    /// `None` unless 1 to 8 ASCII digits remain.
    pub fn read(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '#')).collect();
        let fits = (1..=APPROVAL_CODE_DIGITS).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| Self(format!("{digits:0>8}")))
    }

    /// The eight digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApprovalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ApprovalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApprovalCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng;

    proptest! {
        #[test]
        fn a_drawn_code_reads_back_however_it_is_typed(seed: u64) {
            let code = BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(seed));
            prop_assert_eq!(BookingCode::read(&code.to_string().to_lowercase()), Ok(code.clone()));
            prop_assert_eq!(BookingCode::read(&format!("# {} ", code.as_str())), Ok(code));
        }

        // Negative control: with `check` returning a plain sum, the swap case fails.
        #[test]
        fn one_wrong_character_or_one_swap_is_caught(seed: u64, at in 0usize..8, other in 0u8..32) {
            let code = BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(seed));
            let letters: Vec<char> = code.as_str().chars().collect();
            let mut wrong = letters.clone();
            wrong[at] = letter_of(other);
            if wrong != letters {
                prop_assert_eq!(BookingCode::read(&wrong.iter().collect::<String>()), Err(BookingCodeError));
            }
            if at < 7 {
                let mut swapped = letters.clone();
                swapped.swap(at, at + 1);
                if swapped != letters {
                    prop_assert_eq!(BookingCode::read(&swapped.iter().collect::<String>()), Err(BookingCodeError));
                }
            }
        }
    }

    #[test]
    fn leading_zeros_survive() {
        for typed in ["00002681", "2681", " # 2681", "0000-2681", "0000 2681"] {
            assert_eq!(ApprovalCode::read(typed).map(|c| c.to_string()), Some("00002681".to_owned()), "{typed}");
        }
        assert_eq!(ApprovalCode::read("123456789"), None);
        assert_eq!(ApprovalCode::read("12a4"), None);
        assert_eq!(ApprovalCode::read(""), None);
    }
}
