//! Geography: shapes on the sphere to outlines in px. Knows nothing of specifications; angles are degrees outside, radians inside.
//!
//! A shape is turned ([`rotation`]), cut where the projection tears ([`antimeridian`], [`small_circle`]), projected with more points
//! where it bends ([`resample`]), cut at the edge of the drawing ([`rectangle`]) and written as an [`outline`].

/// Whether maps are part of this build. What is asked for without them is refused; the rest of the folder is then dead code.
pub const BUILT_IN: bool = cfg!(feature = "maps");

/// Why a map is refused in such a build.
pub const LEFT_OUT: &str = "maps are not part of this build";

mod antimeridian;
mod budget;
mod clip;
mod contains;
mod fit;
mod formula;
mod geometry;
mod graticule;
mod kind;
mod outline;
mod point;
mod projection;
mod rectangle;
mod resample;
mod rotation;
mod small_circle;
mod topology;
mod vector;

pub use budget::{Budget, TooLarge};
pub use fit::fit;
pub use geometry::{Geometry, degrees};
pub use graticule::Graticule;
pub use kind::ProjectionKind;
pub use outline::Outline;
pub use projection::{Projection, Settings};
pub use topology::{TopologyPart, topology_rows};

#[cfg(test)]
mod tests;
