//! Writes a drawing of `chart` as pixels (PNG) and as a document (PDF). Native only; may use `chart` and `shared`.
//!
//! Nothing is fetched and no picture is read from a file; the typeface is embedded. Fonts of the machine are looked at only for
//! characters that the typeface lacks. The same scene gives the same bytes: no clock, no random numbers.

mod colour;
mod error;
mod fonts;
mod literal;
mod pdf;
mod picture;
mod pieces;
mod pixels;
mod typesetting;

pub use error::ExportError;
pub use pdf::{PdfOptions, pdf};
pub use pixels::{MAX_PIXELS, PngOptions, SCALES, png};
