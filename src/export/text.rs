//! Texts that no spreadsheet takes for a formula.

/// A cell that no spreadsheet takes for a formula: an apostrophe in front of whatever could start one
/// (OWASP ASVS 5.0, 1.2.10). A citizen chooses their name and address.
pub fn harmless(cell: &str) -> String {
    let first = cell.trim_start_matches([' ', '"', '\'', '\u{feff}']).chars().next();
    let risky =
        first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\0' | '＝' | '＋' | '－' | '＠'));
    if risky { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without the apostrophe every row fails.
    #[test]
    fn no_cell_starts_a_formula() {
        for cell in ["=1+1", "+62", "-2", "@SUM(A1)", "\t=1", " =1", "\"=1", "＝1"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        for cell in ["Budi", "09-017", "O'Neil", ""] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
