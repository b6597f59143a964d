//! Reads a `.chat` story, line by line. Every mistake is told with its line and what should stand there.

use std::ops::Range;

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_till1, take_while1};
use nom::character::complete::{char, digit1, i64 as whole, space0, space1, u8 as byte, u32 as number};
use nom::combinator::{all_consuming, cut, map, map_opt, map_res, opt, rest, value};
use nom::multi::many1;
use nom::sequence::{delimited, pair, preceded, separated_pair, terminated};
use nom::{IResult, Parser};

use super::pattern::Pattern;
use super::story::{Expect, FetchFault, Reply, Said, Say, SendFault, SentAt, Speaker, Step, Story, Wait, What};
use crate::domain::message::OtherKind;
use crate::domain::office::OfficeId;
use crate::sheet::nearest;

/// Longest story, in bytes: a hundred times the longest that anybody has written by hand.
pub const STORY_BYTES_MAX: usize = 1024 * 1024;
/// Largest crowd: the rush that the service must bear (1,000 forms for one day), ten times over.
pub const CROWD_MAX: u32 = 10_000;
/// Longest wait, in days: beyond any horizon and any reply window.
pub const WAIT_DAYS_MAX: i64 = 400;

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

/// What a head line says.
enum Head {
    What(What),
    BatchBegins,
    BatchEnds,
}

/// Reads a story.
///
/// # Errors
/// Every [`ScriptError`] of the text, by line.
pub fn read(text: &str) -> Result<Story, Vec<ScriptError>> {
    if text.len() > STORY_BYTES_MAX {
        return Err(vec![ScriptError { line: 1, message: format!("a story has at most {STORY_BYTES_MAX} bytes") }]);
    }
    let mut errors = Vec::new();
    let why = why(text).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    });
    let steps = steps(paragraphs(text, &mut errors), &mut errors);
    errors.sort_by_key(|error| error.line);
    if errors.is_empty() { Ok(Story { why, steps }) } else { Err(errors) }
}

/// A batch whose end has not come yet.
struct OpenBatch {
    from: usize,
    says: Vec<Say>,
    /// Mistakes told before it: what is wrong inside of it is told once, not as an empty batch too.
    errors_before: usize,
}

fn steps(paragraphs: Vec<Paragraph<'_>>, errors: &mut Vec<ScriptError>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut batch: Option<OpenBatch> = None;
    for paragraph in paragraphs {
        let lines = paragraph.lines.clone();
        let head = match head(&paragraph) {
            Ok(head) => head,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let wrong = match (head, batch.as_mut()) {
            (Head::BatchBegins, None) => {
                batch = Some(OpenBatch { from: lines.start, says: Vec::new(), errors_before: errors.len() });
                continue;
            }
            (Head::BatchBegins, Some(_)) => "a batch inside a batch",
            (Head::BatchEnds, _) => match batch.take() {
                None => "`end` without `batch`",
                Some(open) if open.says.is_empty() && open.errors_before == errors.len() => "an empty batch",
                Some(open) => {
                    steps.push(Step { lines: open.from..lines.end, what: What::Batch(open.says) });
                    continue;
                }
            },
            (Head::What(What::Say(say)), Some(open)) => {
                open.says.push(say);
                continue;
            }
            (Head::What(_), Some(_)) => "only messages stand between `batch` and `end`",
            (Head::What(what), None) => {
                steps.push(Step { lines, what });
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

fn head(paragraph: &Paragraph<'_>) -> Result<Head, ScriptError> {
    let line = paragraph.lines.start;
    let error = |message: String| ScriptError { line, message };
    let read = match all_consuming(alt((directive, message))).parse(paragraph.head) {
        Ok((_, read)) => read,
        Err(nom::Err::Error(fault) | nom::Err::Failure(fault)) => {
            return Err(error(complaint(paragraph.head, fault.input)));
        }
        Err(nom::Err::Incomplete(_)) => return Err(error("the line breaks off".to_owned())),
    };
    match read {
        HeadLine::Alone(head) if paragraph.more.is_empty() => Ok(head),
        HeadLine::Alone(_) => Err(error("only messages and replies go on over indented lines".to_owned())),
        HeadLine::Says { who, sent, first } => {
            let said = said(&joined(first, &paragraph.more)).map_err(|kind| {
                error(format!("`[{kind}]` is not known: image, voice, video, sticker, location, contact, document, edited, photolost, empty"))
            })?;
            Ok(Head::What(What::Say(Say { who, sent, said })))
        }
        HeadLine::Answered { who, first } => {
            let text = joined(first, &paragraph.more);
            Ok(Head::What(What::Expect(Expect { who, reply: reply(&text) })))
        }
    }
}

/// The text of a message: what stands on its head line, if anything does, and the lines below.
fn joined(first: &str, more: &[&str]) -> String {
    let head = (!first.is_empty() || more.is_empty()).then_some(first);
    head.into_iter().chain(more.iter().copied()).collect::<Vec<_>>().join("\n")
}

/// What a line that is no message may begin with.
const DIRECTIVES: [&str; 10] = ["office", "seed", "clock", "set", "wait", "redeliver", "fail", "mend", "batch", "end"];

/// What is wrong with a head line, as far as the word it begins with tells.
fn complaint(head: &str, rest: &str) -> String {
    let word = head.split_whitespace().next().unwrap_or_default();
    let wanted = match word {
        "office" => "`office bogor`",
        "seed" => "`seed 7`, 0 to 255",
        "clock" => "`clock 2017-08-01 09:00`",
        "set" => "`set seats_per_hour = 2`",
        "wait" => "`wait 2h`, `wait 1h30m`, `wait 3d` or `wait until 2017-08-03 08:00`",
        "redeliver" => "`redeliver` or `redeliver 3`",
        "fail" => "`fail send`, `fail send lost|throttled|refused|closed|broken`, `fail fetch` or `fail fetch gone`",
        "mend" => "`mend fetch`",
        _ => "`Budi > text`, `Budi (sent 07:31) > text`, `50 x > text`, `< reply`, `Budi < reply`, or a directive",
    };
    // Where the first word is none that a line begins with, all of the line is in question.
    let (what, near) = if DIRECTIVES.contains(&word) {
        (rest, String::new())
    } else {
        let near = nearest(word, DIRECTIVES);
        (head, near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)")))
    };
    format!("cannot read `{what}`{near}; expected {wanted}")
}

/// A head line as it stands.
enum HeadLine<'a> {
    Alone(Head),
    Says { who: Speaker, sent: Option<SentAt>, first: &'a str },
    Answered { who: Option<Speaker>, first: &'a str },
}

fn directive(input: &str) -> IResult<&str, HeadLine<'_>> {
    let what = alt((
        map(preceded(word("office"), cut(office)), What::Office),
        map(preceded(word("seed"), cut(byte)), What::Seed),
        map(preceded(word("clock"), cut(moment)), What::Clock),
        preceded(word("set"), cut(setting)),
        map(preceded(word("wait"), cut(wait)), What::Wait),
        map(preceded(tag("redeliver"), opt(preceded(space1, number))), |times| What::Redeliver(times.unwrap_or(1))),
        preceded(word("fail"), cut(fault)),
        value(What::MendFetch, preceded(word("mend"), cut(tag("fetch")))),
    ));
    let alone = alt((
        map(what, Head::What),
        map(all_consuming(tag("batch")), |_| Head::BatchBegins),
        map(all_consuming(tag("end")), |_| Head::BatchEnds),
    ));
    map(terminated(alone, space0), HeadLine::Alone).parse(input)
}

/// A directive's first word. A person of that name still speaks: `set > text`.
fn word<'a>(word: &'static str) -> impl Parser<&'a str, Output = (), Error = nom::error::Error<&'a str>> {
    value((), (tag(word), space1, nom::combinator::not(nom::character::complete::one_of("<>("))))
}

fn message(input: &str) -> IResult<&str, HeadLine<'_>> {
    let text = || preceded(opt(char(' ')), rest);
    alt((
        map(preceded(char('<'), text()), |first| HeadLine::Answered { who: None, first }),
        map(separated_pair(speaker, (space0, char('<')), text()), |(who, first)| HeadLine::Answered {
            who: Some(who),
            first,
        }),
        map((speaker, opt(preceded(space0, sent)), preceded((space0, char('>')), text())), |(who, sent, first)| {
            HeadLine::Says { who, sent, first }
        }),
    ))
    .parse(input)
}

/// `Budi`, `50 x` or `x.7`.
fn speaker(input: &str) -> IResult<&str, Speaker> {
    let crowd = map_opt(separated_pair(number, space1, letters), |(size, name)| {
        (1..=CROWD_MAX).contains(&size).then(|| Speaker::Crowd { name: name.to_owned(), size })
    });
    let member = map(separated_pair(letters, char('.'), number), |(name, number)| Speaker::Member {
        name: name.to_owned(),
        number,
    });
    let one = map(letters, |name: &str| Speaker::One(name.to_owned()));
    alt((crowd, member, one)).parse(input)
}

fn letters(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_alphabetic() || matches!(c, '_' | '-')).parse(input)
}

fn sent(input: &str) -> IResult<&str, SentAt> {
    let when = alt((map(moment, SentAt::On), map(time, SentAt::Today)));
    delimited((char('('), tag("sent"), space1), when, char(')')).parse(input)
}

fn office(input: &str) -> IResult<&str, OfficeId> {
    map_res(take_till1(char::is_whitespace), OfficeId::read).parse(input)
}

fn setting(input: &str) -> IResult<&str, What> {
    let key = take_while1(|c: char| c.is_ascii_lowercase() || c == '_');
    map(separated_pair(key, (space0, char('='), space0), rest), |(key, value): (&str, &str)| What::Set {
        key: key.to_owned(),
        value: value.trim().to_owned(),
    })
    .parse(input)
}

fn fault(input: &str) -> IResult<&str, What> {
    let send = alt((
        value(SendFault::Lost, tag(" lost")),
        value(SendFault::Throttled, tag(" throttled")),
        value(SendFault::Refused, tag(" refused")),
        value(SendFault::Closed, tag(" closed")),
        value(SendFault::Broken, tag(" broken")),
        value(SendFault::Passing, tag("")),
    ));
    let fetch = alt((value(FetchFault::Gone, tag(" gone")), value(FetchFault::Passing, tag(""))));
    alt((map(preceded(tag("send"), send), What::FailSend), map(preceded(tag("fetch"), fetch), What::FailFetch)))
        .parse(input)
}

fn wait(input: &str) -> IResult<&str, Wait> {
    let until = map(preceded((tag("until"), space1), moment), Wait::Until);
    let long = map_opt(many1(stretch), |parts| {
        let sum = parts.into_iter().try_fold(Duration::zero(), |sum, part| sum.checked_add(&part))?;
        (sum <= Duration::days(WAIT_DAYS_MAX)).then_some(Wait::For(sum))
    });
    alt((until, long)).parse(input)
}

fn stretch(input: &str) -> IResult<&str, Duration> {
    map_opt(pair(whole, alt((char('d'), char('h'), char('m'), char('s')))), |(count, unit)| match unit {
        'd' => Duration::try_days(count),
        'h' => Duration::try_hours(count),
        'm' => Duration::try_minutes(count),
        _ => Duration::try_seconds(count),
    })
    .parse(input)
}

fn moment(input: &str) -> IResult<&str, NaiveDateTime> {
    map(separated_pair(date, space1, time), |(date, time)| date.and_time(time)).parse(input)
}

fn date(input: &str) -> IResult<&str, NaiveDate> {
    let year = nom::character::complete::i32;
    map_opt((year, preceded(char('-'), number), preceded(char('-'), number)), |(y, m, d)| {
        NaiveDate::from_ymd_opt(y, m, d)
    })
    .parse(input)
}

fn time(input: &str) -> IResult<&str, NaiveTime> {
    let part = || map_res(digit1, str::parse::<u32>);
    map_opt((part(), preceded(char(':'), part()), opt(preceded(char(':'), part()))), |(h, m, s)| {
        NaiveTime::from_hms_opt(h, m, s.unwrap_or(0))
    })
    .parse(input)
}

/// What is sent; the error is the unknown word in brackets.
fn said(text: &str) -> Result<Said, String> {
    let Some((kind, after)) = text.strip_prefix('[').and_then(|open| open.split_once(']')) else {
        return Ok(Said::Text(text.to_owned()));
    };
    let other = match kind {
        "image" => {
            let caption = after.trim_start_matches(' ');
            return Ok(Said::Image((!caption.is_empty()).then(|| caption.to_owned())));
        }
        "edited" => return Ok(Said::Edited(after.trim_start_matches(' ').to_owned())),
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
        _ => return Ok(Said::Text(text.to_owned())),
    };
    Ok(Said::Other(other))
}

fn reply(text: &str) -> Option<Reply> {
    if text == "nothing" {
        return None;
    }
    let without = text.strip_prefix("[qr]").map(|text| text.trim_start_matches([' ', '\n']));
    Some(Reply { qr: without.is_some(), pattern: Pattern::read(without.unwrap_or(text)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> Vec<What> {
        let story = read(&format!("# why: a test\n{text}")).expect("a story");
        story.steps.into_iter().map(|step| step.what).collect()
    }

    fn one(text: &str) -> What {
        steps(text).pop().expect("a step")
    }

    fn says(who: &str, text: &str) -> Say {
        Say { who: Speaker::One(who.to_owned()), sent: None, said: Said::Text(text.to_owned()) }
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().expect("a moment")
    }

    #[test]
    fn directives_are_read() {
        for (text, what) in [
            ("office jakarta-pusat", What::Office(OfficeId::read("jakarta-pusat").expect("an id"))),
            ("clock 2017-08-01 09:00", What::Clock(at("2017-08-01T09:00:00"))),
            ("seed 7", What::Seed(7)),
            ("set seats_per_hour = 2", What::Set { key: "seats_per_hour".to_owned(), value: "2".to_owned() }),
            ("wait 1h30m", What::Wait(Wait::For(Duration::minutes(90)))),
            ("wait 3d", What::Wait(Wait::For(Duration::days(3)))),
            ("wait until 2017-08-03 08:00:30", What::Wait(Wait::Until(at("2017-08-03T08:00:30")))),
            ("redeliver", What::Redeliver(1)),
            ("redeliver 3", What::Redeliver(3)),
            ("fail send", What::FailSend(SendFault::Passing)),
            ("fail send lost", What::FailSend(SendFault::Lost)),
            ("fail fetch gone", What::FailFetch(FetchFault::Gone)),
            ("mend fetch", What::MendFetch),
        ] {
            assert_eq!(one(text), what, "{text}");
        }
    }

    #[test]
    fn people_crowds_and_their_members_speak() {
        assert_eq!(one("Budi > #Budi#25011987#07082017"), What::Say(says("Budi", "#Budi#25011987#07082017")));
        let What::Say(crowd) = one("50 x > #Warga {n}#25011987#07082017") else { panic!("no message") };
        assert_eq!(crowd.who, Speaker::Crowd { name: "x".to_owned(), size: 50 });
        let What::Say(late) = one("x.7 (sent 07:31) > halo") else { panic!("no message") };
        assert_eq!(late.who, Speaker::Member { name: "x".to_owned(), number: 7 });
        assert_eq!(late.sent, NaiveTime::from_hms_opt(7, 31, 0).map(SentAt::Today));
        assert_eq!(one("set > halo"), What::Say(says("set", "halo")), "a person may be called like a directive");
    }

    #[test]
    fn texts_go_on_over_indented_lines() {
        assert_eq!(one("Budi > satu\n  dua\n\n   tiga\n"), What::Say(says("Budi", "satu\ndua\n\n tiga")));
        assert_eq!(one("Budi >\n  satu"), What::Say(says("Budi", "satu")));
        assert_eq!(one("Budi >"), What::Say(says("Budi", "")));
        assert_eq!(steps("Budi > satu\n\n# a comment\nBudi > dua").len(), 2);
    }

    #[test]
    fn pictures_and_other_kinds_are_told_from_text() {
        for (text, said) in [
            ("[image]", Said::Image(None)),
            ("[image] #Siti#25011987#Jl. Melati", Said::Image(Some("#Siti#25011987#Jl. Melati".to_owned()))),
            ("[voice]", Said::Other(OtherKind::Audio)),
            ("[Ini] teks", Said::Text("[Ini] teks".to_owned())),
        ] {
            let What::Say(say) = one(&format!("Budi > {text}")) else { panic!("no message") };
            assert_eq!(say.said, said, "{text}");
        }
    }

    #[test]
    fn replies_are_read() {
        let expect = |who: Option<&str>, qr, text: &str| {
            let who = who.map(|name| Speaker::One(name.to_owned()));
            What::Expect(Expect { who, reply: Some(Reply { qr, pattern: Pattern::read(text) }) })
        };
        assert_eq!(one("< Halo\n  {code}"), expect(None, false, "Halo\n{code}"));
        assert_eq!(one("Budi < [qr] Halo"), expect(Some("Budi"), true, "Halo"));
        assert_eq!(one("< [qr]\n  Halo"), expect(None, true, "Halo"));
        assert_eq!(one("< nothing"), What::Expect(Expect { who: None, reply: None }));
    }

    #[test]
    fn a_batch_holds_messages() {
        let batch = What::Batch(vec![says("Budi", "satu"), says("Siti", "dua")]);
        assert_eq!(one("batch\nBudi > satu\nSiti > dua\nend"), batch);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for (text, line, part) in [
            ("Budi > halo", 1, "why it exists"),
            ("# why: x\n\noffice Bogor", 3, "`office bogor`"),
            ("# why: x\nwait soon", 2, "wait until"),
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
            let errors = read(text).expect_err(text);
            let [error] = errors.as_slice() else { panic!("{text}: {errors:?}") };
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.message.contains(part), "{text}: {error}");
        }
    }

    // Control: with a `return` at the first one, as it once was, the others are not there.
    #[test]
    fn all_mistakes_of_a_story_are_told_at_once() {
        let errors =
            read("Budi > halo\nwait soon\nbatch\nend\nBudi > [hologram]\nbatch\nSiti > a").expect_err("mistakes");
        let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [1, 2, 4, 5, 6], "{errors:?}");
    }
}
