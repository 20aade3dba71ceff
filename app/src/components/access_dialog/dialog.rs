use leptos::prelude::*;

use super::AccessPanel;
use crate::components::Dialog;

/// [`AccessPanel`] in a dialog of its own.
#[component]
pub fn AccessDialog(
    /// Of the object.
    title: String,
    /// As [`AccessPanel`] takes it.
    base: String,
    /// Address part of the object's workspace.
    workspace: String,
    open: RwSignal<bool>,
    /// Told what was saved: whether only chosen people see it.
    on_change: Callback<bool>,
) -> impl IntoView {
    let (base, workspace) = (StoredValue::new(base), StoredValue::new(workspace));
    view! {
        <Dialog title=format!("Who can see “{title}”") open=open>
            <AccessPanel base=base.get_value() workspace=workspace.get_value() on_change=on_change />
        </Dialog>
    }
}
