//! Fractional indexes: an order key between any two others, so that a move changes one object.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Base-36 digits read as a fraction; compared as text. Never empty, never ends in `0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct OrderKey(String);

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|candidate| *candidate == byte).unwrap_or(0)
}

fn letter(digit: usize) -> char {
    DIGITS.get(digit).copied().map_or('0', char::from)
}

impl OrderKey {
    /// The key of the first object in an empty list.
    pub fn first() -> Self {
        Self("i".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key strictly between `before` and `after` (open ends when `None`). Equal or swapped bounds give a key after `before`.
pub fn order_between(before: Option<&OrderKey>, after: Option<&OrderKey>) -> OrderKey {
    let low = before.map_or("", OrderKey::as_str).as_bytes();
    let high = after
        .map(OrderKey::as_str)
        .filter(|high| high.as_bytes() > low)
        .map(str::as_bytes);
    let mut key = String::new();
    let mut bounded = high.is_some();
    let mut position = 0;
    loop {
        let floor = low.get(position).map_or(0, |byte| digit(*byte));
        let ceiling = if bounded {
            high.and_then(|high| high.get(position)).map_or(0, |byte| digit(*byte))
        } else {
            DIGITS.len()
        };
        if ceiling > floor + 1 {
            key.push(letter((floor + ceiling) / 2));
            return OrderKey(key);
        }
        key.push(letter(floor));
        if ceiling != floor {
            bounded = false;
        }
        position += 1;
    }
}

impl TryFrom<String> for OrderKey {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty()
            || text.len() > 200
            || text.ends_with('0')
            || !text.bytes().all(|byte| DIGITS.contains(&byte))
        {
            Err("an order is 1 to 200 of the letters 0-9 and a-z and does not end in 0")
        } else {
            Ok(Self(text))
        }
    }
}

impl From<OrderKey> for String {
    fn from(key: OrderKey) -> Self {
        key.0
    }
}

impl fmt::Display for OrderKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn always_finds_a_legal_key_between() {
        let mut keys = vec![order_between(None, None)];
        let mut state = 7_usize;
        for _ in 0..500 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let position = (state >> 33) % (keys.len() + 1);
            let before = position.checked_sub(1).and_then(|index| keys.get(index));
            let key = order_between(before, keys.get(position));
            assert!(OrderKey::try_from(key.as_str().to_owned()).is_ok(), "{key}");
            assert!(before.is_none_or(|before| *before < key), "{before:?} {key}");
            assert!(keys.get(position).is_none_or(|after| key < *after), "{key}");
            keys.insert(position, key);
        }
    }
}
