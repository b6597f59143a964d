//! The form of a change.

use chrono::NaiveDate;

use super::texts::Texts;
use super::words::remedy;
use crate::domain::code::BookingCode;
use crate::domain::displaced::Remedy;
use crate::domain::displacement::Remedies;
use crate::front_desk::{CalendarAction, CalendarWish};

/// Longest nonce, in bytes.
const NONCE_BYTES_MAX: usize = 64;

/// What was filled in, as it was.
#[derive(Default, Clone)]
pub(super) struct Filled {
    pub(super) action: String,
    pub(super) change: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) hour_from: String,
    pub(super) hour_until: String,
    pub(super) seats: String,
    pub(super) reason: String,
    pub(super) all: String,
    pub(super) revision: String,
    pub(super) nonce: String,
    /// The codes of those who were listed.
    pub(super) seen: Vec<String>,
    /// What was chosen for some of them.
    pub(super) choices: Vec<(String, String)>,
}

impl Filled {
    /// Of the fields of a form.
    pub(super) fn of(fields: Vec<(String, String)>) -> Self {
        let mut filled = Self::default();
        for (name, value) in fields {
            let value = value.trim().to_owned();
            match name.as_str() {
                "action" => filled.action = value,
                "change" => filled.change = value,
                "from" => filled.from = value,
                "until" => filled.until = value,
                "hour_from" => filled.hour_from = value,
                "hour_until" => filled.hour_until = value,
                "seats" => filled.seats = value,
                "reason" => filled.reason = value,
                "all" => filled.all = value,
                "revision" => filled.revision = value,
                "nonce" => filled.nonce = value,
                "seen" => filled.seen.push(value),
                other => {
                    if let Some(code) = other.strip_prefix("choice:") {
                        filled.choices.push((code.to_owned(), value));
                    }
                }
            }
        }
        filled
    }

    /// What is wanted.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(super) fn wish(&self, t: &'static Texts) -> Result<CalendarWish, &'static str> {
        let action = match self.action.as_str() {
            "close" => CalendarAction::Close,
            "open" => CalendarAction::Open,
            "seats" => CalendarAction::Seats(self.seats.parse().map_err(|_| t.refused_seats)?),
            "back" => CalendarAction::TakeBack(self.change.parse().map_err(|_| t.refused_unknown)?),
            _ => return Err(t.refused_unknown),
        };
        let date = |text: &str| text.parse::<NaiveDate>().map_err(|_| t.refused_date);
        let (from, until) = match action {
            CalendarAction::TakeBack(_) => (NaiveDate::default(), NaiveDate::default()),
            _ if self.until.is_empty() => (date(&self.from)?, date(&self.from)?),
            _ => (date(&self.from)?, date(&self.until)?),
        };
        let hour = |text: &str| text.parse::<u8>().map_err(|_| t.refused_hours);
        let hours = match (self.hour_from.as_str(), self.hour_until.as_str()) {
            ("", "") => None,
            (from, until) => Some((hour(from)?, hour(until)?)),
        };
        Ok(CalendarWish { action, from, until, hours, reason: self.reason.clone() })
    }

    /// The choice for all that are not chosen for by themselves.
    pub(super) fn all(&self) -> Remedy {
        remedy(&self.all).unwrap_or(Remedy::Move)
    }

    /// What was chosen for one.
    pub(super) fn chosen(&self, code: &BookingCode) -> Option<Remedy> {
        let of_code = |(known, _): &&(String, String)| known == code.as_str();
        self.choices.iter().find(of_code).and_then(|(_, choice)| remedy(choice))
    }

    /// What is chosen for whoever comes up, listed before or not: to look at.
    pub(super) fn to_look(&self) -> Remedies {
        Remedies { others: Some(self.all()), named: self.named() }
    }

    /// What is chosen for those who were listed: to save. Nobody who was not seen is decided about.
    pub(super) fn to_save(&self) -> Remedies {
        let read = |code: &String| Some((BookingCode::read(code).ok()?, self.all()));
        let mut named: std::collections::BTreeMap<_, _> = self.seen.iter().filter_map(read).collect();
        named.extend(self.named());
        named.retain(|code, _| self.seen.iter().any(|seen| seen == code.as_str()));
        Remedies { others: None, named }
    }

    fn named(&self) -> std::collections::BTreeMap<BookingCode, Remedy> {
        let read = |(code, choice): &(String, String)| Some((BookingCode::read(code).ok()?, remedy(choice)?));
        self.choices.iter().filter_map(read).collect()
    }

    /// The mark of the form; `None` where it is none.
    pub(super) fn press(&self) -> Option<&str> {
        Some(self.nonce.as_str()).filter(|nonce| (1..=NONCE_BYTES_MAX).contains(&nonce.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Lang;
    use crate::web::console::calendar::texts::texts;

    fn filled(fields: &[(&str, &str)]) -> Filled {
        Filled::of(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    // Negative control: with `to_look` in place of `to_save`, whoever books meanwhile is moved without having been listed.
    #[test]
    fn only_who_was_listed_is_decided_about() {
        let form = filled(&[
            ("all", "cancel"),
            ("seen", "LMGFD5AQ"),
            ("choice:LMGFD5AQ", "keep"),
            ("choice:LMGFD5AR", "move"),
        ]);
        let code = BookingCode::read("LMGFD5AQ").unwrap();
        let saved = form.to_save();
        assert_eq!((saved.others, saved.named.get(&code), saved.named.len()), (None, Some(&Remedy::Keep), 1));
        assert_eq!(form.to_look().others, Some(Remedy::Cancel));
        assert_eq!(form.chosen(&code), Some(Remedy::Keep));
    }

    #[test]
    fn a_form_is_read_as_far_as_it_is_filled_in() {
        let t = texts(Lang::Id);
        let base = [("action", "close"), ("from", "2026-12-24"), ("reason", "Banjir")];
        let wish = filled(&base).wish(t).unwrap();
        assert_eq!((wish.from, wish.hours), (wish.until, None));
        let with = |more: (&'static str, &'static str)| filled(&[&base[..], &[more]].concat()).wish(t);
        assert_eq!(with(("hour_from", "10")).unwrap_err(), t.refused_hours);
        assert_eq!(with(("until", "besok")).unwrap_err(), t.refused_date);
        assert_eq!(filled(&[("action", "seats"), ("from", "2026-12-24")]).wish(t).unwrap_err(), t.refused_seats);
        assert_eq!(filled(&[]).wish(t).unwrap_err(), t.refused_unknown);
    }
}
