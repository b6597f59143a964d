//! One-time codes of an authenticator (RFC 6238): SHA-1, six digits, thirty seconds, which every authenticator knows.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::access::error::AccessError;
use crate::access::token;

/// Seconds of one step.
const STEP_SECONDS: i64 = 30;
/// Steps that a telephone's clock may be off, in either direction.
const STEPS_OFF: i64 = 1;
/// Bytes of a seed: as many as SHA-1 has, which RFC 4226 recommends.
const SEED_BYTES: usize = 20;
/// Base32 as authenticators read it (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// What authenticators list a code under.
const ISSUER: &str = "antrean";

/// A new seed, in base32.
pub(super) fn seed() -> Result<String, AccessError> {
    let bytes = token::bytes::<SEED_BYTES>()?;
    // Twenty bytes are four groups of five, each eight signs.
    let mut seed = String::new();
    for group in bytes.chunks(5) {
        let bits = group.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for at in (0..8).rev() {
            let sign = usize::try_from(bits >> (5 * at) & 31).unwrap_or_default();
            seed.extend(BASE32.get(sign).map(|sign| char::from(*sign)));
        }
    }
    Ok(seed)
}

/// The bytes of a seed.
fn unseed(seed: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for sign in seed.bytes() {
        let value = BASE32.iter().position(|of| *of == sign)?;
        bits = bits << 5 | u32::try_from(value).ok()?;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 255).ok()?);
        }
    }
    Some(bytes)
}

fn code_at(key: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).ok()?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last()? & 15);
    let four: [u8; 4] = digest.get(offset..offset + 4)?.try_into().ok()?;
    Some(format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000))
}

/// The time step whose code was typed, with spaces or without; `None` where it is none of now.
pub(super) fn matching_step(seed: &str, typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let typed: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
    let key = unseed(seed)?;
    let this = now.timestamp() / STEP_SECONDS;
    let mut found = None;
    // All of them, whichever fits: the time must not tell.
    for step in this - STEPS_OFF..=this + STEPS_OFF {
        if bool::from(code_at(&key, step)?.as_bytes().ct_eq(typed.as_bytes())) {
            found = Some(step);
        }
    }
    found
}

/// The code that is taken now, of a seed whose last step is known, and the seconds until there is another.
pub fn next_code(seed: &str, last_step: i64, now: DateTime<Utc>) -> Option<(String, i64)> {
    let step = (now.timestamp() / STEP_SECONDS).max(last_step + 1);
    Some((code_at(&unseed(seed)?, step)?, (step + 1) * STEP_SECONDS - now.timestamp()))
}

/// What an authenticator scans.
pub fn uri(login: &str, seed: &str) -> String {
    let login = login.replace('@', "%40");
    format!("otpauth://totp/{ISSUER}:{login}?secret={seed}&issuer={ISSUER}&algorithm=SHA1&digits=6&period=30")
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 6238, appendix B, shortened to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let key = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(key, seconds / STEP_SECONDS).as_deref(), Some(code), "{seconds}");
        }
        assert_eq!(unseed("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").as_deref(), Some(&key[..]));
    }

    // Negative control: with `STEPS_OFF` zero the code of half a minute ago is refused.
    #[test]
    fn a_code_is_taken_a_step_early_or_late_and_no_more() {
        let seed = seed().unwrap();
        let now: DateTime<Utc> = "2026-08-03T02:00:00Z".parse().unwrap();
        let at = |seconds: i64| now + chrono::TimeDelta::seconds(seconds);
        let (code, left) = next_code(&seed, 0, now).unwrap();
        let step = now.timestamp() / STEP_SECONDS;
        assert_eq!(left, 30);
        for (seconds, taken) in [(0, true), (59, true), (-30, true), (60, false), (-31, false)] {
            let found = matching_step(&seed, &code, at(seconds));
            assert_eq!(found, taken.then_some(step), "{seconds}");
        }
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        assert_eq!(matching_step(&seed, &spaced, now), Some(step));
        assert_eq!([matching_step(&seed, "", now), matching_step("?", &code, now)], [None, None]);
    }

    #[test]
    fn the_next_code_is_one_that_was_not_taken() {
        let seed = seed().unwrap();
        let now: DateTime<Utc> = "2026-08-03T02:00:00Z".parse().unwrap();
        let step = now.timestamp() / STEP_SECONDS;
        let (code, left) = next_code(&seed, step, now).unwrap();
        assert_eq!((matching_step(&seed, &code, now), left), (Some(step + 1), 60));
    }
}
