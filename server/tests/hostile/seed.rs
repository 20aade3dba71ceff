//! Numbers that look random, and come again from their seed.

use std::{
    env,
    time::{SystemTime, UNIX_EPOCH},
};

/// Splitmix64.
pub struct Seed(u64);

impl Seed {
    /// From `SIGHTLINE_SEED`, else from the clock. It is printed, and a test's output is shown when it fails.
    pub fn new() -> Self {
        let given = env::var("SIGHTLINE_SEED").ok().and_then(|text| text.parse().ok());
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let seed = given.unwrap_or_else(clock);
        eprintln!("again with SIGHTLINE_SEED={seed}");
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Less than `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// How often to try: `usual` times `SIGHTLINE_ROUNDS`.
pub fn rounds(usual: usize) -> usize {
    let times = env::var("SIGHTLINE_ROUNDS").ok().and_then(|text| text.parse().ok());
    usual * times.unwrap_or(1)
}
