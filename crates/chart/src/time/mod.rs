//! Calendar arithmetic on milliseconds since 1970 in UTC; it knows no time zone and no clock.

pub mod calendar;
pub mod interval;
pub mod parse;
pub mod unit;

pub use interval::Interval;
pub use unit::TimeUnit;
