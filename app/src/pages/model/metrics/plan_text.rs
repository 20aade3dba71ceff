//! How a metric is worked out, stage by stage.

use leptos::{prelude::*, task::spawn_local};
use shared::semantic::{MetricSelection, Query};

use crate::{pages::model::draft::ModelDraft, server_fns::query::explain_query};

/// Asked for when it is opened.
#[component]
pub fn PlanText(draft: ModelDraft, metric: String) -> impl IntoView {
    let text = RwSignal::new(None::<String>);
    let metric = StoredValue::new(metric);
    let ask = move |_| {
        if text.with_untracked(Option::is_some) {
            return;
        }
        let workspace = draft.workspace.get_untracked();
        let query = Query {
            model: draft.name.get_value(),
            metrics: vec![MetricSelection::Name(metric.get_value())],
            ..Query::default()
        };
        spawn_local(async move {
            let plan = match explain_query(workspace, query).await {
                Ok(found) if found.sql.is_empty() => found.plan,
                Ok(found) => found.sql.join(";\n\n"),
                Err(error) => error.0.message,
            };
            text.set(Some(plan));
        });
    };
    view! {
        <details class="disclosure" on:toggle=ask>
            <summary>"How it is worked out"</summary>
            <pre class="code-block" tabindex="0">{move || text.get().unwrap_or_else(|| "Planning…".to_owned())}</pre>
        </details>
    }
}
