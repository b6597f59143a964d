//! Prints what was read: as JSON for tools, or drawn for a person with the broken piece underlined.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use super::output::{Output, WithTopics};
use super::reader::Reader;
use crate::grammar::Span;

/// Exit code of a message that is no whole form.
const NO_FORM: u8 = 1;

impl Reader<'_> {
    /// Prints one object.
    pub(super) fn print_json(&self, text: &str, out: &mut impl Write) -> io::Result<ExitCode> {
        let output = self.output(text);
        print(&output, out)?;
        Ok(exit_code(&output))
    }

    /// Prints one object for each line; bytes that are no UTF-8 are read as replacement characters.
    pub(super) fn print_lines(&self, jsonl: bool, input: impl BufRead, out: &mut impl Write) -> io::Result<()> {
        for line in input.split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            let line = line.strip_suffix('\r').unwrap_or(&line);
            let output = if jsonl {
                serde_json::from_str::<String>(line)
                    .map_or_else(|error| Output::not_json(&error), |text| self.output(&text))
            } else {
                self.output(line)
            };
            print(&output, out)?;
        }
        Ok(())
    }

    /// Draws one message for a person.
    pub(super) fn draw(&self, text: &str, out: &mut impl Write) -> io::Result<ExitCode> {
        let output = self.output(text);
        match &output.output {
            Output::Question { .. } => writeln!(out, "{}", shown(text))?,
            Output::Form { format, fields, people, notes, .. } => {
                writeln!(out, "{format}")?;
                let alone = people.is_empty().then_some(fields);
                for (place, fields) in alone.into_iter().chain(people).enumerate() {
                    if alone.is_none() {
                        writeln!(out, "person {}", place + 1)?;
                    }
                    for (name, value) in &fields.0 {
                        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                        writeln!(out, "  {name:<14} {value}")?;
                    }
                }
                for note in notes {
                    writeln!(out, "repaired: `{}` read as `{}`", shown(&note.from), shown(&note.to))?;
                }
            }
            Output::Ask { ask, .. } => {
                writeln!(out, "which {} is meant?", ask.field)?;
                for (place, choice) in ask.choices.iter().enumerate() {
                    writeln!(out, "  {}. {}", place + 1, choice.meaning)?;
                }
            }
            Output::Command { command, .. } => {
                writeln!(out, "{} {}", command.name, command.code.as_deref().unwrap_or_default())?;
            }
            Output::ChangeDay { command, .. } => {
                let day = command.date.map(|day| day.to_string()).unwrap_or_default();
                writeln!(out, "{} {day} {}", command.name, command.code.as_deref().unwrap_or_default())?;
            }
            Output::Error { error, .. } => {
                for line in underlined(text, error.at) {
                    writeln!(out, "{line}")?;
                }
                writeln!(out, "{}: {}", error.kind, shown(&error.message))?;
                if let Some(line) = &error.suggestion {
                    writeln!(out, "perhaps: {}", shown(line))?;
                }
            }
        }
        if !output.topics.is_empty() {
            writeln!(out, "asks about: {}", output.topics.join(", "))?;
        }
        Ok(exit_code(&output))
    }
}

fn print(output: &WithTopics, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, output)?;
    writeln!(out)
}

fn exit_code(output: &WithTopics) -> ExitCode {
    if matches!(output.output, Output::Form { .. }) { ExitCode::SUCCESS } else { ExitCode::from(NO_FORM) }
}

/// The text without characters that could steer the terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}

/// The message's lines, each with carets under the part of the span that lies in it. An empty span gets one caret; without a
/// span there are none.
pub fn underlined(text: &str, at: Option<Span>) -> Vec<String> {
    let Some((from, to)) = at else { return text.split('\n').map(shown).collect() };
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.chars().count();
        lines.push(shown(line));
        let (first, last) = (from.max(start), to.min(end).max(from + 1));
        if first <= end && from <= end && to >= start && first < last {
            lines.push(format!("{}{}", " ".repeat(first - start), "^".repeat(last - first)));
        }
        start = end + 1;
    }
    lines
}
