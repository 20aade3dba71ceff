//! What an empty page says, with the buttons for it.

use leptos::prelude::*;
use shared::visual::VisualKind;

use crate::{
    components::{Empty, Icon, IconView},
    designer::state::Designer,
};

#[component]
pub fn EmptyPage(designer: Designer) -> impl IntoView {
    view! {
        <div class="designer-canvas__empty" data-testid="empty-page">
            <Empty
                icon=Icon::LayoutDashboard
                title="Drag a field here"
                text="Pick one on the left and drop it on this page: a number, a chart or a table that fits is made from it. A click or Enter on a field does the same."
            >
                <button
                    class="button button--primary"
                    type="button"
                    data-testid="add-chart"
                    on:click=move |_| designer.insert_kind(VisualKind::Column)
                >
                    <IconView icon=Icon::BarChart />
                    "Add a chart"
                </button>
                <button class="button" type="button" on:click=move |_| designer.insert_text()>
                    <IconView icon=Icon::Type />
                    "Add text"
                </button>
            </Empty>
        </div>
    }
}
