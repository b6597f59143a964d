//! Lines that are proposed from messages, and what is said where there is none.

use chrono::NaiveDate;

use crate::domain::office::FormatId;
use crate::grammar::proposal::result::{Doubt, NoProposal, Proposal};
use crate::grammar::proposal::search::propose;
use crate::grammar::request::field::Field;

fn sent() -> NaiveDate {
    "2026-08-03".parse().expect("a date")
}

fn proposed(messages: &[&str]) -> Result<Proposal, NoProposal> {
    propose(messages, sent(), &FormatId::read("bogor").expect("an id"))
}

fn line(messages: &[&str]) -> (String, Vec<Doubt>) {
    let proposal = proposed(messages).unwrap_or_else(|reason| panic!("{messages:?}: {reason:?}"));
    assert_eq!(proposal.format.line(), proposal.line);
    (proposal.line, proposal.doubts)
}

#[test]
fn ordinary_messages_give_the_line_that_they_were_written_by() {
    for (wanted, messages) in [
        (
            "#Nama#TglLahir#TglKedatangan",
            &["#Budi#25011987#10082026", "#Siti Aminah#05121990#11082026", "# Rina # 12-3-1991 # 12 Agustus 2026"][..],
        ),
        (
            "#Nama#TglLahir#TglKedatangan",
            &["halo min #Budi#25011987#10082026", "#Siti#05121990#besok", "#Rina#120391#11082026\nterima kasih"],
        ),
        (
            "REG Nama*TglLahir*Alamat",
            &[
                "REG Budi*25011987*Jl. Melati 5",
                "reg Siti*05121990*Jl. Kenanga 7 RT 02",
                "Reg Rina*12031991*Blok C no 3",
            ],
        ),
        (
            "E-PASSPORT#Nama#TglLahir#Alamat",
            &[
                "E-PASSPORT#BUDI#25011987#JL. MELATI 5",
                "e-passport#Siti#05121990#Jl. Kenanga 7",
                "E-PASSPORT#Rina#12031991#Blok C 3",
            ],
        ),
        (
            "#Nama#TglLahir#NIK#Email#Telepon",
            &[
                "#Budi#25011987#3171012501870001#budi@example.id#081200000001",
                "#Siti#05121990#3271014512900002#siti@example.id#081200000002",
                "#Rina#12031991#3171015203910003#rina@example.id#+62 812 0000 0003",
            ],
        ),
        (
            "#Nama#TglLahir#Sesi#Jumlah",
            &["#Budi#25011987#pagi#2", "#Siti#05121990#siang#3 orang", "#Rina#12031991#pagi#dua"],
        ),
    ] {
        let (line, mut doubts) = line(messages);
        // A number of sixteen digits may be either one's; the office knows which.
        doubts.retain(|doubt| !matches!(doubt, Doubt::Either { taken: Field::Nik, instead: Field::NoKk }));
        assert_eq!((line, doubts), (wanted.to_owned(), Vec::new()), "{messages:?}");
    }
}

#[test]
fn labels_name_the_pieces() {
    let (line, doubts) = line(&[
        "Nama: Budi\nTgl Lahir: 25-01-1987\nPekerjaan: guru",
        "Nama: Siti\nTgl Lahir: 05-12-1990\nPekerjaan: bidan",
        "Nama : Rina\nTanggal lahir : 12-03-1991\npekerjaan : petani",
    ]);
    assert_eq!((line.as_str(), doubts), ("Nama\nTglLahir\nPekerjaan", Vec::new()));
}

// Negative control: with the piece that is missing left out of `gaps`, the first line has no birth date.
#[test]
fn what_is_unsure_is_said() {
    let (with_email, doubts) =
        line(&["#Budi#25011987#budi@example.id", "#Siti#05121990", "#Rina#12031991#rina@example.id"]);
    assert_eq!(with_email, "#Nama#TglLahir#[Email]");
    assert_eq!(doubts, [Doubt::LeftOut { taken: "Email".to_owned(), messages: 1 }]);

    let (with_service, doubts) =
        line(&["#Budi#25011987#baru", "#Siti#05121990#perpanjang", "#Rina#12031991#Baru", "#Tono#02021980#baru"]);
    assert_eq!(with_service, "#Nama#TglLahir#Layanan");
    assert_eq!(doubts, [Doubt::Services { known: vec!["baru".to_owned(), "perpanjang".to_owned()] }]);

    let (past, doubts) = line(&["#Budi#25011987#07082017", "#Siti#05121990#08082017", "#Rina#12031991#09082017"]);
    assert_eq!((past.as_str(), doubts), ("#Nama#TglLahir#TglKedatangan", vec![Doubt::Past]));

    let (few, doubts) = line(&["#Budi#3171012501870001", "#Siti#3271014512900002"]);
    assert_eq!(few, "#Nama#NIK");
    assert_eq!(doubts, [Doubt::Few { messages: 2 }, Doubt::Either { taken: Field::Nik, instead: Field::NoKk }]);
}

// A bare number behind the mark is read as a number of people, whatever the format: such a message gives no address.
//
// Negative control: with `house_number` always `None`, the number becomes a piece of its own.
#[test]
fn a_house_number_behind_the_mark_stays_with_its_street() {
    for (wanted, messages) in [
        (
            "#Nama#TglLahir#Alamat",
            &[
                "#Budi#25011987#Jl. Mawar #5B",
                "#Siti Aminah#05121990#Jl. Kenanga Raya #12A",
                "#Rina#12031991#Jl. Melati #7 RT 02",
            ][..],
        ),
        (
            "#Nama#TglLahir#Alamat",
            &[
                "#Budi#25011987#Jl. Mawar 5",
                "#Siti Aminah#05121990#Jl. Kenanga Raya #12 RT 03",
                "#Rina#12031991#Jl. Melati 7",
            ],
        ),
        (
            "#Nama#Alamat#TglLahir",
            &[
                "#Budi#Jl. Mawar no#5B#25011987",
                "#Siti Aminah#Blok C No. 3#05121990",
                "#Rina#Jl. Melati Nomor#7 RT 02#12031991",
            ],
        ),
    ] {
        let (line, doubts) = line(messages);
        assert_eq!(
            (line.as_str(), doubts),
            (wanted, vec![Doubt::HoldsSeparator { taken: "Alamat".to_owned() }]),
            "{messages:?}"
        );
    }
    // Where a blank stands in front of every mark, it says nothing.
    let (people, _) = line(&["#Budi #25011987 #2", "#Siti #05121990 #3", "#Rina #12031991 #1"]);
    assert_eq!(people, "#Nama#TglLahir#Jumlah");
}

#[test]
fn a_number_with_another_birth_date_inside_is_a_family_cards() {
    let (line, _) = line(&[
        "#Budi#25011987#3171011203150002",
        "#Siti#05121990#3271011510120004",
        "#Rina#12031991#3171010101110005",
    ]);
    assert_eq!(line, "#Nama#TglLahir#NoKK");
}

#[test]
fn where_there_is_no_line_the_reason_names_the_message() {
    for (messages, reason) in [
        (&[][..], NoProposal::Empty),
        (&["#Budi#25011987", "Siti 05121990", "#Rina#1"], NoProposal::NoMark { message: 2 }),
        (&["#1#2", "#3#4", "#5#6"], NoProposal::NoName),
        (&["#a"; 21], NoProposal::TooMany { messages: 21 }),
    ] {
        assert_eq!(proposed(messages).err(), Some(reason), "{messages:?}");
    }
    let long = format!("#Budi#{}", "9".repeat(crate::domain::message::MESSAGE_BYTES_MAX));
    assert_eq!(proposed(&["#Budi#25011987", &long]).err(), Some(NoProposal::TooLong { message: 2 }));
    let many = format!("#Budi{}", "#x".repeat(40));
    assert_eq!(proposed(&[&many, &many]).err(), Some(NoProposal::TooManyPieces { message: 1 }));
}
