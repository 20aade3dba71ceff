use leptos::prelude::*;
use shared::access::ObjectAccess;

use super::{draft::Draft, form::AccessForm, people::SeenBy};
use crate::{components::loaded, rest};

/// Whom an object is given to, and who sees it for which reason. For dialogs, which the browser opens.
#[component]
pub fn AccessPanel(
    /// Address of the object in the REST API.
    base: String,
    /// Address part of its workspace.
    workspace: String,
    /// Told what was saved: whether only chosen people see it.
    #[prop(optional)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let (address, workspace) = (StoredValue::new(format!("{base}/access")), StoredValue::new(workspace));
    let access = LocalResource::new(move || {
        let address = address.get_value();
        async move { rest::get::<ObjectAccess>(&address).await }
    });
    view! {
        <Suspense fallback=|| view! { <p class="muted">"Loading …"</p> }>
            {move || Suspend::new(async move {
                loaded(
                    access.await,
                    move |access| {
                        let draft = Draft::new(access);
                        view! {
                            <AccessForm draft=draft address=address workspace=workspace on_change=on_change />
                            <SeenBy draft=draft />
                        }
                    },
                )
            })}
        </Suspense>
    }
}
