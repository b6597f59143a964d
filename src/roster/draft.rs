//! One office file as it is written: every key may be missing, because a base file may have it.
//!
//! [`Draft::read`] reports all mistakes of one file, [`Draft::over`] merges a file with its base. `whole` checks what a whole
//! office needs besides.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use toml::de::DeValue;

use super::notices::{NoticesDraft, ReminderDraft};
use super::reschedule::RescheduleDraft;
use super::value::{per_person, share, span, weekdays};
use crate::domain::code::APPROVAL_CODE_DIGITS;
use crate::domain::office::{
    Approval, Dated, FormatId, HORIZON_DAYS_MAX, OfficeId, PerPerson, SEATS_PER_HOUR_MAX, Share, Span, WhenFull, Zone,
};
use crate::domain::person::PARTY_MAX;
use crate::grammar::Topic;
use crate::sheet::{
    Entry, Mistake, Place, Problem, Read, Source, Spot, Table, choice, date, document, id, line, truth, whole,
};

/// Longest office name: it stands in every reply, and a confirmation has 1,024 characters for everything.
const NAME_CHARS_MAX: usize = 80;
/// Longest site: one line on a phone, twice.
const SITE_CHARS_MAX: usize = 160;
/// Longest telephone number: two numbers with their area codes.
const TELEPHONE_CHARS_MAX: usize = 40;
/// Longest sentence about what to bring: it stands in the confirmation too.
const BRING_CHARS_MAX: usize = 200;
/// Longest other sentence of an office's own: a requirement, who is excluded, why it is closed.
const SENTENCE_CHARS_MAX: usize = 300;
/// Longest single closing, so that a mistyped year is noticed.
const CLOSED_DAYS_MAX: i64 = 100;
/// Longest time that a place is held or a photo awaited, in minutes: a day.
const WAIT_MINUTES_MAX: u32 = 24 * 60;
/// Most live bookings of one number: a village head may register a bus, but not an agent's whole trade.
const LIVE_PER_NUMBER_MAX: u32 = 50;
/// Most unconfirmed holds that one number may take in a day: ten an hour, day and night.
const HOLDS_PER_NUMBER_MAX: u32 = 240;
/// Oldest age under which a relative may still count as a child, in years: the last one at which the civil code has minors.
const CHILD_YEARS_MAX: u32 = 21;
/// Oldest age from which a relative may count as elderly, in years: nobody is older.
const ELDER_YEARS_MAX: u32 = 120;
/// Earliest that people may be told to come, in minutes before their hour.
const ARRIVE_EARLY_MINUTES_MAX: u32 = 4 * 60;
/// Latest that people may come, in minutes after their hour began: a booking is over with its hour.
const GRACE_MINUTES_MAX: u32 = 60;

/// The keys of an office file.
pub(super) const KEYS: [&str; 18] = [
    "extend",
    "id",
    "version",
    "name",
    "zone",
    "site",
    "telephone",
    "map",
    "formats",
    "seats_per_hour",
    "seats_per_day",
    "intake",
    "hours",
    "closed",
    "open",
    "policy",
    "notices",
    "texts",
];
const POLICY_KEYS: [&str; 19] = [
    "when_full",
    "approval",
    "approval_words",
    "hold_minutes",
    "photo_wait_minutes",
    "cancelling",
    "reschedule",
    "reminder",
    "live_per_number",
    "relatives",
    "live_per_person",
    "holds_share",
    "holds_per_number",
    "people_per_booking",
    "earliest",
    "minutes_before_hour",
    "horizon_days",
    "arrive_early_minutes",
    "grace_minutes",
];
const TEXT_KEYS: [&str; 5] = ["requirements", "bring", "excluded", "official", "topics"];

/// The first day that may be asked for, before its minutes are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EarliestDay {
    Tomorrow,
    Today,
}

/// When messages are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intake {
    Always,
    Within(Span),
}

/// `[policy]` as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct PolicyDraft {
    pub(super) when_full: Entry<WhenFull>,
    pub(super) approval: Entry<Approval>,
    pub(super) hold_minutes: Entry<u32>,
    pub(super) photo_wait_minutes: Entry<u32>,
    pub(super) approval_words: Entry<bool>,
    pub(super) cancelling: Entry<bool>,
    pub(super) reschedule: RescheduleDraft,
    pub(super) reminder: ReminderDraft,
    pub(super) live_per_number: Entry<u32>,
    pub(super) children_under: Entry<u32>,
    pub(super) elders_from: Entry<u32>,
    pub(super) live_per_person: Entry<PerPerson>,
    pub(super) holds_share: Entry<Share>,
    pub(super) holds_per_number: Entry<u32>,
    pub(super) people_per_booking: Entry<u32>,
    pub(super) earliest: Entry<EarliestDay>,
    pub(super) minutes_before_hour: Entry<u32>,
    pub(super) horizon_days: Entry<u32>,
    pub(super) arrive_early_minutes: Entry<u32>,
    pub(super) grace_minutes: Entry<u32>,
}

/// `[texts.id]` or `[texts.en]` as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct TextsDraft {
    pub(super) requirements: Entry<Vec<Spot<String>>>,
    pub(super) bring: Entry<String>,
    pub(super) excluded: Entry<String>,
    pub(super) official: Entry<String>,
    /// By the names of the topics.
    pub(super) topics: BTreeMap<&'static str, Entry<String>>,
}

/// An office file as it is written.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) source: Source,
    /// Whether all of it could be read: it is TOML throughout and its base was found. Where it could not, keys may be hidden
    /// rather than missing.
    pub(super) seen_whole: bool,
    pub(super) extend: Entry<String>,
    pub(super) id: Entry<OfficeId>,
    pub(super) version: Entry<u32>,
    pub(super) name: Entry<String>,
    pub(super) site: Entry<String>,
    pub(super) telephone: Entry<String>,
    pub(super) map: Entry<String>,
    pub(super) zone: Entry<Zone>,
    pub(super) formats: Entry<Vec<Spot<FormatId>>>,
    pub(super) hours: [Entry<Vec<Spot<Span>>>; 7],
    pub(super) dated: BTreeMap<NaiveDate, Spot<Dated>>,
    pub(super) seats_per_hour: Entry<u32>,
    pub(super) seats_per_day: Entry<u32>,
    pub(super) intake: Entry<Intake>,
    pub(super) policy: PolicyDraft,
    pub(super) notices: NoticesDraft,
    pub(super) texts_id: TextsDraft,
    pub(super) texts_en: TextsDraft,
}

impl Draft {
    /// Reads one file, noting every mistake.
    pub(super) fn read(source: &Source, problems: &mut Vec<Problem>) -> Self {
        let (root, seen_whole) = document(source, problems);
        let mut top = Table::of(source, &root, problems);
        top.refuse_unknown(&KEYS);
        let (texts_id, texts_en) = both_texts(&mut top);
        Self {
            source: Source::clone(source),
            seen_whole,
            extend: top.take("extend", |value| line(value, SENTENCE_CHARS_MAX)),
            id: top.take("id", |value| id(value, |text| OfficeId::read(text).ok())),
            version: top.take("version", |value| whole(value, 1, u32::MAX)),
            name: top.take("name", |value| line(value, NAME_CHARS_MAX)),
            site: top.take("site", |value| line(value, SITE_CHARS_MAX)),
            telephone: top.take("telephone", telephone),
            map: top.take("map", map_link),
            zone: top
                .take("zone", |value| choice(value, &[("WIB", Zone::Wib), ("WITA", Zone::Wita), ("WIT", Zone::Wit)])),
            formats: top.take_list("formats", |value| id(value, |text| FormatId::read(text).ok())),
            hours: weekly(&mut top),
            dated: dated(&mut top),
            seats_per_hour: top.take("seats_per_hour", |value| whole(value, 1, SEATS_PER_HOUR_MAX)),
            seats_per_day: top.take("seats_per_day", |value| whole(value, 1, 24 * SEATS_PER_HOUR_MAX)),
            intake: top.take("intake", intake),
            policy: top.table("policy").map(policy).unwrap_or_default(),
            notices: top.table("notices").map(NoticesDraft::read).unwrap_or_default(),
            texts_id,
            texts_en,
        }
    }

    /// Merges this file with its base: what this file says wins. An id and a version are never inherited.
    pub(super) fn over(self, base: &Self) -> Self {
        let base = base.clone();
        let mut base_hours = base.hours.into_iter();
        let mut dated = base.dated;
        dated.extend(self.dated);
        Self {
            source: self.source,
            seen_whole: self.seen_whole && base.seen_whole,
            extend: self.extend,
            id: self.id,
            version: self.version,
            name: self.name.or(base.name),
            site: self.site.or(base.site),
            telephone: self.telephone.or(base.telephone),
            map: self.map.or(base.map),
            zone: self.zone.or(base.zone),
            formats: self.formats.or(base.formats),
            hours: self.hours.map(|day| day.or(base_hours.next().unwrap_or_default())),
            dated,
            seats_per_hour: self.seats_per_hour.or(base.seats_per_hour),
            seats_per_day: self.seats_per_day.or(base.seats_per_day),
            intake: self.intake.or(base.intake),
            policy: self.policy.over(base.policy),
            notices: self.notices.over(base.notices),
            texts_id: self.texts_id.over(base.texts_id),
            texts_en: self.texts_en.over(base.texts_en),
        }
    }
}

impl PolicyDraft {
    fn over(self, base: Self) -> Self {
        // The minutes belong to "today": a file that says "tomorrow" inherits none.
        let tomorrow = self.earliest.given().is_some_and(|earliest| earliest.value == EarliestDay::Tomorrow);
        let base_minutes = if tomorrow { Entry::Absent } else { base.minutes_before_hour };
        Self {
            when_full: self.when_full.or(base.when_full),
            approval: self.approval.or(base.approval),
            hold_minutes: self.hold_minutes.or(base.hold_minutes),
            photo_wait_minutes: self.photo_wait_minutes.or(base.photo_wait_minutes),
            approval_words: self.approval_words.or(base.approval_words),
            cancelling: self.cancelling.or(base.cancelling),
            reschedule: self.reschedule.over(base.reschedule),
            reminder: self.reminder.over(base.reminder),
            live_per_number: self.live_per_number.or(base.live_per_number),
            children_under: self.children_under.or(base.children_under),
            elders_from: self.elders_from.or(base.elders_from),
            live_per_person: self.live_per_person.or(base.live_per_person),
            holds_share: self.holds_share.or(base.holds_share),
            holds_per_number: self.holds_per_number.or(base.holds_per_number),
            people_per_booking: self.people_per_booking.or(base.people_per_booking),
            earliest: self.earliest.or(base.earliest),
            minutes_before_hour: self.minutes_before_hour.or(base_minutes),
            horizon_days: self.horizon_days.or(base.horizon_days),
            arrive_early_minutes: self.arrive_early_minutes.or(base.arrive_early_minutes),
            grace_minutes: self.grace_minutes.or(base.grace_minutes),
        }
    }
}

impl TextsDraft {
    fn over(self, mut base: Self) -> Self {
        let mut topics = self.topics;
        for (name, entry) in std::mem::take(&mut base.topics) {
            let own = topics.remove(name).unwrap_or_default();
            topics.insert(name, own.or(entry));
        }
        Self {
            official: self.official.or(base.official),
            topics,
            requirements: self.requirements.or(base.requirements),
            bring: self.bring.or(base.bring),
            excluded: self.excluded.or(base.excluded),
        }
    }
}

fn intake(value: &DeValue<'_>) -> Read<Intake> {
    if value.as_str() == Some("always") {
        return Ok(Intake::Always);
    }
    span(value).map(Intake::Within).map_err(|mistake| Mistake {
        remedy: format!("{}; or \"always\" for any hour of any day", mistake.remedy),
        ..mistake
    })
}

/// The ages of `[policy.relatives]`.
fn relatives(mut table: Table<'_, '_>) -> (Entry<u32>, Entry<u32>) {
    table.refuse_unknown(&["children_under", "elders_from"]);
    let children = table.take("children_under", |value| whole(value, 0, CHILD_YEARS_MAX));
    (children, table.take("elders_from", |value| whole(value, 0, ELDER_YEARS_MAX)))
}

fn policy(mut table: Table<'_, '_>) -> PolicyDraft {
    table.refuse_unknown(&POLICY_KEYS);
    let full = [("roll", WhenFull::Roll), ("suggest", WhenFull::Suggest), ("refuse", WhenFull::Refuse)];
    let approval = [("code", Approval::Code), ("none", Approval::None)];
    let earliest = [("tomorrow", EarliestDay::Tomorrow), ("today", EarliestDay::Today)];
    let (children_under, elders_from) = table.table("relatives").map(relatives).unwrap_or_default();
    PolicyDraft {
        when_full: table.take("when_full", |value| choice(value, &full)),
        approval: table.take("approval", |value| choice(value, &approval)),
        hold_minutes: table.take("hold_minutes", |value| whole(value, 1, WAIT_MINUTES_MAX)),
        photo_wait_minutes: table.take("photo_wait_minutes", |value| whole(value, 1, WAIT_MINUTES_MAX)),
        approval_words: table.take("approval_words", truth),
        cancelling: table.take("cancelling", truth),
        reschedule: table.table("reschedule").map(RescheduleDraft::read).unwrap_or_default(),
        reminder: table.table("reminder").map(ReminderDraft::read).unwrap_or_default(),
        live_per_number: table.take("live_per_number", |value| whole(value, 1, LIVE_PER_NUMBER_MAX)),
        children_under,
        elders_from,
        live_per_person: table.take("live_per_person", |value| per_person(value, LIVE_PER_NUMBER_MAX)),
        holds_share: table.take("holds_share", share),
        holds_per_number: table.take("holds_per_number", |value| whole(value, 1, HOLDS_PER_NUMBER_MAX)),
        people_per_booking: table.take("people_per_booking", |value| whole(value, 1, u32::from(PARTY_MAX))),
        earliest: table.take("earliest", |value| choice(value, &earliest)),
        minutes_before_hour: table.take("minutes_before_hour", |value| whole(value, 0, WAIT_MINUTES_MAX)),
        horizon_days: table.take("horizon_days", |value| whole(value, 1, HORIZON_DAYS_MAX)),
        arrive_early_minutes: table.take("arrive_early_minutes", |value| whole(value, 0, ARRIVE_EARLY_MINUTES_MAX)),
        grace_minutes: table.take("grace_minutes", |value| whole(value, 0, GRACE_MINUTES_MAX)),
    }
}

fn both_texts(top: &mut Table<'_, '_>) -> (TextsDraft, TextsDraft) {
    let Some(mut both) = top.table("texts") else {
        return Default::default();
    };
    both.refuse_unknown(&["id", "en"]);
    (both.table("id").map(texts).unwrap_or_default(), both.table("en").map(texts).unwrap_or_default())
}

fn texts(mut table: Table<'_, '_>) -> TextsDraft {
    table.refuse_unknown(&TEXT_KEYS);
    TextsDraft {
        requirements: table.take_list("requirements", |value| line(value, SENTENCE_CHARS_MAX)),
        bring: table.take("bring", |value| line(value, BRING_CHARS_MAX)),
        excluded: table.take("excluded", |value| line(value, SENTENCE_CHARS_MAX)),
        official: table.take("official", |value| line(value, SENTENCE_CHARS_MAX)),
        topics: table.table("topics").map(topics).unwrap_or_default(),
    }
}

fn topics(mut table: Table<'_, '_>) -> BTreeMap<&'static str, Entry<String>> {
    let names = Topic::ALL.map(Topic::name);
    table.refuse_unknown(&names);
    names.into_iter().map(|name| (name, table.take(name, |value| line(value, SENTENCE_CHARS_MAX)))).collect()
}

/// A telephone number as it is written on a poster.
fn telephone(value: &DeValue<'_>) -> Read<String> {
    let text = line(value, TELEPHONE_CHARS_MAX)?;
    let is_written = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '.' | '/');
    if text.chars().all(is_written) && text.contains(|c: char| c.is_ascii_digit()) {
        return Ok(text);
    }
    Err(Mistake::new("is no telephone number", "write it with its area code, like \"(0251) 000000\""))
}

/// A link to a map. A run of digits as long as an approval code would be taken for one.
fn map_link(value: &DeValue<'_>) -> Read<String> {
    let text = line(value, SITE_CHARS_MAX)?;
    let is_link = text.starts_with("https://") && text.chars().all(|c| c.is_ascii_graphic());
    let has_code = text.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= APPROVAL_CODE_DIGITS);
    match (is_link, has_code) {
        (true, false) => Ok(text),
        (true, true) => Err(Mistake::new(
            "holds a number of eight digits or more, which citizens would take for their code",
            "write the short link that the map offers for sharing",
        )),
        (false, _) => {
            Err(Mistake::new("is no link", "write the whole link to the office on a map; it begins with https://"))
        }
    }
}

fn weekly(top: &mut Table<'_, '_>) -> [Entry<Vec<Spot<Span>>>; 7] {
    let mut week: [Entry<Vec<Spot<Span>>>; 7] = Default::default();
    let Some(mut table) = top.table("hours") else {
        return week;
    };
    for (key, place) in table.keys() {
        let days = match weekdays(key) {
            Ok(days) => days,
            Err(Mistake { what, remedy }) => {
                table.note(place, format!("`hours.{key}` {what}"), remedy);
                continue;
            }
        };
        let spans = table.take_list(key, span);
        if let Entry::Given(spans) = &spans {
            check_spans(&mut table, spans);
        }
        for day in days {
            let Some(entry) = week.get_mut(day.num_days_from_monday() as usize) else { continue };
            if matches!(entry, Entry::Absent) {
                *entry = spans.clone();
            } else {
                let what = format!("`hours.{key}` gives a weekday that another line gives too ({day})");
                table.note(place.clone(), what, "give each weekday once, like senin-kamis and jumat");
            }
        }
    }
    week
}

/// Reports spans that are out of order, overlap, or hold no whole hour: people are booked by the hour.
fn check_spans(table: &mut Table<'_, '_>, spans: &Spot<Vec<Spot<Span>>>) {
    for spot in &spans.value {
        if spot.value.hours().next().is_none() {
            let remedy = "start or end it on the hour, like \"08:00-09:00\", or remove it";
            table.note(spot.place.clone(), "no whole hour lies in this stretch, so nobody could be booked", remedy);
        }
    }
    for pair in spans.value.windows(2) {
        let [before, after] = pair else { continue };
        if after.value.from < before.value.until {
            let remedy = "write the stretches of a day from morning to evening, with a break between";
            table.note(after.place.clone(), "this stretch begins before the one in front of it ends", remedy);
        }
    }
}

fn dated(top: &mut Table<'_, '_>) -> BTreeMap<NaiveDate, Spot<Dated>> {
    let mut days: HashMap<NaiveDate, Place> = HashMap::new();
    let mut all = BTreeMap::new();
    top.each_table("closed", |mut table| {
        table.refuse_unknown(&["date", "until", "reason"]);
        let from = table.need("date", date, "date = 2017-08-21");
        let until = table.take("until", date);
        let reason = table.need(
            "reason",
            |value| line(value, SENTENCE_CHARS_MAX),
            "reason = \"Pindah gedung\", as citizens will read it",
        );
        let (Some(from), Some(reason)) = (from, reason) else { return };
        let last = until.given().map_or(from.value, |until| until.value);
        if !(0..CLOSED_DAYS_MAX).contains(&(last - from.value).num_days()) {
            let place = until.given().map_or(from.place, |until| until.place.clone());
            let remedy = format!("write the last day of the closing, at most {CLOSED_DAYS_MAX} days from the first");
            return table.note(place, "`closed.until` does not fit its `closed.date`", remedy);
        }
        for day in from.value.iter_days().take_while(|&day| day <= last) {
            note_repeat(&mut table, &mut days, day, &from.place);
            let value = Dated::Closed { reason: reason.value.clone() };
            all.insert(day, Spot { value, place: from.place.clone() });
        }
    });
    top.each_table("open", |mut table| {
        table.refuse_unknown(&["date", "hours"]);
        let day = table.need("date", date, "date = 2017-08-19");
        let hours = table.take_list("hours", span);
        if let Entry::Given(spans) = &hours {
            check_spans(&mut table, spans);
        }
        if hours.given().map_or(matches!(hours, Entry::Absent), |spans| spans.value.is_empty()) {
            let here = table.here();
            table.note(here, "this opening has no hours", "add hours = [\"08:00-12:00\"]");
        }
        let (Some(day), Some(hours)) = (day, hours.given()) else { return };
        note_repeat(&mut table, &mut days, day.value, &day.place);
        let spans = hours.value.iter().map(|span| span.value).collect();
        all.insert(day.value, Spot { value: Dated::Open { spans }, place: day.place });
    });
    all
}

fn note_repeat(table: &mut Table<'_, '_>, days: &mut HashMap<NaiveDate, Place>, day: NaiveDate, place: &Place) {
    if let Some(first) = days.insert(day, place.clone()) {
        let (line, _) = first.line_column();
        table.note(place.clone(), format!("{day} stands twice, first in line {line}"), "give each day once");
    }
}
