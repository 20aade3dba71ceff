//! How wide text is, from embedded tables; never from fonts of the machine.

mod measure;

pub use measure::{Font, cut_line, cut_lines, width};
