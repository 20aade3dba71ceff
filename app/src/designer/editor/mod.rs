//! The editor core: commands become named actions, applied at once, kept until the server has them, and undone by their
//! inverses. Pure: no clock, no browser, no Leptos; ids and times come from the caller.

pub mod clipboard;
pub mod commands;
mod core;
mod edit;
mod field;
mod history;
mod output;
mod partial;
mod pending;
mod rebase;
mod suggest;
mod title;
mod wells;

pub use self::{
    core::{Editor, Stamp},
    edit::{Edit, insert, remove, set, set_document, set_tile},
    field::{Field, FieldCatalog, FieldKind, uses},
    history::{UndoEntry, Undone},
    output::{output_name, output_names},
    pending::{PendingAction, StoredPending},
    suggest::{default_size, item_for, row_count, suggest},
    title::{aggregation_label, grain_label, item_label, part_label, tile_title, visual_title, well_label},
    wells::{DropPlan, add_field, add_to_well, move_item, plan_drop, swap_kind, tidy},
};

#[cfg(test)]
mod tests;
