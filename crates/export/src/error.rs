//! Why a drawing could not be written.

use std::error::Error;

/// A drawing is written whole or not at all; these are the reasons for not at all.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the scale {0} is not between 0.1 and 10")]
    Scale(f64),
    /// In pixels, after scaling.
    #[error("a picture of {width} × {height} pixels is larger than {} million pixels; choose a smaller scale or size", most / 1_000_000)]
    TooLarge { width: u64, height: u64, most: u64 },
    #[error("the drawing has no size that a picture can have ({width_px} × {height_px} px)")]
    NoSize { width_px: f64, height_px: f64 },
    /// Colours come from a page that an exported file is not in.
    #[error(
        "the colour `{0}` is a variable of a page and says no colour to fall back to; draw with a theme of literal colours"
    )]
    Variable(String),
    /// In pixels, over all pictures within the drawing.
    #[error("the pictures within the drawing have {pixels} pixels together, more than {} million", most / 1_000_000)]
    Pictures { pixels: u64, most: u64 },
    #[error("the drawing cannot be made into pixels")]
    Pixels(#[source] Box<dyn Error + Send + Sync>),
    #[error("the PDF cannot be written")]
    Document(#[source] Box<dyn Error + Send + Sync>),
}
