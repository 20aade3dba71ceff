//! Fonts: the embedded typeface, and the machine's own for characters it lacks.

mod embedded;
mod loaded;
mod system;

pub use embedded::{Face, embedded};
pub use loaded::Loaded;
pub use system::{loaded as system_font, system};
