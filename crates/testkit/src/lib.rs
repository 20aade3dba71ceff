//! What tests share: a private database per test and a clock they move by hand. A dev-dependency only; depends on `entity`,
//! `migrations` and `shared`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set itself up has to fail loudly"
)]

mod clock;
mod database;
mod for_each_database;

pub use clock::FakeClock;
pub use database::TestDatabase;
