//! What may be kept of a body: without the values of the fields that hold secrets, by name wherever they stand, whether the
//! body can be read or not. A body that cannot be read is the one that is kept, so this looks at its text, not its structure.

/// Shortest secret that is looked for by its value, in characters: a shorter one may be part of any word.
const SECRET_CHARS_MIN: usize = 8;

/// The body as a text, without the values of `fields` and without `secrets`. Empty where it is neither JSON nor a form and
/// names one of the fields: then the end of its value is not known.
pub(super) fn kept(body: &[u8], fields: &[String], secrets: &[String]) -> String {
    let text = String::from_utf8_lossy(body).into_owned();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let text = if start.starts_with(['{', '[']) {
        fields.iter().fold(text, |text, field| without_json_field(&text, field))
    } else if start.contains('=') && !start.starts_with("--") {
        if fields.is_empty() { text } else { without_form_fields(&text, fields) }
    } else if fields.iter().any(|field| text.contains(field.as_str())) {
        String::new()
    } else {
        text
    };
    let long = secrets.iter().filter(|secret| secret.chars().count() >= SECRET_CHARS_MIN);
    long.fold(text, |text, secret| text.replace(secret.as_str(), ""))
}

/// A form without these fields.
fn without_form_fields(text: &str, fields: &[String]) -> String {
    let left =
        url::form_urlencoded::parse(text.as_bytes()).filter(|(name, _)| !fields.iter().any(|field| field == name));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(left).finish()
}

/// JSON, perhaps cut off, with `null` in the place of each value of this field.
fn without_json_field(text: &str, field: &str) -> String {
    let name = serde_json::Value::from(field).to_string();
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(name.as_str()) {
        left.extend([before, name.as_str()]);
        let value = after.trim_start().strip_prefix(':').map(str::trim_start);
        rest = match value {
            Some(value) => {
                left.push_str(":null");
                value.get(length_of_value(value)..).unwrap_or_default()
            }
            // A text that is equal to the name, or a body that ends here.
            None => after,
        };
    }
    left.push_str(rest);
    left
}

/// The bytes of the value at the beginning of `text`; all of it where the value has no end.
fn length_of_value(text: &str) -> usize {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_text {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' if depth == 0 => return at + 1,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' if depth == 0 => return at,
            b'}' | b']' if depth == 1 => return at + 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "kunci-rahasia-0123";

    fn masked(body: &str) -> String {
        kept(body.as_bytes(), &["apikey".to_owned()], &["kata-webhook-kami".to_owned()])
    }

    // Negative control: with `length_of_value` stopping at an escaped quote, the second row keeps the rest of its secret;
    // with the rest of a body without an end kept, the cut ones keep theirs.
    #[test]
    fn a_hidden_field_is_kept_nowhere_however_the_body_is_broken() {
        for (body, left) in [
            (r#"{"a":1,"apikey":"S","b":2}"#, r#"{"a":1,"apikey":null,"b":2}"#),
            (r#"{"apikey" : "S\"S","b":2}"#, r#"{"apikey":null,"b":2}"#),
            (r#"[{"apikey":"S"},{"d":{"apikey":"S"}}]"#, r#"[{"apikey":null},{"d":{"apikey":null}}]"#),
            (r#"{"apikey":{"hash":["S","}"],"x":"S"},"b":2}"#, r#"{"apikey":null,"b":2}"#),
            (r#"{"apikey":["S",["S"]],"b":2}"#, r#"{"apikey":null,"b":2}"#),
            (r#"{"apikey":12345,"b":2}"#, r#"{"apikey":null,"b":2}"#),
            (r#"{"b":2,"apikey":"S"#, r#"{"b":2,"apikey":null"#),
            (r#"{"b":2,"apikey":["S""#, r#"{"b":2,"apikey":null"#),
            ("\u{feff}{\"apikey\":\"S\"}", "\u{feff}{\"apikey\":null}"),
            (r#"{"say":"apikey","b":"kata-webhook-kami"}"#, r#"{"say":"apikey","b":""}"#),
            ("b=2&apikey=S&c=3", "b=2&c=3"),
            ("b=2&%61pikey=S", "b=2"),
            ("--x\r\nContent-Disposition: form-data; name=\"apikey\"\r\n\r\nS\r\n--x--", ""),
            ("apikey: S", ""),
            ("nothing of the kind", "nothing of the kind"),
        ] {
            let body = body.replace('S', SECRET);
            assert_eq!(masked(&body), left, "{body}");
        }
    }

    #[test]
    fn a_body_cut_anywhere_keeps_no_part_of_the_secret() {
        let body = format!(r#"[{{"b":2,"apikey":"{SECRET}"}},{{"apikey" :  "{SECRET}","x":[1]}}]"#);
        for at in 0..body.len() {
            assert!(!masked(&body[..at]).contains("kunci"), "cut at {at}");
        }
    }
}
