//! Fields of the wire that may be missing, null, or of another type than documented: only what carries a message may cost
//! it. Used by `#[serde(default, deserialize_with = "…")]`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A text; a number is its digits. Anything else is absent.
pub(in crate::gateway) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A truth value: true, 1, `"true"`, `"yes"`. Anything else is false.
pub(in crate::gateway) fn truth<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(is_true(&Value::deserialize(from)?))
}

/// Whether a value says yes.
pub(in crate::gateway) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_i64() == Some(1),
        Value::String(text) => matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "1" | "yes"),
        _ => false,
    }
}

/// A number, perhaps written as a text. Anything else is absent.
pub(in crate::gateway) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    })
}

/// An object with known fields. Anything else is absent.
pub(in crate::gateway) fn part<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    // Only an object: serde takes a list for a struct as well, field by field.
    Ok(Some(Value::deserialize(from)?).filter(Value::is_object).and_then(|part| serde_json::from_value(part).ok()))
}

/// A list: null is an empty one, and elements of another type are left out.
pub(in crate::gateway) fn list<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(list) => list.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect(),
        _ => Vec::new(),
    })
}
