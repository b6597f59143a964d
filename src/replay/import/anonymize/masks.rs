//! The masks: invented values that replace personal data in a story.

/// Invented names; those that occur in the chat are passed over. Where they do not suffice, two are joined.
pub(super) const NAMES: [&str; 24] = [
    "Budi", "Siti", "Agus", "Dewi", "Joko", "Rina", "Hadi", "Wati", "Eko", "Lina", "Tono", "Yanti", "Bayu", "Sari",
    "Danu", "Tuti", "Galih", "Nani", "Rudi", "Mira", "Slamet", "Ida", "Yudi", "Ratna",
];
/// Birth dates; the first that does not occur in the chat replaces all.
pub(super) const BORN: [(i32, u32, u32); 3] = [(1987, 1, 25), (1985, 6, 14), (1979, 11, 8)];
/// Streets; the first that does not occur in the chat makes the address of all.
pub(super) const STREETS: [&str; 5] = ["Melati", "Mawar", "Anggrek", "Cempaka", "Contoh"];
/// Replaces every telephone number.
pub(super) const PHONE: &str = "081200000001";
/// Replaces every identity number; it fits the first of [`BORN`].
pub(super) const NIK: &str = "3271042501870001";
/// Replaces every e-mail address.
pub(super) const EMAIL: &str = "budi@example.id";
/// Replaces the address of every web page.
pub(super) const PAGE: &str = "https://example.id";
/// Replaces any other word that is personal: a birth place, an answer to an office's own question.
pub(super) const ANSWER: &str = "Contoh";
/// Replaces other numbers, cut to their length.
pub(super) const DIGITS: &str = "90817263";
