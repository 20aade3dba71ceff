//! The fields of the model: searched, looked at, dragged or added by a click.

mod card;
mod menu;
mod pane;
mod row;

pub use pane::FieldsPane;
pub use row::field_icon;
