use leptos::prelude::*;
use shared::access::ObjectAccess;

use super::{
    add_grant::AddGrant,
    choice::Choice,
    draft::Draft,
    grants::Grants,
    words::{EVERYBODY, ONLY_CHOSEN_AND_OWNERS},
};
use crate::{
    WireError,
    components::{FormProblem, Notice, NoticeKind},
    contexts::use_confirmation,
    rest,
};

/// The rights on an object: a form for those who may change them, the same in words for others.
#[component]
pub fn AccessForm(
    draft: Draft,
    /// Where they are read and saved.
    address: StoredValue<String>,
    workspace: StoredValue<String>,
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    if !draft.may_change() {
        let words = if draft.restricted.get_untracked() {
            ONLY_CHOSEN_AND_OWNERS
        } else {
            EVERYBODY
        };
        return view! { <p>{words}"."</p> <Grants draft=draft /> }.into_any();
    }
    let confirmation = use_confirmation();
    let problem = RwSignal::new(None::<WireError>);
    let said = RwSignal::new(false);
    let save = crate::browser::action(move |(): &()| {
        let (address, update) = (address.get_value(), draft.update());
        async move {
            problem.set(None);
            said.set(false);
            match confirmation
                .run(|| rest::send::<_, ObjectAccess>("PUT", &address, &update, None))
                .await
            {
                Ok(access) => {
                    if let Some(on_change) = on_change {
                        on_change.try_run(access.restricted);
                    }
                    draft.take(access);
                    said.set(true);
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); save.dispatch(()); }>
            <Choice restricted=draft.restricted />
            <Grants draft=draft />
            <AddGrant draft=draft workspace=workspace />
            <FormProblem problem=problem />
            // In place of a toast, which would lie under the dialog.
            {move || (said.get() && !draft.changed()).then(|| view! { <Notice kind=NoticeKind::Good>"Saved. It holds from the next request on."</Notice> })}
            <div class="row">
                <button class="button button--primary" type="submit" disabled=move || !draft.changed() || save.pending().get()>"Save"</button>
            </div>
        </form>
    }
    .into_any()
}
