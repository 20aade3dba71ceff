//! From a dashboard visual and its answer to a picture: the answer's columns are found again by their wells, a Vega-Lite
//! specification is made, and the renderer draws it. Numbers ("KPI") and tables are not drawn but described for the page.

mod bands;
mod box_plot;
mod bullet;
mod calendar;
mod cartesian;
mod categories;
mod cloud;
mod combo;
mod describe;
mod dial;
mod draw;
mod figures;
mod funnel;
mod gauge;
mod heatmap;
mod histogram;
mod list;
mod map;
mod numbers;
mod own;
mod palette;
mod parts;
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

pub use cloud::{Cloud, CloudFrame, CloudIndex, MANY, REST, Span, View, cloud_points};
pub use describe::{describe, title};
pub use draw::{CloudDrawing, DrawOptions, MarkSource, Picture, PictureHit, Size, draw, is_drawn, specification};
pub use figures::{Figure, FigureChange, figures};
pub use own::check as check_own;
pub use parts::{MeasureColumn, Parts};
pub use value::{cell_text, number_text};

pub fn legend_names(_visual: &shared::visual::Visual, _answer: &shared::semantic::Answer) -> Vec<String> {
    Vec::new()
}
