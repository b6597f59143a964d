//! Reads single TOML values: what a text, a number, a choice may be.

use toml::de::DeValue;

use super::nearest::nearest;

/// What is wrong with one value, to be said after its key, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Mistake {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}

/// A value, or what is wrong with it.
pub(crate) type Read<T> = Result<T, Mistake>;

/// What a value is, in a clerk's words.
pub(crate) fn called(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text \"{text}\""),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the fraction {}", number.as_str()),
        DeValue::Boolean(truth) => format!("{truth}"),
        DeValue::Datetime(stamp) => format!("{stamp}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

pub(crate) fn string<'v>(value: &'v DeValue<'_>) -> Read<&'v str> {
    value.as_str().ok_or_else(|| Mistake::new(format!("must be a text, not {}", called(value)), "put it in \"quotes\""))
}

/// A line of text: not empty, no line breaks, no space around it, at most `chars_max` characters.
pub(crate) fn line(value: &DeValue<'_>, chars_max: usize) -> Read<String> {
    let text = string(value)?;
    if text.is_empty() {
        return Err(Mistake::new("is empty", "write something in the quotes, or remove the line"));
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err(Mistake::new(
            "has a line break, a tab or spaces at its ends",
            "write it as one line without spaces at its ends",
        ));
    }
    let chars = text.chars().count();
    if chars > chars_max {
        let what = format!("is {chars} characters long, but has room for {chars_max}");
        return Err(Mistake::new(what, format!("shorten it by {}", chars - chars_max)));
    }
    Ok(text.to_owned())
}

/// A whole number from `min` to `max`.
pub(crate) fn whole(value: &DeValue<'_>, min: u32, max: u32) -> Read<u32> {
    let number = value.as_integer().and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
    number.filter(|number| (min..=max).contains(number)).ok_or_else(|| {
        Mistake::new(
            format!("must be a whole number from {min} to {max}, not {}", called(value)),
            format!("write a number from {min} to {max}, without quotes"),
        )
    })
}

/// `true` or `false`.
pub(crate) fn truth(value: &DeValue<'_>) -> Read<bool> {
    value.as_bool().ok_or_else(|| {
        Mistake::new(format!("must be true or false, not {}", called(value)), "write true or false, without quotes")
    })
}

/// One of a few words, in any case.
pub(crate) fn choice<T: Copy>(value: &DeValue<'_>, choices: &[(&str, T)]) -> Read<T> {
    let text = string(value)?;
    if let Some(&(_, chosen)) = choices.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
        return Ok(chosen);
    }
    let words: Vec<String> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    let remedy = nearest(text, choices.iter().map(|&(word, _)| word))
        .map_or_else(|| format!("write one of {}", words.join(", ")), |word| format!("did you mean \"{word}\"?"));
    Err(Mistake::new(format!("must be one of {}, not \"{text}\"", words.join(", ")), remedy))
}
