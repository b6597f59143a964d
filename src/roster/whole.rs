//! Makes an office of a draft: reports what is missing and what does not fit together.

use std::collections::BTreeSet;
use std::sync::Arc;

use miette::{NamedSource, Report};

use super::draft::{Draft, Intake};
use super::no_shows::Beside;
use super::policy::{EarliestDay, PolicyDraft};
use super::privacy::PrivacyDraft;
use super::texts::TextsDraft;
use crate::domain::office::{
    Earliest, Exceptions, FormatId, HOLDS_PER_NUMBER, HOLDS_SHARE, Office, OfficeTexts, PerPerson, Policy, Privacy,
    Relatives, Release, Span, WeeklyHours,
};
use crate::domain::person::PARTY_MAX;
use crate::sheet::{Entry, Place, Problem, Problems, Source, Spot, nearest};

/// Most formats that one office may read: each is tried on every message.
const FORMATS_MAX: usize = 8;
/// Most lines of requirements: they go out as one chat message.
const REQUIREMENTS_MAX: usize = 15;

/// Reads one whole office file, as [`print`](super::print()) writes it. Whether its formats exist is not asked here.
///
/// # Errors
/// All [`Problems`] of the text.
pub fn read(text: &str) -> Result<Office, Problems> {
    read_whole(text).map_err(|problems| Problems(problems.into_iter().map(Report::new).collect()))
}

pub(super) fn read_whole(text: &str) -> Result<Office, Vec<Problem>> {
    let mut problems = Vec::new();
    let source = Arc::new(NamedSource::new("office", text.to_owned()));
    let draft = Draft::read(&source, &mut problems);
    if let Some(extend) = draft.extend.given() {
        let what = "this text has to stand alone, so it cannot extend another";
        problems.push(Problem::at(extend.place.clone(), what, "write out everything in it"));
    }
    draft.office(None, &mut problems).filter(|_| problems.is_empty()).ok_or(problems)
}

/// Notes what a draft lacks to be an office.
struct Needs<'d, 'p> {
    source: &'d Source,
    /// See [`Draft::seen_whole`]; where it is not, nothing is called missing.
    seen_whole: bool,
    problems: &'p mut Vec<Problem>,
}

impl Needs<'_, '_> {
    fn value<T: Clone>(&mut self, entry: &Entry<T>, key: &str, example: &str) -> Option<T> {
        if matches!(entry, Entry::Absent) && self.seen_whole {
            let remedy = format!("add {example}; or take the usual value with extend = \"base.toml\"");
            self.missing(key, &remedy);
        }
        entry.given().map(|spot| spot.value.clone())
    }

    fn own_value<T: Clone>(&mut self, entry: &Entry<T>, key: &str, remedy: &str) -> Option<T> {
        if matches!(entry, Entry::Absent) && self.seen_whole {
            self.missing(key, remedy);
        }
        entry.given().map(|spot| spot.value.clone())
    }

    fn missing(&mut self, key: &str, remedy: &str) {
        self.note(Place::top(self.source), format!("`{key}` is missing"), remedy);
    }

    fn note(&mut self, place: Place, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::at(place, what, remedy));
    }
}

impl Draft {
    /// The office, or `None` when something keeps it from being one; all of that has been noted.
    ///
    /// `known` are the formats that exist; where it is `None`, format names are believed.
    pub(super) fn office(&self, known: Option<&BTreeSet<FormatId>>, problems: &mut Vec<Problem>) -> Option<Office> {
        let mut needs = Needs { source: &self.source, seen_whole: self.seen_whole, problems };
        let id = needs.own_value(
            &self.id,
            "id",
            "add id = \"jakarta-pusat\" or the like; a file that others only extend is called base.toml",
        );
        let version = needs.own_value(&self.version, "version", "add version = 1, and raise it with every change");
        // The base file has none of these: they are the office's own.
        let name = needs.own_value(&self.name, "name", "add name = \"Kantor Imigrasi Bogor\", as citizens know it");
        let site = needs.own_value(&self.site, "site", "add site = \"Loket layanan paspor, Bogor\", where to come");
        let zone = needs.own_value(&self.zone, "zone", "add zone = \"WIB\", \"WITA\" or \"WIT\"");
        let formats = needs.value(&self.formats, "formats", "formats = [\"nama-lahir-kedatangan\"]");
        let seats_per_hour = needs.value(&self.seats_per_hour, "seats_per_hour", "seats_per_hour = 50");
        self.check_formats(known, &mut needs);
        self.check_week(&mut needs);
        let policy = self.policy.whole(&mut needs);
        self.check_release(policy.as_ref(), &mut needs);
        self.check_no_shows(policy.as_ref(), &mut needs);
        let privacy = self.privacy.whole(&mut needs);
        let texts_id = self.texts_id.whole("id", &mut needs);
        let texts_en = self.texts_en.whole("en", &mut needs);
        Some(Office {
            id: id?,
            version: version?,
            name: name?,
            site: site?,
            telephone: self.telephone.given().map(|spot| spot.value.clone()).unwrap_or_default(),
            map: self.map.given().map(|spot| spot.value.clone()).unwrap_or_default(),
            zone: zone?,
            formats: formats?.into_iter().map(|spot| spot.value).collect(),
            hours: self.week(),
            dated: self.dated.iter().map(|(&date, spot)| (date, spot.value.clone())).collect(),
            exceptions: Exceptions::default(),
            seats_per_hour: seats_per_hour?,
            seats_per_day: self.seats_per_day.given().map(|spot| spot.value),
            intake: self.intake.given().and_then(|spot| match spot.value {
                Intake::Always => None,
                Intake::Within(span) => Some(span),
            }),
            release: self.release.given().and_then(|spot| spot.value.clone()),
            policy: policy?,
            notices: self.notices.rule(&self.policy.reminder),
            privacy,
            asks_why: self.asks_why.given().is_some_and(|spot| spot.value),
            texts_id: texts_id?,
            texts_en: texts_en?,
        })
    }

    /// Every day that a release opens must lie within the days that can be booked.
    fn check_release(&self, policy: Option<&Policy>, needs: &mut Needs<'_, '_>) {
        let (Some(spot), Some(policy)) = (self.release.given(), policy) else { return };
        let Some(needed) = spot.value.as_ref().map(Release::days_ahead) else { return };
        if needed > policy.horizon_days {
            let horizon = policy.horizon_days;
            let what = format!("`release` opens days {needed} days ahead, but policy.horizon_days is {horizon}");
            needs.note(spot.place.clone(), what, format!("write horizon_days = {needed} or more under [policy]"));
        }
    }

    /// What is asked of those who did not come has to fit what else the office does.
    fn check_no_shows(&self, policy: Option<&Policy>, needs: &mut Needs<'_, '_>) {
        let Some(policy) = policy else { return };
        let notices = self.notices.rule(&self.policy.reminder);
        let opens = self.week().0.iter().flatten().map(|span| span.from).min();
        let beside = Beside { arrivals: policy.arrivals, notices: &notices, opens };
        for (place, what, remedy) in self.policy.no_shows.misfits(beside) {
            needs.note(place, what, remedy);
        }
    }

    fn week(&self) -> WeeklyHours {
        let spans = |entry: &Entry<Vec<Spot<Span>>>| {
            entry.given().map(|spans| spans.value.iter().map(|spot| spot.value).collect()).unwrap_or_default()
        };
        WeeklyHours(self.hours.each_ref().map(spans))
    }

    fn check_formats(&self, known: Option<&BTreeSet<FormatId>>, needs: &mut Needs<'_, '_>) {
        let Some(formats) = self.formats.given() else { return };
        if formats.value.is_empty() || formats.value.len() > FORMATS_MAX {
            let remedy = format!("name 1 to {FORMATS_MAX} formats, like [\"nama-lahir-kedatangan\"]");
            needs.note(formats.place.clone(), "an office reads at least one format, and not too many", remedy);
        }
        let mut seen = BTreeSet::new();
        for format in &formats.value {
            if !seen.insert(&format.value) {
                needs.note(format.place.clone(), format!("`{}` stands twice", format.value), "name each format once");
            }
            let Some(known) = known.filter(|known| !known.contains(&format.value)) else { continue };
            let names = || known.iter().map(FormatId::as_str);
            let remedy = nearest(format.value.as_str(), names()).map_or_else(
                || format!("known are: {}", names().collect::<Vec<_>>().join(", ")),
                |name| format!("did you mean \"{name}\"?"),
            );
            needs.note(format.place.clone(), format!("there is no format `{}`", format.value), remedy);
        }
    }

    fn check_week(&self, needs: &mut Needs<'_, '_>) {
        let opens = |entry: &Entry<Vec<Spot<Span>>>| match entry {
            Entry::Absent => false,
            Entry::Broken => true,
            Entry::Given(spans) => !spans.value.is_empty(),
        };
        if self.seen_whole && !self.hours.iter().any(opens) {
            let remedy = "add [hours] and below it senin-jumat = [\"08:00-12:00\", \"13:00-15:00\"]";
            needs.note(Place::top(&self.source), "the office opens on no weekday", remedy);
        }
    }
}

impl PolicyDraft {
    fn whole(&self, needs: &mut Needs<'_, '_>) -> Option<Policy> {
        let when_full = needs.value(&self.when_full, "policy.when_full", "when_full = \"roll\" under [policy]");
        let approval = needs.value(&self.approval, "policy.approval", "approval = \"code\" under [policy]");
        let hold_minutes = needs.value(&self.hold_minutes, "policy.hold_minutes", "hold_minutes = 30 under [policy]");
        let photo_wait_minutes = needs.value(
            &self.photo_wait_minutes,
            "policy.photo_wait_minutes",
            "photo_wait_minutes = 30 under [policy]",
        );
        let cancelling = needs.value(&self.cancelling, "policy.cancelling", "cancelling = true under [policy]");
        let live_per_number =
            needs.value(&self.live_per_number, "policy.live_per_number", "live_per_number = 1 under [policy]");
        // Offices that an earlier version stored do not have these rules.
        let reschedule = self.reschedule.rule();
        let live_per_person = self.live_per_person.given().map_or(PerPerson::Note, |spot| spot.value);
        let approval_words = self.approval_words.given().is_none_or(|spot| spot.value);
        let years = |entry: &Entry<u32>| entry.given().map_or(0, |spot| spot.value);
        let relatives =
            Relatives { children_under: years(&self.children_under), elders_from: years(&self.elders_from) };
        let holds_share = self.holds_share.given().map_or(HOLDS_SHARE, |spot| spot.value);
        let holds_per_number = self.holds_per_number.given().map_or(HOLDS_PER_NUMBER, |spot| spot.value);
        let people_per_booking = self.people_per_booking.given().map_or(u32::from(PARTY_MAX), |spot| spot.value);
        let earliest = self.earliest(needs);
        let horizon_days = needs.value(&self.horizon_days, "policy.horizon_days", "horizon_days = 60 under [policy]");
        let arrive_early_minutes = needs.value(
            &self.arrive_early_minutes,
            "policy.arrive_early_minutes",
            "arrive_early_minutes = 30 under [policy]",
        );
        let grace_minutes =
            needs.value(&self.grace_minutes, "policy.grace_minutes", "grace_minutes = 15 under [policy]");
        Some(Policy {
            when_full: when_full?,
            approval: approval?,
            approval_words,
            hold_minutes: hold_minutes?,
            photo_wait_minutes: photo_wait_minutes?,
            cancelling: cancelling?,
            reschedule,
            live_per_number: live_per_number?,
            relatives,
            live_per_person,
            holds_share,
            holds_per_number,
            people_per_booking,
            earliest: earliest?,
            horizon_days: horizon_days?,
            arrive_early_minutes: arrive_early_minutes?,
            grace_minutes: grace_minutes?,
            waiting: self.waiting.on.given().is_some_and(|spot| spot.value),
            // Whoever is offered a seat has it for sure, unless the office says otherwise.
            waiting_at_once: self.waiting.at_once.given().map_or(1, |spot| spot.value),
            // Nobody may have been asked to answer messages.
            handover: self.handover.given().is_some_and(|spot| spot.value),
            arrivals: self.arrivals.given().is_some_and(|spot| spot.value),
            no_shows: self.no_shows.rule(),
        })
    }

    fn earliest(&self, needs: &mut Needs<'_, '_>) -> Option<Earliest> {
        let day = needs.value(&self.earliest, "policy.earliest", "earliest = \"tomorrow\" under [policy]")?;
        match (day, &self.minutes_before_hour) {
            (_, Entry::Broken) => None,
            (EarliestDay::Tomorrow, Entry::Absent) => Some(Earliest::Tomorrow),
            (EarliestDay::Today, Entry::Given(minutes)) => Some(Earliest::Today { minutes_before: minutes.value }),
            (EarliestDay::Tomorrow, Entry::Given(minutes)) => {
                let remedy = "remove it, or write earliest = \"today\"";
                let what = "`policy.minutes_before_hour` means nothing where the earliest day is tomorrow";
                needs.note(minutes.place.clone(), what, remedy);
                None
            }
            (EarliestDay::Today, Entry::Absent) => {
                if let Some(earliest) = self.earliest.given() {
                    let what = "the last minute for booking today is missing";
                    needs.note(earliest.place.clone(), what, "add minutes_before_hour = 60 under it");
                }
                None
            }
        }
    }
}

impl PrivacyDraft {
    /// The notice; `None` where there is none, or where what is missing was noted, so that the file is refused.
    fn whole(&self, needs: &mut Needs<'_, '_>) -> Option<Privacy> {
        if let (Entry::Absent, Entry::Absent, Entry::Absent) = (&self.version, &self.id, &self.en) {
            return None;
        }
        let version = needs.value(&self.version, "privacy.version", "version = 1 below [privacy]");
        let id =
            needs.value(&self.id, "privacy.id", "id = \"…\" below [privacy]: who keeps what, how long, whom to ask");
        let en = self.en.given().map(|spot| spot.value.clone()).unwrap_or_default();
        Some(Privacy { version: version?, id: id?, en })
    }
}

impl TextsDraft {
    fn whole(&self, lang: &str, needs: &mut Needs<'_, '_>) -> Option<OfficeTexts> {
        let key = |name: &str| format!("texts.{lang}.{name}");
        let under = |example: &str| format!("{example} under [texts.{lang}]");
        let requirements =
            needs.value(&self.requirements, &key("requirements"), &under("requirements = [\"e-KTP asli\"]"));
        let bring = needs.value(&self.bring, &key("bring"), &under("bring = \"e-KTP dan KK asli\""));
        let excluded = needs.value(&self.excluded, &key("excluded"), &under("excluded = \"Paspor hilang ...\""));
        if let Some(list) = self.requirements.given()
            && !(1..=REQUIREMENTS_MAX).contains(&list.value.len())
        {
            let remedy = format!("write 1 to {REQUIREMENTS_MAX} lines, one for each document");
            needs.note(list.place.clone(), "this list is empty, or too long for one message", remedy);
        }
        Some(OfficeTexts {
            requirements: requirements?.into_iter().map(|spot| spot.value).collect(),
            bring: bring?,
            excluded: excluded?,
            official: self.official.given().map(|spot| spot.value.clone()).unwrap_or_default(),
            topics: self
                .topics
                .iter()
                .filter_map(|(name, entry)| Some(((*name).to_owned(), entry.given()?.value.clone())))
                .collect(),
        })
    }
}
