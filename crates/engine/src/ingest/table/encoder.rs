//! Gives texts their codes on the way to the file.

use hashbrown::HashMap;
use polars::prelude::*;

use crate::coding::{FooterTexts, code_column};

/// A column with more texts, or longer ones in bytes, gets no codes.
const MOST_TEXTS: usize = 4_096;
const MOST_BYTES: usize = 64 * 1024;
/// Of all columns together, since every query reads the footer.
const MOST_BYTES_OF_FILE: usize = 256 * 1024;

/// Codes of all columns that are still worth it.
pub struct Encoder {
    columns: Vec<TextCodes>,
}

#[derive(Default)]
struct TextCodes {
    name: PlSmallStr,
    codes: HashMap<String, u16>,
    texts: Vec<String>,
    bytes: usize,
    /// Too many texts came: the column of codes is empty from then on, and its codes are not in the footer.
    overflowed: bool,
}

impl Encoder {
    pub fn new(schema: &Schema) -> Self {
        let texts = schema.iter().filter(|(_, dtype)| **dtype == DataType::String);
        Self {
            columns: texts
                .map(|(name, _)| TextCodes {
                    name: name.clone(),
                    ..TextCodes::default()
                })
                .collect(),
        }
    }

    /// As [`Self::encode`], for the first rows: what overflows in them gets no column of codes at all.
    ///
    /// # Errors
    /// As `encode`.
    pub fn begin(&mut self, frame: &DataFrame) -> PolarsResult<Vec<Column>> {
        let encoded = self.encode(frame)?;
        let kept = encoded
            .into_iter()
            .zip(&self.columns)
            .filter(|(_, column)| !column.overflowed);
        let kept = kept.map(|(codes, _)| codes).collect();
        self.columns.retain(|column| !column.overflowed);
        Ok(kept)
    }

    /// The columns of codes, one to each column that is encoded.
    ///
    /// # Errors
    /// When `frame` has other columns than the schema.
    pub fn encode(&mut self, frame: &DataFrame) -> PolarsResult<Vec<Column>> {
        self.columns
            .iter_mut()
            .map(|column| column.encode(frame.column(&column.name.clone())?.str()?))
            .collect()
    }

    /// The texts of the columns that did not overflow.
    pub fn finish(self) -> FooterTexts {
        let mut left = MOST_BYTES_OF_FILE;
        let mut texts = FooterTexts::new();
        for column in self.columns {
            if !column.overflowed && column.bytes <= left {
                left -= column.bytes;
                texts.insert(column.name.to_string(), column.texts);
            }
        }
        texts
    }
}

impl TextCodes {
    fn encode(&mut self, values: &StringChunked) -> PolarsResult<Column> {
        let name: PlSmallStr = code_column(&self.name).into();
        if !self.overflowed {
            let codes = values.iter().map(|value| value.and_then(|text| self.code(text)));
            let codes = UInt16Chunked::from_iter_options(name.clone(), codes);
            if !self.overflowed {
                return Ok(codes.into_column());
            }
        }
        Ok(Column::full_null(name, values.len(), &DataType::UInt16))
    }

    fn code(&mut self, text: &str) -> Option<u16> {
        if let Some(code) = self.codes.get(text) {
            return Some(*code);
        }
        self.bytes = self.bytes.saturating_add(text.len());
        if self.overflowed || self.texts.len() == MOST_TEXTS || self.bytes > MOST_BYTES {
            self.overflowed = true;
            return None;
        }
        let code = u16::try_from(self.texts.len()).ok()?;
        self.codes.insert(text.to_owned(), code);
        self.texts.push(text.to_owned());
        Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoder() -> Encoder {
        Encoder::new(&Schema::from_iter([
            Field::new("region".into(), DataType::String),
            Field::new("amount".into(), DataType::Int64),
        ]))
    }

    fn frame(regions: &[Option<&str>]) -> DataFrame {
        let amounts = vec![1_i64; regions.len()];
        df!("region" => regions, "amount" => amounts).unwrap()
    }

    #[test]
    fn texts_get_their_codes_in_order_and_null_has_none() {
        let mut encoder = encoder();
        let first = encoder.encode(&frame(&[Some("b"), None, Some(""), Some("b")])).unwrap();
        assert_eq!(first[0].name(), "region#code");
        assert_eq!(first[0].u16().unwrap().to_vec(), [Some(0), None, Some(1), Some(0)]);
        let second = encoder.encode(&frame(&[Some("a"), Some("b")])).unwrap();
        assert_eq!(second[0].u16().unwrap().to_vec(), [Some(2), Some(0)]);
        assert_eq!(encoder.finish()["region"], ["b", "", "a"]);
    }

    #[test]
    fn many_or_long_texts_get_none() {
        let mut many = encoder();
        let texts: Vec<String> = (0..=MOST_TEXTS).map(|number| number.to_string()).collect();
        let texts: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).collect();
        assert_eq!(many.encode(&frame(&texts[..MOST_TEXTS])).unwrap()[0].null_count(), 0);
        assert_eq!(
            many.encode(&frame(&texts[MOST_TEXTS - 2..])).unwrap()[0].null_count(),
            3
        );
        assert_eq!(many.encode(&frame(&texts[..3])).unwrap()[0].null_count(), 3);
        assert!(many.finish().is_empty());
        let mut at_once = encoder();
        assert!(at_once.begin(&frame(&texts)).unwrap().is_empty());
        assert!(at_once.encode(&frame(&texts[..3])).unwrap().is_empty());
        let mut long = encoder();
        long.encode(&frame(&[Some("x".repeat(MOST_BYTES + 1).as_str())]))
            .unwrap();
        assert!(long.finish().is_empty());
    }
}
