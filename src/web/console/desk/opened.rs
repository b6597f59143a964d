//! The front desk that a request is about, for whoever asks.

use super::super::state::Console;
use super::super::visitor::Signed;
use crate::access::OfficeView;
use crate::domain::person::Nama;
use crate::domain::staff::{Area, Level, Role};
use crate::front_desk::{Actor, FrontDesk};

/// A front desk that somebody may use, or see.
pub(super) struct Opened {
    pub(super) office: OfficeView,
    pub(super) desk: FrontDesk,
    level: Level,
}

impl Opened {
    /// The front desk of an office; `None` where there is none of that name for them, or they may do less than `least` there.
    pub(super) fn of(console: &Console, signed: &Signed, id: &str, least: Level) -> Option<Self> {
        let office = console.access.office(&signed.who, id)?;
        let level = office.level(Area::Day);
        let actor = Actor::read(signed.who.login()).ok()?;
        let desk = console.desks.open(office.shared(), actor);
        (level >= least && level > Level::Nothing).then_some(Self { office, desk, level })
    }

    /// Whether they act here, and do not only look.
    pub(super) fn acts(&self) -> bool {
        self.level >= Level::Write
    }

    /// Whether they decide what an officer does not: who comes in too late, and what becomes of a counter that lost its officer.
    pub(super) fn decides(&self) -> bool {
        self.office.roles().contains(&Role::Supervisor)
    }

    /// A name as they may see it.
    pub(super) fn name(&self, name: Option<&Nama>) -> Option<String> {
        name.filter(|_| self.level >= Level::Read).map(|name| name.as_str().to_owned())
    }
}
