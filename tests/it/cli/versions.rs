//! Versions of an office by the command line: out and in byte for byte, what was changed in two places, and what comes back.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use antrean::clock::{Clock, SystemClock};
use antrean::domain::office::OfficeId;
use antrean::roster::{EditedFile, NewValue, Roster};
use antrean::storage::Storage;
use antrean::versions::{Edit, Versions};
use serde_json::Value;

use super::{nowhere, serve};
use crate::support::installation::{Installation, form, in_days};

/// The files of an office with a base, a format and a calendar of its own, by their names.
const FILES: [(&str, &str); 4] = [
    (
        "sukabumi.toml",
        "# Ours.\r\nextend = \"dasar.toml\"\r\nid = \"sukabumi\"\r\nversion = 1   # raise it\r\nname = \"Kantor Sukabumi\"\r\n\
         zone = \"WIB\"\r\nsite = \"Loket paspor\"\r\nformats = [\"poster-sukabumi\"]\r\n",
    ),
    ("dasar.toml", "extend = \"base.toml\"\n\n# A short week.\n[hours]\nsenin-rabu = [\"08:00-12:00\"]\n"),
    ("poster.toml", "id = \"poster-sukabumi\"   # as printed\npattern = \"#Nama#TglLahir#Alamat#TglKedatangan\"\n"),
    ("2031.toml", "year = 2031\n\n[[holiday]]\ndate = 2031-08-17\nname = \"Merdeka\"\nname_en = \"Independence\"\n"),
];

fn read(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())).collect()
}

/// An installation that has served, with the files in a folder beside it.
async fn installation() -> Installation {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, &form("Budi", in_days(3)))]).await;
    fs::create_dir(installation.path("kantor")).unwrap();
    for (name, text) in FILES {
        fs::write(installation.path("kantor").join(name), text).unwrap();
    }
    installation
}

// Negative control: with the chain of `extend` left out of what is kept, `dasar.toml` does not come out.
#[tokio::test]
async fn an_office_with_its_formats_and_calendars_goes_in_and_out_byte_for_byte() {
    let installation = installation().await;
    let said = installation.run(&["office", "import", "kantor", "--why", "kantor baru", "--as", "siti"]).done();
    assert!(said.contains("sukabumi: version 1 is in force"), "{said}");
    let out = installation.run(&["office", "export", "sukabumi", "keluar", "--with-formats"]).done();
    assert_eq!(out.lines().count(), 4, "{out}");
    let wanted: BTreeMap<String, String> = FILES.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    assert_eq!(read(&installation.path("keluar")), wanted);
    let same = installation.run(&["office", "import", "keluar"]).done();
    assert!(same.contains("version 1 is in force already"), "{same}");
    // Without its formats, the office and what it extends; a file of other content is not written over.
    fs::create_dir(installation.path("sedikit")).unwrap();
    fs::write(installation.path("sedikit/sukabumi.toml"), "lain").unwrap();
    let refused = installation.run(&["office", "export", "sukabumi", "sedikit"]);
    assert!(refused.code == 1 && refused.err.contains("other content"), "{refused:?}");
    assert_eq!(read(&installation.path("sedikit")).len(), 1);
    installation.run(&["office", "export", "sukabumi", "sedikit", "--force"]).done();
    assert_eq!(read(&installation.path("sedikit")).len(), 2);
    // A format that changed is another content of the same version, and a new version under a new number.
    let poster = FILES[2].1.replace("#Alamat", "");
    fs::write(installation.path("kantor/poster.toml"), &poster).unwrap();
    let refused = installation.run(&["office", "import", "kantor"]);
    assert!(refused.code == 1 && refused.err.contains("write `version = 2`"), "{refused:?}");
    fs::write(installation.path("kantor/sukabumi.toml"), FILES[0].1.replace("version = 1", "version = 2")).unwrap();
    installation.run(&["office", "import", "kantor"]).done();
    let diff = installation.run(&["office", "diff", "sukabumi", "1"]).done();
    let line = "format.poster-sukabumi.pattern: #Nama#TglLahir#Alamat#TglKedatangan -> #Nama#TglLahir#TglKedatangan";
    assert!(diff.contains(line) && diff.ends_with("1 change\n"), "{diff}");
    let list: Value =
        serde_json::from_str(&installation.run(&["office", "versions", "sukabumi", "--json"]).done()).unwrap();
    let first = &list["versions"][1];
    assert_eq!(
        (&first["by"], &first["why"], &first["origin"]),
        (&"siti".into(), &"kantor baru".into(), &"file".into())
    );
    // The earlier version comes back as a new one.
    let back = ["office", "rollback", "sukabumi", "1", "--why", "poster lama", "--as", "siti"];
    let said = installation.run(&back).done();
    assert!(said.contains("version 3 is in force, with the content of 1"), "{said}");
    let shown = installation.run(&["office", "show", "sukabumi"]).done();
    assert!(shown.contains("brings back 1") && shown.contains("#Alamat#"), "{shown}");
    assert_eq!(installation.run(&["office", "rollback", "sukabumi", "9", "--why", "x"]).code, 1);
    assert_eq!(installation.run(&["office", "rollback", "sukabumi", "1"]).code, 2, "without a reason");
    assert_eq!(installation.run(&["office", "diff", "sukabumi", "1", "8"]).code, 1);
    assert_eq!(installation.run(&["office", "versions", "antah"]).code, 1);
}

/// Changes Bogor as the console does.
async fn change_in_the_console(installation: &Installation) {
    let storage = Storage::open(&installation.url()).await.unwrap();
    let roster = Arc::new(Roster::load(&[installation.path("offices")]).unwrap());
    let versions = Versions::new(storage.clone(), roster, SystemClock.now());
    let office = OfficeId::read("bogor").unwrap();
    let stored = versions.current(&office).await.unwrap().unwrap();
    let mut files = stored.files;
    let mut edited = EditedFile::read(&files.office.text).unwrap();
    edited.set(&["seats_per_hour"], Some(&NewValue::Number(40))).unwrap();
    files.office.text = edited.text();
    let edit = Edit { office: &office, parent: stored.version, files, why: "loket 3 tutup", actor: "siti" };
    assert_eq!(versions.publish(edit).await.unwrap().version, 8);
    storage.close().await;
}

// Negative control: with `made_here` always `None`, the file of before takes back what was changed in the console.
#[tokio::test]
async fn what_was_changed_in_two_places_is_refused_and_an_export_joins_it() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, &form("Budi", in_days(3)))]).await;
    change_in_the_console(&installation).await;
    // The unchanged file starts, and the database rules.
    serve(&installation, &[("1001", 2, &form("Siti", in_days(3)))]).await;
    assert!(installation.run(&["office", "list"]).done().contains("version 8"));
    // The file changed as well: neither a start nor an import takes it.
    let path = installation.path("offices/kantor-bogor.toml");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, before.replace("version = 7", "version = 9\nseats_per_day = 100")).unwrap();
    for refused in
        [installation.run(&["office", "import", "offices/kantor-bogor.toml"]), installation.run(&["aside", "retry"])]
    {
        let said = refused.failed();
        assert!(said.contains("both changed since they parted") && said.contains("office export bogor"), "{said}");
    }
    // With the number kept, too.
    fs::write(&path, before.replace("version = 7", "version = 7\nseats_per_day = 100")).unwrap();
    let refused = installation.run(&["office", "import", "offices/kantor-bogor.toml"]).failed();
    assert!(refused.contains("both changed since they parted"), "{refused}");
    // What comes out knows what it continues.
    installation.run(&["office", "export", "bogor", "offices", "--force"]).done();
    let exported = fs::read_to_string(&path).unwrap();
    assert!(exported.contains("version = 8\nbased_on = 8\n") && exported.contains("seats_per_hour = 40"), "{exported}");
    let whole = installation.run(&["office", "export", "bogor"]).done();
    assert!(whole.contains("based_on = 8"), "{whole}");
    fs::write(&path, exported.replace("version = 8", "version = 9\nseats_per_day = 100")).unwrap();
    let said = installation.run(&["office", "import", "offices/kantor-bogor.toml"]).done();
    assert!(said.contains("version 9 is in force, after 8"), "{said}");
    let diff: Value =
        serde_json::from_str(&installation.run(&["office", "diff", "bogor", "7", "9", "--json"]).done()).unwrap();
    let keys: Vec<&str> = diff["changes"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["seats_per_day", "seats_per_hour"]);
    serve(&installation, &[("1001", 3, &form("Rina", in_days(3)))]).await;
}
