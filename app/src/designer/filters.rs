//! The filter bar of the page, as readers will see it; a drop on it adds a filter.

use leptos::prelude::*;
use plan::catalog::fields;

use super::{drag::Target, remote, state::Designer};
use crate::components::{
    dashboard::{ValuesRequest, ValuesTask},
    filter_bar::FilterBar,
};

#[component]
pub fn DesignerFilters(designer: Designer) -> impl IntoView {
    let list = designer
        .model
        .with_value(|model| fields(model, &[]))
        .unwrap_or_default();
    let over = Memo::new(move |_| designer.drag.target.get() == Some(Target::Filters));
    let dragged = move || designer.drag.active.get() && designer.drag.badge.with(Option::is_some);
    let values = Callback::new(move |request: ValuesRequest| -> ValuesTask {
        let field = designer.document.with_untracked(|document| {
            document
                .filter(request.filter)
                .map(|filter| filter.target.field.clone())
        });
        let workspace = designer.workspace.get_value();
        let model = designer.model.with_value(|model| model.model.to_string());
        Box::pin(async move {
            match field {
                Some(field) => remote::values(workspace, model, field, request.search).await,
                None => Ok(Vec::new()),
            }
        })
    });
    view! {
        <div class="designer-filters" class:designer-filters--target=move || over.get() data-drop="filters" data-testid="designer-filters">
            <FilterBar
                document=designer.document
                fields=list
                state=Signal::from(designer.state)
                on_change=Callback::new(move |state| designer.state.set(state))
                values=values
                allowed=None
                action=""
            />
            <Show when=dragged>
                <span class="designer-filters__hint">"Drop here to filter"</span>
            </Show>
        </div>
    }
}
