//! Tries the likeliest lines on the messages until one reads them all.

use chrono::{Days, NaiveDate};

use crate::domain::message::MESSAGE_BYTES_MAX;
use crate::domain::office::FormatId;
use crate::grammar::check::check;
use crate::grammar::date;
use crate::grammar::date::written::Written;
use crate::grammar::format::Format;
use crate::grammar::proposal::cut::{Cut, cuts, texts};
use crate::grammar::proposal::guess::{Guess, guesses};
use crate::grammar::proposal::result::{Doubt, NoProposal, PROPOSAL_MESSAGES_MAX, PROPOSAL_MESSAGES_SURE, Proposal};
use crate::grammar::proposal::written::Columns;
use crate::grammar::reader::message::read;
use crate::grammar::request::Request;
use crate::grammar::request::field::{Field, TEXTS_MAX};
use crate::grammar::request::note::NoteKind;

/// Lines that are tried in all: each reads every message once, so that nobody waits for a second.
const TRIES_MAX: usize = 160;
/// How far from the likeliest guesses lines are looked for, in places of the columns' lists together.
const RANKS_MAX: usize = 3;

/// Proposes the line that reads all of `messages`, which are sent on `sent_on` or were sent before it.
///
/// # Errors
/// [`NoProposal`] says why there is none.
pub fn propose(messages: &[&str], sent_on: NaiveDate, id: &FormatId) -> Result<Proposal, NoProposal> {
    if messages.is_empty() {
        return Err(NoProposal::Empty);
    }
    if messages.len() > PROPOSAL_MESSAGES_MAX {
        return Err(NoProposal::TooMany { messages: messages.len() });
    }
    if let Some(message) = messages.iter().position(|message| message.len() > MESSAGE_BYTES_MAX) {
        return Err(NoProposal::TooLong { message: message + 1 });
    }
    let cuts = cuts(&texts(messages))?;
    let mut search = Search { messages, id, tries: 0, has_name: false, unread: 1 };
    // A question of the office's own reads anything, a day that is over too: then the messages are tried as old ones first.
    let mut with_own = None;
    for days in days(messages, &cuts, sent_on) {
        let proposal = cuts.iter().find_map(|cut| search.of(cut, &days, sent_on));
        match proposal {
            Some(proposal) if !proposal.doubts.iter().any(|doubt| matches!(doubt, Doubt::Name { .. })) => {
                return Ok(proposal);
            }
            other => with_own = with_own.or(other),
        }
    }
    if let Some(proposal) = with_own {
        return Ok(proposal);
    }
    Err(if search.has_name { NoProposal::Unread { message: search.unread } } else { NoProposal::NoName })
}

/// The days of sending that are tried: the given one; and the day before the last date in each message, since examples are old.
fn days(messages: &[&str], cuts: &[Cut<'_>], sent_on: NaiveDate) -> Vec<Vec<NaiveDate>> {
    let last = |row: &Vec<Option<&str>>| {
        let day = |piece: &&str| match date::parse(piece)? {
            Written::Full { year, month, day } => NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day),
            Written::Short(_) => None,
        };
        row.iter().flatten().filter_map(day).max()?.checked_sub_days(Days::new(1))
    };
    let now = vec![sent_on; messages.len()];
    let then: Option<Vec<NaiveDate>> = cuts.first().and_then(|cut| cut.rows.iter().map(last).collect());
    std::iter::once(now).chain(then).collect()
}

struct Search<'s> {
    messages: &'s [&'s str],
    id: &'s FormatId,
    tries: usize,
    /// Whether some column may be the name.
    has_name: bool,
    /// The first message that the first line did not read, from 1.
    unread: usize,
}

/// A line that reads all messages.
struct Found<'c, 'm> {
    columns: Columns<'c, 'm>,
    file: String,
    format: Format,
}

impl Search<'_> {
    /// The line for messages that are cut in one way.
    fn of(&mut self, cut: &Cut<'_>, days: &[NaiveDate], sent_on: NaiveDate) -> Option<Proposal> {
        let guesses = guesses(cut, days);
        let is_name = |guess: &Guess| *guess == Guess::Known(Field::Nama);
        self.has_name |= guesses.iter().flatten().any(is_name);
        let rows: Vec<Vec<&Guess>> = (0..=RANKS_MAX).flat_map(|ranks| combined(&guesses, ranks)).collect();
        let (at, found) = rows.iter().enumerate().find_map(|(at, row)| Some((at, self.found(cut, row, days)?)))?;
        let mut doubts = Vec::new();
        if self.messages.len() < PROPOSAL_MESSAGES_SURE {
            doubts.push(Doubt::Few { messages: self.messages.len() });
        }
        if days.iter().any(|day| *day != sent_on) {
            doubts.push(Doubt::Past);
        }
        let names = found.columns.names();
        for (column, (guess, taken)) in found.columns.guesses.iter().zip(names).enumerate() {
            let missing = cut.rows.iter().filter(|row| row.get(column).is_some_and(Option::is_none)).count();
            if missing > 0 {
                doubts.push(Doubt::LeftOut { taken: taken.clone(), messages: missing });
            }
            if cut.open_at == Some(column) {
                doubts.push(Doubt::HoldsSeparator { taken: taken.clone() });
            }
            match guess {
                Guess::Text(None) => doubts.push(Doubt::Name { taken }),
                Guess::Services(known) => doubts.push(Doubt::Services { known: known.clone() }),
                Guess::Text(Some(_)) | Guess::Known(_) => {}
            }
        }
        let taken = rows.get(at)?;
        let others = rows.iter().skip(at + 1);
        for (one, other) in others.flat_map(|row| self.either(cut, (taken.as_slice(), row.as_slice()), days)) {
            let doubt = Doubt::Either { taken: one, instead: other };
            if !doubts.contains(&doubt) {
                doubts.push(doubt);
            }
        }
        let Found { columns, file, format } = found;
        Some(Proposal { line: columns.line(), file, format, doubts })
    }

    /// The line of these guesses, if it reads every message.
    fn found<'c, 'm>(
        &mut self,
        cut: &'c Cut<'m>,
        guesses: &'c [&'c Guess],
        days: &[NaiveDate],
    ) -> Option<Found<'c, 'm>> {
        [cut.opens_with_mark, !cut.opens_with_mark].into_iter().filter(|opens| !opens || cut.mark != '\n').find_map(
            |opens| {
                if self.tries == TRIES_MAX {
                    return None;
                }
                self.tries += 1;
                let columns = Columns { cut, guesses, opens_with_mark: opens };
                let file = columns.file(self.id);
                let format = Format::from_toml(&file).ok()?;
                let unread = self.messages.iter().zip(days).position(|(message, day)| !is_read(&format, message, *day));
                if let Some(message) = unread {
                    self.unread = if self.tries == 1 { message + 1 } else { self.unread };
                    return None;
                }
                check(&format).is_empty().then_some(Found { columns, file, format })
            },
        )
    }

    /// The pieces that another line takes for others, where it reads the messages too. A question of the office's own reads anything,
    /// so only pieces that are told by how they look count.
    fn either<'c>(
        &mut self,
        cut: &'c Cut<'_>,
        (taken, other): (&[&'c Guess], &'c [&'c Guess]),
        days: &[NaiveDate],
    ) -> Vec<(Field, Field)> {
        let mut pairs = Vec::new();
        for (taken, other) in taken.iter().zip(other.iter()).filter(|(taken, other)| taken != other) {
            let (Guess::Known(taken), Guess::Known(other)) = (taken, other) else { return Vec::new() };
            pairs.push((*taken, *other));
        }
        if self.found(cut, other, days).is_some() { pairs } else { Vec::new() }
    }
}

/// Whether a message is a whole form by its own mark, or one of which only a day is asked.
fn is_read(format: &Format, message: &str, sent_on: NaiveDate) -> bool {
    match read(&[format], message, sent_on) {
        Request::Form(form) => !form.notes.iter().any(|note| note.kind == NoteKind::Separator),
        Request::Ask(_) => true,
        _ => false,
    }
}

/// Every choice of one guess for each column whose places in the columns' lists add up to `ranks`: a name, no piece twice.
fn combined(guesses: &[Vec<Guess>], ranks: usize) -> Vec<Vec<&Guess>> {
    let mut rows: Vec<(usize, Vec<&Guess>)> = vec![(0, Vec::new())];
    for column in guesses {
        let mut longer = Vec::new();
        for (rank, row) in &rows {
            for (place, guess) in column.iter().enumerate() {
                if rank + place <= ranks && may_follow(row, guess) {
                    longer.push((rank + place, row.iter().copied().chain([guess]).collect()));
                }
            }
        }
        rows = longer;
    }
    let is_whole = |row: &Vec<&Guess>| row.contains(&&Guess::Known(Field::Nama));
    rows.into_iter().filter(|(rank, row)| *rank == ranks && is_whole(row)).map(|(_, row)| row).collect()
}

fn may_follow(row: &[&Guess], guess: &Guess) -> bool {
    let same = |of: fn(&Guess) -> bool| row.iter().filter(|taken| of(taken)).count();
    match guess {
        Guess::Known(_) => !row.contains(&guess),
        Guess::Services(_) => same(|taken| matches!(taken, Guess::Services(_))) == 0,
        Guess::Text(_) => same(|taken| matches!(taken, Guess::Text(_))) < TEXTS_MAX,
    }
}
