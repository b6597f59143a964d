//! Lists as comma-separated values that are safe to open in a spreadsheet.

use std::io::Write;

use super::super::shared::error::CommandError;
use super::line::{Line, Other};
use crate::export::harmless;

/// Writes the lines below a line of headings.
///
/// # Errors
/// [`CommandError`] when they cannot be written.
pub(super) fn write(lines: &[Line<'_>], out: &mut impl Write) -> Result<(), CommandError> {
    let failed = |error: ::csv::Error| CommandError::Other(error.to_string());
    let mut sheet = ::csv::Writer::from_writer(out);
    sheet
        .write_record([
            "queue_number",
            "date",
            "hour",
            "code",
            "name",
            "birth_date",
            "address",
            "persons",
            "state",
            "contact",
            "nik",
            "nik_differs",
            "family_card",
            "phone",
            "email",
            "session",
            "service",
            "answers",
            "others",
            "also",
            "photo",
        ])
        .map_err(failed)?;
    for line in lines {
        let record = [
            line.queue_number.clone(),
            line.date.to_string(),
            line.hour.clone(),
            line.code.clone(),
            line.name.to_owned(),
            line.birth_date.map(|date| date.to_string()).unwrap_or_default(),
            line.address.unwrap_or_default().to_owned(),
            line.persons.to_string(),
            line.state.to_owned(),
            line.contact.to_owned(),
            line.nik.unwrap_or_default().to_owned(),
            if line.nik_differs { "yes" } else { "" }.to_owned(),
            line.family_card.unwrap_or_default().to_owned(),
            line.phone.unwrap_or_default().to_owned(),
            line.email.unwrap_or_default().to_owned(),
            line.session.unwrap_or_default().to_owned(),
            line.service.unwrap_or_default().to_owned(),
            line.answers(),
            line.others.iter().map(Other::shown).collect::<Vec<_>>().join("; "),
            line.also.join("; "),
            line.photo.unwrap_or_default().to_owned(),
        ];
        sheet.write_record(record.iter().map(|cell| harmless(cell))).map_err(failed)?;
    }
    sheet.flush()?;
    Ok(())
}
