//! The trail as comma-separated values that are safe to open in a spreadsheet.

use crate::export::harmless;
use crate::storage::AuditRow;

/// The rows below a line of headings; `None` where they cannot be written, which memory always can.
pub(super) fn written(rows: &[AuditRow]) -> Option<Vec<u8>> {
    let mut sheet = ::csv::Writer::from_writer(Vec::new());
    let head = ["number", "at", "login", "network", "office", "act", "kind", "subject", "code", "scope", "why"];
    sheet.write_record(head).ok()?;
    for row in rows {
        let (id, at, scope) = (row.id.to_string(), row.at.to_rfc3339(), row.scope.to_string());
        let code = row.code.as_deref().unwrap_or_default();
        let cells = [
            &id,
            &at,
            &row.login,
            &row.network,
            &row.office,
            &row.act,
            &row.kind,
            &row.subject,
            code,
            &scope,
            &row.why,
        ];
        sheet.write_record(cells.map(harmless)).ok()?;
    }
    sheet.into_inner().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::{Act, Scope};

    // Negative control: without the apostrophe the reason begins with `=`.
    #[test]
    fn no_cell_starts_a_formula() {
        let row = AuditRow {
            id: 1,
            at: "2026-11-30T02:00:00Z".parse().unwrap(),
            login: "rina".to_owned(),
            network: "10.0.0.1".to_owned(),
            office: "bogor".to_owned(),
            act: "find".to_owned(),
            known: Some(Act::Find),
            kind: String::new(),
            subject: String::new(),
            scope: Scope::Bookings(vec![3, 4]),
            why: "=1+1, \"dua\"".to_owned(),
            code: None,
        };
        let text = String::from_utf8(written(&[row]).unwrap()).unwrap();
        let wanted = "1,2026-11-30T02:00:00+00:00,rina,10.0.0.1,bogor,find,,,,bookings 3 4,\"'=1+1, \"\"dua\"\"\"\n";
        assert_eq!(text.split_once('\n').map(|(_, row)| row), Some(wanted));
    }
}
