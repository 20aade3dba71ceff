//! What tests share: a private database per test, a clock they move by hand, a device that keeps a passkey and a
//! mail server that keeps letters. A
//! dev-dependency only; depends on `entity`, `migrations` and `shared`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set itself up has to fail loudly"
)]

mod clock;
mod database;
mod for_each_database;
mod mail_server;
mod maria_database;
mod passkey_device;

pub use clock::FakeClock;
pub use database::TestDatabase;
pub use mail_server::{KeptLetter, MailServer};
pub use maria_database::MariaDatabase;
pub use passkey_device::PasskeyDevice;
