//! A form that was filled in in a mini app (Telegram) or a flow (WhatsApp), as the labelled lines that citizens type.

use serde_json::Value;

use super::text::caption;

/// The filled fields as lines `label: value`, which `grammar` reads; only the field `message` where there is one. `None` where
/// nothing was filled in.
pub(in crate::gateway) fn fields_as_text(fields: &Value) -> Option<String> {
    if let Some(message) = caption(fields.get("message").and_then(Value::as_str)) {
        return Some(message);
    }
    let mut lines = String::new();
    for (name, value) in fields.as_object()? {
        let value = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => continue,
        };
        let label = label_of(name);
        if label.is_empty() || value.is_empty() || SERVICE_FIELDS.contains(&name.as_str()) {
            continue;
        }
        let value = if name.starts_with("screen_") { without_number(&value) } else { &value };
        let value = day_first(value).unwrap_or_else(|| value.replace('\n', " "));
        lines.extend([label.as_str(), ": ", value.as_str(), "\n"]);
    }
    Some(lines.trim_end().to_owned()).filter(|lines| !lines.is_empty())
}

/// Fields that a flow adds by itself: no citizen filled them in.
const SERVICE_FIELDS: [&str; 3] = ["flow_token", "version", "screen"];

/// The label of a field: `tgl_lahir`, `tglLahir` and `screen_0_Tgl_Lahir_1` are `tgl lahir`.
fn label_of(name: &str) -> String {
    let words = name.split(['_', '-', ' ', '.']).filter(|word| !word.is_empty());
    let words = words.filter(|word| *word != "screen" && !word.bytes().all(|b| b.is_ascii_digit()));
    let mut label = String::new();
    for word in words {
        if !label.is_empty() {
            label.push(' ');
        }
        let mut is_small = false;
        for c in word.chars() {
            if c.is_uppercase() && is_small {
                label.push(' ');
            }
            is_small = c.is_lowercase();
            label.extend(c.to_lowercase());
        }
    }
    label
}

/// A choice of the provider's own flow builder without its number: `0_Bogor`.
fn without_number(value: &str) -> &str {
    match value.split_once('_') {
        Some((number, words)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => words,
        _ => value,
    }
}

/// A date as forms write it: date pickers give the year first.
fn day_first(value: &str) -> Option<String> {
    let date = value.get(..10).filter(|_| value.len() == 10 || value.as_bytes().get(10) == Some(&b'T'))?;
    let date = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    Some(date.format("%d-%m-%Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_filled_form_becomes_labelled_lines() {
        for (fields, lines) in [
            (json!({"message": "#Budi#1#2", "nama": "x"}), Some("#Budi#1#2")),
            (
                json!({"flow_token": "t", "nama": "Siti Contoh", "tgl_lahir": "1990-03-12"}),
                Some("nama: Siti Contoh\ntgl lahir: 12-03-1990"),
            ),
            (
                json!({"screen_0_Nama_0": "Siti Contoh", "screen_0_Kota_1": "0_Bogor"}),
                Some("kota: Bogor\nnama: Siti Contoh"),
            ),
            (
                json!({"tglKedatangan": "2026-12-10T00:00:00Z", "jumlah": 2}),
                Some("jumlah: 2\ntgl kedatangan: 10-12-2026"),
            ),
            (json!({"flow_token": "t"}), None),
            (json!({"nama": ""}), None),
            (json!(["x"]), None),
            (json!("x"), None),
        ] {
            assert_eq!(fields_as_text(&fields).as_deref(), lines, "{fields}");
        }
    }
}
