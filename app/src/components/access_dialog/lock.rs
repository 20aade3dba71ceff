use leptos::prelude::*;

use super::words::ONLY_CHOSEN;
use crate::components::{Icon, IconView};

/// Beside the name of what only chosen people see.
#[component]
pub fn OnlyChosen() -> impl IntoView {
    view! { <span class="access__lock" title=ONLY_CHOSEN><IconView icon=Icon::Lock /><span class="visually-hidden">{ONLY_CHOSEN}</span></span> }
}
