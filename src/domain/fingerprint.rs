//! A number for a text, the same on every node, in every version and on every machine: what it decides is stored, or must
//! agree between nodes. The standard library promises neither for its own hasher.

use std::hash::Hasher;

use fnv::FnvHasher;

/// FNV-1a over the text's bytes, of 64 bits. Texts that share a number can be made on purpose: nothing that matters may hang
/// on two texts being the same.
pub fn of(text: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    // The published vectors of FNV-1a (draft-eastlake-fnv, appendix C). Negative control: with the standard library's
    // `DefaultHasher`, or with `str`'s own `hash` (which adds a byte), each differs.
    #[test]
    fn a_fingerprint_is_the_published_one() {
        for (text, number) in
            [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8_u64)]
        {
            assert_eq!(of(text), number, "{text}");
        }
    }
}
