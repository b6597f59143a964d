//! Writes the file of a proposed line.

use std::fmt::Write;

use crate::domain::office::FormatId;
use crate::grammar::proposal::cut::Cut;
use crate::grammar::proposal::guess::Guess;
use crate::grammar::request::field::Field;

/// Names for questions of the office's own that have none in the messages.
const TEXT_NAMES: [&str; 3] = ["Keterangan", "Keterangan Dua", "Keterangan Tiga"];

/// The columns of a line with what each holds.
pub(crate) struct Columns<'c, 'm> {
    pub(crate) cut: &'c Cut<'m>,
    pub(crate) guesses: &'c [&'c Guess],
    pub(crate) opens_with_mark: bool,
}

/// A text as TOML writes it between quotes; JSON escapes in the same way.
fn quoted(text: &str) -> String {
    let visible: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    serde_json::Value::from(visible).to_string()
}

impl Columns<'_, '_> {
    /// What the line calls each column.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut texts = TEXT_NAMES.into_iter();
        let name = |guess: &&Guess| match guess {
            Guess::Known(Field::Nik) => "NIK".to_owned(),
            Guess::Known(field) => field.name().to_owned(),
            Guess::Services(_) => Field::Layanan.name().to_owned(),
            Guess::Text(Some(label)) => label.clone(),
            Guess::Text(None) => texts.next().unwrap_or_default().to_owned(),
        };
        self.guesses.iter().map(name).collect()
    }

    /// Whether some message leaves a column out.
    pub(crate) fn is_optional(&self, column: usize) -> bool {
        self.cut.rows.iter().any(|row| row.get(column).is_some_and(Option::is_none))
    }

    /// The line of the poster.
    pub(crate) fn line(&self) -> String {
        let mark = self.cut.mark;
        let mut line = String::new();
        if self.opens_with_mark {
            line.push(mark);
        }
        if let Some((word, spaced)) = self.cut.keyword {
            line += &word.to_uppercase();
            line.push(if spaced { ' ' } else { mark });
        }
        let print = |(column, name): (usize, String)| {
            if self.is_optional(column) { format!("[{name}]") } else { name }
        };
        let names: Vec<String> = self.names().into_iter().enumerate().map(print).collect();
        line + &names.join(&mark.to_string())
    }

    /// The format file with the line and its rules.
    pub(crate) fn file(&self, id: &FormatId) -> String {
        let mut file = format!("id = {}\npattern = {}\n", quoted(id.as_str()), quoted(&self.line()));
        let mark = self.cut.mark;
        // Writing into a String cannot fail.
        if mark != '#' {
            let _ = writeln!(file, "separator = {}", quoted(&mark.to_string()));
        }
        for (column, (guess, name)) in self.guesses.iter().zip(self.names()).enumerate() {
            let holds = self.cut.open_at == Some(column);
            match guess {
                Guess::Known(field) if holds => {
                    let _ = write!(file, "\n[fields.{}]\nholds_separator = true\n", field.name());
                }
                Guess::Known(_) => {}
                Guess::Text(_) => {
                    let holds = if holds { "holds_separator = true\n" } else { "" };
                    let _ = write!(file, "\n[fields.{}]\nkind = \"text\"\n{holds}", quoted(&name));
                }
                Guess::Services(names) => {
                    file += "\n[fields.Layanan.choices]\n";
                    for name in names {
                        let _ = writeln!(file, "{} = []", quoted(name));
                    }
                }
            }
        }
        file
    }
}
