//! What `antrean visit` prints, for people or for programs.

use std::io::Write;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::super::shared::error::CommandError;
use super::super::shared::value::counted;
use crate::domain::booking::Booking;
use crate::domain::office::Zone;
use crate::domain::person::Nama;
use crate::domain::visit::{Reason, State, Visit, Wait};
use crate::front_desk::{Day, Done, Refusal, Standing, Warning};

/// Prints results; refusals go to standard error, as JSON to standard output.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printer {
    pub(super) json: bool,
    pub(super) zone: Zone,
}

impl Printer {
    /// What an action did, or why not.
    pub(super) fn done(self, done: Result<Done, Refusal>) -> Result<ExitCode, CommandError> {
        let done = match done {
            Ok(done) => done,
            Err(refusal) => return self.refused(&refusal),
        };
        if self.json {
            let visits: Vec<Value> = done.visits.iter().map(|visit| self.value(visit)).collect();
            let warning = done.warning.map(|warning| self.warning(warning));
            return print(&json!({"visits": visits, "repeated": done.repeated, "warning": warning}));
        }
        for visit in &done.visits {
            println!("{}", self.line(visit));
        }
        if done.repeated {
            println!("this was done before; nothing was done again");
        }
        if let Some(warning) = done.warning {
            println!("{}", self.warning(warning));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// That a counter is open or closed, or why not.
    pub(super) fn counter(
        self,
        done: Result<(), Refusal>,
        counter: u32,
        state: &str,
    ) -> Result<ExitCode, CommandError> {
        match done {
            Err(refusal) => self.refused(&refusal),
            Ok(()) if self.json => print(&json!({"counter": counter, "state": state})),
            Ok(()) => {
                println!("counter {counter} is {state}");
                Ok(ExitCode::SUCCESS)
            }
        }
    }

    /// For how many the day ended.
    pub(super) fn ended(self, done: Result<usize, Refusal>) -> Result<ExitCode, CommandError> {
        match done {
            Err(refusal) => self.refused(&refusal),
            Ok(visits) if self.json => print(&json!({"ended": visits})),
            Ok(visits) => {
                println!("the day ended for {}", counted(visits, "visit", "visits"));
                Ok(ExitCode::SUCCESS)
            }
        }
    }

    /// The day.
    pub(super) fn day(self, day: &Day) -> Result<ExitCode, CommandError> {
        if self.json {
            return print(&self.day_value(day));
        }
        for shift in &day.counters {
            println!("counter {:<3} open since {} by {}", shift.counter, self.time(shift.opened_at), shift.actor);
        }
        for Standing { visit, name, wait } in &day.people {
            let name = name.as_ref().map_or("-", Nama::as_str);
            let wait = wait.map(|wait| format!("  {} before", wait.before)).unwrap_or_default();
            println!("{}  {name}{wait}", self.line(visit));
        }
        for booking in &day.expected {
            println!("{:<9} expected  {}", booking.queue_numbers(), booking.applicant.nama.as_str());
        }
        println!(
            "{}, {} expected, {} open",
            counted(day.people.len(), "person", "people"),
            counted(day.expected.len(), "booking", "bookings"),
            counted(day.counters.len(), "counter", "counters")
        );
        Ok(ExitCode::SUCCESS)
    }

    fn refused(self, refusal: &Refusal) -> Result<ExitCode, CommandError> {
        let reason = refusal.sentence(self.zone);
        if self.json {
            print(&json!({"refused": refusal.name(), "reason": reason}))?;
        } else {
            eprintln!("antrean: {reason}");
        }
        Ok(ExitCode::from(1))
    }

    fn day_value(self, day: &Day) -> Value {
        let person = |standing: &Standing| {
            let mut value = self.value(&standing.visit);
            if let Value::Object(fields) = &mut value {
                fields.insert("name".to_owned(), json!(standing.name.as_ref().map(Nama::as_str)));
                fields.insert("wait".to_owned(), json!(standing.wait.map(|wait| self.wait(wait))));
            }
            value
        };
        let expected = |booking: &Booking| json!({"code": booking.code.to_string(), "numbers": booking.queue_numbers(), "name": booking.applicant.nama.as_str(), "people": booking.party()});
        json!({
            "date": day.date.to_string(),
            "people": day.people.iter().map(person).collect::<Vec<_>>(),
            "expected": day.expected.iter().map(expected).collect::<Vec<_>>(),
            "counters": day.counters.iter().map(|shift| json!({"counter": shift.counter, "by": shift.actor, "since": self.stamp(Some(shift.opened_at))})).collect::<Vec<_>>(),
        })
    }

    fn value(self, visit: &Visit) -> Value {
        json!({
            "number": visit.number,
            "state": visit.state.name(),
            "lane": visit.lane.name(),
            "priority": visit.reason.map(Reason::name),
            "counter": visit.counter,
            "for_counter": visit.target,
            "calls": visit.calls,
            "version": visit.version,
            "person": visit.person + 1,
            "arrived_at": self.stamp(visit.arrived_at),
            "called_at": self.stamp(visit.called_at),
            "served_at": self.stamp(visit.served_at),
            "ended_at": self.stamp(visit.ended_at),
        })
    }

    fn wait(self, wait: Wait) -> Value {
        let estimate = wait.estimate.map(|estimate| {
            json!({"from_minutes": estimate.from, "until_minutes": estimate.until, "as_of": self.stamp(Some(estimate.as_of))})
        });
        json!({"before": wait.before, "estimate": estimate})
    }

    fn line(self, visit: &Visit) -> String {
        let (number, state) = (&visit.number, visit.state.name());
        let place = match (visit.counter, visit.target) {
            (Some(counter), _) if visit.state != State::Arrived => format!(" at counter {counter}"),
            (_, Some(target)) if visit.state == State::Arrived => format!(" for counter {target}"),
            _ => String::new(),
        };
        let since = visit.ended_at.or(visit.served_at).or(visit.called_at).or(visit.arrived_at);
        let since = since.map(|at| format!(" since {}", self.time(at))).unwrap_or_default();
        format!("{number:<9} {state}{place}{since}")
    }

    fn warning(self, warning: Warning) -> String {
        match warning {
            Warning::Early { from } => {
                format!("early: people come for this hour from {} on; they are called in their hour", self.time(from))
            }
            Warning::Late { until } => {
                format!("late: they would have been in time until {}; they wait at the end", self.time(until))
            }
        }
    }

    fn time(self, at: DateTime<Utc>) -> String {
        self.zone.local(at).format("%H:%M").to_string()
    }

    fn stamp(self, at: Option<DateTime<Utc>>) -> Option<String> {
        at.map(|at| at.with_timezone(&self.zone.offset()).to_rfc3339())
    }
}

fn print(value: &Value) -> Result<ExitCode, CommandError> {
    writeln!(std::io::stdout().lock(), "{value:#}")?;
    Ok(ExitCode::SUCCESS)
}
