//! Encodes a picture of black and white squares as a PNG (ISO/IEC 15948), square by square instead of pixel by pixel.
//!
//! A QR picture has three quarters of a million bytes and some four hundred squares. A general DEFLATE encoder reads all the bytes,
//! which costs more than everything else that a confirmation takes. Here a run of equal squares is one step.

/// Bits with the first one lowest (RFC 1951, 3.1.1).
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u64,
    count: u32,
}

impl Bits {
    /// Adds the lowest `count` bits, lowest first; at most 32. The others are zero.
    fn push(&mut self, bits: u32, count: u32) {
        self.pending |= u64::from(bits) << self.count;
        self.count += count;
        if self.count >= 32 {
            self.bytes.extend_from_slice(&((self.pending & 0xffff_ffff) as u32).to_le_bytes());
            self.pending >>= 32;
            self.count -= 32;
        }
    }

    /// Adds a Huffman code, which goes highest bit first.
    fn code(&mut self, code: u32, count: u32) {
        self.push(code.reverse_bits() >> (32 - count), count);
    }

    /// Adds bits that were gathered before.
    fn append(&mut self, other: &Self) {
        let (words, _) = other.bytes.as_chunks::<4>();
        for word in words {
            self.push(u32::from_le_bytes(*word), 32);
        }
        self.push((other.pending & 0xffff_ffff) as u32, other.count);
    }

    fn finish(mut self) -> Vec<u8> {
        let bytes = self.count.div_ceil(8) as usize;
        self.bytes.extend(self.pending.to_le_bytes().iter().take(bytes));
        self.bytes
    }
}

/// A DEFLATE stream with the fixed Huffman codes (RFC 1951, 3.2.6), fed with runs of one byte.
#[derive(Default)]
struct Packed {
    bits: Bits,
    /// Bytes that were fed.
    length: u64,
    /// The sum of these bytes, and the sum of the sums after each, from which Adler-32 is computed (RFC 1950). 90 million bytes of
    /// 255 have a sum of sums of 2^60, so neither overflows.
    sum: u64,
    sums: u64,
}

/// Largest prime below 65,536 (RFC 1950).
const ADLER: u64 = 65_521;
/// Longest repetition that one code stands for.
const REPEAT_MAX: u32 = 258;
/// Shortest one.
const REPEAT_MIN: u32 = 3;
/// The longest repetition of the last byte, as bits: code 285, which stands for 258, and no distance but one (five zeros).
const LONGEST: (u32, u32) = ((0xc5_u32 << 24).reverse_bits(), 8 + 5);
/// Room for the encoded picture of a booking code, in bytes.
const PACKED_BYTES: usize = 8 * 1024;

impl Packed {
    fn literal(&mut self, byte: u8) {
        let byte = u32::from(byte);
        if byte < 144 { self.bits.code(0x30 + byte, 8) } else { self.bits.code(0x190 + byte - 144, 9) }
    }

    /// Repeats the last byte `length` times: [`REPEAT_MIN`] to [`REPEAT_MAX`].
    fn repeat(&mut self, length: u32) {
        // Lengths 3 to 10 have codes of their own; from there on each four codes take one more bit, and 258 has its own.
        let (code, extra, extra_bits) = match length {
            REPEAT_MAX => return self.bits.push(LONGEST.0, LONGEST.1),
            3..=10 => (254 + length, 0, 0),
            _ => {
                let offset = length - REPEAT_MIN;
                let extra_bits = 29 - offset.leading_zeros();
                (257 + 4 * extra_bits + (offset >> extra_bits), offset & ((1 << extra_bits) - 1), extra_bits)
            }
        };
        if code < 280 {
            self.bits.code(code - 256, 7);
        } else {
            self.bits.code(0xc0 + code - 280, 8);
        }
        self.bits.push(extra, extra_bits + 5); // and five zeros: one byte back
    }

    /// Feeds one byte `count` times.
    fn run(&mut self, byte: u8, count: u32) {
        if count == 0 {
            return;
        }
        let (value, times) = (u64::from(byte), u64::from(count));
        self.sums += times * self.sum + value * (times * (times + 1) / 2);
        self.sum += times * value;
        self.length += times;
        self.literal(byte);
        let mut left = count - 1;
        while left >= REPEAT_MIN {
            let length = left.min(REPEAT_MAX);
            self.repeat(length);
            left -= length;
        }
        for _ in 0..left {
            self.literal(byte);
        }
    }

    /// Feeds a stream that was encoded before.
    fn again(&mut self, other: &Self) {
        self.bits.append(&other.bits);
        self.sums += other.length * self.sum + other.sums;
        self.sum += other.sum;
        self.length += other.length;
    }
}

/// A zlib stream (RFC 1950) of one block, fed with `feed`.
fn zlib(feed: impl FnOnce(&mut Packed)) -> Vec<u8> {
    let mut packed = Packed::default();
    packed.bits.bytes.reserve(PACKED_BYTES);
    // A window of 32 KiB, the fastest level, no dictionary; then: last block, fixed codes.
    packed.bits.push(0x0178, 16);
    packed.bits.push(1, 1);
    packed.bits.push(1, 2);
    feed(&mut packed);
    packed.bits.code(0, 7); // the end of the block
    let mut bytes = packed.bits.finish();
    // The first sum begins with one. Both are below 65,536: two bytes each, the highest first.
    for part in [(packed.length + packed.sums) % ADLER, (1 + packed.sum) % ADLER] {
        bytes.extend(part.to_be_bytes().iter().skip(6));
    }
    bytes
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    file.extend_from_slice(&length.to_be_bytes());
    let checked = file.len();
    file.extend_from_slice(&kind);
    file.extend_from_slice(data);
    let crc = crc32fast::hash(file.get(checked..).unwrap_or_default());
    file.extend_from_slice(&crc.to_be_bytes());
}

/// A square picture with `width` squares a side, row by row, dark where `squares` says so; each square `scale` pixels
/// wide and high, in eight bits each of red, green and blue.
pub(super) fn encode(squares: &[bool], width: usize, scale: u32) -> Vec<u8> {
    let side = u32::try_from(width).unwrap_or(u32::MAX).saturating_mul(scale);
    let row_bytes = side * 3;
    // The first line of pixels of a row as it is (filter 0), the others as "the same as above" (filter 2: differences), which
    // are encoded once.
    let mut same_as_above = Packed::default();
    for _ in 1..scale {
        same_as_above.run(2, 1);
        same_as_above.run(0, row_bytes);
    }
    let packed = zlib(|packed| {
        for row in squares.chunks(width) {
            packed.run(0, 1);
            for same in row.chunk_by(|one, next| one == next) {
                let dark = same.first().is_some_and(|dark| *dark);
                packed.run(if dark { 0 } else { 255 }, u32::try_from(same.len()).unwrap_or(0) * scale * 3);
            }
            packed.again(&same_as_above);
        }
    });
    let mut file = Vec::with_capacity(packed.len() + 64);
    file.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    let mut header = [side.to_be_bytes(), side.to_be_bytes()].concat();
    header.extend_from_slice(&[8, 2, 0, 0, 0]); // eight bits, red-green-blue, no interlacing
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &packed);
    chunk(&mut file, *b"IEND", &[]);
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        // An independent decoder reads it, pixel by pixel, with both checksums. Negative control: a sum that begins with
        // two, and one more byte fed again than was packed, each fail this.
        #[test]
        fn any_picture_of_squares_reads_back(width in 1_usize..40, scale in 1_u32..30, seed: u64) {
            let squares: Vec<bool> = (0..width * width).map(|at| (seed >> (at * 7 % 61)) & 1 == 1).collect();
            let file = encode(&squares, width, scale);
            let mut strict = ::png::DecodeOptions::default();
            strict.set_ignore_checksums(false);
            let decoder = ::png::Decoder::new_with_options(std::io::Cursor::new(&file), strict);
            let mut reader = decoder.read_info().expect("a PNG");
            let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
            reader.next_frame(&mut pixels).expect("a picture");
            let side = width * scale as usize;
            prop_assert_eq!(pixels.len(), side * side * 3);
            for (at, byte) in pixels.iter().enumerate() {
                let (x, y) = (at / 3 % side / scale as usize, at / 3 / side / scale as usize);
                prop_assert_eq!(*byte, if squares[y * width + x] { 0 } else { 255 });
            }
        }
    }
}
