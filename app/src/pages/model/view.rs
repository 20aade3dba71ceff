//! The parts of the page, as real links.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::draft::ModelDraft;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelView {
    #[default]
    Tables,
    Fields,
    Metrics,
    Rollups,
    Settings,
    Versions,
    Document,
}

impl ModelView {
    const ALL: [Self; 7] = [
        Self::Tables,
        Self::Fields,
        Self::Metrics,
        Self::Rollups,
        Self::Settings,
        Self::Versions,
        Self::Document,
    ];

    /// As it stands in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::Fields => "fields",
            Self::Metrics => "metrics",
            Self::Rollups => "rollups",
            Self::Settings => "settings",
            Self::Versions => "versions",
            Self::Document => "document",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Tables => "Tables",
            Self::Fields => "Fields",
            Self::Metrics => "Metrics",
            Self::Rollups => "Rollups",
            Self::Settings => "Settings",
            Self::Versions => "Versions",
            Self::Document => "Document",
        }
    }

    /// Of the address; unknown names are the first part.
    pub fn current() -> Memo<Self> {
        let query = use_query_map();
        Memo::new(move |_| {
            let name = query.with(|query| query.get("view"));
            let found = Self::ALL
                .into_iter()
                .find(|view| Some(view.as_str()) == name.as_deref());
            found.unwrap_or_default()
        })
    }
}

#[component]
pub fn Views(draft: ModelDraft, current: Memo<ModelView>) -> impl IntoView {
    let count = move |view: ModelView| {
        draft.edited.with(|model| match view {
            ModelView::Tables => Some(model.tables.len()),
            ModelView::Fields => Some(
                model
                    .tables
                    .iter()
                    .map(|table| table.written_dimensions().count())
                    .sum(),
            ),
            ModelView::Metrics => Some(model.metrics.len()),
            ModelView::Rollups => Some(model.rollups.len()),
            ModelView::Settings | ModelView::Versions | ModelView::Document => None,
        })
    };
    view! {
        <nav class="tabs" aria-label="Parts of the model">
            {ModelView::ALL
                .into_iter()
                .map(|view| {
                    view! {
                        <a class="tabs__tab" href=move || draft.address(view) aria-current=move || (current.get() == view).then_some("page")>
                            {view.label()}
                            {move || count(view).map(|count| view! { <span class="tabs__count">{count}</span> })}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}
