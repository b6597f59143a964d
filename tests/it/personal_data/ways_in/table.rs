//! The ways in, one line each: how, what is said, and what has to become of it. A new way is one entry.

/// What has to become of what a way in planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It is kept with whom it is about, and goes with them, or with its age.
    Kept,
    /// It is kept, and nobody knows whose it is: it goes with its age.
    Aged,
    /// It is read, or refused; if anything of it is kept, it goes with whom it is about.
    Passes,
    /// It is the office's own text, whatever stands in it, and stays with the office.
    Office,
}

use Then::{Aged, Kept, Office, Passes};

/// A message as a citizen sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Text,
    /// Under a picture.
    Caption,
    /// Of a picture that lies at such an address.
    PictureAt,
    Edit,
    Button,
    /// The citizen's name, which the provider tells beside their messages, and fields of forms and cards that they filled in.
    Names,
}

/// A body that is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// Authentic, and nobody can read it.
    Unreadable,
    /// Cut off in the middle.
    Cut,
    /// Without a proof, with a wrong one, and of another type.
    Forged,
    /// In the query, the path and the headers.
    Address,
}

/// How it comes in.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// By the webhook of every provider that knows such messages.
    Webhook(Told, &'static str),
    /// By the same, and no message.
    Body(Odd),
    /// By the simulator's webhook, with a picture.
    Simulator(&'static str),
    /// By the page of a link for a photo: the name of the file, and what is written within the photo.
    Upload,
    /// A form of the console, under the address of an office.
    Form(&'static str, &'static [(&'static str, &'static str)]),
    /// In every path, every query, every field that any form has and the headers, at every route, of whoever may and of strangers.
    Routes,
    /// A command, which is the way's name, with what follows it, and what stands in its file.
    Command { more: &'static [&'static str], file: &'static str, shows: bool },
}

/// A way in.
pub struct Way {
    /// Of a command: its words.
    pub name: &'static str,
    pub by: By,
    pub then: Then,
}

const fn way(name: &'static str, then: Then, by: By) -> Way {
    Way { name, by, then }
}

/// A command whose result shows nobody.
const fn command(name: &'static str, then: Then, more: &'static [&'static str]) -> Way {
    Way { name, by: By::Command { more, file: "", shows: false }, then }
}

/// A command that reads a file, `{file}`, and whose result shows nobody.
const fn reading(name: &'static str, more: &'static [&'static str], file: &'static str) -> Way {
    Way { name, by: By::Command { more, file, shows: false }, then: Passes }
}

/// A command that reads an office's file, and shows the line that is wrong.
const fn of_office(name: &'static str, more: &'static [&'static str]) -> Way {
    let file = "id = \"x\"\nname = \"{mark}\"\n# {number}\n";
    Way { name, by: By::Command { more, file, shows: false }, then: Office }
}

/// A command whose result shows whom it was asked about.
const fn showing(name: &'static str, then: Then, more: &'static [&'static str]) -> Way {
    Way { name, by: By::Command { more, file: "", shows: true }, then }
}

/// Three messages, a line each.
const MESSAGES: &str =
    "#{mark} Satu#13021971#{date}\n#{mark} Dua Pustovaya#13-02-1971#{date}\n#{mark} Tiga#13 Februari 1971#{date}\n";
/// A chat as WhatsApp exports it.
const CHAT: &str = "03/08/26 09.00 - {mark} Pustovaya: #{mark} Pustovaya#13021971#04082026\n\
     03/08/26 09.01 - Kantor: Kode 12345678\n03/08/26 09.02 - {mark} Pustovaya: {number}\n";

/// All of them, in this order. `{mark}` is a name that no other way in has; `{form}` the form of whichever office is written to; the
/// other words stand for what earlier ways led to.
pub const TABLE: &[Way] = &[
    way(
        "a message",
        Kept,
        By::Webhook(
            Told::Text,
            "halo, saya {mark} Pustovaya, lahir 13 Februari 1971, NIK 3271041302710003, alamat gangkelinci 3, HP 0813-5550-0777",
        ),
    ),
    way("a form", Kept, By::Webhook(Told::Text, "{form}")),
    // While the booking waits for its photo.
    way("the upload page", Passes, By::Upload),
    way("a caption", Kept, By::Webhook(Told::Caption, "foto jepitanmerah {mark} (+62) 813 5550 0777")),
    way("where a picture lies", Passes, By::Webhook(Told::PictureAt, "https://127.0.0.1:9/{number}/{mark}.jpg")),
    way("an edit", Passes, By::Webhook(Told::Edit, "#{mark} Pustovaya#13021971#x")),
    way("a button", Passes, By::Webhook(Told::Button, "{mark}")),
    way("names beside messages", Passes, By::Webhook(Told::Names, "halo")),
    way("a call for an officer", Passes, By::Webhook(Told::Text, "#petugas")),
    way("what an officer is told", Kept, By::Webhook(Told::Text, "apakah {mark} Pustovaya boleh datang?")),
    way("an unreadable body", Aged, By::Body(Odd::Unreadable)),
    way("a body cut off", Passes, By::Body(Odd::Cut)),
    way("a forged body", Passes, By::Body(Odd::Forged)),
    way("a webhook's address", Passes, By::Body(Odd::Address)),
    way("the simulator", Kept, By::Simulator("#{mark} Pustovaya#13021971#{date}")),
    way("a walk-in's name", Aged, By::Form("check-in/walk-in", &[("name", "{mark} Brajamusti"), ("nonce", "once")])),
    way("an arrival", Passes, By::Form("check-in", &[("code", "{mark}"), ("nonce", "{mark}")])),
    way("a press at a counter", Passes, By::Form("counter", &[("do", "call"), ("counter", "3"), ("number", "{mark}")])),
    way("a search by name", Passes, By::Form("find", &[("what", "{mark} Pustovaya")])),
    way("a search by number", Passes, By::Form("find", &[("what", "{number}"), ("why", "{mark}")])),
    way("why a booking is opened", Passes, By::Form("booking/{code}/why", &[("why", "{mark}")])),
    way("a search of conversations", Passes, By::Form("conversations", &[("what", "{mark} {number}")])),
    way(
        "a reply by hand",
        Kept,
        By::Form(
            "conversations/{talk}/act",
            &[("do", "reply"), ("ticket", "{ticket}"), ("text", "Baik, Ibu {mark}, lahir 13021971."), ("press", "p1")],
        ),
    ),
    way(
        "a misread message as an example",
        Passes,
        By::Form("conversations/misread/case", &[("channel", "{mark}"), ("message", "{mark}"), ("why", "{mark}")]),
    ),
    way(
        "ticks of paper",
        Passes,
        By::Form("paper/enter", &[("date", "{date}"), ("came_{mark}", "on"), ("note", "{mark}")]),
    ),
    way("a setting", Passes, By::Form("settings", &[("group", "office"), ("name", "{mark}"), ("do", "check")])),
    way(
        "the settings as text",
        Passes,
        By::Form("settings/text", &[("text", "name = {mark} {number}"), ("do", "check")]),
    ),
    way("a holiday", Passes, By::Form("settings/holidays", &[("date", "{mark}"), ("name", "{mark}"), ("do", "check")])),
    way("messages for a format", Passes, By::Form("format/look", &[("messages", MESSAGES), ("file", "{mark}")])),
    way("a draft of a format", Office, By::Form("format", &[("do", "look"), ("file", "pattern = \"{mark}\"")])),
    way("examples of a format", Passes, By::Form("format", &[("do", "propose"), ("messages", MESSAGES)])),
    way(
        "why a day closes",
        Passes,
        By::Form(
            "calendar/preview",
            &[("action", "close"), ("from", "{free}"), ("until", "{free}"), ("reason", "{mark}")],
        ),
    ),
    way("a display's name", Office, By::Form("displays", &[("name", "{mark}")])),
    way("what a file is to hold", Passes, By::Form("reports/files", &[("what", "{mark}"), ("from", "{mark}")])),
    way("an address that is none", Passes, By::Form("{mark}/{number}", &[("{mark}", "{number}")])),
    showing("parse", Passes, &["--office", "bogor", "#{mark} Pustovaya#13021971#{date}"]),
    reading("format try", &["#NAMA#TGL.LAHIR#TGL.KEDATANGAN", "--messages", "{file}"], MESSAGES),
    command(
        "format rehearse",
        Office,
        &["#NAMA#TGL.LAHIR#TGL.KEDATANGAN", "--office", "jakarta-pusat", "--past", "--why", "{mark}"],
    ),
    command("format example", Passes, &["#{mark} PUSTOVAYA#31061971#{date}", "--office", "bogor"]),
    reading("format from-examples", &["{file}"], MESSAGES),
    reading("replay", &["--import", "{file}", "--office", "bogor", "--office-name", "Kantor"], CHAT),
    of_office("check", &["{file}"]),
    of_office("office import", &["{file}"]),
    command("office close", Office, &["jakarta-pusat", "{free}", "--reason", "{mark} wafat"]),
    command("office rollback", Office, &["batam", "8", "--why", "{mark}"]),
    showing("bookings correct", Kept, &["{code}", "--name", "{mark} Pustovaya"]),
    showing("bookings find", Passes, &["{mark}"]),
    command("visit walk-in", Aged, &["--name", "{mark} Brajamusti", "--office", "jakarta-pusat", "--as", "rina"]),
    command("visit arrive", Passes, &["{code}", "--nonce", "{mark}", "--office", "jakarta-pusat", "--as", "rina"]),
    command("display add", Office, &["jakarta-pusat", "--name", "{mark}"]),
    reading("notice ready", &["--csv", "{file}"], "nama,kode\n{mark} Pustovaya {number},{code}\n"),
    showing(
        "notice send",
        Kept,
        &["--office", "jakarta-pusat", "--date", "{date}", "--text", "Ibu {mark}: bawa KTP", "--yes"],
    ),
    command("channel test", Passes, &["gowa/622155500001", "--to", "{number}", "--text", "uji {mark}"]),
    command("talk reply", Kept, &["{ticket}", "Baik, {mark}: jam 9"]),
    showing("person show", Passes, &["{number}"]),
    showing("person export", Passes, &["{number}", "--to", "{own}/salinan.json", "--why", "diminta"]),
    showing("person list", Passes, &["--changed-since", "2026-01-01", "--seen-by", "{mark}"]),
    command("user add", Office, &["sari", "--name", "{mark}"]),
    // Last, for it fills in whatever can be filled in.
    way("every route", Office, By::Routes),
];

/// Commands by which nothing of a citizen comes in, and why.
pub const NO_WAY_IN: &[(&str, &str)] = &[
    ("demo", "its citizens are invented"),
    ("serve", "it is what all of this comes in by"),
    ("office list", "it takes no words"),
    ("office export", "an office's id"),
    ("office versions", "an office's id"),
    ("office show", "an office's id"),
    ("office diff", "an office's id"),
    ("office open", "its reason is kept as that of `office close`"),
    ("office capacity", "its reason is kept as that of `office close`"),
    ("office undo", "the number of a change"),
    ("office calendar", "an office's id"),
    ("bookings", "an office and days"),
    ("bookings suspicious", "an office's id"),
    ("visit call", "a counter"),
    ("visit recall", "a counter"),
    ("visit came", "a counter"),
    ("visit missed", "a counter"),
    ("visit park", "a counter"),
    ("visit return", "a queue number"),
    ("visit redirect", "two counters"),
    ("visit done", "a counter"),
    ("visit undo", "a counter"),
    ("visit list", "an office's id"),
    ("visit counter open", "a counter"),
    ("visit counter close", "a counter"),
    ("visit end", "an office's id"),
    ("display list", "an office's id"),
    ("display remove", "a display's number"),
    ("outbox list", "it takes no words"),
    ("outbox retry", "the number of a reply"),
    ("notice list", "an office's id"),
    ("notice stop", "an office's id"),
    ("channel list", "it takes no words"),
    ("channel costs", "days"),
    ("channel pause", "a channel"),
    ("channel resume", "a channel"),
    ("aside list", "it takes no words"),
    ("aside retry", "the number of a message"),
    ("waiting list", "an office's id"),
    ("talk list", "it takes no words"),
    ("talk show", "a ticket's number"),
    ("talk take", "a ticket's number"),
    ("talk release", "a ticket's number"),
    ("talk close", "a ticket's number"),
    ("person erase", "the number of whoever is erased, by which this test erases them"),
    ("report", "an office and days"),
    ("export", "an office and days"),
    ("user list", "it takes no words"),
    ("user reset", "a login"),
    ("user role", "a login and a role"),
    ("user disable", "a login"),
    ("user log", "a login"),
    ("user code", "a login"),
    ("media status", "it takes no words"),
    ("media rotate", "it takes no words"),
    ("media save", "a booking's code"),
    ("audit list", "logins, numbers and days"),
    ("audit head", "it takes no words"),
    ("audit verify", "a hash"),
    ("db migrate", "it takes no words"),
    ("db verify", "it takes no words"),
    ("db mend", "it takes no words"),
    ("db move", "a database's address"),
];

/// Commands that show nobody, though there is somebody to show: what they print and say is searched, too.
pub const QUIET: &[&[&str]] = &[
    &["outbox", "list"],
    &["aside", "list"],
    &["waiting", "list", "--office", "jakarta-pusat"],
    &["notice", "list"],
    &["channel", "list"],
    &["channel", "costs"],
    &["report", "--office", "jakarta-pusat"],
    &["audit", "list"],
    &["audit", "verify"],
    &["user", "log"],
    &["media", "status"],
    &["db", "verify"],
    &["format", "rehearse", "#NAMA#TGL.LAHIR#TGL.KEDATANGAN", "--office", "jakarta-pusat", "--past"],
    &["person", "erase", "{number}", "--cancel"],
    &[
        "export",
        "bookings",
        "--format",
        "csv",
        "--to",
        "{own}/tanpa.csv",
        "--office",
        "jakarta-pusat",
        "--from",
        "{date}",
        "--until",
        "{date}",
        "--without-people",
    ],
];

/// The name that no other way in has: letters alone, so that every form takes it as a name.
pub fn mark(way: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n).expect("below 26"));
    format!("Qwerzani{}{}", letter(way / 26), letter(way % 26))
}
