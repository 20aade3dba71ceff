//! What stands in a tile: a chart, a number, a table, a text, or why there is nothing.

mod actions;
mod brush;
mod cell_look;
mod chart_view;
mod cloud_canvas;
mod cloud_colours;
mod cloud_stage;
mod cloud_view;
mod data_table;
mod exploring;
mod figure_view;
mod hidden_table;
mod mark_menu;
mod mark_selection;
mod markdown;
mod pivot_table;
mod problem;
mod range;
mod shapes;
mod tile_menu;
mod tile_view;
mod tip;
mod tone;

pub use actions::{Repair, TileActions};
pub use chart_view::ChartView;
pub use cloud_view::CloudView;
pub use data_table::{DataTable, TablePaging};
pub use figure_view::FigureView;
pub use mark_selection::{MarkClick, is_chosen, is_meant, selection_row, values_of};
pub use markdown::prose;
pub use pivot_table::PivotTable;
pub use problem::TileProblem;
pub use tile_view::{TileView, nominal_size};
pub use tone::tone_class;
