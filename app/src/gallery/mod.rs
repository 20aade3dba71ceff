//! Components and charts in their states, without a server: for looking at, and for the checks.

mod charts;
mod cloud;
mod controls;

use leptos::prelude::*;

/// The whole page.
#[component]
pub fn Gallery() -> impl IntoView {
    crate::contexts::provide_toasts();
    let theme = RwSignal::new("");
    Effect::new(move |_| {
        let theme = theme.get();
        if let Some(root) = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.document_element())
            && root.set_attribute("data-theme", theme).is_err()
        {
            leptos::logging::warn!("the look could not be changed");
        }
    });
    view! {
        <main class="page gallery">
            <header class="page__head">
                <h1>"Sightline gallery"</h1>
                <div class="row">
                    <button class="button" type="button" on:click=move |_| theme.set("light")>"Light"</button>
                    <button class="button" type="button" on:click=move |_| theme.set("dark")>"Dark"</button>
                </div>
            </header>
            <controls::Controls />
            <cloud::CloudSection />
            <charts::Charts />
        </main>
        <crate::components::ToastList />
    }
}
