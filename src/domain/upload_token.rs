//! The address at which a citizen sends one photo without signing in: `https://antrean.example.go.id/u/…`.
//!
//! Its token is 128 random bits; only a hash of it is stored, so who reads the database cannot send a photo for anybody.

use std::fmt;

use chrono::TimeDelta;
use rand::Rng;
use sha2::{Digest, Sha256};

use super::link_letters::{bytes_of, written};

/// Bytes of a token: 128 bits, which nobody guesses.
const TOKEN_BYTES: usize = 16;
/// How long a link works, in minutes: to take a photo at home, and no longer.
const LINK_MINUTES: i64 = 30;

/// What the reference of a photo that came by the page begins with; no provider's does.
pub const UPLOAD_PREFIX: &str = "antrean-upload:";
/// The ending of its file.
pub const UPLOAD_ENDING: &str = ".upload";
/// Characters of its name, hexadecimal digits.
pub const UPLOAD_NAME_CHARS: usize = 32;

/// The file, in the media folder, of a photo that came by the page: `None` where the reference is another one.
pub fn upload_file(reference: &str) -> Option<String> {
    let name = reference.strip_prefix(UPLOAD_PREFIX)?;
    let is_ours = name.len() == UPLOAD_NAME_CHARS && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_ours.then(|| format!("{name}{UPLOAD_ENDING}"))
}

/// A token. It is a secret: it stands in the reply to its citizen and nowhere else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UploadToken([u8; TOKEN_BYTES]);

impl fmt::Debug for UploadToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadToken")
    }
}

impl UploadToken {
    /// How long a link works.
    pub const LIFE: TimeDelta = TimeDelta::minutes(LINK_MINUTES);

    /// A new one.
    pub fn draw(rng: &mut impl Rng) -> Self {
        let mut token = [0; TOKEN_BYTES];
        rng.fill_bytes(&mut token);
        Self(token)
    }

    /// The token of an address; `None` where it cannot be one.
    pub fn read(text: &str) -> Option<Self> {
        bytes_of(text, TOKEN_BYTES)?.try_into().ok().map(Self)
    }

    /// As it stands in an address.
    pub fn text(self) -> String {
        written(&self.0)
    }

    /// What is stored of it.
    pub fn hash(self) -> String {
        hex::encode(Sha256::new().chain_update(b"antrean upload\0").chain_update(self.0).finalize())
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn a_token_reads_back_and_its_hash_does_not_show_it() {
        let mut rng = StdRng::seed_from_u64(1);
        let (one, other) = (UploadToken::draw(&mut rng), UploadToken::draw(&mut rng));
        assert_ne!(one, other);
        assert_eq!((one.text().len(), UploadToken::read(&one.text())), (26, Some(one)));
        assert!(!one.hash().contains(&one.text()) && !one.hash().contains(&hex::encode(one.0)));
        assert_eq!([UploadToken::read(""), UploadToken::read(&one.text().to_uppercase())], [None, None]);
        assert!(!format!("{one:?}").contains(&one.text()));
    }
}
