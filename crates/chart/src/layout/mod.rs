//! Stage 5: where everything stands. Views draw their marks and guides round their own origin; grids of views put them in place.

mod facet;
mod grid;
mod projection;
mod sharing;
mod view;

pub use projection::Maps;
pub use view::{Context, Inside, draw_node};
