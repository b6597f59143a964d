//! Invented offices and calendars for tests: one plain one, and as many odd ones as a property test asks for.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use proptest::prelude::*;

use super::calendar::{Calendar, Holiday};
use super::notice_kind::Kind;
use super::office::{
    Approval, Dated, Earliest, Exceptions, FormatId, HOLDS_PER_NUMBER, HOLDS_SHARE, HORIZON_DAYS_MAX, Notices, Office,
    OfficeId, OfficeTexts, PerPerson, Policy, Privacy, Quiet, RESCHEDULE, Relatives, Release, Reschedule, Share, Span,
    Wave, WeeklyHours, WhenFull, Zone,
};

/// A date.
pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A stretch of whole hours.
pub fn hours(from: u32, until: u32) -> Span {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    Span { from: time(from), until: time(until) }
}

/// 2017 with Independence Day, on a Thursday, and nothing else.
pub fn calendar() -> Calendar {
    let holiday = Holiday { name: "Hari Kemerdekaan".into(), name_en: "Independence Day".into(), joint_leave: false };
    let mut calendar = Calendar::default();
    calendar.add_year(2017, [(day(2017, 8, 17), holiday)].into());
    calendar
}

/// An office in Jakarta's zone, Monday to Friday 8-12 and 13-15, asked from tomorrow on, 30 days ahead.
pub fn office() -> Office {
    let open = vec![hours(8, 12), hours(13, 15)];
    let texts = OfficeTexts {
        requirements: vec!["e-KTP asli".into()],
        bring: "e-KTP".into(),
        excluded: "-".into(),
        ..OfficeTexts::default()
    };
    Office {
        id: OfficeId::read("bogor").unwrap(),
        version: 1,
        name: "Kantor Imigrasi Bogor".into(),
        site: "Loket layanan paspor, Bogor".into(),
        telephone: String::new(),
        map: String::new(),
        zone: Zone::Wib,
        formats: vec![FormatId::read("nama-lahir-kedatangan").unwrap()],
        hours: WeeklyHours([open.clone(), open.clone(), open.clone(), open.clone(), open, vec![], vec![]]),
        dated: BTreeMap::new(),
        exceptions: Exceptions::default(),
        seats_per_hour: 50,
        seats_per_day: None,
        intake: None,
        release: None,
        policy: Policy {
            when_full: WhenFull::Roll,
            approval: Approval::Code,
            approval_words: true,
            hold_minutes: 30,
            photo_wait_minutes: 30,
            cancelling: true,
            reschedule: RESCHEDULE,
            live_per_number: 1,
            relatives: Relatives::default(),
            live_per_person: PerPerson::Note,
            holds_share: HOLDS_SHARE,
            holds_per_number: HOLDS_PER_NUMBER,
            people_per_booking: 5,
            earliest: Earliest::Tomorrow,
            horizon_days: 30,
            arrive_early_minutes: 30,
            grace_minutes: 15,
            waiting: false,
            waiting_at_once: 1,
            handover: false,
            arrivals: false,
            no_shows: None,
        },
        notices: Notices::default(),
        privacy: None,
        asks_why: false,
        texts_id: texts.clone(),
        texts_en: texts,
    }
}

/// Spans of one day: in order, apart, each with a whole hour in it, some with odd minutes at their ends.
fn spans(least: usize) -> impl Strategy<Value = Vec<Span>> {
    // Hours 3k to 3k+2: stretches from different k never touch.
    let stretch = |k: u32| {
        (0..30_u32, 1..=2_u32, 0..30_u32).prop_map(move |(early, whole, late)| {
            let minutes = |total: u32| NaiveTime::from_hms_opt(total / 60, total % 60, 0).unwrap();
            let first = k * 180 + 60;
            let from = if k == 0 { first } else { first - early };
            Span { from: minutes(from), until: minutes((first + whole * 60 + late).min((k + 1) * 180 + 29)) }
        })
    };
    proptest::sample::subsequence((0..7_u32).collect::<Vec<_>>(), least..=3)
        .prop_flat_map(move |ks| ks.into_iter().map(stretch).collect::<Vec<_>>())
}

fn week() -> impl Strategy<Value = WeeklyHours> {
    (spans(1), proptest::collection::vec(spans(0), 6), 0..7_usize).prop_map(|(open, mut days, at)| {
        days.insert(at, open);
        WeeklyHours(days.try_into().unwrap())
    })
}

fn earliest() -> impl Strategy<Value = Earliest> {
    prop_oneof![Just(Earliest::Tomorrow), (0..=1_440_u32).prop_map(|minutes_before| Earliest::Today { minutes_before })]
}

fn against_brokers() -> impl Strategy<Value = (PerPerson, Share, u32)> {
    let per_person = prop_oneof![Just(PerPerson::Note), (1..=50_u32).prop_map(PerPerson::AtMost)];
    let share = (1..=100_u32, 0..=100_u32).prop_map(|(parts, more)| Share { parts, of: (parts + more).min(100) });
    (per_person, share, 1..=200_u32)
}

fn reschedule() -> impl Strategy<Value = Reschedule> {
    (0..=10_u32, 0..=30_u32, 0..1_440_u32, any::<bool>()).prop_map(
        |(times, days_before, minute, extra_after_closing)| {
            let until = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
            Reschedule { times, days_before, until, extra_after_closing }
        },
    )
}

fn policy() -> impl Strategy<Value = Policy> {
    let choices = (
        prop_oneof![Just(WhenFull::Roll), Just(WhenFull::Suggest), Just(WhenFull::Refuse)],
        prop_oneof![Just(Approval::Code), Just(Approval::None)],
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        reschedule(),
        earliest(),
        (0..=21_u32, 0..=120_u32).prop_map(|(children_under, elders_from)| Relatives { children_under, elders_from }),
    );
    let numbers =
        ((1..=1_440_u32, 1..=1_440_u32, 1..=50_u32), 1..=5_u32, 1..=HORIZON_DAYS_MAX, 0..=240_u32, 0..=60_u32);
    (choices, numbers, against_brokers()).prop_map(|(choices, numbers, brokers)| {
        let (when_full, approval, (cancelling, approval_words, handover, arrivals), reschedule, earliest, relatives) =
            choices;
        let (live_per_person, holds_share, holds_per_number) = brokers;
        let (waits, people_per_booking, horizon_days, arrive_early_minutes, grace_minutes) = numbers;
        let (hold_minutes, photo_wait_minutes, live_per_number) = waits;
        Policy {
            when_full,
            approval,
            approval_words,
            hold_minutes,
            photo_wait_minutes,
            cancelling,
            reschedule,
            live_per_number,
            relatives,
            live_per_person,
            holds_share,
            holds_per_number,
            people_per_booking,
            earliest,
            horizon_days,
            arrive_early_minutes,
            grace_minutes,
            waiting: grace_minutes % 2 == 0,
            waiting_at_once: if grace_minutes % 2 == 0 { 1 + grace_minutes % 3 } else { 1 },
            handover,
            arrivals,
            // What it needs beside it is for the tests of office files.
            no_shows: None,
        }
    })
}

/// One wave, or two that share the seats; often none.
fn release() -> impl Strategy<Value = Option<Release>> {
    let moment = || (0..7_usize, 0..1_440_u32);
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    let waves = (moment(), proptest::option::of((moment(), 1..100_u32))).prop_map(move |(first, second)| {
        let wave = |parts, (weekday, minute): (usize, u32)| Wave {
            share: Share { parts, of: 100 },
            weekday: weekdays[weekday],
            at: NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap(),
        };
        if let Some((second, parts)) = second.filter(|(second, _)| *second != first) {
            Release { waves: vec![wave(parts, first.min(second)), wave(100 - parts, first.max(second))] }
        } else {
            let all = Share { parts: 1, of: 1 };
            Release { waves: vec![Wave { share: all, ..wave(1, first) }] }
        }
    });
    proptest::option::of(waves)
}

/// One line as a clerk may write it: quotes, backslashes and accents included.
fn line() -> impl Strategy<Value = String> {
    "[A-Za-z0-9\"'\\\\#=é][A-Za-z0-9 \"'\\\\#=.,\\[\\]é…]{0,30}[A-Za-z0-9\"'\\\\é]"
}

fn texts() -> impl Strategy<Value = OfficeTexts> {
    let topics = proptest::collection::btree_map(prop_oneof!["fee", "free-days"].prop_map(String::from), line(), 0..3);
    let own = (proptest::option::of(line()), topics);
    (proptest::collection::vec(line(), 1..4), line(), line(), own).prop_map(
        |(requirements, bring, excluded, (official, topics))| OfficeTexts {
            requirements,
            bring,
            excluded,
            official: official.unwrap_or_default(),
            topics,
        },
    )
}

/// A date in 2017 or 2018.
pub fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..730_u64).prop_map(|days| day(2017, 1, 1) + Days::new(days))
}

fn dated() -> impl Strategy<Value = BTreeMap<NaiveDate, Dated>> {
    let entry = prop_oneof![
        line().prop_map(|reason| Dated::Closed { reason }),
        spans(1).prop_map(|spans| Dated::Open { spans })
    ];
    proptest::collection::btree_map(any_day(), entry, 0..40)
}

fn notices() -> impl Strategy<Value = Notices> {
    let time = || (0..24_u32, 0..60_u32).prop_map(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap());
    let quiet = proptest::option::of((time(), time()).prop_filter("they differ", |(from, until)| from != until));
    let off = proptest::sample::subsequence(Kind::ALL.to_vec(), 0..=Kind::ALL.len());
    (quiet, off, time()).prop_map(|(quiet, off, reminder_at)| Notices {
        quiet: quiet.map(|(from, until)| Quiet { from, until }),
        off: off.into_iter().collect(),
        reminder_at,
    })
}

/// Any office that a file may describe.
pub fn any_office() -> impl Strategy<Value = Office> {
    let zone = prop_oneof![Just(Zone::Wib), Just(Zone::Wita), Just(Zone::Wit)];
    let formats = proptest::sample::subsequence(vec!["batam-foto", "batam-keluarga", "nama-lahir-kedatangan"], 1..=3);
    let names = ("[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", 1..=u32::MAX, line(), line(), zone, formats);
    let seats = (1..=2_000_u32, proptest::option::of(1..=5_000_u32), proptest::option::of(spans(1)), release());
    (names, week(), dated(), seats, (policy(), notices()), texts(), texts()).prop_map(
        |((id, version, name, site, zone, formats), hours, dated, seats, (policy, notices), texts_id, texts_en)| {
            Office {
                id: OfficeId::read(&id).unwrap(),
                version,
                name,
                site,
                telephone: if version % 2 == 0 { "(0251) 000-000".to_owned() } else { String::new() },
                map: if version % 3 == 0 { "https://peta.example/kantor".to_owned() } else { String::new() },
                zone,
                formats: formats.into_iter().map(|id| FormatId::read(id).unwrap()).collect(),
                hours,
                dated,
                exceptions: Exceptions::default(),
                seats_per_hour: seats.0,
                seats_per_day: seats.1,
                intake: seats.2.map(|spans| spans[0]),
                release: seats.3.filter(|release| release.days_ahead() <= policy.horizon_days),
                policy,
                notices,
                privacy: (version % 5 == 0).then(|| Privacy {
                    version,
                    id: "Kantor menyimpan data Anda selama setahun.".to_owned(),
                    en: if version % 2 == 0 {
                        "The office keeps your data for a year.".to_owned()
                    } else {
                        String::new()
                    },
                }),
                asks_why: version % 5 == 0,
                texts_id,
                texts_en,
            }
        },
    )
}

/// 2017 with holidays on any of its days; 2018 is not loaded.
pub fn any_calendar() -> impl Strategy<Value = Calendar> {
    let holiday = line().prop_map(|name| Holiday { name_en: name.clone(), name, joint_leave: false });
    proptest::collection::btree_map(any_day(), holiday, 0..60).prop_map(|holidays| {
        let mut calendar = Calendar::default();
        calendar.add_year(2017, holidays);
        calendar
    })
}
