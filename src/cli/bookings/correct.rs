//! `antrean bookings correct`: a misspelt name, as the desk reads it in the document.

use std::process::ExitCode;

use serde_json::json;

use super::super::shared::acting::Acting;
use super::super::shared::error::CommandError;
use super::super::shared::installation::Installation;
use super::super::shared::log::start_log;
use crate::app;
use crate::domain::audit::{Act, AuditEvent, Subject};
use crate::domain::booking::Booking;
use crate::domain::code::BookingCode;
use crate::domain::person::Nama;
use crate::storage::Storage;

/// A name that is to be corrected.
pub(super) struct Correction<'a> {
    /// The booking's code.
    pub(super) code: &'a BookingCode,
    /// The name as it is right.
    pub(super) nama: &'a Nama,
    /// The person of the party, from 1.
    pub(super) person: usize,
    /// Whether to print JSON.
    pub(super) json: bool,
}

/// Corrects the name. The exit code is 1 where no live booking has that code, or that person.
pub(super) async fn run(
    correction: &Correction<'_>,
    (installation, acting): (&Installation, &Acting),
    storage: &Storage,
) -> Result<ExitCode, CommandError> {
    let Correction { code, nama, person, json } = correction;
    let config = installation.read()?;
    start_log(false);
    let desk = app::desk(&config, storage, installation.clock()?).await?;
    let mut corrected = None;
    for booking in storage.find_bookings(code).await? {
        let event = AuditEvent::of(Act::CorrectName).at(&booking.office).about(Subject::booking(booking.id));
        acting.record(storage, event).await?;
        if desk.correct_name(&booking, person.saturating_sub(1), (*nama).clone()).await? {
            corrected = Some(booking);
            break;
        }
    }
    desk.close().await;
    say(corrected.as_ref(), correction);
    if *json {
        println!("{}", json!({"code": code.to_string(), "person": person, "corrected": corrected.is_some()}));
    }
    Ok(if corrected.is_some() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn say(corrected: Option<&Booking>, correction: &Correction<'_>) {
    let Correction { code, person, json, .. } = correction;
    match corrected {
        _ if *json => {}
        Some(booking) => {
            println!("{code}: person {person} is now called as you wrote; {} stays as it was", booking.queue_numbers());
        }
        None => println!("nothing was corrected: no valid booking with the code {code} has a person {person}"),
    }
}
