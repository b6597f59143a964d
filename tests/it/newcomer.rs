//! The first minutes: what somebody types who has read nothing, and what they are told.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use crate::support::installation::{Installation, Ran, command};
use crate::support::server_process::ServerProcess;

fn nowhere() -> Installation {
    Installation::new("http://127.0.0.1:9")
}

fn run_in(folder: &std::path::Path, args: &[&str]) -> Ran {
    Ran::of(&command(folder).args(args).output().expect("ended"))
}

// Negative control: with `--sent` read as RFC 3339 only, the first is refused by clap.
#[test]
fn parse_says_what_the_citizen_would_be_answered() {
    let folder = tempfile::tempdir().unwrap();
    let ask =
        |text: &str| run_in(folder.path(), &["parse", "--office", "bogor", "--sent", "2026-08-03", "--reply", text]);
    let echo = ask("#Budi#25011987#10082026").done();
    assert!(echo.contains("*Kantor Imigrasi Bogor*") && echo.contains("*Kode konfirmasi:*"), "{echo}");
    assert!(echo.contains("sebelum pukul 09.30 WIB"), "sent at nine: {echo}");
    let misread = ask("#Budi#31061987#10082026").done();
    assert!(misread.contains("31061987"), "{misread}");
    assert_eq!(run_in(folder.path(), &["parse", "--office", "bogor", "--reply"]).code, 2, "a message is needed");
}

// Negative control: without the reset style clap breaks the line inside of `{n}`.
#[test]
fn the_language_of_stories_is_printed_as_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let help = run_in(folder.path(), &["replay", "--help"]).done();
    assert!(help.contains("  50 x > #Warga {n}#25011987#07082017      fifty people"), "{help}");
    assert!(help.contains("{n} is Satu,") && !help.contains('\u{1b}'), "{help}");
}

// Negative control: a `return` at the first mistake; `--bless` without its list.
#[test]
fn a_broken_story_tells_all_its_mistakes_and_a_blessing_what_it_rewrote() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rusak.chat"), "# why: two mistakes\nwait soon\nBudi > [hologram]\n").unwrap();
    let broken = run_in(folder.path(), &["replay", "rusak.chat"]);
    assert_eq!(broken.code, 2);
    assert!(broken.out.contains("rusak.chat:2: ") && broken.out.contains("rusak.chat:3: "), "{broken:?}");
    std::fs::write(
        folder.path().join("beda.chat"),
        "# why: to bless\noffice bogor\nclock 2017-08-01 09:00\nBudi > halo\n< lain\n",
    )
    .unwrap();
    let blessed = run_in(folder.path(), &["replay", "beda.chat", "--bless"]);
    assert!(blessed.code == 0 && blessed.err.contains("rewritten: beda.chat"), "{blessed:?}");
    assert!(blessed.err.contains("line 5: < lain\n    is now: < "), "both first lines: {}", blessed.err);
    assert!(!run_in(folder.path(), &["replay", "beda.chat", "--bless"]).err.contains("rewritten"), "once");
}

// Failed before formats travelled with their office: the import said that it is in force, and no message was read any more.
#[test]
fn an_office_brings_its_format_and_its_calendar_along() {
    let installation = nowhere();
    let bring = |file: &str, text: &str| {
        let path = installation.path("baru").join(file);
        std::fs::create_dir_all(installation.path("baru")).unwrap();
        std::fs::write(path, text).unwrap();
    };
    assert_eq!(installation.run(&["db", "migrate"]).code, 0);
    bring("kantor-bogor.toml", "extend = \"bogor.toml\"\nid = \"bogor\"\nversion = 8\nformats = [\"nama-telepon\"]\n");
    let alone = installation.run(&["office", "import", "baru"]);
    assert!(alone.code != 0 && alone.err.contains("nama-telepon"), "a format that nobody has: {alone:?}");
    assert!(!installation.run(&["office", "list"]).out.contains("version 8"));
    bring(
        "format.toml",
        "id = \"nama-telepon\"\npattern = \"#Nama#TglLahir#Telepon#TglKedatangan\"\n\n[[reads]]\n\
         text = \"#Budi#25011987#081200000001#10082026\"\nsent = \"2026-08-03\"\nfields = { Nama = \"Budi\", \
         TglLahir = \"1987-01-25\", Telepon = \"+6281200000001\", TglKedatangan = \"2026-08-10\" }\n",
    );
    bring("2031.toml", "year = 2031\n[[holiday]]\ndate = 2031-01-01\nname = \"Uji\"\nname_en = \"Test\"\n");
    let said = installation.run(&["office", "import", "baru"]);
    assert!(said.code == 0 && said.out.contains("version 8 is in force"), "{said:?}");
    let kept = installation.run(&["office", "export", "bogor", "keluar", "--with-formats"]);
    assert!(kept.code == 0 && kept.out.contains("format.toml"), "{kept:?}");
}

// Negative control: with the database opened before the port is bound, it is there.
#[test]
fn a_port_in_use_leaves_no_new_database() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let installation = nowhere();
    let refused = installation.run_with(&["serve"], &[("ANTREAN_LISTEN", &address)], "");
    assert!(refused.code == 1 && refused.err.contains(&format!("cannot listen on {address}")), "{refused:?}");
    assert!(!installation.path("antrean.db").exists() && !installation.path("antrean.db.lock").exists());
    let data = installation.path("demo");
    let refused = installation.run(&[
        "demo",
        "--listen",
        &taken.local_addr().unwrap().port().to_string(),
        "--data",
        data.to_str().unwrap(),
    ]);
    assert!(refused.code == 1 && refused.err.contains(&format!("cannot listen on {address}")), "{refused:?}");
    assert!(!data.join("antrean.db").exists());
}

// Negative control: without the warning there is no word of it.
#[test]
fn a_server_without_any_channel_says_so_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path())
        .arg("serve")
        .env("ANTREAN_LISTEN", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("listening on"), "{line}");
    child.kill().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    assert!(said.contains("no channel is configured") && said.contains("antrean demo"), "{said}");
}

// Controls: with the bound address printed, it is http://0.0.0.0; without `--host` in the site, the second name is 403; without
// `own_names`, the machine's own.
#[test]
fn a_demo_for_others_opens_by_name_and_says_who_can_read_along() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path())
        .args(["demo", "--listen", "0.0.0.0:0", "--host", "demo.kantor.lan"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let simulator = said.by_ref().find(|line| line.contains("/simulator")).unwrap();
    let port = simulator.split_once("http://localhost:").expect(&simulator).1.trim_end_matches("/simulator").to_owned();
    let others = said.by_ref().find(|line| line.starts_with("Others")).unwrap();
    assert!(others.contains(&format!("demo.kantor.lan:{port}")), "{others}");
    let status = |host: &str| {
        let mut stream = std::net::TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        write!(stream, "GET /simulator HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer[9..12].to_owned()
    };
    let mut names = vec![("localhost".to_owned(), "200"), ("demo.kantor.lan.".to_owned(), "200")];
    names.push(("rebound.example".to_owned(), "403"));
    let own = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    names.extend(own.map(|own| (own.trim().to_owned(), "200")));
    for (name, expected) in names {
        assert_eq!(status(&name), expected, "{name}");
    }
    child.kill().unwrap();
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    child.wait().unwrap();
    assert!(log.contains("anybody in this network can read all chats") && log.contains("move the clock"), "{log}");
}

// Negative control: without the prefix in `Pool::open_sqlite` only SQLite's own words are there.
#[test]
fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("catatan.db"), "Ini bukan basis data, hanya catatan. ".repeat(200)).unwrap();
    let refused = run_in(folder.path(), &["db", "verify", "--database", "sqlite://catatan.db"]);
    assert!(
        refused.code == 1 && refused.err.contains("catatan.db") && refused.err.contains("not a database"),
        "{refused:?}"
    );
}

// Negative control: without the second name in the panic hook the exit is a panic with a backtrace.
#[test]
fn a_reader_that_leaves_early_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..200 {
        std::fs::write(folder.path().join(format!("{n}.toml")), "id = \"Salah Sekali\"\nversion = 0\nname = 1\n")
            .unwrap();
    }
    let script = format!(
        "{} check {} 2>&1 | head -1; echo ${{PIPESTATUS[0]}}",
        crate::support::installation::ANTREAN,
        folder.path().display()
    );
    let done = Command::new("bash").args(["-c", &script]).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(!said.contains("panicked") && !said.contains("101"), "{said}");
}

#[test]
fn check_tells_the_mend_for_what_editors_and_habits_leave_in_files() {
    let installation = nowhere();
    let office = |zone: &str, more: &str| {
        format!(
            "extend = \"base.toml\"\nid = \"sukabumi\"\nversion = 1\nname = \"Kantor\"\nsite = \"x\"\nzone = {zone}\n{more}"
        )
    };
    let check = |text: &[u8]| {
        std::fs::write(installation.path("x.toml"), text).unwrap();
        let checked = installation.run(&["check", "x.toml"]);
        // Drawn in a box: words are broken over lines.
        checked.err.split_whitespace().collect::<Vec<_>>().join(" ") + &checked.out
    };
    let curly = check(office("“WIB”", "").as_bytes());
    assert!(curly.contains("curly") && curly.contains("1 problem") && !curly.contains("must be one of"), "{curly}");
    let date = check(office("\"WIB\"", "[[closed]]\ndate = 28-12-2026\nreason = \"Pindah\"\n").as_bytes());
    assert!(date.contains("year first, without quotes") && date.contains("1 problem"), "{date}");
    let utf16: Vec<u8> =
        format!("\u{feff}{}", office("\"WIB\"", "")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let notepad = check(&utf16);
    assert!(notepad.contains("1 office") && !notepad.contains("UTF"), "{notepad}");
    let nameless = check(office("\"WIB\"", "").replace("name = \"Kantor\"\n", "").as_bytes());
    assert!(nameless.contains("`name` is missing") && !nameless.contains("usual value"), "{nameless}");
    let odd = check(office("\"WIB\"", "seats_per_day = 9999\n").as_bytes());
    assert!(odd.contains("seats_per_day = 9999") && odd.contains("no problem, 1 warning"), "a warning: {odd}");
}

// Negative control: with `refuse_unmarked` finding nothing, `check` says that line 1 is not TOML.
#[test]
fn a_file_in_utf_16_that_does_not_say_so_is_told_with_its_place_and_the_remedy() {
    let installation = nowhere();
    // An import needs a database.
    assert!(ServerProcess::start(&installation).terminate().0.success());
    let unmarked = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    std::fs::write(installation.path("kantor.toml"), unmarked("id = \"sukabumi\"\nname = \"Kantor\"\n")).unwrap();
    std::fs::write(installation.path("cerita.chat"), unmarked("# why: none\nBudi > halo\n< Halo\n")).unwrap();
    std::fs::write(installation.path("ekspor.txt"), unmarked("01/08/17 09.00 - Budi: halo\n")).unwrap();
    for args in [
        &["check", "kantor.toml"][..],
        &["office", "import", "kantor.toml"],
        &["replay", "cerita.chat"],
        &["replay", "--import", "ekspor.txt"],
    ] {
        let ran = installation.run(args);
        // Drawn in a box: lines end anywhere, inside of words with a hyphen too.
        let joined = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '│').collect::<String>();
        let said = joined(&ran.err) + &joined(&ran.out);
        let told = ["byte 2 is zero", "UTF-16 without a byte-order mark", "save it as UTF-8"].map(joined);
        assert!(ran.code != 0 && told.iter().all(|told| said.contains(told.as_str())), "{args:?}: {said}");
    }
}

// Negative control: without `warn_of_strangers` in `app` the first has no warning; without its look at `trusted_proxies`, the
// second has one, and without its look at the address, the third.
#[test]
fn a_server_that_listens_beyond_this_machine_without_tls_in_front_is_warned_about() {
    let warning = "listening beyond this machine without TLS";
    for (listen, proxies, is_warned) in [
        ("0.0.0.0:0", "", true),
        ("0.0.0.0:0", "trusted_proxies = [\"10.0.0.1\"]\n", false),
        ("127.0.0.1:0", "", false),
    ] {
        let installation = nowhere();
        let config = std::fs::read_to_string(installation.config()).unwrap();
        let config = config.replace("listen = \"127.0.0.1:0\"\n", &format!("listen = \"{listen}\"\n{proxies}"));
        std::fs::write(installation.config(), config).unwrap();
        let (status, log) = ServerProcess::start(&installation).terminate();
        assert!(status.success(), "{log}");
        assert_eq!(log.contains(warning), is_warned, "{listen} {proxies}: {log}");
    }
}
