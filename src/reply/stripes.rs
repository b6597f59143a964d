//! Packs a picture of black and white squares as a PNG (ISO/IEC 15948), square by square instead of pixel by pixel.
//!
//! A picture of a code has three quarters of a million bytes and some four hundred squares; a general packer reads all the
//! bytes, which costs a server that answers bookings more than everything else it does. Here a run is one step.

/// Bits with the first one lowest (RFC 1951, 3.1.1).
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u64,
    count: u32,
}

impl Bits {
    /// Adds the lowest `count` bits, lowest first; at most 32.
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

    fn finish(mut self) -> Vec<u8> {
        let bytes = self.count.div_ceil(8) as usize;
        self.bytes.extend(self.pending.to_le_bytes().iter().take(bytes));
        self.bytes
    }
}

/// A zlib stream (RFC 1950) of one block with the fixed codes (RFC 1951, 3.2.6), fed by runs of one byte.
struct Packer {
    bits: Bits,
    /// Adler-32 of what was fed: the sum of the bytes, and the sum of the sums.
    sums: (u64, u64),
}

/// Largest prime below 65,536 (RFC 1950).
const ADLER: u64 = 65_521;
/// Longest repetition that one code stands for.
const REPEAT_MAX: u32 = 258;
/// Shortest one.
const REPEAT_MIN: u32 = 3;
/// The longest repetition of the last byte, as bits: code 285, which stands for 258, and no distance but one (five zeros).
const LONGEST: (u32, u32) = ((0xc5_u32 << 24).reverse_bits(), 8 + 5);
/// Room for a picture of a booking code, packed.
const PACKED_BYTES: usize = 8 * 1024;

impl Packer {
    fn new() -> Self {
        let mut bits = Bits { bytes: Vec::with_capacity(PACKED_BYTES), ..Bits::default() };
        // A window of 32 KiB, the fastest level, no dictionary; then: last block, fixed codes.
        bits.push(0x0178, 16);
        bits.push(1, 1);
        bits.push(1, 2);
        Self { bits, sums: (1, 0) }
    }

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
        self.bits.push(extra, extra_bits);
        self.bits.code(0, 5); // one byte back
    }

    /// Feeds one byte `count` times.
    fn run(&mut self, byte: u8, count: u32) {
        if count == 0 {
            return;
        }
        let (value, times) = (u64::from(byte), u64::from(count));
        let (sum, sums) = self.sums;
        self.sums = ((sum + times * value) % ADLER, (sums + times * sum + value * (times * (times + 1) / 2)) % ADLER);
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

    fn finish(mut self) -> Vec<u8> {
        self.bits.code(0, 7); // the end of the block
        let (sum, sums) = self.sums;
        let mut bytes = self.bits.finish();
        // Both are below 65,536: two bytes each, the highest first.
        for part in [sums, sum] {
            bytes.extend(part.to_be_bytes().iter().skip(6));
        }
        bytes
    }
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
pub(super) fn png(squares: &[bool], width: usize, scale: u32) -> Vec<u8> {
    let side = u32::try_from(width).unwrap_or(u32::MAX).saturating_mul(scale);
    let row_bytes = side * 3;
    let mut packer = Packer::new();
    for row in squares.chunks(width) {
        // The first line of pixels as it is (filter 0), the others as "the same as above" (filter 2: differences).
        packer.run(0, 1);
        let mut rest = row;
        while let Some(&dark) = rest.first() {
            let same = rest.iter().take_while(|one| **one == dark).count();
            packer.run(if dark { 0 } else { 255 }, u32::try_from(same).unwrap_or(0) * scale * 3);
            rest = rest.get(same..).unwrap_or_default();
        }
        for _ in 1..scale {
            packer.run(2, 1);
            packer.run(0, row_bytes);
        }
    }
    let packed = packer.finish();
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
        // A decoder of somebody else's reads it, pixel by pixel.
        #[test]
        fn any_picture_of_squares_reads_back(width in 1_usize..40, scale in 1_u32..30, seed: u64) {
            let squares: Vec<bool> = (0..width * width).map(|at| (seed >> (at * 7 % 61)) & 1 == 1).collect();
            let file = png(&squares, width, scale);
            let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().expect("a PNG");
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
