//! A photo's file: its head (version, key id, nonce) and the encrypted bytes, by XChaCha20-Poly1305. The additional data is the head
//! and what the photo belongs to, so a file that is put in another's place, or whose head is changed, does not open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::TryRng;
use rand::rngs::SysRng;

use super::error::PhotoError;
use super::keys::Key;
use crate::domain::photo_key::{PHOTO_KEY_ID_BYTES, PhotoKeyId};

/// What every encrypted photo begins with; no picture does.
const MAGIC: &[u8; 14] = b"antrean-photo\0";
/// The version of the head.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const HEAD_BYTES: usize = MAGIC.len() + 1 + PHOTO_KEY_ID_BYTES + NONCE_BYTES;
/// Bytes that encryption adds: the head and the tag.
pub(super) const ADDED_BYTES: usize = HEAD_BYTES + 16;

/// What a photo belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner<'a> {
    /// The row of this number.
    Row(i64),
    /// An upload that no row has yet, by its file's name.
    Upload(&'a str),
}

impl Owner<'_> {
    /// The additional data.
    fn bound_to(self, head: &[u8]) -> Vec<u8> {
        let mut bound = head.to_vec();
        match self {
            Self::Row(id) => {
                bound.extend(b"row\0");
                bound.extend(id.to_be_bytes());
            }
            Self::Upload(name) => {
                bound.extend(b"upload\0");
                bound.extend(name.as_bytes());
            }
        }
        bound
    }
}

/// Encrypts a photo for whom it belongs to.
pub(super) fn seal(plain: &[u8], owner: Owner<'_>, key: &Key) -> Result<Vec<u8>, PhotoError> {
    // 24 random bytes: no two photos share a nonce by chance.
    let mut nonce = [0; NONCE_BYTES];
    SysRng.try_fill_bytes(&mut nonce).map_err(|_| PhotoError::Chance)?;
    let mut file = Vec::with_capacity(plain.len() + ADDED_BYTES);
    file.extend(MAGIC);
    file.push(VERSION);
    file.extend(key.id.bytes());
    file.extend(nonce);
    let aad = owner.bound_to(&file);
    let hidden = cipher(key)?.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad });
    file.extend(hidden.map_err(|_| PhotoError::Large)?);
    Ok(file)
}

/// The key that a file was encrypted with; `None` for a plain one.
///
/// # Errors
/// [`PhotoError::Newer`], or [`PhotoError::Changed`] where its head is cut short.
pub(super) fn key_of(file: &[u8]) -> Result<Option<PhotoKeyId>, PhotoError> {
    let Some(rest) = file.strip_prefix(MAGIC) else { return Ok(None) };
    match rest.split_first() {
        Some((&VERSION, rest)) => {
            let (id, _) = rest.split_first_chunk().ok_or(PhotoError::Changed)?;
            Ok(Some(PhotoKeyId::of_bytes(*id)))
        }
        Some(_) => Err(PhotoError::Newer),
        None => Err(PhotoError::Changed),
    }
}

/// Decrypts a file with its key.
pub(super) fn open(file: &[u8], owner: Owner<'_>, key: &Key) -> Result<Vec<u8>, PhotoError> {
    let (head, hidden) = file.split_at_checked(HEAD_BYTES).ok_or(PhotoError::Changed)?;
    let nonce: &[u8; NONCE_BYTES] = head.last_chunk().ok_or(PhotoError::Changed)?;
    let aad = owner.bound_to(head);
    cipher(key)?.decrypt(&XNonce::from(*nonce), Payload { msg: hidden, aad: &aad }).map_err(|_| PhotoError::Changed)
}

fn cipher(key: &Key) -> Result<XChaCha20Poly1305, PhotoError> {
    // The key's length is its type's; it cannot be another.
    XChaCha20Poly1305::new_from_slice(&key.bytes).map_err(|_| PhotoError::Changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Key {
        let bytes = [byte; 32];
        Key { id: PhotoKeyId::of(&bytes), bytes }
    }

    // Negative controls, run: with the number left out of the additional data the file opens as another row's; with the head left out, one
    // changed in its version's place only would; with a constant nonce two files of one photo are alike.
    #[test]
    fn a_file_opens_as_its_own_row_with_its_own_key_and_every_bit_of_it_counts() {
        let file = seal(b"a photo", Owner::Row(17), &key(1)).unwrap();
        assert_eq!(file.len(), b"a photo".len() + ADDED_BYTES);
        assert!(!file.windows(7).any(|part| part == b"a photo"));
        assert_eq!(key_of(&file).unwrap(), Some(key(1).id));
        assert_eq!(open(&file, Owner::Row(17), &key(1)).unwrap(), b"a photo");
        assert!(open(&file, Owner::Row(18), &key(1)).is_err());
        assert!(open(&file, Owner::Upload("17"), &key(1)).is_err());
        assert!(open(&file, Owner::Row(17), &key(2)).is_err());
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut other = file.clone();
                other[at] ^= 1 << bit;
                assert!(open(&other, Owner::Row(17), &key(1)).is_err(), "bit {bit} of byte {at}");
            }
            assert!(open(&file[..at], Owner::Row(17), &key(1)).is_err(), "cut at {at}");
        }
        assert_ne!(seal(b"a photo", Owner::Row(17), &key(1)).unwrap(), file);
    }

    #[test]
    fn what_is_plain_newer_or_cut_short_is_told_apart() {
        assert_eq!(key_of(b"\xFF\xD8\xFF\xE0 a photo").unwrap(), None);
        assert_eq!(key_of(b"").unwrap(), None);
        assert!(matches!(key_of(b"antrean-photo\0"), Err(PhotoError::Changed)));
        assert!(matches!(key_of(b"antrean-photo\0\x01short"), Err(PhotoError::Changed)));
        assert!(matches!(key_of(b"antrean-photo\0\x02whatever"), Err(PhotoError::Newer)));
    }
}
