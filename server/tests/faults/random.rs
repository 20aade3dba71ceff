use std::{
    sync::OnceLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The schedule of a run: the same seed gives the same faults at the same moments.
pub struct Random(u64);

impl Random {
    /// `name` tells the schedules of several tests apart.
    pub fn of(name: &str) -> Self {
        let salt = name
            .bytes()
            .fold(seed(), |salt, byte| salt.wrapping_mul(31).wrapping_add(byte.into()));
        Self(salt)
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Between two numbers of milliseconds.
    pub fn pause(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }
}

/// Printed once; every failure shows it.
pub fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let given = std::env::var("SIGHTLINE_SEED").ok();
        let seed = given.map_or_else(
            || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs(),
            |text| text.parse().expect("SIGHTLINE_SEED is a number"),
        );
        eprintln!("SIGHTLINE_SEED={seed}");
        seed
    })
}

/// How many faults a test injects; `short` where nobody asked for more.
pub fn rounds(short: u32) -> u32 {
    std::env::var("SIGHTLINE_FAULT_ROUNDS")
        .map_or(short, |text| text.parse().expect("SIGHTLINE_FAULT_ROUNDS is a number"))
}
