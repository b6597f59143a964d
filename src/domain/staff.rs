//! Who works at the offices and what they may do: four fixed roles, at one office or everywhere, by one table.

use std::fmt;

use crate::domain::office::OfficeId;

/// Most letters of a login or a name: a line of a list.
pub const NAME_LETTERS_MAX: usize = 64;

/// A role. There are four, and no others can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Serves citizens at a counter.
    Officer,
    /// Leads an office's day: capacities, closings, exports.
    Supervisor,
    /// Reads, with personal data masked, and changes nothing.
    Auditor,
    /// Looks after people, settings and displays, and sees no citizen.
    Administrator,
}

impl Role {
    /// All of them, as lists show them.
    pub const ALL: [Self; 4] = [Self::Officer, Self::Supervisor, Self::Auditor, Self::Administrator];

    /// Its name in the database and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The role of that name.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// The office's name and hours, which everybody sees who has a role there.
    Office,
    /// The day: bookings, check-in, calling.
    Day,
    /// The calendar and its capacities.
    Calendar,
    /// The chats with citizens.
    Conversations,
    /// The office's settings and texts.
    Settings,
    /// Counts, which name nobody, for all who see them; exports for those who may write.
    Reports,
    /// Hall displays and counters.
    Displays,
    /// The channels that its replies leave by.
    Channels,
    /// Who saw or changed what.
    Audit,
    /// The staff and their roles, which belong to no office.
    People,
}

impl Area {
    /// All of them, as the navigation shows them.
    pub const ALL: [Self; 10] = [
        Self::Office,
        Self::Day,
        Self::Calendar,
        Self::Conversations,
        Self::Settings,
        Self::Reports,
        Self::Displays,
        Self::Channels,
        Self::Audit,
        Self::People,
    ];
}

/// How much of an area somebody may do; what is more includes what is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It does not exist for them.
    Nothing,
    /// They read it without names, birth dates and numbers of citizens.
    Masked,
    /// They read it.
    Read,
    /// They change it.
    Write,
}

/// What each role may do: officer, supervisor, auditor, administrator. The one table that pages, handlers and tests go by.
const RIGHTS: [(Area, [Level; 4]); 10] = {
    use Level::{Masked, Nothing, Read, Write};
    [
        (Area::Office, [Read, Read, Read, Read]),
        (Area::Day, [Write, Write, Masked, Nothing]),
        (Area::Calendar, [Read, Write, Read, Nothing]),
        (Area::Conversations, [Write, Write, Masked, Nothing]),
        (Area::Settings, [Nothing, Write, Read, Write]),
        (Area::Reports, [Masked, Write, Masked, Write]),
        (Area::Displays, [Read, Write, Read, Write]),
        (Area::Channels, [Read, Write, Read, Write]),
        (Area::Audit, [Nothing, Read, Read, Masked]),
        (Area::People, [Nothing, Nothing, Read, Write]),
    ]
};

/// What a role may do in an area.
pub fn level(role: Role, area: Area) -> Level {
    let row = RIGHTS.iter().find(|(of, _)| *of == area).map(|(_, levels)| levels);
    let at = Role::ALL.iter().position(|of| *of == role);
    row.zip(at).and_then(|(levels, at)| levels.get(at).copied()).unwrap_or(Level::Nothing)
}

/// Where a role holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At every office, and for what belongs to none.
    Everywhere,
    /// At one office.
    Office(OfficeId),
}

impl Place {
    /// As the database stores it: empty for every office.
    pub fn stored(&self) -> &str {
        match self {
            Self::Everywhere => "",
            Self::Office(office) => office.as_str(),
        }
    }
}

/// A role at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Where.
    pub place: Place,
    /// What.
    pub role: Role,
}

/// Everything that somebody was granted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(pub Vec<Grant>);

impl Grants {
    /// What they may do in an area at an office; for [`Area::People`] only what was granted everywhere counts.
    pub fn at(&self, office: &OfficeId, area: Area) -> Level {
        if area == Area::People {
            return self.everywhere(area);
        }
        let holds = |grant: &&Grant| match &grant.place {
            Place::Everywhere => true,
            Place::Office(of) => of == office,
        };
        highest(self.0.iter().filter(holds), area)
    }

    /// What they may do in an area by what was granted for every office.
    pub fn everywhere(&self, area: Area) -> Level {
        highest(self.0.iter().filter(|grant| grant.place == Place::Everywhere), area)
    }

    /// The roles that hold at an office, each once.
    pub fn roles_at(&self, office: &OfficeId) -> Vec<Role> {
        let holds = |grant: &Grant| match &grant.place {
            Place::Everywhere => true,
            Place::Office(of) => of == office,
        };
        Role::ALL.into_iter().filter(|role| self.0.iter().any(|grant| grant.role == *role && holds(grant))).collect()
    }

    /// Whether they look after people and everything else that belongs to no office.
    pub fn is_administrator(&self) -> bool {
        self.0.contains(&Grant { place: Place::Everywhere, role: Role::Administrator })
    }
}

fn highest<'g>(grants: impl Iterator<Item = &'g Grant>, area: Area) -> Level {
    grants.map(|grant| level(grant.role, area)).max().unwrap_or(Level::Nothing)
}

/// A login as it is stored and compared: small letters, digits, dots, dashes.
///
/// # Errors
/// A sentence with an example.
pub fn login(text: &str) -> Result<String, String> {
    let login = text.trim().to_lowercase();
    let is_good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    let begins = login.starts_with(|c: char| c.is_ascii_alphanumeric());
    if begins && login.len() <= NAME_LETTERS_MAX && login.chars().all(is_good) {
        Ok(login)
    } else {
        Err(format!("not a login; write up to {NAME_LETTERS_MAX} letters, digits, dots, dashes or @, like siti.rahma"))
    }
}

/// A name as lists show it: one line.
///
/// # Errors
/// A sentence.
pub fn name(text: &str) -> Result<String, String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > NAME_LETTERS_MAX || name.chars().any(char::is_control) {
        return Err(format!("not a name; write up to {NAME_LETTERS_MAX} letters, like \"Siti Rahma\""));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(id: &str) -> OfficeId {
        OfficeId::read(id).unwrap()
    }

    fn grants(all: &[(&str, Role)]) -> Grants {
        let place = |id: &str| if id.is_empty() { Place::Everywhere } else { Place::Office(office(id)) };
        Grants(all.iter().map(|(id, role)| Grant { place: place(id), role: *role }).collect())
    }

    #[test]
    fn the_table_has_every_area_once_and_an_auditor_writes_nothing() {
        let areas: Vec<Area> = RIGHTS.iter().map(|(area, _)| *area).collect();
        assert_eq!(areas, Area::ALL);
        for area in Area::ALL {
            assert!(level(Role::Auditor, area) < Level::Write, "{area:?}");
        }
        assert_eq!(level(Role::Administrator, Area::Day), Level::Nothing);
    }

    // Negative control: with `holds` true for every place, the officer of Bogor writes at Depok.
    #[test]
    fn a_role_holds_at_its_office_and_a_role_everywhere_at_all() {
        let (bogor, depok) = (office("bogor"), office("depok"));
        let officer = grants(&[("bogor", Role::Officer)]);
        assert_eq!([officer.at(&bogor, Area::Day), officer.at(&depok, Area::Day)], [Level::Write, Level::Nothing]);
        assert_eq!(officer.at(&depok, Area::Office), Level::Nothing);
        let both = grants(&[("", Role::Auditor), ("depok", Role::Supervisor)]);
        assert_eq!([both.at(&bogor, Area::Day), both.at(&depok, Area::Day)], [Level::Masked, Level::Write]);
        assert_eq!(both.roles_at(&depok), [Role::Supervisor, Role::Auditor]);
    }

    #[test]
    fn people_are_looked_after_by_an_administrator_of_everywhere_only() {
        let local = grants(&[("bogor", Role::Administrator)]);
        assert_eq!(local.at(&office("bogor"), Area::People), Level::Nothing);
        assert_eq!(local.at(&office("bogor"), Area::Displays), Level::Write);
        assert!(!local.is_administrator());
        let all = grants(&[("", Role::Administrator)]);
        assert!(all.is_administrator() && all.everywhere(Area::People) == Level::Write);
    }

    #[test]
    fn a_login_is_one_spelling_of_plain_letters() {
        assert_eq!(login(" Siti.Rahma "), Ok("siti.rahma".to_owned()));
        for bad in ["", "siti rahma", "-siti", "sitï", &"s".repeat(65)] {
            assert!(login(bad).is_err(), "{bad}");
        }
        assert_eq!(name("  Siti   Rahma "), Ok("Siti Rahma".to_owned()));
        assert!(name(" ").is_err());
    }
}
