//! Stage 4: from data values to pixels, colours, sizes and shapes.

mod continuous;
mod defaults;
mod domain;
mod frame;
mod functions;
mod range;
mod resolve;
mod scale;
pub mod ticks;

pub use defaults::{compatible_kinds, default_kind, stronger_kind};
pub use domain::facet_values;
pub use frame::Frame;
pub use functions::FUNCTIONS;
pub use resolve::{ScaleSet, View as ViewSize, resolve, view_size};
pub use scale::{Output, Scale, ramp};
