//! Texts shared between cells.

use std::sync::Arc;

/// Texts seen lately, so that equal ones share an allocation: categories repeat a lot. One that fell out is allocated anew.
pub struct Texts {
    slots: Vec<Option<Arc<str>>>,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { slots: vec![None; 256] }
    }
}

impl Texts {
    pub fn share(&mut self, text: &str) -> Arc<str> {
        let mix = |sum: usize, byte: &u8| sum.wrapping_mul(31).wrapping_add(usize::from(*byte));
        let bytes = text.as_bytes();
        let place = bytes.iter().take(24).fold(bytes.len(), mix) % self.slots.len();
        match self.slots.get_mut(place) {
            Some(Some(known)) if **known == *text => known.clone(),
            Some(slot) => slot.insert(Arc::from(text)).clone(),
            None => Arc::from(text),
        }
    }
}
