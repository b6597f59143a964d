//! Packs a picture of black and white squares as a PNG (ISO/IEC 15948), square by square instead of pixel by pixel.
//!
//! A picture of a code has three quarters of a million bytes and some four hundred squares; a general packer reads all the
//! bytes, which costs a server that answers bookings more than everything else it does. Here a run is one step.

/// Bits with the first one lowest (RFC 1951, 3.1.1).
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u32,
    count: u32,
}

impl Bits {
    /// Adds the lowest `count` bits, lowest first.
    fn push(&mut self, bits: u32, count: u32) {
        self.pending |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push((self.pending & 0xff) as u8);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    /// Adds a Huffman code, which goes highest bit first.
    fn code(&mut self, code: u32, count: u32) {
        self.push(code.reverse_bits() >> (32 - count), count);
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.push(0, 8 - self.count);
        }
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

impl Packer {
    fn new() -> Self {
        // A window of 32 KiB, the fastest level, no dictionary; then: last block, fixed codes.
        let mut bits = Bits { bytes: vec![0x78, 0x01], ..Bits::default() };
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
            REPEAT_MAX => (285, 0, 0),
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

/// The table of CRC-32 (ISO/IEC 15948, annex D).
#[expect(clippy::indexing_slicing, reason = "worked out by the compiler, which would refuse a place that is not there")]
const CRC: [u32; 256] = {
    let mut table = [0_u32; 256];
    let mut at = 0_u32;
    while at < 256 {
        let mut value = at;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[at as usize] = value;
        at += 1;
    }
    table
};

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    file.extend_from_slice(&length.to_be_bytes());
    let checked = file.len();
    file.extend_from_slice(&kind);
    file.extend_from_slice(data);
    let crc = file.iter().skip(checked).fold(u32::MAX, |crc, byte| {
        let at = (crc ^ u32::from(*byte)) & 0xff;
        CRC.get(at as usize).copied().unwrap_or(0) ^ (crc >> 8)
    });
    file.extend_from_slice(&(!crc).to_be_bytes());
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
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [side.to_be_bytes(), side.to_be_bytes()].concat();
    header.extend_from_slice(&[8, 2, 0, 0, 0]); // eight bits, red-green-blue, no interlacing
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &packer.finish());
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
