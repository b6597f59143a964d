//! The address at which a citizen sees their turn, without a name and without signing in: `https://antrean.example.go.id/s/…`.
//!
//! Its token is the booking's number, sealed with the installation's key (the construction of SIV, RFC 5297: a keyed hash of the
//! number, which then hides the number). So nothing is stored, a confirmation is written without asking the database, a token cannot be
//! guessed, and it does not show how many bookings there are.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::link_letters::{bytes_of, written};
use super::upload_token::UploadToken;

/// Longest address of an installation in a link, in characters: the caption of a confirmation has room for no more.
pub const PUBLIC_ADDRESS_CHARS_MAX: usize = 60;
/// Bytes of the keyed hash: 128 bits, which nobody guesses.
const SEAL_BYTES: usize = 16;
/// Bytes of a booking's number.
const NUMBER_BYTES: usize = 8;

/// Makes and reads the addresses of citizens' turns.
#[derive(Clone, PartialEq, Eq)]
pub struct TurnLinks {
    address: String,
    key: Vec<u8>,
}

/// The key is a secret.
impl fmt::Debug for TurnLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TurnLinks").field("address", &self.address).finish_non_exhaustive()
    }
}

impl TurnLinks {
    /// Links below an address like `https://antrean.example.go.id`, sealed with a key.
    pub fn new(address: &str, key: &[u8]) -> Self {
        Self { address: address.trim_end_matches('/').to_owned(), key: key.to_vec() }
    }

    /// The address of a booking's turn.
    pub fn link(&self, booking: i64) -> String {
        format!("{}/s/{}", self.address, self.token(booking))
    }

    /// The address at which a photo is sent, of the same installation.
    pub fn upload_link(&self, token: UploadToken) -> String {
        format!("{}/u/{}", self.address, token.text())
    }

    /// A booking's token.
    pub fn token(&self, booking: i64) -> String {
        let seal = self.seal(booking);
        let mut bytes = seal.to_vec();
        bytes.extend(self.hidden(&seal, booking.to_be_bytes()));
        written(&bytes)
    }

    /// The booking of a token; `None` where it is none of ours.
    pub fn read(&self, token: &str) -> Option<i64> {
        let bytes = bytes_of(token, SEAL_BYTES + NUMBER_BYTES)?;
        let (seal, hidden) = bytes.split_at_checked(SEAL_BYTES)?;
        let booking = i64::from_be_bytes(self.hidden(seal, hidden.try_into().ok()?));
        let mut mac = self.mac(b"seal")?;
        mac.update(&booking.to_be_bytes());
        mac.verify_truncated_left(seal).ok()?;
        Some(booking)
    }

    /// The keyed hash of a booking's number.
    fn seal(&self, booking: i64) -> [u8; SEAL_BYTES] {
        self.hash(b"seal", &booking.to_be_bytes())
    }

    /// The number, hidden by its seal; hidden twice it is there again.
    fn hidden(&self, seal: &[u8], number: [u8; NUMBER_BYTES]) -> [u8; NUMBER_BYTES] {
        let pad: [u8; NUMBER_BYTES] = self.hash(b"hide", seal);
        std::array::from_fn(|at| number.get(at).copied().unwrap_or(0) ^ pad.get(at).copied().unwrap_or(0))
    }

    fn hash<const N: usize>(&self, purpose: &[u8], of: &[u8]) -> [u8; N] {
        let mut begun = [0; N];
        if let Some(mut mac) = self.mac(purpose) {
            mac.update(of);
            begun.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(to, from)| *to = from);
        }
        begun
    }

    /// A keyed hash for one purpose. HMAC takes keys of any length, so there always is one.
    fn mac(&self, purpose: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        mac.update(purpose);
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of a token.
    const TOKEN_LETTERS: usize = crate::domain::link_letters::letters(SEAL_BYTES + NUMBER_BYTES);

    fn links() -> TurnLinks {
        TurnLinks::new("https://antrean.example.go.id/", &[7; 32])
    }

    // Negative control: with the seal not verified, a token with one other letter reads as some booking.
    #[test]
    fn a_token_reads_as_its_booking_and_no_other_text_reads() {
        for booking in [0, 1, 17, 4_096, i64::MAX, -1] {
            let token = links().token(booking);
            assert_eq!(token.len(), TOKEN_LETTERS, "{token}");
            assert_eq!(links().read(&token), Some(booking));
            assert_eq!(TurnLinks::new("", &[8; 32]).read(&token), None, "another installation's");
            for at in 0..token.len() {
                for letter in b"abcdefghijklmnopqrstuvwxyz234567" {
                    let mut other = token.clone().into_bytes();
                    if other[at] != *letter {
                        other[at] = *letter;
                        assert_eq!(links().read(&String::from_utf8(other).unwrap()), None, "letter {at}");
                    }
                }
            }
            assert_eq!([links().read(&token[1..]), links().read(&token.to_uppercase())], [None, None]);
        }
        for text in ["", "a", &"a".repeat(TOKEN_LETTERS), &"é".repeat(TOKEN_LETTERS), &"!".repeat(TOKEN_LETTERS)] {
            assert_eq!(links().read(text), None, "{text}");
        }
    }

    // Negative control: with the number not hidden, neighbours share seven bytes and more.
    #[test]
    fn neighbours_do_not_look_alike_and_the_link_is_short() {
        let tokens: Vec<String> = (0..100).map(|booking| links().token(booking)).collect();
        for (one, other) in tokens.iter().zip(tokens.iter().skip(1)) {
            let alike = one.bytes().zip(other.bytes()).filter(|(a, b)| a == b).count();
            assert!(alike < TOKEN_LETTERS / 2, "{one} {other}");
        }
        assert_eq!(links().link(17), format!("https://antrean.example.go.id/s/{}", links().token(17)));
        assert!(!format!("{:?}", links()).contains('7'), "the key is not shown");
    }
}
