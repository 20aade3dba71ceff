//! Model roles and attributes of a member: what the access rules of models ask for.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::{
    account::{MemberInfo, MemberUpdate},
    ids::UserId,
};

use crate::components::{Dialog, RowRules, RowRulesFields, row_rules_words};

/// In few words, for the list; empty when there are none.
pub fn summary(member: &MemberInfo) -> String {
    row_rules_words(
        member.roles.as_deref().unwrap_or_default(),
        member.attributes.as_ref().unwrap_or(&BTreeMap::new()),
    )
}

/// The dialog that changes them.
#[component]
pub fn RowRulesDialog(
    member: MemberInfo,
    open: RwSignal<bool>,
    on_save: Callback<(UserId, MemberUpdate)>,
) -> impl IntoView {
    let (user, role) = (member.user, member.role);
    let rules = RowRules::new(&member.roles.unwrap_or_default(), member.attributes.unwrap_or_default());
    let save = move |_| {
        open.set(false);
        on_save.run((
            user,
            MemberUpdate {
                role,
                roles: Some(rules.roles()),
                attributes: Some(rules.attributes()),
            },
        ));
    };
    view! {
        <Dialog
            title=format!("What rows {} sees", member.name)
            open=open
            foot=move || view! { <button class="button button--primary" type="button" on:click=save>"Save"</button> }
        >
            <div class="stack">
                <p class="muted">"Access rules of models ask for these. Without a rule in a model they change nothing."</p>
                <RowRulesFields rules=rules />
            </div>
        </Dialog>
    }
}
