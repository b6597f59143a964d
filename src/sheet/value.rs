//! Reads single TOML values: texts, numbers, choices, ids and dates within their limits.

use chrono::NaiveDate;
use toml::de::DeValue;

use super::nearest::nearest;

/// What is wrong with one value, as a message that follows the name of its key, and what to write instead.
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

/// What a value is, in plain words.
pub(crate) fn described(value: &DeValue<'_>) -> String {
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
    value
        .as_str()
        .ok_or_else(|| Mistake::new(format!("must be a text, not {}", described(value)), "put it in \"quotes\""))
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
            format!("must be a whole number from {min} to {max}, not {}", described(value)),
            format!("write a number from {min} to {max}, without quotes"),
        )
    })
}

/// `true` or `false`.
pub(crate) fn truth(value: &DeValue<'_>) -> Read<bool> {
    value.as_bool().ok_or_else(|| {
        Mistake::new(format!("must be true or false, not {}", described(value)), "write true or false, without quotes")
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

/// An id in kebab-case.
pub(crate) fn id<T>(value: &DeValue<'_>, read: impl FnOnce(&str) -> Option<T>) -> Read<T> {
    let text = string(value)?;
    read(text).ok_or_else(|| {
        let words: Vec<String> = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let kebab = words.join("-");
        let remedy = if kebab.is_empty() || kebab.len() > 64 {
            "write it like \"jakarta-pusat\"".to_owned()
        } else {
            format!("write \"{kebab}\"")
        };
        let what = format!("must be small letters, digits and single dashes, at most 64 of them, not \"{text}\"");
        Mistake::new(what, remedy)
    })
}

/// A date: `2017-08-21`, or in quotes `"21-08-2017"`.
pub(crate) fn date(value: &DeValue<'_>) -> Read<NaiveDate> {
    let read = match value {
        DeValue::Datetime(stamp) if stamp.time.is_none() && stamp.offset.is_none() => stamp
            .date
            .and_then(|date| NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))),
        DeValue::String(text) => {
            ["%d-%m-%Y", "%Y-%m-%d"].iter().find_map(|shape| NaiveDate::parse_from_str(text.trim(), shape).ok())
        }
        _ => None,
    };
    read.ok_or_else(|| {
        Mistake::new(
            format!("must be a day of the calendar, not {}", described(value)),
            "write year, month, day without quotes, like 2017-08-21",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_bare_and_in_quotes() {
        let day = NaiveDate::from_ymd_opt(2017, 8, 21).unwrap();
        for text in ["2017-08-21", "21-08-2017"] {
            assert_eq!(date(&DeValue::String(text.into())), Ok(day));
        }
        assert_eq!(date(&DeValue::Datetime("2017-08-21".parse().unwrap())), Ok(day));
        assert!(date(&DeValue::Datetime("2017-08-21T10:00:00".parse().unwrap())).is_err());
        assert!(date(&DeValue::String("31-06-2017".into())).is_err());
    }
}
