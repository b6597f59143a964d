//! Tokens and recovery codes: drawn from the operating system, stored as hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};

use crate::access::error::AccessError;

/// Bytes of a token: 256 bits, which nobody guesses.
const TOKEN_BYTES: usize = 32;
/// How many recovery codes somebody gets: enough for a lost telephone and a slow office.
const RECOVERY_CODES: usize = 10;
/// Signs of a recovery code, each of 5 bits.
const RECOVERY_SIGNS: usize = 16;
/// The signs, none of which looks like another.
const SIGNS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j', 'k', 'm', 'n', 'p',
    'q', 'r', 's', 't', 'v', 'w', 'x', 'y', 'z',
];

/// Random bytes from the operating system.
pub(super) fn bytes<const N: usize>() -> Result<[u8; N], AccessError> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| AccessError::Chance)?;
    Ok(bytes)
}

/// A new token.
pub(super) fn draw() -> Result<String, AccessError> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<TOKEN_BYTES>()?))
}

/// What is stored of a token, a code or an address.
pub(super) fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// New recovery codes, as they are shown: `k7fm-q2xw-ad3h-9tbn`.
pub(super) fn recovery_codes() -> Result<Vec<String>, AccessError> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let drawn = bytes::<RECOVERY_SIGNS>()?;
            let signs: Vec<char> = drawn.iter().filter_map(|byte| SIGNS.get(usize::from(byte % 32)).copied()).collect();
            Ok(signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
        })
        .collect()
}

/// A recovery code as it is hashed, however it was typed; `None` where it cannot be one.
pub(super) fn recovery(typed: &str) -> Option<String> {
    let signs: String = typed
        .to_lowercase()
        .chars()
        .filter(|sign| !matches!(sign, '-' | ' '))
        .map(|sign| match sign {
            'o' => '0',
            'i' | 'l' => '1',
            sign => sign,
        })
        .collect();
    (signs.chars().count() == RECOVERY_SIGNS && signs.chars().all(|sign| SIGNS.contains(&sign))).then_some(signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the dashes kept, what is typed without them is another code.
    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let codes = recovery_codes().unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        for code in codes {
            assert_eq!(code.len(), RECOVERY_SIGNS + 3, "{code}");
            let plain = recovery(&code).unwrap();
            assert_eq!(recovery(&code.replace('-', " ").to_uppercase()), Some(plain));
        }
        assert_eq!(recovery("OIL0-0000-0000-0000").as_deref(), Some("0110000000000000"));
        assert_eq!([recovery("123456"), recovery("k7fm-q2xw-ad3h-9tb!")], [None, None]);
    }

    #[test]
    fn tokens_differ_and_their_hashes_do_not_show_them() {
        let (one, other) = (draw().unwrap(), draw().unwrap());
        assert!(one != other && one.len() == 43 && !hash(&one).contains(&one));
    }
}
