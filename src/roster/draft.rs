//! One office file as it is written: every key may be missing, because a base file may have it.
//!
//! [`Draft::read`] reports all mistakes of one file, [`Draft::over`] merges a file with its base. `whole` checks what a whole
//! office needs besides.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::de::DeValue;

use super::days::{dated, weekly};
use super::notices::NoticesDraft;
use super::policy::PolicyDraft;
use super::privacy::PrivacyDraft;
use super::release;
use super::texts::{SENTENCE_CHARS_MAX, TextsDraft, both_texts};
use super::value::span;
use crate::domain::code::APPROVAL_CODE_DIGITS;
use crate::domain::office::{Dated, FormatId, OfficeId, Release, SEATS_PER_HOUR_MAX, Span, Zone};
use crate::sheet::{Entry, Mistake, Problem, Read, Source, Spot, Table, choice, document, id, line, truth, whole};

/// Longest office name: it stands in every reply, and a confirmation has 1,024 characters for everything.
const NAME_CHARS_MAX: usize = 80;
/// Longest site: one line on a phone, twice.
const SITE_CHARS_MAX: usize = 160;
/// Longest telephone number: two numbers with their area codes.
const TELEPHONE_CHARS_MAX: usize = 40;

/// The keys of an office file.
pub(super) const KEYS: [&str; 22] = [
    "extend",
    "id",
    "version",
    "based_on",
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
    "release",
    "policy",
    "notices",
    "privacy",
    "audit",
    "texts",
];

/// When messages are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intake {
    Always,
    Within(Span),
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
    /// The latest version made outside of this file that it continues.
    pub(super) based_on: Entry<u32>,
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
    pub(super) release: Entry<Option<Release>>,
    pub(super) policy: PolicyDraft,
    pub(super) notices: NoticesDraft,
    pub(super) privacy: PrivacyDraft,
    pub(super) asks_why: Entry<bool>,
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
            based_on: top.take("based_on", |value| whole(value, 1, u32::MAX)),
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
            release: top.table("release").map(release::read).unwrap_or_default(),
            policy: top.table("policy").map(PolicyDraft::read).unwrap_or_default(),
            notices: top.table("notices").map(NoticesDraft::read).unwrap_or_default(),
            privacy: top.table("privacy").map(PrivacyDraft::read).unwrap_or_default(),
            asks_why: top.table("audit").map(asks_why).unwrap_or_default(),
            texts_id,
            texts_en,
        }
    }

    /// Merges this file with its base: what this file says wins. An id, a version and what it is based on are never inherited.
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
            based_on: self.based_on,
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
            release: self.release.or(base.release),
            policy: self.policy.over(base.policy),
            notices: self.notices.over(base.notices),
            privacy: self.privacy.over(base.privacy),
            asks_why: self.asks_why.or(base.asks_why),
            texts_id: self.texts_id.over(base.texts_id),
            texts_en: self.texts_en.over(base.texts_en),
        }
    }
}

/// `[audit]`: whether the console asks why.
fn asks_why(mut table: Table<'_, '_>) -> Entry<bool> {
    table.refuse_unknown(&["ask_why"]);
    table.take("ask_why", truth)
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
