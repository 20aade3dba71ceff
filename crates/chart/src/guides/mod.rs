//! Stage 5b: axes, legends, titles and headers.

mod axis;
mod labels;
mod legend;
mod lettering;
mod title;

pub use axis::{AxisPlan, draw_axis, plan_axes};
pub use labels::Formatter;
pub use legend::{DrawnLegend, Explained, draw_legend, plan_legends};
pub use title::{draw_title, header_label};
