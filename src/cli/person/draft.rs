//! A draft of the written notice of a breach: what Art. 46 of UU 27/2022 asks for, with blanks for what no program knows.

use chrono::{DateTime, TimeDelta, Utc};

use crate::cli::shared::value::local;
use crate::domain::office::Zone;
use crate::storage::Concerned;

/// Within so many hours of the breach the notice is due: three times 24 (Art. 46 UU 27/2022).
const HOURS: i64 = 3 * 24;

/// What is known of a breach.
pub(super) struct Breach<'a> {
    /// From when on data were seen or changed.
    pub(super) since: DateTime<Utc>,
    /// Until when.
    pub(super) until: DateTime<Utc>,
    /// When it became known.
    pub(super) known_at: DateTime<Utc>,
    /// Who is concerned.
    pub(super) concerned: &'a Concerned,
}

/// The draft, in both languages.
pub(super) fn written(breach: &Breach<'_>) -> String {
    let at = |instant| local(instant, Zone::Wib);
    let due = at(breach.known_at + TimeDelta::hours(HOURS));
    let (since, until, known) = (at(breach.since), at(breach.until), at(breach.known_at));
    let people = breach.concerned.contacts.iter().map(|contact| contact.names.len().max(1)).sum::<usize>()
        + breach.concerned.walk_ins.len();
    let opened = breach.concerned.contacts.iter().filter(|contact| contact.seen.is_opened).count();
    let contacts = breach.concerned.contacts.len();
    format!(
        "DRAF. Isi bagian dalam [kurung]. Kirim kepada setiap orang yang terdampak dan kepada lembaga pelindungan data pribadi \
paling lambat {due} (3 x 24 jam sejak diketahui, {known}).

Pemberitahuan kegagalan pelindungan data pribadi (Pasal 46 UU No. 27 Tahun 2022)

Kepada Yth. Bapak/Ibu [nama]

1. Data apa. Data antrean Anda di [kantor]: nama, nomor ponsel, kode antrean, tanggal dan jam kedatangan[, tanggal lahir, NIK, \
foto KTP, isi percakapan: coret yang tidak terdampak].
2. Kapan dan bagaimana. Antara {since} dan {until}, data itu dilihat atau diubah oleh pihak yang tidak berhak: [bagaimana].
3. Berapa orang. {people} orang pada {contacts} nomor; data {opened} nomor dibuka satu per satu, selebihnya tampil dalam daftar.
4. Apa yang sudah dan sedang kami lakukan. [akun dicabut, sandi diganti, celah ditutup, laporan dibuat]
5. Apa yang sebaiknya Anda lakukan. Waspadai pesan yang mengaku dari kantor kami. Kami tidak pernah meminta kata sandi, kode, \
atau uang lewat pesan.
6. Bertanya kepada siapa. [nama, nomor telepon, alamat kantor, jam]. Anda berhak meminta salinan, pembetulan, dan penghapusan \
data Anda.

[tempat, tanggal, nama, jabatan]

----------------------------------------------------------------------------------------------------

DRAFT. Fill in what stands in [brackets]. Send it to everybody concerned and to the data protection agency by {due} \
(three times 24 hours after it became known, {known}).

Notice of a failure to protect personal data (Art. 46 of Law 27/2022)

To [name]

1. Which data. Your queue data at [office]: name, mobile number, booking code, day and hour of the visit[, birth date, NIK, photo of \
the identity card, conversation: strike out what is not concerned].
2. When and how. Between {since} and {until} they were seen or changed by somebody who had no right to: [how].
3. How many people. {people} people on {contacts} numbers; the data of {opened} numbers were opened one by one, the others stood in a \
list.
4. What we have done and are doing. [account closed, passwords changed, gap closed, reported]
5. What you can do. Beware of messages that claim to be ours. We never ask for passwords, codes or money by message.
6. Whom to ask. [name, telephone, address, hours]. You may ask for a copy, a correction and the erasure of your data.

[place, date, name, office]
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control, run: with 24 in place of 3 * 24, the last day is the first of December.
    #[test]
    fn a_draft_says_until_when_it_is_due_in_both_languages() {
        let at = |text: &str| text.parse().unwrap();
        let breach = Breach {
            since: at("2026-11-28T01:00:00Z"),
            until: at("2026-11-29T01:00:00Z"),
            known_at: at("2026-11-30T02:00:00Z"),
            concerned: &Concerned::default(),
        };
        let draft = written(&breach);
        assert_eq!(draft.matches("2026-12-03 09:00 WIB").count(), 2, "{draft}");
        for part in ["1. Data apa", "Kapan dan bagaimana", "kami lakukan", "Bertanya kepada siapa", "Whom to ask"] {
            assert!(draft.contains(part), "{part}");
        }
    }
}
