//! Colours: CSS text to channels, mixing, and the named schemes.

mod names;
mod palettes;
mod rgb;
mod scheme;
mod spaces;

pub use rgb::Rgb;
pub use scheme::{Scheme, scheme};
pub use spaces::{Space, mix};
