//! The stories of `fixtures/conversations`, played as `antrean replay` plays them, and the player's own promises.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use antrean::replay::{self, Ending, Played};
use antrean::roster::Roster;

use crate::support::engine::{Base, Engine, on_both_engines};

/// A story that passes, to be spoiled or bared.
const GOOD: &str = include_str!("../../fixtures/conversations/ok/bogor-form-code-confirmation.chat");

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn stories(path: &Path) -> Vec<PathBuf> {
    replay::find(&[path.to_owned()]).unwrap()
}

/// What people send in a story, and nothing that they get.
fn without_replies(story: &str) -> String {
    story.lines().filter(|line| !line.starts_with(['<', ' '])).flat_map(|line| [line, "\n"]).collect()
}

/// Runs the command; gives its exit status and what it printed.
fn antrean(args: &[&str], path: &Path) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_antrean")).args(args).arg(path).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

async fn play(path: &Path) -> Vec<Played> {
    replay::run(Roster::shipped().unwrap(), &stories(path), None).await.unwrap()
}

async fn all_stories_pass(engine: Engine) {
    let base = Base::new(engine).await;
    let server = (engine == Engine::Postgres).then(|| base.url());
    let paths = stories(Path::new("fixtures/conversations"));
    let played = replay::run(Roster::shipped().unwrap(), &paths, server.as_deref().map(Into::into)).await.unwrap();
    assert!(played.len() >= 45, "only {} stories", played.len());
    assert!(
        played.iter().all(|one| one.ending == Ending::Passed),
        "{}",
        replay::report::text(&played, replay::report::Colours::None)
    );
    if engine == Engine::Postgres {
        let left = "select count(*) from information_schema.schemata where schema_name like 'antrean_story%'";
        assert_eq!(base.tables().await.count(left).await, 0, "a story clears up");
    }
}

on_both_engines!(all_stories_pass);

#[test]
fn every_story_says_why_it_exists() {
    for path in stories(Path::new("fixtures/conversations")) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# why: "), "{}", path.display());
    }
}

// This is the negative control of `all_stories_pass`: one changed word in one reply must be found, with its line.
#[test]
fn one_wrong_reply_fails() {
    let wrong = GOOD.replacen("08-001", "08-002", 1);
    let line = 1 + wrong.lines().position(|line| line.contains("< [qr]")).unwrap();
    let folder = folder(&[("wrong.chat", &wrong), ("good.chat", GOOD)]);
    let (status, text) = antrean(&["replay"], folder.path());
    assert_eq!(status, 1);
    assert!(text.contains(&format!("wrong.chat:{line}: the answer to Budi differs")), "{text}");
    assert!(text.contains("-*Nomor antrean:* 08-002\n    +*Nomor antrean:* 08-001"), "{text}");
    assert!(text.ends_with("1 of 2 stories passed, 1 differ\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_a_story_leaves_out_or_makes_up_are_found() {
    let start = "# why: a test\nBudi > halo\n";
    let silent = format!("{start}< ...\nredeliver\n< Halo juga\n");
    let folder = folder(&[("a-unspoken.chat", start), ("b-made-up.chat", &silent)]);
    let told: Vec<String> = play(folder.path())
        .await
        .into_iter()
        .map(|played| match played.ending {
            Ending::Differs(differences) => differences[0].about.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, ["the story does not speak of this answer to Budi", "Budi should get an answer, and got none"]);
}

#[test]
fn exit_status_tells_pass_difference_and_mistake_apart() {
    let folder = folder(&[("good.chat", GOOD)]);
    assert_eq!(antrean(&["replay"], folder.path()).0, 0);
    fs::write(folder.path().join("mistake.chat"), "# why: a test\nwait soon\n").unwrap();
    assert_eq!(antrean(&["replay"], folder.path()).0, 2);
    assert_eq!(antrean(&["replay"], Path::new("no/such/folder")).0, 2);
}

#[test]
fn results_come_as_json_and_as_junit_xml() {
    let folder = folder(&[("good.chat", GOOD), ("wrong.chat", &GOOD.replacen("BUDI", "SITI", 1))]);
    let (status, json) = antrean(&["replay", "--format", "json"], folder.path());
    assert_eq!(status, 1);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["passed"], &json["differ"]), (&1.into(), &1.into()));
    let (status, xml) = antrean(&["replay", "--format", "junit"], folder.path());
    assert_eq!(status, 1);
    assert!(xml.contains(r#"tests="2" skipped="0" failures="1" errors="0""#), "{xml}");
}

#[test]
fn blessing_writes_the_replies_and_nothing_else() {
    // The bare story: what people send, without any reply.
    let bare = without_replies(GOOD);
    let folder = folder(&[("story.chat", &bare)]);
    let story = folder.path().join("story.chat");
    assert_eq!(antrean(&["replay", "--bless"], &story).0, 0);
    let blessed = fs::read_to_string(&story).unwrap();
    assert!(blessed.contains("\n  *Kode konfirmasi:* {code}\n"), "{blessed}");
    let kept = without_replies(&blessed);
    let bones = |text: &str| text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(bones(&kept), bones(&bare));
    assert_eq!(antrean(&["replay"], &story).0, 0);
    assert_eq!(antrean(&["replay", "--bless"], &story).0, 0);
    assert_eq!(fs::read_to_string(&story).unwrap(), blessed, "a story that passes is not touched");
}

#[test]
fn blessing_keeps_wildcards_that_still_match() {
    let loose = GOOD.replacen("*Jadwal:* Senin, 7 Agustus 2017, pukul 08.00 WIB", "*Jadwal:* {*} WIB", 1).replacen(
        "*Nomor antrean:* 08-001",
        "*Nomor antrean:* 08-099",
        1,
    );
    let folder = folder(&[("story.chat", &loose)]);
    let story = folder.path().join("story.chat");
    assert_eq!(antrean(&["replay", "--bless"], &story).0, 0);
    let blessed = fs::read_to_string(&story).unwrap();
    assert_eq!(blessed, loose.replacen("08-099", "08-001", 1));
}

/// One chat as an iPhone and as an Android phone export it.
const EXPORTS: [&str; 2] = [
    "\u{FEFF}[01/08/17 09.00.12] Rahma Wulandari: \u{200E}Pesan dan panggilan terenkripsi secara end-to-end.\n\
     \u{200E}[01/08/17 09.00.12] Rahma Wulandari: #Rahma Wulandari#17031990\n#07082017\n\
     [01/08/17 09.00.14] Antrean Bogor: Halo Rahma, 0812****77\nKode: 00002681\n\
     [01/08/17 09.03.00\u{202F}AM] Rahma Wulandari: 2681\n\
     [01/08/17 09.04.00] Rahma Wulandari: \u{200E}gambar tidak disertakan\n",
    "01/08/17 09.00 - Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info.\n\
     01/08/17 09.00 - Rahma Wulandari: #Rahma Wulandari#17031990\n#07082017\n\
     01/08/17 09.00 - Antrean Bogor: Halo Rahma, 0812****77\nKode: 00002681\n\
     01/08/17 09.03 - Rahma Wulandari: 2681\n\
     01/08/17 09.04 - Rahma Wulandari: <Media tidak disertakan>\n",
];

#[test]
fn an_exported_chat_becomes_a_story_without_anybodys_name() {
    for export in EXPORTS {
        let folder = folder(&[("chat.txt", export)]);
        let file = folder.path().join("chat.txt");
        let (status, story) = antrean(&["replay", "--office", "bogor", "--import"], &file);
        assert_eq!(status, 0);
        assert!(!story.contains("Rahma") && !story.contains("1703") && !story.contains("2681"), "{story}");
        for part in [
            "office bogor\nclock 2017-08-01 09:00",
            "Budi > #Budi#25011987\n  #07082017\n",
            "< Halo Budi, {*}\n  Kode: {code}\n",
            "wait until 2017-08-01 09:03\nBudi > {code|trimmed}\n",
            "Budi > [image]\n",
        ] {
            assert!(story.contains(part), "no {part:?} in\n{story}");
        }
    }
}

#[test]
fn an_imported_story_plays_and_can_be_blessed() {
    let chat = "01/08/17 09.00 - Rahma: #Rahma#17031990#07082017\n01/08/17 09.00 - Kantor: Baik.\n";
    let folder = folder(&[("chat.txt", chat)]);
    let file = folder.path().join("chat.txt");
    let (_, story) = antrean(&["replay", "--import"], &file);
    let path = folder.path().join("story.chat");
    fs::write(&path, story).unwrap();
    assert_eq!(antrean(&["replay"], &path).0, 1);
    assert_eq!(antrean(&["replay", "--bless"], &path).0, 0);
    assert_eq!(antrean(&["replay"], &path).0, 0);
}
