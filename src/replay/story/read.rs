//! Reads a `.chat` story, line by line. Every mistake is reported with its line and with what should stand there.

use std::ops::Range;

use super::line::{self, Directive, Head};
use super::model::{Action, Body, Expect, ExpectedReply, Message, Step, Story};
use super::pattern::Pattern;
use crate::domain::message::OtherKind;
use crate::domain::office::OfficeId;

/// Longest story, in bytes: a hundred times the longest that anybody has written by hand.
pub const STORY_BYTES_MAX: usize = 1024 * 1024;

/// A story that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ScriptError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, and what should stand there.
    pub message: String,
}

/// One line and the indented lines that continue it.
struct Paragraph<'a> {
    lines: Range<usize>,
    head: &'a str,
    /// Continuation lines without their indentation.
    more: Vec<&'a str>,
}

/// Reads a story whose offices are those for which `is_known` holds.
///
/// # Errors
/// Every [`ScriptError`] of the text, by line.
pub fn read(text: &str, is_known: impl Fn(&OfficeId) -> bool) -> Result<Story, Vec<ScriptError>> {
    if text.len() > STORY_BYTES_MAX {
        return Err(vec![ScriptError { line: 1, message: format!("a story has at most {STORY_BYTES_MAX} bytes") }]);
    }
    let mut errors = Vec::new();
    let why = why(text).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    });
    let paragraphs = paragraphs(text, &mut errors);
    let steps = steps(&paragraphs, is_known, &mut errors);
    errors.sort_by_key(|error| error.line);
    if errors.is_empty() { Ok(Story { why, steps }) } else { Err(errors) }
}

/// A batch whose end has not come yet.
struct OpenBatch {
    from: usize,
    messages: Vec<Message>,
    /// How many mistakes were found before it: one inside of it is not reported as an empty batch too.
    errors_before: usize,
}

fn steps(
    paragraphs: &[Paragraph<'_>],
    is_known: impl Fn(&OfficeId) -> bool,
    errors: &mut Vec<ScriptError>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut batch: Option<OpenBatch> = None;
    for paragraph in paragraphs {
        let lines = paragraph.lines.clone();
        let directive = match directive(paragraph, &is_known) {
            Ok(directive) => directive,
            Err(message) => {
                errors.push(ScriptError { line: lines.start, message });
                continue;
            }
        };
        let wrong = match (directive, batch.as_mut()) {
            (Directive::BatchBegins, None) => {
                batch = Some(OpenBatch { from: lines.start, messages: Vec::new(), errors_before: errors.len() });
                continue;
            }
            (Directive::BatchBegins, Some(_)) => "a batch inside a batch",
            (Directive::BatchEnds, _) => match batch.take() {
                None => "`end` without `batch`",
                Some(open) if open.messages.is_empty() && open.errors_before == errors.len() => "an empty batch",
                Some(open) => {
                    steps.push(Step { lines: open.from..lines.end, action: Action::Batch(open.messages) });
                    continue;
                }
            },
            (Directive::Action(Action::Send(message)), Some(open)) => {
                open.messages.push(message);
                continue;
            }
            (Directive::Action(_), Some(_)) => "only messages stand between `batch` and `end`",
            (Directive::Action(action), None) => {
                steps.push(Step { lines, action });
                continue;
            }
        };
        errors.push(ScriptError { line: lines.start, message: wrong.to_owned() });
    }
    if let Some(open) = batch {
        errors.push(ScriptError { line: open.from, message: "`batch` without `end`".to_owned() });
    }
    steps
}

/// The first line must say why the story exists.
fn why(text: &str) -> Result<String, ScriptError> {
    let (line, first) = (1..).zip(text.lines()).find(|(_, line)| !line.trim().is_empty()).unwrap_or((1, ""));
    let said = first.strip_prefix('#').map(str::trim).map(|said| said.strip_prefix("why:").unwrap_or(said));
    match said.map(str::trim) {
        Some(why) if !why.is_empty() => Ok(why.to_owned()),
        _ => Err(ScriptError { line, message: "a story opens with why it exists: `# why: …`".to_owned() }),
    }
}

/// Joins continuation lines to their heads; drops comments and empty lines between paragraphs.
fn paragraphs<'a>(text: &'a str, errors: &mut Vec<ScriptError>) -> Vec<Paragraph<'a>> {
    let mut all: Vec<Paragraph<'_>> = Vec::new();
    let mut blanks = 0;
    let mut open = false;
    for (line, written) in (1..).zip(text.lines()) {
        let written = written.trim_end();
        let indented = written.strip_prefix("  ").or_else(|| written.strip_prefix('\t'));
        if written.is_empty() {
            blanks += 1;
        } else if let Some(more) = indented {
            let Some(paragraph) = all.last_mut().filter(|_| open) else {
                errors.push(ScriptError { line, message: "an indented line with nothing to continue".to_owned() });
                continue;
            };
            paragraph.more.extend((0..blanks).map(|_| ""));
            paragraph.more.push(more);
            paragraph.lines.end = line + 1;
            blanks = 0;
        } else {
            blanks = 0;
            open = !written.starts_with('#');
            if open {
                all.push(Paragraph { lines: line..line + 1, head: written, more: Vec::new() });
            }
        }
    }
    all
}

/// What one paragraph says.
fn directive(paragraph: &Paragraph<'_>, is_known: impl Fn(&OfficeId) -> bool) -> Result<Directive, String> {
    match line::read(paragraph.head)? {
        Head::Directive(_) if !paragraph.more.is_empty() => {
            Err("only messages and replies go on over indented lines".to_owned())
        }
        Head::Directive(Directive::Action(Action::Office(id))) if !is_known(&id) => {
            Err(format!("there is no office `{id}`"))
        }
        Head::Directive(directive) => Ok(directive),
        Head::Says { who, sent, first } => {
            let body = body(&joined(first, &paragraph.more)).map_err(|kind| {
                format!(
                    "`[{kind}]` is not known: image, voice, video, sticker, location, contact, document, edited, \
                     photolost, empty"
                )
            })?;
            Ok(Directive::Action(Action::Send(Message { who, sent, body })))
        }
        Head::Answered { who, first } => {
            let text = joined(first, &paragraph.more);
            Ok(Directive::Action(Action::Expect(Expect { who, reply: reply(&text) })))
        }
    }
}

/// The text of a message: what stands on its head line, if anything does, and the lines below.
fn joined(first: &str, more: &[&str]) -> String {
    let head = (!first.is_empty() || more.is_empty()).then_some(first);
    head.into_iter().chain(more.iter().copied()).collect::<Vec<_>>().join("\n")
}

/// The body of a message; the error is the unknown word in brackets.
fn body(text: &str) -> Result<Body, String> {
    let Some((kind, after)) = text.strip_prefix('[').and_then(|open| open.split_once(']')) else {
        return Ok(Body::Text(text.to_owned()));
    };
    let other = match kind {
        "image" => {
            let caption = after.trim_start_matches(' ');
            return Ok(Body::Image((!caption.is_empty()).then(|| caption.to_owned())));
        }
        "edited" => return Ok(Body::Edited(after.trim_start_matches(' ').to_owned())),
        "voice" => OtherKind::Audio,
        "video" => OtherKind::Video,
        "sticker" => OtherKind::Sticker,
        "location" => OtherKind::Location,
        "contact" => OtherKind::ContactCard,
        "document" => OtherKind::Document,
        "empty" => OtherKind::Empty,
        "photolost" => OtherKind::PhotoLost,
        "unsupported" => OtherKind::Unsupported,
        // Nobody means `[x] y z` as a kind, and stories about odd texts should need no escape.
        unknown if unknown.chars().all(|c| c.is_ascii_lowercase()) && after.is_empty() => {
            return Err(unknown.to_owned());
        }
        _ => return Ok(Body::Text(text.to_owned())),
    };
    Ok(Body::Other(other))
}

/// An expected reply; `None` for `nothing`.
fn reply(text: &str) -> Option<ExpectedReply> {
    if text == "nothing" {
        return None;
    }
    let without = text.strip_prefix("[qr]").map(|text| text.trim_start_matches([' ', '\n']));
    Some(ExpectedReply { qr: without.is_some(), pattern: Pattern::read(without.unwrap_or(text)) })
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, NaiveDateTime, NaiveTime};

    use super::super::model::{FetchFault, SendFault, SentAt, Speaker, Wait};
    use super::*;

    fn steps(text: &str) -> Vec<Action> {
        let story = read(&format!("# why: a test\n{text}"), |_| true).expect("a story");
        story.steps.into_iter().map(|step| step.action).collect()
    }

    fn one(text: &str) -> Action {
        steps(text).pop().expect("a step")
    }

    fn says(who: &str, text: &str) -> Message {
        Message { who: Speaker::One(who.to_owned()), sent: None, body: Body::Text(text.to_owned()) }
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().expect("a moment")
    }

    #[test]
    fn directives_are_read() {
        for (text, action) in [
            ("office jakarta-pusat", Action::Office(OfficeId::read("jakarta-pusat").expect("an id"))),
            ("clock 2017-08-01 09:00", Action::Clock(at("2017-08-01T09:00:00"))),
            ("seed 7", Action::Seed(7)),
            ("notices on", Action::Notices),
            ("uploads on", Action::Uploads),
            ("set seats_per_hour = 2", Action::Set { key: "seats_per_hour".to_owned(), value: "2".to_owned() }),
            (
                "import move: closed = 2017-08-07 Banjir",
                Action::Import {
                    remedy: Some(crate::domain::displaced::Remedy::Move),
                    key: "closed".to_owned(),
                    value: "2017-08-07 Banjir".to_owned(),
                },
            ),
            ("wait 1h30m", Action::Wait(Wait::For(Duration::minutes(90)))),
            (
                "officer answers Budi: Boleh, Bu: hari ini.",
                Action::Officer {
                    who: Speaker::One("Budi".to_owned()),
                    answer: Some("Boleh, Bu: hari ini.".to_owned()),
                },
            ),
            (
                "officer closes x.2",
                Action::Officer { who: Speaker::Member { name: "x".to_owned(), number: 2 }, answer: None },
            ),
            ("wait 3d", Action::Wait(Wait::For(Duration::days(3)))),
            ("wait until 2017-08-03 08:00:30", Action::Wait(Wait::Until(at("2017-08-03T08:00:30")))),
            ("redeliver", Action::Redeliver(1)),
            ("redeliver 3", Action::Redeliver(3)),
            ("fail send", Action::FailSend(SendFault::Passing)),
            ("fail send lost", Action::FailSend(SendFault::Lost)),
            ("fail fetch gone", Action::FailFetch(FetchFault::Gone)),
            ("mend fetch", Action::MendFetch),
        ] {
            assert_eq!(one(text), action, "{text}");
        }
    }

    #[test]
    fn people_crowds_and_their_members_speak() {
        assert_eq!(one("Budi > #Budi#25011987#07082017"), Action::Send(says("Budi", "#Budi#25011987#07082017")));
        let Action::Send(crowd) = one("50 x > #Warga {n}#25011987#07082017") else { panic!("no message") };
        assert_eq!(crowd.who, Speaker::Crowd { name: "x".to_owned(), size: 50 });
        let Action::Send(late) = one("x.7 (sent 07:31) > halo") else { panic!("no message") };
        assert_eq!(late.who, Speaker::Member { name: "x".to_owned(), number: 7 });
        assert_eq!(late.sent, NaiveTime::from_hms_opt(7, 31, 0).map(SentAt::Today));
        assert_eq!(one("set > halo"), Action::Send(says("set", "halo")), "a person may be called like a directive");
    }

    #[test]
    fn texts_go_on_over_indented_lines() {
        assert_eq!(one("Budi > satu\n  dua\n\n   tiga\n"), Action::Send(says("Budi", "satu\ndua\n\n tiga")));
        assert_eq!(one("Budi >\n  satu"), Action::Send(says("Budi", "satu")));
        assert_eq!(one("Budi >"), Action::Send(says("Budi", "")));
        assert_eq!(steps("Budi > satu\n\n# a comment\nBudi > dua").len(), 2);
    }

    #[test]
    fn pictures_and_other_kinds_are_told_from_text() {
        for (text, said) in [
            ("[image]", Body::Image(None)),
            ("[image] #Siti#25011987#Jl. Melati", Body::Image(Some("#Siti#25011987#Jl. Melati".to_owned()))),
            ("[voice]", Body::Other(OtherKind::Audio)),
            ("[Ini] teks", Body::Text("[Ini] teks".to_owned())),
        ] {
            let Action::Send(say) = one(&format!("Budi > {text}")) else { panic!("no message") };
            assert_eq!(say.body, said, "{text}");
        }
    }

    #[test]
    fn replies_are_read() {
        let expect = |who: Option<&str>, qr, text: &str| {
            let who = who.map(|name| Speaker::One(name.to_owned()));
            Action::Expect(Expect { who, reply: Some(ExpectedReply { qr, pattern: Pattern::read(text) }) })
        };
        assert_eq!(one("< Halo\n  {code}"), expect(None, false, "Halo\n{code}"));
        assert_eq!(one("Budi < [qr] Halo"), expect(Some("Budi"), true, "Halo"));
        assert_eq!(one("< [qr]\n  Halo"), expect(None, true, "Halo"));
        assert_eq!(one("< nothing"), Action::Expect(Expect { who: None, reply: None }));
    }

    #[test]
    fn a_batch_holds_messages() {
        let batch = Action::Batch(vec![says("Budi", "satu"), says("Siti", "dua")]);
        assert_eq!(one("batch\nBudi > satu\nSiti > dua\nend"), batch);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for (text, line, part) in [
            ("Budi > halo", 1, "why it exists"),
            ("# why: x\n\noffice Bogor", 3, "`office bogor`"),
            ("# why: x\nwait soon", 2, "wait until"),
            ("# why: x\nimport closed = 2017-08-07 x", 2, "import move"),
            ("# why: x\nwait 9999d", 2, "wait until"),
            ("# why: x\nclock 2017-02-30 09:00", 2, "2017-02-30"),
            ("# why: x\n  indented", 2, "nothing to continue"),
            ("# why: x\nbatch\nBudi > a", 2, "without `end`"),
            ("# why: x\nbatch\nwait 1h\nend", 3, "only messages"),
            ("# why: x\nhalo", 2, "expected"),
            ("# why: x\nwiat 20m", 2, "cannot read `wiat 20m`"),
            ("# why: x\n0 x > halo", 2, "expected"),
            ("# why: x\nBudi > [hologram]", 2, "hologram"),
        ] {
            let errors = read(text, |_| true).expect_err(text);
            let [error] = errors.as_slice() else { panic!("{text}: {errors:?}") };
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.message.contains(part), "{text}: {error}");
        }
    }

    // Negative control: with a `return` at the first one, as it once was, the others are not there.
    #[test]
    fn all_mistakes_of_a_story_are_told_at_once() {
        let errors = read("Budi > halo\nwait soon\nbatch\nend\nBudi > [hologram]\nbatch\nSiti > a", |_| true)
            .expect_err("mistakes");
        let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [1, 2, 4, 5, 6], "{errors:?}");
    }

    // Negative control: with `is_known` not asked in `directive`, only the first and the last are there, and the offices come to light
    // one by one as the story is played.
    #[test]
    fn an_office_that_is_not_there_is_told_with_all_other_mistakes() {
        let story = "# why: x\nwait soon\noffice bogr\nBudi > halo\noffice bogor\noffice depk\nBudi > [hologram]";
        let errors = read(story, |id| id.as_str() == "bogor").expect_err("mistakes");
        let told: Vec<(usize, bool)> =
            errors.iter().map(|error| (error.line, error.message.starts_with("there is no office `"))).collect();
        assert_eq!(told, [(2, false), (3, true), (6, true), (7, false)], "{errors:?}");
    }
}
