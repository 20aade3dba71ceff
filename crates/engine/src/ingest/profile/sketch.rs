//! HyperLogLog: the number of distinct values of a column that is too large to count, within about 1 %.

const BITS: u32 = 14;
const REGISTERS: usize = 1 << BITS;

#[derive(Clone, Debug)]
pub struct Sketch {
    registers: Vec<u8>,
}

impl Sketch {
    pub fn new() -> Self {
        Self {
            registers: vec![0; REGISTERS],
        }
    }

    pub fn add(&mut self, hash: u64) {
        let hash = scatter(hash);
        let place = usize::try_from(hash >> (64 - BITS)).unwrap_or_default();
        let rank = u8::try_from((hash << BITS | 1 << (BITS - 1)).leading_zeros() + 1).unwrap_or(u8::MAX);
        if let Some(register) = self.registers.get_mut(place) {
            *register = (*register).max(rank);
        }
    }

    pub fn estimate(&self) -> u64 {
        let registers = 16_384.0_f64;
        let sum: f64 = self
            .registers
            .iter()
            .map(|register| 0.5_f64.powi(i32::from(*register)))
            .sum();
        let raw = 0.7213 / (1.0 + 1.079 / registers) * registers * registers / sum;
        let empty = self.registers.iter().filter(|register| **register == 0).count();
        let estimate = if raw <= 2.5 * registers && empty > 0 {
            let empty = u32::try_from(empty).map_or(registers, f64::from);
            registers * (registers / empty).ln()
        } else {
            raw
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive estimate far below 2^53"
        )]
        let rounded = estimate.round() as u64;
        rounded
    }
}

/// Hashes for maps need not be even in every bit; registers do (the last step of MurmurHash3).
const fn scatter(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    let hash = (hash ^ hash >> 33).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    hash ^ hash >> 33
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher as _;

    use super::*;

    #[test]
    fn within_three_percent() {
        let hasher = hashbrown::DefaultHashBuilder::default();
        for count in [100_u64, 10_000, 500_000] {
            let mut sketch = Sketch::new();
            (0..count).for_each(|value| sketch.add(hasher.hash_one(value)));
            let error = (sketch.estimate() as f64 - count as f64).abs() / count as f64;
            assert!(error < 0.03, "{count}: {}", sketch.estimate());
        }
    }
}
