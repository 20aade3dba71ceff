//! Texts shared between cells, and what was found out about them.

use super::same::is_same;
use std::sync::Arc;

/// Texts seen lately, so that equal ones share an allocation: categories repeat a lot. One that fell out is allocated anew.
pub struct Texts {
    slots: Vec<Option<Arc<str>>>,
}

impl Texts {
    /// For the cells of a table of so many rows.
    pub fn of_rows(rows: usize) -> Texts {
        Texts {
            slots: vec![None; slots_for(rows)],
        }
    }

    pub fn share(&mut self, text: &str) -> Arc<str> {
        let at = place(text.as_bytes(), self.slots.len());
        match self.slots.get_mut(at) {
            Some(Some(known)) if is_same(known, text) => known.clone(),
            Some(slot) => slot.insert(Arc::from(text)).clone(),
            None => Arc::from(text),
        }
    }
}

/// What was found out about texts seen lately, so that it is found out once where they repeat, as days do in a table of
/// several series.
pub struct Found<T> {
    slots: Vec<Option<(Arc<str>, T)>>,
}

impl<T: Copy> Found<T> {
    /// For a column of so many rows.
    pub fn of_rows(rows: usize) -> Found<T> {
        Found {
            slots: vec![None; slots_for(rows)],
        }
    }

    pub fn of(&mut self, text: &Arc<str>, find: impl FnOnce(&str) -> T) -> T {
        let at = place(text.as_bytes(), self.slots.len());
        match self.slots.get_mut(at) {
            Some(Some((known, found))) if is_same(known, text) => *found,
            Some(slot) => slot.insert((text.clone(), find(text))).1,
            None => find(text),
        }
    }
}

/// Twice as many as rows, so that few texts stand in each other's way; a power of two.
fn slots_for(rows: usize) -> usize {
    const MOST: usize = 1024;
    rows.saturating_mul(2).clamp(1, MOST).next_power_of_two()
}

/// Texts mostly differ in their first or their last letters.
fn place(bytes: &[u8], slots: usize) -> usize {
    let letters = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(31),
        _ => bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    };
    let mixed = (letters ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 48) as usize & (slots - 1)
}

#[cfg(test)]
mod tests {
    use super::{Found, Texts, place};
    use std::sync::Arc;

    #[test]
    fn equal_texts_are_one() {
        let mut texts = Texts::of_rows(4);
        for text in ["", "a", "Jan 1 2000", "a text longer than both its ends"] {
            assert!(Arc::ptr_eq(&texts.share(text), &texts.share(text)), "{text}");
        }
    }

    #[test]
    fn equal_texts_are_looked_at_once() {
        let mut found = Found::of_rows(4);
        let mut looks = 0;
        for text in ["1", "2", "1", "1", "2"] {
            let length = found.of(&Arc::from(text), |text| {
                looks += 1;
                text.parse::<u8>().ok()
            });
            assert_eq!(length, text.parse().ok());
        }
        assert_eq!(looks, 2);
    }

    #[test]
    fn texts_are_spread_over_the_slots() {
        let mut used = [false; 256];
        for number in 0..used.len() {
            used[place(format!("Category {number}").as_bytes(), used.len())] = true;
        }
        assert!(used.iter().filter(|used| **used).count() > used.len() / 2);
    }
}
