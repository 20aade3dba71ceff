//! Dragging with pointer events, the same for mouse, pen and touch: fields, pills, tiles, handles, marquee and page tabs.

mod drop;
mod frame;
mod gesture;
mod listen;
mod state;
mod target;

pub use gesture::Gesture;
pub use listen::listen;
pub use state::{Badge, DragState, Ghost};
pub use target::Target;
