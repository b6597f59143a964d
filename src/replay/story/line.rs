//! Reads the head of a paragraph: a directive, or who says or is answered what.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_till1, take_while1};
use nom::character::complete::{char, digit1, i64 as whole, space0, space1, u8 as byte, u32 as number};
use nom::combinator::{all_consuming, cut, map, map_opt, map_res, opt, rest, value};
use nom::multi::many1;
use nom::sequence::{delimited, pair, preceded, separated_pair, terminated};
use nom::{IResult, Parser};

use super::model::{Action, FetchFault, SendFault, SentAt, Speaker, Wait};
use crate::domain::displaced::Remedy;
use crate::domain::office::OfficeId;
use crate::sheet::nearest;

/// Largest crowd: the rush that the service must bear (1,000 forms for one day), ten times over.
pub const CROWD_MAX: u32 = 10_000;
/// Longest wait, in days: beyond any horizon and any reply window.
pub const WAIT_DAYS_MAX: i64 = 400;

/// A head line.
pub(super) enum Head<'a> {
    /// A directive, which has no further lines.
    Directive(Directive),
    /// Somebody sends something.
    Says { who: Speaker, sent: Option<SentAt>, first: &'a str },
    /// Somebody gets a reply.
    Answered { who: Option<Speaker>, first: &'a str },
}

/// A line that stands alone.
pub(super) enum Directive {
    Action(Action),
    BatchBegins,
    BatchEnds,
}

/// Reads a head line.
///
/// # Errors
/// What is wrong with it, and what should stand there.
pub(super) fn read(line: &str) -> Result<Head<'_>, String> {
    match all_consuming(alt((directive, message))).parse(line) {
        Ok((_, head)) => Ok(head),
        Err(nom::Err::Error(fault) | nom::Err::Failure(fault)) => Err(complaint(line, fault.input)),
        Err(nom::Err::Incomplete(_)) => Err("the line breaks off".to_owned()),
    }
}

/// What a line that is no message may begin with.
const DIRECTIVES: [&str; 14] = [
    "office",
    "seed",
    "clock",
    "set",
    "import",
    "notices",
    "uploads",
    "wait",
    "redeliver",
    "fail",
    "mend",
    "officer",
    "batch",
    "end",
];

/// What is wrong with a head line, as far as the word it begins with tells.
fn complaint(head: &str, rest: &str) -> String {
    let word = head.split_whitespace().next().unwrap_or_default();
    let wanted = match word {
        "office" => "`office bogor`",
        "seed" => "`seed 7`, 0 to 255",
        "clock" => "`clock 2017-08-01 09:00`",
        "set" => "`set seats_per_hour = 2`",
        "import" => "`import move: closed = 2017-08-07 Banjir`, or tell, cancel, keep or nothing in the place of move",
        "notices" => "`notices on`",
        "uploads" => "`uploads on`",
        "wait" => "`wait 2h`, `wait 1h30m`, `wait 3d` or `wait until 2017-08-03 08:00`",
        "redeliver" => "`redeliver` or `redeliver 3`",
        "fail" => "`fail send`, `fail send lost|throttled|refused|closed|broken`, `fail fetch` or `fail fetch gone`",
        "mend" => "`mend fetch`",
        "officer" => "`officer answers Budi: text` or `officer closes Budi`",
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

fn directive(input: &str) -> IResult<&str, Head<'_>> {
    let what = alt((
        map(preceded(word("office"), cut(office)), Action::Office),
        map(preceded(word("seed"), cut(byte)), Action::Seed),
        map(preceded(word("clock"), cut(moment)), Action::Clock),
        preceded(word("set"), cut(setting)),
        preceded(word("import"), cut(import)),
        value(Action::Notices, preceded(word("notices"), cut(tag("on")))),
        value(Action::Uploads, preceded(word("uploads"), cut(tag("on")))),
        map(preceded(word("wait"), cut(wait)), Action::Wait),
        map(preceded(tag("redeliver"), opt(preceded(space1, number))), |times| Action::Redeliver(times.unwrap_or(1))),
        preceded(word("fail"), cut(fault)),
        value(Action::MendFetch, preceded(word("mend"), cut(tag("fetch")))),
        preceded(word("officer"), cut(officer)),
    ));
    let alone = alt((
        map(what, Directive::Action),
        map(all_consuming(tag("batch")), |_| Directive::BatchBegins),
        map(all_consuming(tag("end")), |_| Directive::BatchEnds),
    ));
    map(terminated(alone, space0), Head::Directive).parse(input)
}

/// What an officer does with somebody's ticket.
fn officer(input: &str) -> IResult<&str, Action> {
    let answers = map(
        (preceded((tag("answers"), space1), speaker), preceded((char(':'), space0), rest)),
        |(who, text): (Speaker, &str)| Action::Officer { who, answer: Some(text.to_owned()) },
    );
    let closes = map(preceded((tag("closes"), space1), speaker), |who| Action::Officer { who, answer: None });
    alt((answers, closes)).parse(input)
}

/// A directive's first word. A person of that name still speaks: `set > text`.
fn word<'a>(word: &'static str) -> impl Parser<&'a str, Output = (), Error = nom::error::Error<&'a str>> {
    value((), (tag(word), space1, nom::combinator::not(nom::character::complete::one_of("<>("))))
}

fn message(input: &str) -> IResult<&str, Head<'_>> {
    let text = || preceded(opt(char(' ')), rest);
    alt((
        map(preceded(char('<'), text()), |first| Head::Answered { who: None, first }),
        map(separated_pair(speaker, (space0, char('<')), text()), |(who, first)| Head::Answered {
            who: Some(who),
            first,
        }),
        map((speaker, opt(preceded(space0, sent)), preceded((space0, char('>')), text())), |(who, sent, first)| {
            Head::Says { who, sent, first }
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

fn setting(input: &str) -> IResult<&str, Action> {
    map(rule, |(key, value)| Action::Set { key, value }).parse(input)
}

/// `seats_per_hour = 2`.
fn rule(input: &str) -> IResult<&str, (String, String)> {
    let key = take_while1(|c: char| c.is_ascii_lowercase() || c == '_');
    map(separated_pair(key, (space0, char('='), space0), rest), |(key, value): (&str, &str)| {
        (key.to_owned(), value.trim().to_owned())
    })
    .parse(input)
}

/// `move: closed = 2017-08-07 Banjir`.
fn import(input: &str) -> IResult<&str, Action> {
    let remedy = alt((
        value(Some(Remedy::Tell), tag("tell")),
        value(Some(Remedy::Move), tag("move")),
        value(Some(Remedy::Cancel), tag("cancel")),
        value(Some(Remedy::Keep), tag("keep")),
        value(None, tag("nothing")),
    ));
    map(separated_pair(remedy, (char(':'), space0), rule), |(remedy, (key, value))| Action::Import {
        remedy,
        key,
        value,
    })
    .parse(input)
}

fn fault(input: &str) -> IResult<&str, Action> {
    let send = alt((
        value(SendFault::Lost, tag(" lost")),
        value(SendFault::Throttled, tag(" throttled")),
        value(SendFault::Refused, tag(" refused")),
        value(SendFault::Closed, tag(" closed")),
        value(SendFault::Broken, tag(" broken")),
        value(SendFault::Passing, tag("")),
    ));
    let fetch = alt((value(FetchFault::Gone, tag(" gone")), value(FetchFault::Passing, tag(""))));
    alt((map(preceded(tag("send"), send), Action::FailSend), map(preceded(tag("fetch"), fetch), Action::FailFetch)))
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
