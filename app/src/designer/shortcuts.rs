//! The list of keys.

use leptos::prelude::*;

use super::{keys::SHORTCUTS, state::Designer};
use crate::components::Dialog;

#[component]
pub fn ShortcutsDialog(designer: Designer) -> impl IntoView {
    view! {
        <Dialog title="Keyboard and mouse" open=designer.shortcuts_open>
            <dl class="shortcuts" data-testid="shortcuts">
                {SHORTCUTS
                    .into_iter()
                    .map(|(keys, what)| {
                        view! {
                            <dt>
                                <kbd>{keys}</kbd>
                            </dt>
                            <dd>{what}</dd>
                        }
                    })
                    .collect_view()}
            </dl>
        </Dialog>
    }
}
