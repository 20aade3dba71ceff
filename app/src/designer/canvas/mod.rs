//! The page that is built: tiles on their grid, what a drag shows over them, and what an empty page says.

mod empty;
mod overlay;
mod page_canvas;
mod scrollbar;
mod tile_box;
mod tile_editor;

pub use overlay::DragBadge;
pub use page_canvas::PageCanvas;
