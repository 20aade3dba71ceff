//! Buttons, fields, notices, menus, dialogs.

use leptos::prelude::*;

use crate::{
    components::{Check, Dialog, Empty, Field, Icon, IconView, Menu, Notice, NoticeKind},
    contexts::use_toasts,
};

#[component]
pub fn Controls() -> impl IntoView {
    let toasts = use_toasts();
    let (checked, open) = (RwSignal::new(true), RwSignal::new(false));
    view! {
        <section class="card stack">
            <h2>"Controls"</h2>
            <div class="row">
                <button class="button button--primary" type="button">"Primary"</button>
                <button class="button" type="button"><IconView icon=Icon::Plus />"Default"</button>
                <button class="button button--quiet" type="button">"Quiet"</button>
                <button class="button button--danger" type="button">"Danger"</button>
                <button class="button" type="button" disabled=true>"Disabled"</button>
                <Menu label="More"><button class="menu__item" type="button" role="menuitem">"An item"</button></Menu>
                <button class="button" type="button" on:click=move |_| open.set(true)>"Dialog"</button>
                <button class="button" type="button" on:click=move |_| toasts.say_with("Moved to the bin.", "Undo", || {})>"Message"</button>
            </div>
            <div class="row">
                <Field label="A field" hint="With a hint."><input class="input" value="Text" /></Field>
                <Field label="A wrong field" error="This is not a number."><input class="input" value="x" aria-invalid="true" /></Field>
                <Check label="A check box" checked=checked />
            </div>
            <Notice kind=NoticeKind::Info><span>"Something to know."</span></Notice>
            <Notice kind=NoticeKind::Good><span>"Something went well."</span></Notice>
            <Notice kind=NoticeKind::Warning><span>"Something to look at."</span></Notice>
            <Notice kind=NoticeKind::Error><span>"Something went wrong, and what to do."</span></Notice>
            <Empty icon=Icon::LayoutDashboard title="Nothing here yet" text="What belongs here, and the button for it."><button class="button button--primary" type="button">"Make one"</button></Empty>
            <Dialog title="A dialog" open=open><p>"Escape closes it."</p></Dialog>
        </section>
    }
}
