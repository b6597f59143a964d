//! The id of a key that photos are encrypted with. It is made of the key itself, so another key cannot pass for it.

use std::fmt;

use sha2::{Digest, Sha256};

/// Bytes of a key.
pub const PHOTO_KEY_BYTES: usize = 32;
/// Bytes of an id: no two keys of an installation share one by chance.
pub const PHOTO_KEY_ID_BYTES: usize = 8;
/// What else is hashed with a key, so that the id is nothing but an id.
const PURPOSE: &[u8] = b"antrean photo key id\0";

/// The id of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoKeyId([u8; PHOTO_KEY_ID_BYTES]);

impl PhotoKeyId {
    /// The id of a key.
    pub fn of(key: &[u8; PHOTO_KEY_BYTES]) -> Self {
        let hash = Sha256::new().chain_update(PURPOSE).chain_update(key).finalize();
        let mut id = [0; PHOTO_KEY_ID_BYTES];
        id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        Self(id)
    }

    /// As it is written: `Some` where it is 16 hexadecimal digits.
    pub fn read(text: &str) -> Option<Self> {
        hex::decode(text).ok()?.try_into().ok().map(Self)
    }

    /// From the head of a file.
    pub fn of_bytes(bytes: [u8; PHOTO_KEY_ID_BYTES]) -> Self {
        Self(bytes)
    }

    /// For the head of a file.
    pub fn bytes(self) -> [u8; PHOTO_KEY_ID_BYTES] {
        self.0
    }
}

impl fmt::Display for PhotoKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_its_key_alone_and_reads_as_it_is_written() {
        let (one, other) = (PhotoKeyId::of(&[1; 32]), PhotoKeyId::of(&[2; 32]));
        assert_ne!(one, other);
        assert_eq!(PhotoKeyId::read(&one.to_string()), Some(one));
        assert_eq!([PhotoKeyId::read(""), PhotoKeyId::read("12"), PhotoKeyId::read("zz00000000000000")], [None; 3]);
    }
}
