//! A misread message as an example of the format that misreads it, with everybody in it masked.

use chrono::NaiveDate;

use super::disguise::{DisguisedMessage, disguise};
use crate::domain::office::{FormatId, Office};
use crate::grammar::{self, Format, Misread, Request};

/// A misread message in which nobody can be recognised, and what of it a format's file can keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatCase {
    /// What it says, masked.
    pub text: String,
    /// What still has the form of personal data, by its shape.
    pub left: Vec<String>,
    /// The format, and the part of its file that says how the message is misread. `None` where something is left that looks personal, or
    /// where the masked message is not misread in the same way.
    pub example: Option<(FormatId, String)>,
}

/// Makes an example of the message `text`, sent to an office on a day.
pub fn format_case(formats: &[&Format], office: &Office, text: &str, sent: NaiveDate) -> FormatCase {
    let DisguisedMessage { text: masked, left } = disguise(formats, office, text, sent);
    let example = example(formats, (text, &masked), &left, sent);
    FormatCase { text: masked, left, example }
}

/// The part of a file for a message that is misread in the same way once it is masked, and in which nothing is left.
fn example(
    formats: &[&Format],
    (text, masked): (&str, &str),
    left: &[String],
    sent: NaiveDate,
) -> Option<(FormatId, String)> {
    let (before, after) = (wrong(formats, text, sent)?, wrong(formats, masked, sent)?);
    let is_alike = (before.kind, before.field) == (after.kind, after.field);
    (is_alike && left.is_empty()).then(|| {
        let part = part(formats, &after, masked, sent);
        (after.format, part)
    })
}

/// What is wrong with a text, by the office's formats.
fn wrong(formats: &[&Format], text: &str, sent: NaiveDate) -> Option<Misread> {
    match grammar::read(formats, text, sent) {
        Request::Misread(misread) => Some(misread),
        _ => None,
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    // A JSON text is one of TOML, but for the sign that deletes.
    serde_json::to_string(text).unwrap_or_default().replace('\u{7f}', "\\u007f")
}

/// The part of a format's file that says how this text is misread.
fn part(formats: &[&Format], misread: &Misread, text: &str, sent: NaiveDate) -> String {
    let called = |field| {
        let format = formats.iter().find(|format| *format.id() == misread.format);
        format.map_or("", |format| format.called(field)).to_owned()
    };
    let field = misread.field.map_or_else(String::new, |field| format!("field = {}\n", quoted(&called(field))));
    let (from, to) = misread.at;
    format!(
        "[[misreads]]\ntext = {}\nsent = \"{sent}\"\nkind = \"{}\"\n{field}at = [{from}, {to}]\n",
        quoted(text),
        misread.kind.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::office::OfficeId;
    use crate::roster::Roster;

    fn sent() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 8, 3).unwrap()
    }

    // Negative control: with the text between plain quotes, the file cannot be read.
    #[test]
    fn an_example_is_read_back_by_the_formats_own_reader() {
        let line = "#Nama#TglLahir#TglKedatangan";
        let format = Format::of_line(line).unwrap();
        let text = "#Budi \"B\\o\"\n#31061987#10082026\u{7f}";
        let misread = wrong(&[&format], text, sent()).unwrap();
        let file = format!(
            "id = \"x\"\npattern = \"{line}\"\n[[reads]]\ntext = \"#Budi#25011987#10082026\"\nsent = \"2026-08-03\"\n\
             fields = {{ Nama = \"Budi\", TglLahir = \"1987-01-25\", TglKedatangan = \"2026-08-10\" }}\n{}",
            part(&[&format], &misread, text, sent())
        );
        let read = Format::from_toml(&file).unwrap_or_else(|errors| panic!("{errors:?}\n{file}"));
        assert_eq!(grammar::check(&read), Vec::new(), "{file}");
    }

    // Negative control: with `left` not looked at in `example`, what looks personal goes into the file.
    #[test]
    fn what_still_looks_personal_or_is_read_well_becomes_no_example() {
        let roster = Roster::shipped().unwrap();
        let office = &roster.offices[&OfficeId::read("bogor").unwrap()];
        let formats = roster.formats_of(office);
        let case = |text: &str| format_case(&formats, office, text, sent());
        let (format, part) = case("#Zainuddin Alkhairi#31061991#10082026").example.unwrap();
        assert_eq!(format.as_str(), "nama-lahir-kedatangan");
        assert!(part.contains("no-such-day") && !part.contains("Zainuddin"), "{part}");
        assert_eq!(case("#Zainuddin Alkhairi#25011991#10082026").example, None, "it is read");
        // The masker leaves nothing in any message that is known, so what it would leave is given here.
        let kept = |left: &[String]| {
            example(&formats, ("#Zainuddin#31061991#10082026", "#Siti#31061985#10082026"), left, sent())
        };
        assert!(kept(&[]).is_some() && kept(&["a name: Aaaa".to_owned()]).is_none());
        let other = example(&formats, ("#Zainuddin#31061991#10082026", "#Siti#25011985"), &[], sent());
        assert_eq!(other, None, "masked, it is misread in another way");
    }
}
