//! Prints an office as one whole file, in the order of the shipped files.

use std::fmt::{Display, Write};

use super::release;
use super::value::{WEEKDAYS, span_text};
use crate::domain::office::{
    Approval, Dated, Earliest, FormatId, HOLDS_PER_NUMBER, HOLDS_SHARE, NoShows, Notices, Office, OfficeTexts,
    PerPerson, Policy, Quiet, RESCHEDULE, Relatives, Reschedule, Span, WhenFull,
};

/// Prints an office as one whole file without `extend`; [`super::read`] gives the same office back.
pub fn print(office: &Office) -> String {
    let mut page = Page::default();
    page.key("id", quoted(office.id.as_str()));
    page.key("version", office.version);
    page.key("name", quoted(&office.name));
    page.key("zone", quoted(office.zone.name()));
    page.key("site", quoted(&office.site));
    // Offices kept from before these keys must not differ from their own files.
    page.given("telephone", &office.telephone);
    page.given("map", &office.map);
    page.key("formats", list(office.formats.iter().map(FormatId::as_str)));
    page.key("seats_per_hour", office.seats_per_hour);
    if let Some(seats) = office.seats_per_day {
        page.key("seats_per_day", seats);
    }
    page.key("intake", quoted(&office.intake.map_or_else(|| "always".to_owned(), span_text)));
    page.table("[hours]");
    for (weekday, names) in WEEKDAYS {
        let spans = office.hours.on(weekday);
        if let Some(name) = names.first().filter(|_| !spans.is_empty()) {
            page.key(name, span_list(spans));
        }
    }
    if let Some(release) = &office.release {
        page.table("[release]");
        page.lines(&release::printed(release));
    }
    page.policy(&office.policy);
    page.notices(&office.notices);
    if let Some(privacy) = &office.privacy {
        page.table("[privacy]");
        page.key("version", privacy.version);
        page.key("id", quoted(&privacy.id));
        page.given("en", &privacy.en);
    }
    if office.asks_why {
        page.table("[audit]");
        page.key("ask_why", true);
    }
    page.texts("id", &office.texts_id);
    page.texts("en", &office.texts_en);
    for (date, dated) in &office.dated {
        match dated {
            Dated::Closed { reason } => {
                page.table("[[closed]]");
                page.key("date", date);
                page.key("reason", quoted(reason));
            }
            Dated::Open { spans } => {
                page.table("[[open]]");
                page.key("date", date);
                page.key("hours", span_list(spans));
            }
        }
    }
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn key(&mut self, key: &str, value: impl Display) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "{key} = {value}");
    }

    /// Lines that are written out already.
    fn lines(&mut self, lines: &str) {
        let _ = writeln!(self.0, "{lines}");
    }

    /// A text that may be missing.
    fn given(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.key(key, quoted(text));
        }
    }

    fn table(&mut self, header: &str) {
        let _ = writeln!(self.0, "\n{header}");
    }

    fn policy(&mut self, policy: &Policy) {
        self.table("[policy]");
        let when_full = match policy.when_full {
            WhenFull::Roll => "roll",
            WhenFull::Suggest => "suggest",
            WhenFull::Refuse => "refuse",
        };
        self.key("when_full", quoted(when_full));
        let approval = match policy.approval {
            Approval::Code => "code",
            Approval::None => "none",
        };
        self.key("approval", quoted(approval));
        if !policy.approval_words {
            self.key("approval_words", policy.approval_words);
        }
        self.key("hold_minutes", policy.hold_minutes);
        self.key("photo_wait_minutes", policy.photo_wait_minutes);
        self.key("cancelling", policy.cancelling);
        self.key("live_per_number", policy.live_per_number);
        // An office kept from before these rules must not differ from its own file.
        if let PerPerson::AtMost(places) = policy.live_per_person {
            self.key("live_per_person", places);
        }
        if policy.holds_share != HOLDS_SHARE {
            self.key("holds_share", quoted(&policy.holds_share.to_string()));
        }
        if policy.holds_per_number != HOLDS_PER_NUMBER {
            self.key("holds_per_number", policy.holds_per_number);
        }
        self.key("people_per_booking", policy.people_per_booking);
        match policy.earliest {
            Earliest::Tomorrow => self.key("earliest", quoted("tomorrow")),
            Earliest::Today { minutes_before } => {
                self.key("earliest", quoted("today"));
                self.key("minutes_before_hour", minutes_before);
            }
        }
        self.key("horizon_days", policy.horizon_days);
        self.key("arrive_early_minutes", policy.arrive_early_minutes);
        self.key("grace_minutes", policy.grace_minutes);
        if policy.arrivals {
            self.key("arrivals", policy.arrivals);
        }
        let Relatives { children_under, elders_from } = policy.relatives;
        if !policy.relatives.is_nobody() {
            self.table("[policy.relatives]");
        }
        for (key, years) in [("children_under", children_under), ("elders_from", elders_from)] {
            if years > 0 {
                self.key(key, years);
            }
        }
        if policy.waiting {
            self.table("[policy.waiting]");
            self.key("on", true);
            if policy.waiting_at_once > 1 {
                self.key("at_once", policy.waiting_at_once);
            }
        }
        // An office kept from before this rule must not differ from its own file.
        if policy.reschedule != RESCHEDULE {
            let Reschedule { times, days_before, until, extra_after_closing } = policy.reschedule;
            self.table("[policy.reschedule]");
            self.key("times", times);
            self.key("days_before", days_before);
            self.key("until", quoted(&until.format("%H:%M").to_string()));
            self.key("extra_after_closing", extra_after_closing);
        }
        if let Some(NoShows { answer_from, within_days, days_before, until }) = policy.no_shows {
            self.table("[policy.no_shows]");
            self.key("answer_from", answer_from);
            self.key("within_days", within_days);
            self.key("days_before", days_before);
            self.key("until", quoted(&until.format("%H:%M").to_string()));
        }
        if policy.handover {
            self.table("[policy.handover]");
            self.key("enabled", policy.handover);
        }
    }

    /// What differs from what holds where an office says nothing.
    fn notices(&mut self, notices: &Notices) {
        let usual = Notices::default();
        if notices.reminder_at != usual.reminder_at {
            self.table("[policy.reminder]");
            self.key("at", quoted(&notices.reminder_at.format("%H:%M").to_string()));
        }
        if notices.quiet == usual.quiet && notices.off.is_empty() {
            return;
        }
        self.table("[notices]");
        if notices.quiet != usual.quiet {
            let span = |quiet: Quiet| format!("{}-{}", quiet.from.format("%H:%M"), quiet.until.format("%H:%M"));
            self.key("quiet", quoted(&notices.quiet.map_or_else(|| "none".to_owned(), span)));
        }
        for kind in &notices.off {
            self.key(kind.key(), false);
        }
    }

    fn texts(&mut self, lang: &str, texts: &OfficeTexts) {
        self.table(&format!("[texts.{lang}]"));
        self.key("requirements", list(texts.requirements.iter().map(String::as_str)));
        self.key("bring", quoted(&texts.bring));
        self.key("excluded", quoted(&texts.excluded));
        self.given("official", &texts.official);
        if !texts.topics.is_empty() {
            self.table(&format!("[texts.{lang}.topics]"));
            for (name, text) in &texts.topics {
                self.key(name, quoted(text));
            }
        }
    }
}

/// A text with the quotes and escapes that TOML wants.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", items.map(quoted).collect::<Vec<_>>().join(", "))
}

fn span_list(spans: &[Span]) -> String {
    list(spans.iter().map(|&span| span_text(span)).collect::<Vec<_>>().iter().map(String::as_str))
}
