//! Recovery codes, the one time they can be seen.

use leptos::prelude::*;

use super::{CopyButton, Icon, IconView, Notice, NoticeKind};
use crate::browser;

#[component]
pub fn NewRecoveryCodes(
    codes: Vec<String>,
    /// The person says that they are kept.
    #[prop(into)]
    on_kept: Callback<()>,
) -> impl IntoView {
    let text = codes.join("\n");
    let file = format!("Recovery codes for Sightline. Each works once.\n\n{text}\n");
    view! {
        <Notice kind=NoticeKind::Good>
            <span class="notice__title">"Keep these recovery codes; they are not shown again."</span>
            <span>"Each signs you in once when your phone or passkey is lost. Print them, or put them into a password manager."</span>
            <ul class="codes" data-testid="recovery-codes">{codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}</ul>
            <div class="row">
                <CopyButton text=text />
                <button class="button" type="button" on:click=move |_| browser::save_text("sightline-recovery-codes.txt", &file)><IconView icon=Icon::Download />"Download"</button>
                <button class="button" type="button" on:click=move |_| on_kept.run(())>"I have kept them"</button>
            </div>
        </Notice>
    }
}
