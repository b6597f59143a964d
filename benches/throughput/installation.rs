//! The installation that is measured: 26 offices, their configuration, and what varies from case to case.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::requests::SECRET;

/// Offices that the load is spread over; one channel each.
pub const OFFICES: usize = 26;

/// What varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installation {
    /// Every office serves eight hours a day with fifty seats each; a form books at once.
    Spread,
    /// The first office serves one hour a day, with as many seats as an hour may have; a form books at once.
    HotHour,
    /// As `Spread`, but a form is confirmed by the code that is sent back.
    Confirmed,
    /// As `Spread`, with a commit for each message.
    Apart,
}

impl Installation {
    /// Writes office files, calendars and configuration into `folder`; returns the configuration's path.
    pub fn write(self, folder: &Path, database: &str, api: &str) -> PathBuf {
        let offices = folder.join("offices");
        std::fs::create_dir_all(&offices).expect("a folder");
        let approval = if self == Self::Confirmed { "code" } else { "none" };
        let commits = if self == Self::Apart { "messages_per_commit = 1\n" } else { "" };
        let mut text = format!(
            "listen = \"127.0.0.1:0\"\ndatabase = \"{database}\"\noffices = [\"offices\"]\n{commits}[gateway.wa]\n\
             kind = \"whatsapp_cloud\"\napi = \"{api}\"\nverify_token = \"v\"\napp_secret = \"{SECRET}\"\n\
             access_token = \"t\"\n"
        );
        for number in 0..OFFICES {
            let (hours, seats) =
                if self == Self::HotHour && number == 0 { ("08:00-09:00", 2_000) } else { ("08:00-16:00", 50) };
            let file = format!(
                "extend = \"base.toml\"\nid = \"bench-{number}\"\nversion = 1\nname = \"Kantor {number}\"\n\
                 zone = \"WIB\"\nsite = \"Loket {number}\"\nformats = [\"batam-tanpa-foto\"]\n\
                 seats_per_hour = {seats}\n[hours]\nsenin-minggu = [\"{hours}\"]\n\
                 [policy]\napproval = \"{approval}\"\nhorizon_days = 180\n[notices]\nquiet = \"none\"\n"
            );
            std::fs::write(offices.join(format!("bench-{number}.toml")), file).expect("an office file");
            write!(
                text,
                "[[channel]]\ngateway = \"wa\"\noffice = \"bench-{number}\"\nphone_number_id = \"{number}\"\n"
            )
            .expect("a text");
        }
        // Days of a year without a calendar are not given, and the horizon reaches into the next.
        let year = 1970 + std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs() / 31_556_952);
        for year in [year, year + 1] {
            let file = format!(
                "year = {year}\n[[holiday]]\ndate = {year}-01-01\nname = \"Tahun Baru\"\nname_en = \"New Year\"\n"
            );
            std::fs::write(offices.join(format!("{year}.toml")), file).expect("a calendar");
        }
        let path = folder.join("antrean.toml");
        std::fs::write(&path, text).expect("a configuration");
        path
    }

    /// All its channels.
    pub fn channels() -> Vec<String> {
        (0..OFFICES).map(|number| number.to_string()).collect()
    }
}
