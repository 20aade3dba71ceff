//! The pane on the right: what the selection is made of (Build) and how it looks (Format).

mod build;
mod columns_format;
mod compare;
mod filter_list;
mod format;
mod gallery;
mod interactions;
mod lines_format;
mod list_editor;
mod map_format;
mod number_format;
mod page_properties;
mod pane;
mod pill;
mod pill_menu;
mod rules_format;
mod selection;
mod sort;
mod spec_editor;
mod target_format;
mod tone;
mod top_n;
mod wells;

pub use pane::PropertiesPane;
pub use pill_menu::first_value;
