//! Which encoding a text file has, and reading it as UTF-8.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};
use shared::dataset::TextEncoding;

/// The encoding of a file that starts with `sample`. A byte order mark decides; without one, NUL bytes in every other
/// place mean UTF-16, valid UTF-8 is UTF-8, and the rest is Windows-1252.
///
/// # Errors
/// Says what the bytes look like when they are no text.
pub fn detect_encoding(sample: &[u8]) -> Result<TextEncoding, &'static str> {
    match sample {
        [0xEF, 0xBB, 0xBF, ..] => return Ok(TextEncoding::Utf8),
        [0xFF, 0xFE, ..] => return Ok(TextEncoding::Utf16Le),
        [0xFE, 0xFF, ..] => return Ok(TextEncoding::Utf16Be),
        _ => {}
    }
    let nuls = |first: usize| sample.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    if even + odd > 0 {
        let most = sample.len() / 4;
        match (even, odd) {
            (0, odd) if odd > most => return Ok(TextEncoding::Utf16Le),
            (even, 0) if even > most => return Ok(TextEncoding::Utf16Be),
            (even, odd) if (even + odd) * 10 > sample.len() => return Err("it holds binary data"),
            // A stray NUL rejects its row only.
            _ => {}
        }
    }
    let control = sample
        .iter()
        .filter(|byte| matches!(byte, 0x01..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F))
        .count();
    if control * 20 > sample.len() {
        return Err("it holds binary data");
    }
    match std::str::from_utf8(sample) {
        Ok(_) => Ok(TextEncoding::Utf8),
        // The sample may end within a letter.
        Err(error) if error.error_len().is_none() && sample.len() - error.valid_up_to() < 4 => Ok(TextEncoding::Utf8),
        Err(error) => {
            // Broken in places, but with real UTF-8 around it: those rows are rejected.
            let valid = sample.get(..error.valid_up_to()).unwrap_or_default();
            Ok(if valid.is_ascii() {
                TextEncoding::Windows1252
            } else {
                TextEncoding::Utf8
            })
        }
    }
}

/// A text file as UTF-8 bytes (which may still be invalid when the file says UTF-8 and is not).
pub struct TextReader {
    file: File,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// Of the file.
    pub bytes_read: u64,
}

const CHUNK: usize = 1 << 20;

impl TextReader {
    pub fn open(path: &Path, encoding: TextEncoding) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let decoder = match encoding {
            TextEncoding::Utf8 => None,
            TextEncoding::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            TextEncoding::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
            TextEncoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        };
        if decoder.is_none() {
            let mut mark = [0; 3];
            let starts_with_mark = file.read_exact(&mut mark).is_ok() && mark == [0xEF, 0xBB, 0xBF];
            if !starts_with_mark {
                file.seek(SeekFrom::Start(0))?;
            }
        }
        Ok(Self {
            file,
            decoder,
            raw: Vec::new(),
            bytes_read: 0,
        })
    }

    /// Appends about a mebibyte to `out`; false at the end of the file.
    pub fn read_more(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        let Some(decoder) = &mut self.decoder else {
            let read = (&mut self.file).take(CHUNK as u64).read_to_end(out)?;
            self.bytes_read += read as u64;
            return Ok(read > 0);
        };
        self.raw.clear();
        let read = (&mut self.file).take(CHUNK as u64).read_to_end(&mut self.raw)?;
        self.bytes_read += read as u64;
        let last = read == 0;
        decode(decoder, &self.raw, last, out);
        if last {
            self.decoder = Some(WINDOWS_1252.new_decoder_without_bom_handling());
        }
        Ok(!last)
    }
}

/// What no letter can be made from becomes a byte that UTF-8 does not have, so that its row is rejected.
fn decode(decoder: &mut Decoder, mut raw: &[u8], last: bool, out: &mut Vec<u8>) {
    const NO_LETTER: u8 = 0xFF;
    let mut text = String::new();
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(raw.len());
        text.reserve(room.unwrap_or(raw.len()));
        let (result, read) = decoder.decode_to_string_without_replacement(raw, &mut text, last);
        out.extend_from_slice(text.as_bytes());
        text.clear();
        raw = raw.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => out.push(NO_LETTER),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(detect_encoding("a,b\n1,ü\n".as_bytes()), Ok(TextEncoding::Utf8));
        assert_eq!(detect_encoding(b"a,b\n1,\xFC\n"), Ok(TextEncoding::Windows1252));
        assert_eq!(
            detect_encoding("a,ä".as_bytes().get(..3).unwrap()),
            Ok(TextEncoding::Utf8)
        );
        let wide: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detect_encoding(&wide), Ok(TextEncoding::Utf16Le));
        let wide: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(detect_encoding(&wide), Ok(TextEncoding::Utf16Be));
        assert!(detect_encoding(&[0, 159, 146, 150, 1, 2, 3, 0, 0]).is_err());
    }

    #[test]
    fn other_encodings_become_utf8() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend("grün,é\n".encode_utf16().flat_map(u16::to_le_bytes));
        std::fs::write(file.path(), bytes).unwrap();
        let mut reader = TextReader::open(file.path(), TextEncoding::Utf16Le).unwrap();
        let mut out = Vec::new();
        while reader.read_more(&mut out).unwrap() {}
        assert_eq!(String::from_utf8(out).unwrap(), "grün,é\n");
    }
}
