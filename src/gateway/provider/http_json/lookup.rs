//! Values of a message at configured pointers.

use serde_json::Value;

use super::mapping::Condition;
use crate::gateway::inbound::lenient;

/// The first value at these pointers that is not empty, as a text.
pub(super) fn text_at(raw: &Value, places: &[String]) -> Option<String> {
    places.iter().find_map(|place| text_of(raw.pointer(place)?))
}

/// A value as a text; lists, objects and what is empty are none.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Whether a condition holds for a message.
pub(super) fn holds(raw: &Value, condition: &Condition) -> bool {
    condition.places.iter().filter_map(|place| raw.pointer(place)).any(|value| {
        if condition.words.is_empty() {
            lenient::is_true(value)
        } else {
            text_of(value).is_some_and(|text| has_word(condition, &text))
        }
    })
}

/// Whether a text is one of a condition's words.
pub(super) fn has_word(condition: &Condition, text: &str) -> bool {
    condition.words.contains(&text.trim().to_lowercase())
}
