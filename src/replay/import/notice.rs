//! Recognises what WhatsApp itself writes into an exported chat: notices, which nobody wrote, and the words that stand for media
//! that were left out.

use super::message::Exported;
use crate::domain::message::OtherKind;

/// Parts of sentences that are enough to recognise a notice, in small letters: nobody writes these by hand.
const SENTENCES: [&str; 44] = [
    "end-to-end encrypted",
    "end-to-end-encrypted",
    "end-to-end encryption",
    "terenkripsi secara end-to-end",
    "enkripsi end-to-end",
    "disulitkan hujung-ke-hujung",
    "disulitkan hujung ke hujung",
    "ende-zu-ende-verschlüsselt",
    "cifrados de extremo a extremo",
    "criptografia de ponta a ponta",
    "chiffrés de bout en bout",
    "end-to-end versleuteld",
    "crittografati end-to-end",
    "uçtan uca şifreli",
    "layanan aman dari meta",
    "secure service from meta",
    "bekerja sama dengan bisnis ini",
    "works with other companies to manage this chat",
    "menggunakan perusahaan lain untuk mengelola chat",
    "chat ini dengan akun bisnis",
    "chat ini adalah dengan akun bisnis",
    "this chat is with a business account",
    "you are chatting with a business",
    "this business is now",
    "terdaftar sebagai akun bisnis",
    "menyalakan pesan sementara",
    "mengaktifkan pesan sementara",
    "mematikan pesan sementara",
    "menonaktifkan pesan sementara",
    "memperbarui durasi pesan sementara",
    "disappearing messages",
    "mensajes temporales",
    "mensagens temporárias",
    "selbstlöschende nachrichten",
    "messages éphémères",
    "kode keamanan anda dengan",
    "your security code with",
    "changed their phone number to a new number",
    "mengganti nomor teleponnya ke nomor baru",
    "mengubah nomor telepon ke nomor baru",
    "this message can't be displayed here",
    "menunggu pesan ini",
    "waiting for this message",
    "ketuk untuk info selengkapnya",
];

/// Whole texts, in small letters and without a full stop at the end.
const WHOLE: [&str; 52] = [
    "null",
    "this message was deleted",
    "you deleted this message",
    "this message was deleted by admin",
    "pesan ini telah dihapus",
    "pesan ini dihapus",
    "pesan ini sudah dihapus",
    "anda menghapus pesan ini",
    "anda telah menghapus pesan ini",
    "mesej ini telah dipadamkan",
    "mesej ini dipadam",
    "anda memadamkan mesej ini",
    "se eliminó este mensaje",
    "eliminaste este mensaje",
    "esta mensagem foi apagada",
    "mensagem apagada",
    "diese nachricht wurde gelöscht",
    "du hast diese nachricht gelöscht",
    "ce message a été supprimé",
    "dit bericht is verwijderd",
    "panggilan suara tak terjawab",
    "panggilan video tak terjawab",
    "panggilan suara tidak terjawab",
    "panggilan video tidak terjawab",
    "panggilan grup tak terjawab",
    "panggilan suara grup tak terjawab",
    "panggilan video grup tak terjawab",
    "panggilan tak terjawab",
    "panggilan suara",
    "panggilan video",
    "missed voice call",
    "missed video call",
    "missed group voice call",
    "missed group video call",
    "missed call",
    "voice call",
    "video call",
    "call ended",
    "silenced voice call",
    "panggilan senyap",
    "llamada de voz perdida",
    "videollamada perdida",
    "chamada de voz perdida",
    "verpasster sprachanruf",
    "appel vocal manqué",
    "gemiste spraakoproep",
    "pesan sekali lihat",
    "view once message",
    "foto sekali lihat",
    "anda memblokir kontak ini",
    "anda membuka blokir kontak ini",
    "you blocked this contact",
];

/// Beginnings of notices about calls: `Panggilan suara, 5 mnt`, `Voice call, No answer`.
const CALLS: [&str; 8] = [
    "panggilan suara",
    "panggilan video",
    "panggilan grup",
    "voice call",
    "video call",
    "missed voice call",
    "missed video call",
    "group call",
];

/// Words between people and things in notices of groups. Where one occurs before the first colon, the line has no sender.
const EVENTS: [&str; 34] = [
    " menambahkan ",
    " mengeluarkan ",
    " keluar ",
    " bergabung ",
    " membuat grup ",
    " mengubah ",
    " mengganti ",
    " menghapus ikon ",
    " menyematkan ",
    " diundang ",
    " menyalakan ",
    " mematikan ",
    " sekarang admin ",
    " added ",
    " removed ",
    " left ",
    " joined ",
    " created group ",
    " created this group ",
    " changed ",
    " pinned ",
    " turned on ",
    " turned off ",
    " now an admin ",
    " telah ditambahkan ",
    " was added ",
    " were added ",
    " añadió ",
    " salió ",
    " adicionou ",
    " saiu ",
    " hinzugefügt ",
    " a ajouté ",
    " menambah ",
];

/// Whether the text in the place of a sender is part of a notice with a colon in it: `Rini mengubah subjek dari "A: b"`.
pub fn is_event(front: &str) -> bool {
    let lower = format!("{} ", front.to_lowercase());
    front.contains(['"', '“', '”', '«']) || EVENTS.iter().any(|event| lower.contains(event))
}

/// Whether WhatsApp wrote this text (without marks), whatever sender the export names.
pub fn is_notice(said: &str) -> bool {
    let lower = said.trim().to_lowercase();
    let whole = lower.trim_end_matches('.').trim_start_matches(['🚫', '⊘', '📞', '📹', ' ']);
    let call = CALLS.iter().any(|call| {
        let rest = whole.strip_prefix(call).map(str::trim_start);
        // Its length or what came of it: `5 mnt`, `No answer`, `Ketuk untuk menelepon kembali`.
        rest.is_some_and(|rest| rest.starts_with([',', '.', '(', '·']) && !rest.contains(['?', '#', '\n']))
    });
    call || WHOLE.contains(&whole) || SENTENCES.iter().any(|sentence| lower.contains(sentence)) || is_poll(&lower)
}

fn is_poll(lower: &str) -> bool {
    let first = lower.lines().next().unwrap_or_default().trim();
    ["poll:", "polling:", "jajak pendapat:", "tinjauan:", "encuesta:", "enquete:", "umfrage:"].contains(&first)
        || (lower.contains("\noption: ") || lower.contains("\nopsi: ")) && first.contains("poll")
}

/// The kind of media that this line (without marks) says was left out, or stored beside the export.
pub fn left_out(line: &str) -> Option<Exported> {
    let lower = line.trim().to_lowercase();
    let bracketed = lower.strip_prefix('<').and_then(|inside| inside.strip_suffix('>'));
    if bracketed.is_some_and(is_media_omitted) {
        return Some(Exported::Image(None));
    }
    let omitted =
        [" omitted", " tidak disertakan", " omitida", " omitido", " weggelassen", " dikecualikan", " ditinggalkan"];
    if let Some(what) = omitted.iter().find_map(|word| lower.strip_suffix(word)) {
        return match what.rsplit(' ').next()? {
            "image" | "gambar" | "foto" | "imagen" | "imagem" | "bild" | "imej" => Some(Exported::Image(None)),
            "audio" => Some(Exported::Other(OtherKind::Audio)),
            "video" | "gif" | "vídeo" => Some(Exported::Other(OtherKind::Video)),
            "sticker" | "stiker" | "figurinha" => Some(Exported::Other(OtherKind::Sticker)),
            "document" | "dokumen" | "documento" | "dokument" => Some(Exported::Other(OtherKind::Document)),
            "card" | "kontak" | "contacto" | "kenalan" => Some(Exported::Other(OtherKind::ContactCard)),
            _ => None,
        };
    }
    let beside = bracketed.and_then(|inside| {
        ["attached: ", "terlampir: ", "dilampirkan: ", "adjunto: ", "anexado: ", "angehängt: "]
            .iter()
            .find_map(|word| inside.strip_prefix(word))
    });
    let endings = [
        "file attached",
        "file terlampir",
        "fail dilampirkan",
        "archivo adjunto",
        "arquivo anexado",
        "datei angehängt",
    ];
    let named = || endings.iter().find_map(|word| lower.strip_suffix(')')?.strip_suffix(word)?.strip_suffix(" ("));
    match beside.or_else(named)?.rsplit('.').next()? {
        "jpg" | "jpeg" | "png" | "heic" => Some(Exported::Image(None)),
        "opus" | "ogg" | "m4a" | "mp3" | "aac" | "amr" => Some(Exported::Other(OtherKind::Audio)),
        "mp4" | "3gp" | "mov" => Some(Exported::Other(OtherKind::Video)),
        "webp" => Some(Exported::Other(OtherKind::Sticker)),
        "vcf" => Some(Exported::Other(OtherKind::ContactCard)),
        _ => Some(Exported::Other(OtherKind::Document)),
    }
}

fn is_media_omitted(inside: &str) -> bool {
    let media = ["media", "medien", "multimedia", "mídia", "média", "medios", "archivo"];
    let gone =
        ["omitted", "tidak", "ausgeschlossen", "omitido", "oculta", "omis", "dikecualikan", "omitida", "weggelaten"];
    let mut words = inside.split(' ');
    words.next().is_some_and(|first| media.contains(&first)) && words.any(|word| gone.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatsapps_own_sentences_are_known() {
        for said in [
            "Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info.",
            "Bisnis ini menggunakan layanan aman dari Meta untuk mengelola chat ini.",
            "This business uses a secure service from Meta to manage this chat.",
            "Panggilan suara tak terjawab",
            "Panggilan suara, 5 mnt",
            "Missed voice call, Tap to call back",
            "Rini menyalakan pesan sementara.",
            "You turned on disappearing messages. New messages will disappear.",
            "POLL:\nHari apa?\nOPTION: Senin (2 votes)",
            "null",
            "🚫 Pesan ini telah dihapus.",
            "Se eliminó este mensaje.",
        ] {
            assert!(is_notice(said), "{said}");
        }
        for said in
            ["panggilan suara saya tidak diangkat ya?", "pesan saya dihapus?", "halo", "voice call bisa?", "nullah"]
        {
            assert!(!is_notice(said), "{said}");
        }
    }

    #[test]
    fn an_event_in_front_of_a_colon_is_no_sender() {
        for front in
            ["Rini mengubah subjek dari \"Antrean", "Rini changed the group name to A", "+62 812-0000-1111 left"]
        {
            assert!(is_event(front), "{front}");
        }
        for front in ["Rini Astuti", "+62 812-0000-1111", "Ibu Leftiana"] {
            assert!(!is_event(front), "{front}");
        }
    }
}
