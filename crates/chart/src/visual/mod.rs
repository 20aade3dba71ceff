//! From a dashboard visual and its answer to a picture: the answer's columns are found again by their wells, a Vega-Lite
//! specification is made, and the renderer draws it. Numbers ("KPI") and tables are not drawn but described for the page.

mod bands;
mod box_plot;
mod bullet;
mod calendar;
mod cartesian;
mod categories;
mod combo;
mod course;
mod describe;
mod dial;
mod division;
mod draw;
mod figures;
mod folded;
mod funnel;
mod gauge;
mod heatmap;
mod hidden;
mod histogram;
mod list;
mod look;
mod map;
mod numbers;
mod order;
mod own;
mod palette;
mod panels;
mod parts;
mod pivot;
mod plane;
mod reference;
#[cfg(feature = "samples")]
pub mod samples;
mod sankey;
mod scatter;
mod series;
mod slices;
mod squarify;
mod steps;
mod tones;
mod treemap;
mod value;
mod waterfall;

pub use course::{Course, sparkline};
pub use describe::{describe, title};
pub use draw::{DrawOptions, MarkSource, Picture, PictureHit, Size, draw, is_drawn, specification};
pub use figures::{Figure, FigureChange, FigureTarget, figures};
pub use folded::{Folded, folded};
pub use hidden::legend_names;
pub use look::{Bar, CellLook, ColumnLooks, cell_looks};
pub use own::check as check_own;
pub use parts::{MeasureColumn, Parts};
pub use pivot::{PivotCell, PivotGrid, PivotHead, PivotRow, pivot};
pub use value::{cell_text, number_text};
