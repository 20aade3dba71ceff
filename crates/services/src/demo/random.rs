//! Numbers that look random and are the same on every machine (SplitMix64).

pub(super) struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 ≤ number < `below`; 0 for 0.
    pub fn below(&mut self, below: u64) -> u64 {
        self.next().checked_rem(below).unwrap_or(0)
    }

    /// One of `choices`, each as likely as its weight says; the last when all weigh nothing.
    pub fn weighted<'a, T>(&mut self, choices: &'a [T], weight: impl Fn(&T) -> u64) -> Option<&'a T> {
        let total: u64 = choices.iter().map(&weight).sum();
        let mut left = self.below(total);
        for choice in choices {
            let own = weight(choice);
            if left < own {
                return Some(choice);
            }
            left -= own;
        }
        choices.last()
    }
}
