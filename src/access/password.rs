//! Passwords: hashed by argon2id, a few at a time and away from the threads that serve; judged by how many guesses they need.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::access::error::AccessError;
use crate::access::token;

/// Fewest signs of a password (ASVS 5.0, 6.2.1 asks for eight and recommends more).
pub const PASSWORD_SIGNS_MIN: usize = 12;
/// Most signs: sentences fit, and nobody sends megabytes to be hashed.
pub const PASSWORD_SIGNS_MAX: usize = 128;
/// Fewest letters and digits of a password besides words that everybody at the office knows.
const SIGNS_OF_ONES_OWN_MIN: usize = 6;
/// Passwords that are hashed at once; each takes 19 MiB and a core.
const HASHED_AT_ONCE: usize = 2;
/// How long somebody waits for their turn.
const TURN_TIME: Duration = Duration::from_secs(5);
/// Words that everybody at such an office would think of.
const OFFICE_WORDS: [&str; 18] = [
    "antrean",
    "antri",
    "antrian",
    "imigrasi",
    "kanim",
    "kantor",
    "paspor",
    "petugas",
    "loket",
    "kemenkumham",
    "ditjenim",
    "indonesia",
    "merdeka",
    "bismillah",
    "jakarta",
    "rahasia",
    "sandi",
    "administrator",
];

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weak {
    /// Fewer signs than [`PASSWORD_SIGNS_MIN`].
    Short,
    /// More signs than [`PASSWORD_SIGNS_MAX`].
    Long,
    /// Guessed too soon: a common one, a name, a keyboard row, a date.
    Guessable,
}

/// Judges a password of somebody with these names. No rule about kinds of signs: they make passwords worse.
///
/// # Errors
/// [`Weak`] says what is wrong.
pub(super) fn judge(password: &str, names: &[String]) -> Result<(), Weak> {
    let signs = password.chars().count();
    if signs < PASSWORD_SIGNS_MIN {
        return Err(Weak::Short);
    }
    if signs > PASSWORD_SIGNS_MAX {
        return Err(Weak::Long);
    }
    let parts = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric())).filter(|part| part.len() > 2);
    let words: Vec<&str> = OFFICE_WORDS.into_iter().chain(parts).collect();
    if is_made_of(password, &words) {
        return Err(Weak::Guessable);
    }
    // Three of four: safe against guessing at a slow hash.
    if zxcvbn::zxcvbn(password, &words).score() >= zxcvbn::Score::Three { Ok(()) } else { Err(Weak::Guessable) }
}

/// Whether hardly anything is left of a password without these words and a year: the estimate counts each word as hard as any.
fn is_made_of(password: &str, words: &[&str]) -> bool {
    let mut words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest = password.to_lowercase();
    for word in words {
        rest = rest.replace(&word, " ");
    }
    let is_year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let parts = rest.split(|sign: char| !sign.is_alphanumeric()).filter(|part| !is_year(part));
    parts.map(|part| part.chars().count()).sum::<usize>() < SIGNS_OF_ONES_OWN_MIN
}

/// Hashes and compares passwords.
pub(super) struct Hashing {
    turns: Arc<Semaphore>,
    /// What is compared where there is no password, so that it takes as long.
    nobodys: String,
}

impl Hashing {
    /// Ready to hash.
    pub(super) fn new() -> Result<Self, AccessError> {
        Ok(Self { turns: Arc::new(Semaphore::new(HASHED_AT_ONCE)), nobodys: hashed(&token::draw()?)? })
    }

    /// The hash of a password, with its parameters and salt.
    pub(super) async fn hash(&self, password: &str) -> Result<String, AccessError> {
        let password = password.to_owned();
        self.in_turn(move || hashed(&password)).await?
    }

    /// Whether a password is the one of this hash; never where there is no hash, and not sooner.
    pub(super) async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, AccessError> {
        let (password, is_somebodys) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(&self.nobodys).to_owned();
        // No password is longer: the rest would only be work.
        let is_too_long = password.chars().count() > PASSWORD_SIGNS_MAX;
        let compared = move || {
            let compared = if is_too_long { "" } else { password.as_str() };
            Argon2::default().verify_password(compared.as_bytes(), hash.as_str()).is_ok()
        };
        let is_same = self.in_turn(compared).await?;
        Ok(is_same && is_somebodys && !is_too_long)
    }

    /// Runs slow work when it is its turn, on a thread of its own.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AccessError> {
        let turn = tokio::time::timeout(TURN_TIME, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| AccessError::Busy)?.map_err(|_| AccessError::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| AccessError::Busy)
    }
}

/// Argon2id with 19 MiB, two passes, one lane: what OWASP recommends, and the crate's default.
pub(super) fn hashed(password: &str) -> Result<String, AccessError> {
    let salt = token::bytes::<16>()?;
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash: PasswordHash| hash.to_string()).map_err(|error| AccessError::Hash(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without the words of the office and the names, the third and fourth are taken.
    #[test]
    fn what_is_guessed_soon_is_refused_and_random_words_are_taken() {
        let names = ["siti.rahma", "Siti Rahma", "jakarta-pusat"].map(str::to_owned);
        for (password, weak) in [
            ("pendek", Weak::Short),
            ("passwordpassword", Weak::Guessable),
            ("kantorimigrasi", Weak::Guessable),
            ("sitirahma2026", Weak::Guessable),
            ("Kantor Imigrasi Pusat 2026!", Weak::Guessable),
            ("qwertyuiop12", Weak::Guessable),
            (&"a".repeat(129), Weak::Long),
        ] {
            assert_eq!(judge(password, &names), Err(weak), "{password}");
        }
        for password in ["sepeda kabut lemari angin", "xK9#vTq2Lm!w", "gajah-minum-teh-tarik-42"] {
            assert_eq!(judge(password, &names), Ok(()), "{password}");
        }
    }

    #[tokio::test]
    async fn a_password_is_compared_with_its_own_hash_only() {
        let hashing = Hashing::new().unwrap();
        let hash = hashing.hash("sepeda kabut lemari angin").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hashing.verify("sepeda kabut lemari angin", Some(&hash)).await.unwrap());
        assert!(!hashing.verify("sepeda kabut lemari Angin", Some(&hash)).await.unwrap());
        assert!(!hashing.verify("", None).await.unwrap());
    }
}
