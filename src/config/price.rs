//! `[channel.price]`: what a provider takes for a message, so that a command can say beforehand what it will cost.

use toml::de::DeValue;

use super::value::text;
pub use crate::domain::price::{Amount, Price};
use crate::sheet::{Mistake, Read, Table};

/// Digits behind the point that a price may have.
const DECIMALS: usize = 4;
/// Longest name of a currency, in characters.
const CURRENCY_CHARS_MAX: usize = 8;

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
    read.map(Amount::of_parts).ok_or_else(|| {
        Mistake::new("is no price", "write a whole number like 357, or a text with a point like \"0.0041\"")
    })
}
