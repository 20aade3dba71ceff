//! Turns a Vega-Lite specification plus data into a scene and the scene into SVG: pure computation that may use `shared` alone, so
//! that the server and the browser draw the same bytes.
//!
//! Stages, each a folder with types of its own: [`spec`] (parse) → [`normalise`] → [`transform`] → [`scales`] → [`layout`] →
//! [`scene`] → [`svg`].

mod error;
mod render;
pub mod scene;
pub mod theme;

pub use error::{ChartError, Problem};
pub use render::{DataLoader, RenderOptions, render_scene, render_svg, render_svg_with_hits};
pub use scene::{HitPoint, Scene};
pub use theme::Theme;
