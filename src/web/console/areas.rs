//! The navigation of an office: a line for each area, shown to whoever may see it.

use super::texts::Texts;
use crate::access::OfficeView;
use crate::domain::staff::{Area, Level};

/// An area of an office.
struct Entry {
    /// The last part of its address.
    path: &'static str,
    label: fn(&Texts) -> &'static str,
    area: Area,
    level: Level,
}

/// The areas, in the order of a day; a line each.
const ENTRIES: &[Entry] = &[
    Entry { path: "", label: |t| t.area_office, area: Area::Office, level: Level::Read },
    Entry { path: "today", label: |t| t.area_today, area: Area::Day, level: Level::Masked },
    Entry { path: "check-in", label: |t| t.area_check_in, area: Area::Day, level: Level::Masked },
    Entry { path: "counter", label: |t| t.area_counter, area: Area::Day, level: Level::Masked },
    Entry { path: "find", label: |t| t.area_find, area: Area::Day, level: Level::Masked },
    Entry { path: "conversations", label: |t| t.area_conversations, area: Area::Conversations, level: Level::Masked },
    Entry { path: "paper", label: |t| t.area_paper, area: Area::Day, level: Level::Write },
    Entry { path: "calendar", label: |t| t.area_calendar, area: Area::Calendar, level: Level::Read },
    Entry { path: "reports", label: |t| t.area_reports, area: Area::Reports, level: Level::Masked },
    Entry { path: "settings", label: |t| t.area_settings, area: Area::Settings, level: Level::Read },
    Entry { path: "format", label: |t| t.area_format, area: Area::Settings, level: Level::Read },
    Entry { path: "displays", label: |t| t.area_displays, area: Area::Displays, level: Level::Read },
    Entry { path: "channels", label: |t| t.area_channels, area: Area::Channels, level: Level::Read },
    Entry { path: "audit", label: |t| t.area_audit, area: Area::Audit, level: Level::Masked },
];

/// A link of the navigation.
pub(super) struct Link {
    pub(super) address: String,
    pub(super) label: &'static str,
    pub(super) is_current: bool,
}

/// Where somebody is: an office, and its areas that they may see.
pub(super) struct Inside {
    pub(super) name: String,
    /// The address of its first page, which all others begin with.
    pub(super) address: String,
    pub(super) links: Vec<Link>,
}

/// Whether a path is at, or below, an address.
pub(super) fn is_at(path: &str, address: &str) -> bool {
    path.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The areas of an office that somebody may see, for a page at `path`.
pub(super) fn inside(t: &Texts, path: &str, office: &OfficeView) -> Inside {
    let base = format!("/console/{}", office.id());
    let link = |entry: &Entry| {
        let address = if entry.path.is_empty() { base.clone() } else { format!("{base}/{}", entry.path) };
        let is_current = if entry.path.is_empty() { path == address } else { is_at(path, &address) };
        Link { address, label: (entry.label)(t), is_current }
    };
    let seen = |entry: &&Entry| office.level(entry.area) >= entry.level;
    let links = ENTRIES.iter().filter(seen).map(link).collect();
    Inside { name: office.name().to_owned(), address: base, links }
}
