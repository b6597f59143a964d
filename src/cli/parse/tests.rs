//! What is printed of messages, as tools and people read it.

use super::print::underlined;
use super::*;
use crate::grammar::Format;

fn reading<T>(ids: &[&str], sent: &str, then: impl FnOnce(&Reader<'_>) -> T) -> T {
    let shipped = Format::shipped();
    let formats = ids.iter().filter_map(|id| shipped.iter().find(|format| format.id().as_str() == *id)).collect();
    then(&Reader { formats, sent_on: sent.parse().expect("a date") })
}

fn json(ids: &[&str], text: &str) -> String {
    reading(ids, "2017-08-01", |reader| serde_json::to_string(&reader.output(text)).expect("JSON"))
}

#[derive(Debug, clap::Parser)]
struct Line {
    #[command(flatten)]
    args: ParseArgs,
}

fn args(words: &[&str]) -> Result<ParseArgs, clap::Error> {
    let words = ["parse"].iter().chain(words);
    <Line as clap::Parser>::try_parse_from(words).map(|line| line.args)
}

#[test]
fn flags_stand_anywhere_and_a_message_may_open_with_a_dash() {
    let read = args(&["--office", "bogor", "- Budi", "--json"]).expect("arguments");
    assert_eq!((read.text.as_deref(), read.json), (Some("- Budi"), true));
    let read = args(&["--office", "bogor", "--sent", "2017-08-01T09:00:00+07:00", "--jsonl"]).expect("arguments");
    assert_eq!((read.text, read.jsonl, read.sent.is_some()), (None, true, true));
    assert!(args(&["--office", "bogor", "--sent", "yesterday"]).is_err());
    assert!(args(&["#Budi"]).is_err(), "an office is needed");
}

#[test]
fn a_whole_form_prints_its_values() {
    assert_eq!(
        json(&["nama-lahir-kedatangan"], "#Budi#25011987#07082017"),
        r#"{"ok":true,"format":"nama-lahir-kedatangan","fields":{"Nama":"Budi","TglLahir":"1987-01-25","TglKedatangan":"2017-08-07"},"notes":[]}"#
    );
    assert_eq!(
        json(&["batam-tanpa-foto", "batam-keluarga"], "Rina#12031990#Jl. Melati 1#empat"),
        r#"{"ok":true,"format":"batam-keluarga","fields":{"Nama":"Rina","TglLahir":"1990-03-12","Alamat":"Jl. Melati 1","Jumlah":4},"notes":[]}"#
    );
}

#[test]
fn a_question_prints_its_topics_alone_or_beside_what_was_read() {
    let ids = ["nama-lahir-kedatangan"];
    assert_eq!(json(&ids, "Jam buka? Biayanya berapa?"), r#"{"ok":false,"topics":["hours","fee"]}"#);
    assert_eq!(
        json(&ids, "#Budi#25011987#07082017 syaratnya apa ya?"),
        r#"{"ok":true,"format":"nama-lahir-kedatangan","fields":{"Nama":"Budi","TglLahir":"1987-01-25","TglKedatangan":"2017-08-07"},"notes":[],"topics":["requirements"]}"#
    );
    assert_eq!(
        json(&ids, "12345678, bawa apa saja?"),
        r#"{"ok":false,"command":{"name":"kode","code":"12345678"},"topics":["requirements"]}"#
    );
    let misread = json(&ids, "#Budi#25011987 syaratnya apa?");
    assert!(misread.starts_with(r#"{"ok":false,"error":{"kind":"missing""#), "{misread}");
    assert!(misread.ends_with(r#","topics":["requirements"]}"#), "{misread}");
    assert!(!json(&ids, "#Budi#25011987").contains("topics"), "nothing is asked");
}

#[test]
fn a_broken_form_prints_what_is_wrong_and_where() {
    assert_eq!(
        json(&["nama-lahir-kedatangan"], "#Budi#31061987#07082017"),
        r#"{"ok":false,"error":{"kind":"no-such-day","field":"TglLahir","at":[6,14],"expected":"a birth date as ddmmyyyy, such as 25011987","message":"no calendar has the day `31061987`: expected a birth date as ddmmyyyy, such as 25011987","suggestion":null}}"#
    );
}

#[test]
fn repairs_questions_and_suggestions_are_printed() {
    let ids = ["nama-lahir-kedatangan"];
    assert_eq!(
        json(&ids, "#Budi#25O11987#besok"),
        r#"{"ok":true,"format":"nama-lahir-kedatangan","fields":{"Nama":"Budi","TglLahir":"1987-01-25","TglKedatangan":"2017-08-02"},"notes":[{"kind":"digit","field":"TglLahir","from":"25O11987","to":"1987-01-25"},{"kind":"day","field":"TglKedatangan","from":"besok","to":"2017-08-02"}]}"#
    );
    assert_eq!(
        json(&ids, "#Budi#25011987#selasa"),
        r#"{"ok":false,"ask":{"field":"TglKedatangan","choices":[{"value":"2017-08-01","meaning":"1 August 2017"},{"value":"2017-08-08","meaning":"8 August 2017"}]}}"#
    );
    let printed: serde_json::Value = serde_json::from_str(&json(&ids, "#25011987#Budi#07082017")).expect("JSON");
    assert_eq!(printed["error"]["suggestion"], "#Budi#25011987#07082017");
}

#[test]
fn commands_and_codes_print_their_name() {
    let ids = ["nama-lahir-kedatangan"];
    assert_eq!(json(&ids, "# BATAL"), r#"{"ok":false,"command":{"name":"batal","code":null}}"#);
    assert_eq!(json(&ids, "#batal Kayla"), r#"{"ok":false,"command":{"name":"batal","code":null,"person":"Kayla"}}"#);
    assert_eq!(json(&ids, "#urung"), r#"{"ok":false,"command":{"name":"urung","code":null}}"#);
    assert_eq!(json(&ids, "#hapusdata"), r#"{"ok":false,"command":{"name":"hapusdata","code":null}}"#);
    assert_eq!(json(&ids, "#daftar"), r#"{"ok":false,"command":{"name":"daftar","code":null}}"#);
    assert_eq!(json(&ids, "00002681"), r#"{"ok":false,"command":{"name":"kode","code":"00002681"}}"#);
}

// Negative control: without `is_cek`, the command prints its topic alone.
#[test]
fn cek_prints_as_a_command_and_as_a_question_and_in_plain_words_as_a_question_only() {
    let ids = ["nama-lahir-kedatangan"];
    assert_eq!(
        json(&ids, "#cek 14"),
        r#"{"ok":false,"command":{"name":"cek","date":"2017-08-14","code":null},"topics":["free-days"]}"#
    );
    assert_eq!(
        json(&ids, "#cek"),
        r#"{"ok":false,"command":{"name":"cek","date":null,"code":null},"topics":["free-days"]}"#
    );
    assert_eq!(json(&ids, "cek 14"), r#"{"ok":false,"topics":["free-days"]}"#);
}

#[test]
fn what_is_no_form_prints_the_line_it_should_be() {
    for (text, kind) in [("#Nama#TglLahir#TglKedatangan", "placeholder"), ("halo min", "greeting"), ("", "unreadable")]
    {
        let printed: serde_json::Value = serde_json::from_str(&json(&["nama-lahir-kedatangan"], text)).expect("JSON");
        assert_eq!(printed["error"]["kind"], kind, "{text}");
        assert_eq!(printed["error"]["expected"], "#Nama#TglLahir#TglKedatangan");
        assert_eq!(printed["error"]["field"], serde_json::Value::Null);
    }
}

#[test]
fn standard_input_gives_one_object_a_line() {
    let printed = |jsonl, input: &[u8]| {
        let mut out = Vec::new();
        reading(&["nama-lahir-kedatangan"], "2017-08-01", |reader| {
            reader.print_lines(jsonl, input, &mut out).expect("written");
        });
        String::from_utf8(out).expect("UTF-8").lines().map(|line| line.starts_with(r#"{"ok":true"#)).collect::<Vec<_>>()
    };
    assert_eq!(printed(false, b"#Budi#25011987#07082017\r\n\nbatal\n\xff"), [true, false, false, false]);
    assert_eq!(printed(true, b"\"#Budi\\n#25011987#07082017\"\nno json\n"), [true, false]);
    assert_eq!(printed(false, b""), [false; 0]);
}

#[test]
fn the_span_is_underlined_in_its_own_line() {
    assert_eq!(underlined("#Budi#31061987", Some((6, 14))), ["#Budi#31061987", "      ^^^^^^^^"]);
    assert_eq!(underlined("#Budi\n#31061987\n#0", Some((7, 15))), ["#Budi", "#31061987", " ^^^^^^^^", "#0"]);
    assert_eq!(underlined("#Budi", Some((5, 5))), ["#Budi", "     ^"]);
    assert_eq!(underlined("\u{1b}[2J", Some((0, 4))), ["·[2J", "^^^^"], "a message does not steer the terminal");
}

#[test]
fn a_drawing_says_the_same_in_lines() {
    let drawn = |text| {
        let mut out = Vec::new();
        reading(&["nama-lahir-kedatangan"], "2017-08-01", |reader| reader.draw(text, &mut out).expect("written"));
        String::from_utf8(out).expect("UTF-8")
    };
    assert!(drawn("#Budi#25011987#07082017").contains("  TglLahir       1987-01-25\n"));
    assert!(drawn("#Budi#25011987").contains("\n              ^\nmissing: TglKedatangan is missing"));
}

// Negative control: with `mistakes` ending after the first, there is no `errors`.
#[test]
fn every_mistake_of_a_form_is_told_with_its_own_place() {
    let printed: serde_json::Value =
        serde_json::from_str(&json(&["nama-lahir-kedatangan"], "#123#31061987#abc")).expect("JSON");
    let errors = printed["errors"].as_array().expect("several");
    let told: Vec<(&str, &serde_json::Value)> =
        errors.iter().map(|error| (error["field"].as_str().unwrap_or_default(), &error["at"])).collect();
    let at = |from: usize, until: usize| serde_json::json!([from, until]);
    assert_eq!(told[1..], [("TglLahir", &at(5, 13)), ("TglKedatangan", &at(14, 17))], "{printed}");
    assert_eq!((told.len(), told[0].0), (3, "Nama"), "{printed}");
    assert_eq!(printed["error"]["field"], "Nama", "the first stands alone too");
    let one: serde_json::Value =
        serde_json::from_str(&json(&["nama-lahir-kedatangan"], "#Budi#31061987#07082017")).expect("JSON");
    assert_eq!(one.get("errors"), None, "{one}");
}

// Outside tools read these.
#[test]
fn a_wish_for_another_day_prints_its_date_and_its_code() {
    for (text, printed) in [
        ("#ganti 07082017", r#"{"ok":false,"command":{"name":"ganti","date":"2017-08-07","code":null}}"#),
        ("ganti jadwal ke senin", r#"{"ok":false,"command":{"name":"ganti","date":"2017-08-07","code":null}}"#),
        ("pindah hari", r#"{"ok":false,"command":{"name":"ganti","date":null,"code":null}}"#),
    ] {
        assert_eq!(json(&["nama-lahir-kedatangan"], text), printed, "{text}");
    }
}
