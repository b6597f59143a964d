//! Words that ask for something.

use crate::domain::code::BookingCode;
use crate::domain::masked_debug::masked_debug;

/// A word that asks for something.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// What it asks for.
    pub name: CommandName,
    /// The booking code after it, if one stands there.
    pub code: Option<BookingCode>,
    /// Whether something stands there that was meant as a code and is none.
    pub mistyped: bool,
    /// The name after it, where one stands there: of a party, only this person's seat is meant.
    pub person: Option<String>,
    /// Whether plain words ask for something that the mark in front would ask for at once (`batalin aja deh`): it is asked about
    /// before it counts.
    pub plain: bool,
}

masked_debug!(Command { name, code, mistyped, plain });

impl Command {
    /// A command by its word alone, with the mark in front of it.
    pub fn of(name: CommandName) -> Self {
        Self { name, code: None, mistyped: false, person: None, plain: false }
    }
}

/// What a command asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandName {
    /// Give the seat back.
    Batal,
    /// Say what I have.
    Status,
    /// Say how this works.
    Bantuan,
    /// Say what to bring.
    Persyaratan,
    /// Help me to register.
    Daftar,
    /// Answer in English from now on.
    English,
    /// Answer in Indonesian from now on.
    Indonesia,
    /// Yes to what was asked last.
    Ya,
    /// Send no more messages.
    Berhenti,
    /// Send messages again.
    Mulai,
    /// Take back what was done last.
    Urung,
    /// Erase what is stored of me.
    Hapusdata,
    /// Say what is stored of me.
    Datasaya,
    /// Let me talk to an officer.
    Petugas,
    /// Go on without the officer.
    Lanjut,
}

impl CommandName {
    /// All commands.
    pub const ALL: [Self; 15] = [
        Self::Batal,
        Self::Status,
        Self::Bantuan,
        Self::Persyaratan,
        Self::Daftar,
        Self::English,
        Self::Indonesia,
        Self::Ya,
        Self::Berhenti,
        Self::Mulai,
        Self::Urung,
        Self::Hapusdata,
        Self::Datasaya,
        Self::Petugas,
        Self::Lanjut,
    ];

    /// Its own word, `batal`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Batal => "batal",
            Self::Status => "status",
            Self::Bantuan => "bantuan",
            Self::Persyaratan => "persyaratan",
            Self::Daftar => "daftar",
            Self::English => "english",
            Self::Indonesia => "indonesia",
            Self::Ya => "ya",
            Self::Berhenti => "berhenti",
            Self::Mulai => "mulai",
            Self::Urung => "urung",
            Self::Hapusdata => "hapusdata",
            Self::Datasaya => "datasaya",
            Self::Petugas => "petugas",
            Self::Lanjut => "lanjut",
        }
    }

    /// The command of its own word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.name() == name)
    }
}
