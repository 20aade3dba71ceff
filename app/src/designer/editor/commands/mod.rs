//! What a builder can do. Each command is a pure function from the document to an [`Edit`](super::Edit), or `None` when
//! there is nothing to do.

mod dashboard;
mod filter;
mod interaction;
mod layout;
mod page;
mod repair;
mod tile;
mod visual;

pub use dashboard::rename_dashboard;
pub use filter::{add_filter, move_filter, remove_filter, set_filter};
pub use interaction::set_interaction;
pub use layout::{MIN_SIZE, change_order, cleared, move_by, place_tiles, resize_by};
pub use page::{add_page, duplicate_page, move_page, remove_page, rename_page, set_collision, set_page_size};
pub use repair::{remove_name, replace_name};
pub use tile::{
    NewTile, duplicate_tiles, insert_frame, insert_text, insert_visual, lock_tiles, paste, remove_tiles, rename_tile,
    set_text,
};
pub use visual::{change_visual, set_format, set_item};
