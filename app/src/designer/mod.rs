//! The dashboard designer: a pure editor core, and thin views over it.

mod address;
mod autosave;
mod canvas;
mod commands;
mod controls;
mod cross_filter;
mod drag;
pub mod editor;
mod fields_pane;
mod filters;
mod geometry;
mod inline_text;
mod keys;
mod listen_keys;
mod page;
mod page_tabs;
mod properties;
mod questions;
mod remote;
mod shortcuts;
mod state;
mod tile_data;
mod top_bar;
mod view;

pub use page::DesignerPage;
