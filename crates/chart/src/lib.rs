//! Turns a Vega-Lite specification plus data into a scene and the scene into SVG: pure computation that may use `shared` alone, so
//! that the server and the browser draw the same bytes.
//!
//! Stages, each a folder with types of its own: `spec` (parse) → `normalise` → `model` with `transform` (data) → `scales` →
//! `layout` with `marks` and `guides` → [`scene`] → `svg`. Maps are laid on the plane by `geo`.

mod budget;
mod colour;
mod data;
mod error;
mod expression;
mod format;
mod geo;
mod guides;
mod layout;
mod marks;
mod math;
mod model;
mod normalise;
mod render;
mod scales;
pub mod scene;
mod spec;
mod svg;
mod text;
pub mod theme;
mod time;
mod transform;
mod value;
pub mod visual;

pub use error::{ChartError, Problem};
pub use render::{DataLoader, RenderOptions, render_scene, render_svg, render_svg_with_hits};
pub use scene::{HitPoint, Scene};
pub use svg::write as write_svg;
pub use theme::Theme;
