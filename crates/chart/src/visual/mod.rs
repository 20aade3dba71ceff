//! From a dashboard visual and its answer to a picture: the answer's columns are found again by their wells, a Vega-Lite
//! specification is made, and the renderer draws it. Numbers ("KPI") and tables are not drawn but described for the page.

mod bands;
mod cartesian;
mod categories;
mod combo;
mod describe;
mod draw;
mod figures;
mod numbers;
mod palette;
mod parts;
mod scatter;
mod series;
mod slices;
mod value;

pub use describe::{describe, title};
pub use draw::{MarkSource, Picture, PictureHit, Size, draw, is_drawn, specification};
pub use figures::{Figure, FigureChange, figures};
pub use parts::{MeasureColumn, Parts};
pub use value::{cell_text, number_text};
