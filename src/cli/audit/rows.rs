//! Rows of the audit trail, as a terminal and programs read them.

use serde_json::{Value, json};

use crate::cli::shared::value::local;
use crate::domain::audit::Scope;
use crate::domain::office::Zone;
use crate::storage::AuditRow;

/// What a row says that somebody did.
fn words(row: &AuditRow) -> String {
    let act = match row.known {
        Some(act) => act.in_english(),
        None => &row.act,
    };
    let about = match (row.kind.as_str(), &row.code) {
        ("", _) => String::new(),
        ("booking", Some(code)) => format!(", {code}"),
        (kind, _) => format!(", {kind} {}", row.subject),
    };
    let reached = match &row.scope {
        Scope::None => String::new(),
        Scope::Days(from, to) if from == to => format!(", everybody of {from}"),
        Scope::Days(from, to) => format!(", everybody of {from} to {to}"),
        Scope::Bookings(ids) => format!(", {} bookings", ids.len()),
        Scope::Contacts(ids) => format!(", {} contacts", ids.len()),
        Scope::Words(words) => format!(", {words}"),
    };
    let place = if row.office.is_empty() { String::new() } else { format!(" at {}", row.office) };
    let why = if row.why.is_empty() { String::new() } else { format!(" ({})", row.why) };
    format!("{act}{about}{reached}{place}{why}")
}

/// A row on one line.
pub(in crate::cli) fn line(row: &AuditRow) -> String {
    format!("{:>7}  {}  {:<20} {}  [{}]", row.id, local(row.at, Zone::Wib), row.login, words(row), row.network)
}

/// A row as JSON.
pub(in crate::cli) fn output(row: &AuditRow) -> Value {
    json!({
        "number": row.id,
        "at": row.at,
        "login": row.login,
        "network": row.network,
        "office": row.office,
        "act": row.act,
        "kind": row.kind,
        "subject": row.subject,
        "scope": row.scope.to_string(),
        "why": row.why,
        "code": row.code,
    })
}
