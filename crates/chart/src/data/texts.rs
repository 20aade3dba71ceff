//! Texts shared between cells.

use std::sync::Arc;

/// Texts seen lately, so that equal ones share an allocation: categories repeat a lot. One that fell out is allocated anew.
pub struct Texts {
    slots: Vec<Option<Arc<str>>>,
}

/// The slots are as many as a byte tells apart.
const SLOTS: usize = 256;

impl Default for Texts {
    fn default() -> Texts {
        Texts {
            slots: vec![None; SLOTS],
        }
    }
}

impl Texts {
    pub fn share(&mut self, text: &str) -> Arc<str> {
        match self.slots.get_mut(place(text.as_bytes())) {
            Some(Some(known)) if **known == *text => known.clone(),
            Some(slot) => slot.insert(Arc::from(text)).clone(),
            None => Arc::from(text),
        }
    }
}

/// Texts mostly differ in their first or their last letters.
fn place(bytes: &[u8]) -> usize {
    let letters = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(31),
        _ => bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    };
    let mixed = (letters ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 56) as usize
}

#[cfg(test)]
mod tests {
    use super::{SLOTS, Texts, place};
    use std::sync::Arc;

    #[test]
    fn equal_texts_are_one() {
        let mut texts = Texts::default();
        for text in ["", "a", "Jan 1 2000", "a text longer than both its ends"] {
            assert!(Arc::ptr_eq(&texts.share(text), &texts.share(text)), "{text}");
        }
    }

    #[test]
    fn texts_are_spread_over_the_slots() {
        let mut used = [false; SLOTS];
        for number in 0..SLOTS {
            used[place(format!("Category {number}").as_bytes())] = true;
        }
        assert!(used.iter().filter(|used| **used).count() > SLOTS / 2);
    }
}
