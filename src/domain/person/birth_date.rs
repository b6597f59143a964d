//! Birth dates.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Nobody older registers; older birth dates are typing slips.
pub const AGE_YEARS_MAX: i32 = 120;

/// A birth date that is not in the future and not more than [`AGE_YEARS_MAX`] years back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TglLahir(NaiveDate);

/// Why a date is not a birth date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TglLahirError {
    /// After the day of sending.
    #[error("a birth date is not in the future")]
    Future,
    /// More than [`AGE_YEARS_MAX`] years back.
    #[error("nobody is older than {AGE_YEARS_MAX}")]
    TooOld,
}

impl TglLahir {
    /// Takes `date` as a birth date, judged on `today` (the office's date of sending).
    ///
    /// # Errors
    /// [`TglLahirError`] when it lies in the future or too far back.
    pub fn judge(date: NaiveDate, today: NaiveDate) -> Result<Self, TglLahirError> {
        if date > today {
            return Err(TglLahirError::Future);
        }
        if today.year() - date.year() > AGE_YEARS_MAX {
            return Err(TglLahirError::TooOld);
        }
        Ok(Self(date))
    }

    /// The date.
    pub fn date(self) -> NaiveDate {
        self.0
    }
}

impl fmt::Debug for TglLahir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TglLahir(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a date")
    }

    #[test]
    fn nobody_is_born_tomorrow() {
        let today = day(2017, 8, 1);
        assert!(TglLahir::judge(today, today).is_ok());
        assert_eq!(TglLahir::judge(day(2017, 8, 2), today), Err(TglLahirError::Future));
        assert_eq!(TglLahir::judge(day(1896, 1, 1), today), Err(TglLahirError::TooOld));
    }
}
