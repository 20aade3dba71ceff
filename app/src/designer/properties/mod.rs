//! The pane on the right: what the selection is made of (Build) and how it looks (Format).

mod build;
mod compare;
mod filter_list;
mod format;
mod gallery;
mod interactions;
mod number_format;
mod page_properties;
mod pane;
mod pill;
mod pill_menu;
mod selection;
mod sort;
mod top_n;
mod wells;

pub use pane::PropertiesPane;
pub use pill_menu::first_value;
