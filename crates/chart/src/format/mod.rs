//! Numbers and times as text: d3-format and d3-time-format in the en-US locale.

pub mod decimal;
pub mod digits;
pub mod number;
pub mod time;
