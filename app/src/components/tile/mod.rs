//! What stands in a tile: a chart, a number, a table, a text, or why there is nothing.

mod chart_view;
mod data_table;
mod figure_view;
mod hidden_table;
mod mark_selection;
mod markdown;
mod problem;
mod tile_view;
mod tip;

pub use chart_view::ChartView;
pub use data_table::{DataTable, TablePaging};
pub use figure_view::FigureView;
pub use mark_selection::{MarkClick, is_chosen, selection_row};
pub use markdown::prose;
pub use problem::TileProblem;
pub use tile_view::{TileView, nominal_size};
