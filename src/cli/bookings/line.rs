//! One booking as a list shows it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::booking::Booking;
use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::person::{Address, Applicant, Service, TglLahir};
use crate::domain::slot::Session;

/// One line of the list.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    pub(super) queue_number: String,
    pub(super) hour: String,
    pub(super) name: &'a str,
    pub(super) birth_date: Option<NaiveDate>,
    pub(super) address: Option<&'a str>,
    pub(super) persons: u32,
    pub(super) state: &'static str,
    pub(super) code: String,
    pub(super) contact: &'a str,
    pub(super) office: &'a str,
    pub(super) date: NaiveDate,
    pub(super) made_at: String,
    pub(super) office_version: u32,
    pub(super) nik: Option<&'a str>,
    /// Whether the birth date inside the NIK is another than the one given.
    pub(super) nik_differs: bool,
    pub(super) family_card: Option<&'a str>,
    pub(super) phone: Option<&'a str>,
    pub(super) email: Option<&'a str>,
    pub(super) session: Option<&'static str>,
    pub(super) service: Option<&'a str>,
    pub(super) answers: BTreeMap<&'a str, &'a str>,
    /// The others of the party, where each has a line in the form; empty where only their number is known.
    pub(super) others: Vec<Other<'a>>,
    /// Other live bookings of its people, at any office and from any number.
    pub(super) also: Vec<String>,
    /// The photo in the media folder, once it is fetched.
    pub(super) photo: Option<&'a str>,
}

/// Somebody else of a party.
#[derive(Debug, Serialize)]
pub(super) struct Other<'a> {
    pub(super) name: &'a str,
    pub(super) birth_date: Option<NaiveDate>,
    pub(super) address: Option<&'a str>,
    pub(super) nik: Option<&'a str>,
    pub(super) nik_differs: bool,
    pub(super) family_card: Option<&'a str>,
    pub(super) phone: Option<&'a str>,
    pub(super) email: Option<&'a str>,
    pub(super) service: Option<&'a str>,
    pub(super) answers: BTreeMap<&'a str, &'a str>,
}

fn answers(applicant: &Applicant) -> BTreeMap<&str, &str> {
    applicant.teks.iter().map(|answer| (answer.label.as_str(), answer.as_str())).collect()
}

impl<'a> Other<'a> {
    fn of(applicant: &'a Applicant) -> Self {
        Self {
            name: applicant.nama.as_str(),
            birth_date: applicant.tgl_lahir.map(TglLahir::date),
            address: applicant.alamat.as_ref().map(Address::as_str),
            nik: applicant.nik.as_ref().map(Nik::as_str),
            nik_differs: applicant.nik_differs(),
            family_card: applicant.no_kk.as_ref().map(NoKk::as_str),
            phone: applicant.telepon.as_ref().map(Phone::as_str),
            email: applicant.email.as_ref().map(Email::as_str),
            service: applicant.layanan.as_ref().map(Service::as_str),
            answers: answers(applicant),
        }
    }

    /// Name and birth date in one cell, with what an officer has to know.
    pub(super) fn shown(&self) -> String {
        let born = self.birth_date.map(|day| format!(" {day}")).unwrap_or_default();
        let warning = if self.nik_differs { "  NIK has another birth date" } else { "" };
        let service = self.service.map(|service| format!("  {service}")).unwrap_or_default();
        format!("{}{born}{service}{warning}", self.name)
    }
}

impl<'a> Line<'a> {
    /// The line of a booking, without what only other tables know.
    pub(super) fn of(booking: &'a Booking) -> Self {
        let applicant = &booking.applicant;
        Self {
            queue_number: booking.queue_numbers(),
            hour: format!("{:02}:00", booking.slot.hour),
            name: applicant.nama.as_str(),
            birth_date: applicant.tgl_lahir.map(TglLahir::date),
            address: applicant.alamat.as_ref().map(Address::as_str),
            persons: booking.party(),
            state: booking.state.name(),
            code: booking.code.to_string(),
            contact: booking.contact.as_str(),
            office: booking.office.as_str(),
            date: booking.slot.date,
            made_at: booking.created_at.to_rfc3339(),
            office_version: booking.office_version,
            nik: applicant.nik.as_ref().map(Nik::as_str),
            nik_differs: applicant.nik_differs(),
            family_card: applicant.no_kk.as_ref().map(NoKk::as_str),
            phone: applicant.telepon.as_ref().map(Phone::as_str),
            email: applicant.email.as_ref().map(Email::as_str),
            session: applicant.sesi.map(Session::name),
            service: applicant.layanan.as_ref().map(Service::as_str),
            answers: answers(applicant),
            others: applicant.others.iter().map(Other::of).collect(),
            also: Vec::new(),
            photo: None,
        }
    }
}

impl Line<'_> {
    /// What an officer has to know beside the name, for the table.
    pub(super) fn more(&self) -> String {
        let warning = self.nik_differs.then_some("NIK has another birth date");
        let said = [self.service, self.session, warning].into_iter().flatten();
        said.flat_map(|word| ["  ", word]).collect()
    }

    /// The answers to the office's own questions in one cell.
    pub(super) fn answers(&self) -> String {
        self.answers.iter().map(|(label, text)| format!("{label}: {text}")).collect::<Vec<_>>().join("; ")
    }
}
