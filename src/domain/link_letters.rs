//! Bytes in an address that stands in a chat: five bits a letter, letters and digits only, since `_` and `*` are markup there.

const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Letters that so many bytes take.
pub(super) const fn letters(bytes: usize) -> usize {
    (bytes * 8).div_ceil(5)
}

/// Bytes as letters.
pub(super) fn written(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(letters(bytes.len()));
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mut push = |held: u32| text.push(LETTERS.get((held & 31) as usize).copied().map_or('a', char::from));
    for byte in bytes {
        held = (held << 8 | u32::from(*byte)) & 0xfff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(held >> bits);
        }
    }
    if bits > 0 {
        push(held << (5 - bits));
    }
    text
}

/// So many bytes of a text; `None` where it is not as [`written`] writes them.
pub(super) fn bytes_of(text: &str, count: usize) -> Option<Vec<u8>> {
    if text.len() != letters(count) {
        return None;
    }
    let mut bytes = Vec::with_capacity(count);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let five = LETTERS.iter().position(|known| *known == letter)?;
        held = (held << 5 | u32::try_from(five).ok()?) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    // One text for the same bytes: what the last letter has to spare is nothing.
    (written(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without the last comparison, several texts stand for the same bytes.
    #[test]
    fn bytes_read_back_from_their_letters_and_from_no_others() {
        for bytes in [[0; 16], [0xff; 16], [0x5a; 16]] {
            let text = written(&bytes);
            assert_eq!((text.len(), bytes_of(&text, 16)), (26, Some(bytes.to_vec())));
            let at_end: Vec<String> =
                LETTERS.iter().map(|letter| format!("{}{}", &text[..25], char::from(*letter))).collect();
            let read = at_end.iter().filter(|text| bytes_of(text, 16).is_some_and(|read| read == bytes)).count();
            assert_eq!(read, 1);
        }
        assert_eq!(
            [bytes_of("", 16), bytes_of(&"!".repeat(26), 16), bytes_of(&"é".repeat(13), 16)],
            [None, None, None]
        );
    }
}
