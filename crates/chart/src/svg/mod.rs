//! Stage 7: a scene as SVG text.

mod write;

pub use write::write;
