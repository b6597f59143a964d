//! The masks: what stands in a story for what is somebody's.

/// Invented names; those that occur in the chat are passed over. Where they do not suffice, two are joined.
pub(super) const NAMES: [&str; 24] = [
    "Budi", "Siti", "Agus", "Dewi", "Joko", "Rina", "Hadi", "Wati", "Eko", "Lina", "Tono", "Yanti", "Bayu", "Sari",
    "Danu", "Tuti", "Galih", "Nani", "Rudi", "Mira", "Slamet", "Ida", "Yudi", "Ratna",
];
/// Birth dates, of which the first that does not occur stands for all.
pub(super) const BORN: [(i32, u32, u32); 3] = [(1987, 1, 25), (1985, 6, 14), (1979, 11, 8)];
/// Streets, of which the first that does not occur stands in the address of all.
pub(super) const STREETS: [&str; 5] = ["Melati", "Mawar", "Anggrek", "Cempaka", "Contoh"];
/// The number that everybody gets who is written down with one.
pub(super) const PHONE: &str = "081200000001";
/// The identity number that everybody gets; it goes with the first of [`BORN`].
pub(super) const NIK: &str = "3271042501870001";
/// The e-mail address that everybody gets.
pub(super) const EMAIL: &str = "budi@example.id";
/// What stands for the address of any page.
pub(super) const PAGE: &str = "https://example.id";
/// What stands for any other word that is somebody's: a birth place, an answer to an office's own question.
pub(super) const ANSWER: &str = "Contoh";
/// What other numbers become, as long as they were.
pub(super) const DIGITS: &str = "90817263";
