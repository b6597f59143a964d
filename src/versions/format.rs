//! The file of one of an office's formats among its files.

use crate::domain::office::FormatId;
use crate::domain::office_files::{OfficeFiles, TextFile};
use crate::grammar::Format;
use crate::roster::format_id;

/// The file of a format: the office's own, or the one that all offices share.
pub fn format_text<'t>(files: &'t OfficeFiles, format: &'t Format) -> &'t str {
    let own = files.formats.iter().find(|file| format_id(&file.text).as_ref() == Some(format.id()));
    own.map_or(format.text(), |file| file.text.as_str())
}

/// Gives a format another file; where the office had none of its own, it has one from now on.
pub fn put_format(files: &mut OfficeFiles, id: &FormatId, text: String) {
    match files.formats.iter_mut().find(|file| format_id(&file.text).as_ref() == Some(id)) {
        Some(own) => own.text = text,
        None => files.formats.push(TextFile { name: format!("{id}.toml"), text }),
    }
}

/// A format's file with one more example; `None` where it has that one already.
pub fn with_example(text: &str, part: &str) -> Option<String> {
    let part = part.trim();
    (!text.contains(part)).then(|| format!("{}\n\n{part}\n", text.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `put_format` that always adds a file, the second one makes two of them.
    #[test]
    fn a_format_of_all_offices_becomes_the_offices_own_once() {
        let format = Format::from_toml("id = \"x\"\npattern = \"#Nama\"\n").unwrap();
        let mut files = OfficeFiles::default();
        assert_eq!(format_text(&files, &format), format.text());
        let part = "[[misreads]]\ntext = \"#1\"\nsent = \"2026-08-03\"\nkind = \"not-a-name\"\n";
        let text = with_example(format.text(), part).unwrap();
        assert_eq!(text, format!("id = \"x\"\npattern = \"#Nama\"\n\n{part}"));
        put_format(&mut files, format.id(), text.clone());
        assert_eq!(format_text(&files, &format), text);
        assert_eq!(with_example(&text, part), None);
        put_format(&mut files, format.id(), format.text().to_owned());
        assert_eq!((files.formats.len(), files.formats[0].name.as_str()), (1, "x.toml"));
    }
}
