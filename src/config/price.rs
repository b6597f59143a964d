//! `[channel.price]`: what a provider takes for a message, so that a command can say beforehand what it will cost.

use toml::de::DeValue;

use super::value::text;
use crate::sheet::{Mistake, Read, Table};

/// Digits behind the point that a price may have.
const DECIMALS: usize = 4;
/// Longest name of a currency, in characters.
const CURRENCY_CHARS_MAX: usize = 8;

/// An amount of money, in ten-thousandths of its currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount(u64);

impl Amount {
    /// So many times as much.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// `14`, `14.5`, `0.0041`.
impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{rest:04}").trim_end_matches('0'))
    }
}

/// What messages on a channel cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The currency, as it is to be printed.
    pub currency: String,
    /// One message inside of the window for free replies.
    pub inside: Amount,
    /// One message outside of it: a template.
    pub outside: Amount,
}

/// Reads the table; what is wrong with it has been noted where there is none.
pub(super) fn read(mut table: Table<'_, '_>) -> Option<Price> {
    table.refuse_unknown(&["currency", "inside", "outside"]);
    let currency = table.need("currency", currency, "currency = \"IDR\"");
    let inside = table.need("inside", amount, "inside = 0, the price of a message inside of the 24 hours");
    let outside = table.need("outside", amount, "outside = 357, the price of a template outside of them");
    Some(Price { currency: currency?.value, inside: inside?.value, outside: outside?.value })
}

fn currency(value: &DeValue<'_>) -> Read<String> {
    let name = text(value)?;
    if name.chars().count() <= CURRENCY_CHARS_MAX && !name.is_empty() {
        return Ok(name);
    }
    Err(Mistake::new("is no currency", "write it in short, like \"IDR\" or \"USD\""))
}

/// A whole number, or a text with a point: `"0.0041"`.
fn amount(value: &DeValue<'_>) -> Read<Amount> {
    let written = value.as_integer().map(|number| number.as_str().to_owned());
    let written = written.or_else(|| value.as_str().map(str::to_owned)).unwrap_or_default();
    let (whole, rest) = written.split_once('.').unwrap_or((&written, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let read = (!whole.is_empty() && is_number(whole) && is_number(rest) && rest.len() <= DECIMALS)
        .then(|| format!("{whole}{rest:0<DECIMALS$}").parse().ok())
        .flatten();
    read.map(Amount).ok_or_else(|| {
        Mistake::new("is no price", "write a whole number like 357, or a text with a point like \"0.0041\"")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_printed_as_they_are_written() {
        let cost = Amount(3_570_000).times(300).and(Amount(41).times(3));
        assert_eq!(cost.to_string(), "107100.0123");
        assert_eq!([Amount(0), Amount(140_000), Amount(145_000)].map(|one| one.to_string()), ["0", "14", "14.5"]);
    }
}
