//! The views after their data: units with tables, and which scales they have in common.

mod build;
mod column;
mod limits;
mod orient;
mod projection;
mod stacking;
mod style;
mod tree;
mod unit;

pub use build::{build, series_columns};
pub use column::{column_name, default_title, suffixed};
pub use projection::ProjectionId;
pub use stacking::stack_of;
pub use tree::{FacetNode, Model, Node, NodeKind, ScaleId, ScaleModel, UnitId};
pub use unit::Unit;
