//! What citizens of a history write.

use antrean::domain::message::{Attachment, Content, OtherKind};
use chrono::{Days, NaiveDate};

use super::action::Says;

/// Citizens by name; forms and stories use them.
pub const NAMES: [&str; 12] =
    ["Budi", "Siti", "Ahmad", "Dewi", "Rina", "Joko", "Wati", "Agus", "Tono", "Lina", "Hadi", "Mega"];

/// Forms with a mistake.
pub const BROKEN: [&str; 8] = [
    "#Budi#25011987",
    "#Budi#31021987#05082026",
    "#Budi#25011987#03082017",
    "#Budi#25011987#17082026",
    "#Budi#25011987#05/08",
    "#Budi#05081987#04082026#Siti",
    "#Nama#TglLahir#TglKedatangan",
    "Budi 25011987 besok",
];

/// Commands, answers, questions and what people say besides.
pub const TALK: [&str; 38] = [
    "#batal",
    "#batal",
    "#status",
    "#bantuan",
    "#syarat",
    "#daftar",
    "#english",
    "#indonesia",
    "ya",
    "ya",
    "ya",
    "ya",
    "ya",
    "tidak",
    "berhenti",
    "mulai",
    "#urung",
    "#urung",
    "#hapusdata",
    "#datasaya",
    "#petugas",
    "#lanjut",
    "#tunggu",
    "#tunggu",
    "#tunggu",
    "#tunggu batal",
    "#ganti",
    "terima kasih",
    "halo",
    "jam buka berapa?",
    "berapa biayanya?",
    "apakah besok masih ada tempat?",
    "saya mau daftar paspor",
    "besok",
    "25011987",
    "asdfgh qwerty",
    "Terima kasih telah menghubungi kami. Ini pesan otomatis.",
    "Nama saya Budi, lahir 25 Januari 1987, mau datang lusa",
];

/// What is no text.
pub const OTHERS: [OtherKind; 9] = [
    OtherKind::Audio,
    OtherKind::Video,
    OtherKind::Sticker,
    OtherKind::Location,
    OtherKind::ContactCard,
    OtherKind::Document,
    OtherKind::PhotoLost,
    OtherKind::Empty,
    OtherKind::Unsupported,
];

/// What is known when a citizen writes.
pub struct Known<'a> {
    pub who: usize,
    pub today: NaiveDate,
    /// Whether the office's form asks for an address and a photo, and sets the day itself.
    pub wants_photo: bool,
    /// The last reply to a citizen.
    pub last_reply: &'a dyn Fn(usize) -> Option<String>,
    /// A standing booking's code.
    pub booking_code: &'a dyn Fn(usize) -> Option<String>,
    /// A number for a picture.
    pub picture: usize,
}

impl Known<'_> {
    fn form(&self, days: u64) -> String {
        let name = NAMES[self.who % NAMES.len()];
        if self.wants_photo {
            return format!("#{name}#25011987#Jl. Melati No. {} Bogor", self.who + 1);
        }
        format!("#{name}#25011987#{}", self.day(days).format("%d%m%Y"))
    }

    fn day(&self, days: u64) -> NaiveDate {
        self.today + Days::new(days)
    }

    /// The run of eight digits in the last reply to somebody.
    fn code_of(&self, who: usize) -> Option<String> {
        let reply = (self.last_reply)(who)?;
        let found = reply.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 8)?;
        Some(found.to_owned())
    }

    /// What a citizen sends; `None` where they have nothing to refer to.
    pub fn content(&self, says: Says) -> Option<Content> {
        let text = |text: &str| Some(Content::Text(text.to_owned()));
        match says {
            Says::Form { days } => text(&self.form(days)),
            Says::FormOfTwo { days } => {
                let (one, other) = (NAMES[self.who % NAMES.len()], NAMES[(self.who + 5) % NAMES.len()]);
                text(&format!("#{one}#25011987#{other}#05121990#{}", self.day(days).format("%d%m%Y")))
            }
            Says::FormOnLines { days } => {
                let form = |who: usize, born: &str| {
                    format!("#{}#{born}#{}", NAMES[who % NAMES.len()], self.day(days).format("%d%m%Y"))
                };
                text(&format!("{}\n{}", form(self.who, "25011987"), form(self.who + 5, "05121990")))
            }
            Says::Exactly { text: words } => text(words),
            Says::Broken { which } => text(BROKEN[which % BROKEN.len()]),
            Says::Code => Some(Content::Text(self.code_of(self.who)?)),
            Says::CodeOf { who } => Some(Content::Text(self.code_of(who)?)),
            Says::WrongCode => text("12345678"),
            Says::Digit { number } => text(&number.to_string()),
            Says::Talk { which } => text(TALK[which % TALK.len()]),
            Says::ChangeDay { days } => text(&format!("#ganti {}", self.day(days).format("%d-%m-%Y"))),
            Says::CancelByCode => Some(Content::Text(format!("#batal {}", (self.booking_code)(self.who)?))),
            Says::Picture { days } => Some(Content::Picture {
                attachment: Attachment {
                    reference: format!("picture-{}", self.picture),
                    mime: Some("image/jpeg".to_owned()),
                    sha256: None,
                },
                caption: days.map(|days| self.form(days)),
            }),
            Says::Other { which } => Some(Content::Other(OTHERS[which % OTHERS.len()])),
            Says::Edited { days } => Some(Content::Edited(self.form(days))),
            Says::Mirror => Some(Content::Text((self.last_reply)(self.who)?)),
        }
    }
}
