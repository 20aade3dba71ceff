//! Who uses something of the model.

use leptos::prelude::*;
use shared::semantic::DashboardUsage;

use super::draft::ModelDraft;
use crate::components::{Icon, IconView};

/// `1 dashboard`, `2 dashboards`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// Where a dashboard shows it, and to whom.
fn places(usage: &DashboardUsage) -> String {
    let mut places = Vec::new();
    if usage.draft.is_some() {
        places.push("draft".to_owned());
    }
    if let Some(published) = &usage.published {
        places.push(format!("published with version {}", published.model_version));
    }
    for (count, noun) in [(usage.shares, "link"), (usage.embeds, "frame")] {
        if count > 0 {
            places.push(counted(usize::try_from(count).unwrap_or(usize::MAX), noun));
        }
    }
    places.join(" · ")
}

/// The dashboards as links, each with where it is shown.
#[component]
pub fn UserList(workspace: Memo<String>, users: Vec<DashboardUsage>) -> impl IntoView {
    view! {
        <ul class="users">
            {users
                .into_iter()
                .map(|usage| {
                    let id = usage.id;
                    let places = places(&usage);
                    view! {
                        <li>
                            <IconView icon=Icon::LayoutDashboard />
                            <a href=move || format!("/w/{}/dashboards/{id}", workspace.get())>{usage.title}</a>
                            <span class="muted">{places}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// Closed it says how many, opened which.
#[component]
pub fn UsedBy(draft: ModelDraft, #[prop(into)] uses: Callback<DashboardUsage, bool>) -> impl IntoView {
    let users = Memo::new(move |_| draft.users(|usage| uses.run(usage.clone())));
    move || {
        let found = users.get();
        let known = draft.usage.with(Option::is_some);
        match (known, found.is_empty()) {
            (false, _) => ().into_any(),
            (true, true) => view! { <span class="muted">"Not used"</span> }.into_any(),
            (true, false) => view! {
                <details class="used-by">
                    <summary>{counted(found.len(), "dashboard")}</summary>
                    <UserList workspace=draft.workspace users=found />
                </details>
            }
            .into_any(),
        }
    }
}

/// The whole model's users, as a line under its title.
#[component]
pub fn ModelUsers(draft: ModelDraft) -> impl IntoView {
    move || {
        draft.usage.get().map(|usage| {
            let (found, hidden) = (usage.dashboards, usage.hidden);
            let more = (hidden > 0).then(|| {
                let count = usize::try_from(hidden).unwrap_or(usize::MAX);
                view! { <p class="muted">{format!("And {} given to chosen people only.", counted(count, "dashboard"))}</p> }
            });
            if found.is_empty() && hidden == 0 {
                view! { <p class="muted">"No dashboard uses this model yet."</p> }.into_any()
            } else {
                view! {
                    <details class="used-by">
                        <summary>{format!("Used by {}", counted(found.len(), "dashboard"))}</summary>
                        <UserList workspace=draft.workspace users=found />
                        {more}
                    </details>
                }
                .into_any()
            }
        })
    }
}
