//! The open designer: three panes, the bar above, and what listens to the window.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    address,
    canvas::{DragBadge, PageCanvas},
    cross_filter::SelectionChips,
    drag,
    fields_pane::FieldsPane,
    filters::DesignerFilters,
    listen_keys,
    page_tabs::PageTabs,
    properties::PropertiesPane,
    shortcuts::ShortcutsDialog,
    state::Designer,
    top_bar::TopBar,
};
use crate::components::{Icon, IconView};
use crate::page_title::page_title;

#[component]
pub fn DesignerView(designer: Designer) -> impl IntoView {
    address::follow(designer);
    drag::listen(designer);
    listen_keys::listen(designer);
    designer.autosave.listen(designer);
    designer.autosave.adopt(designer);
    let read = designer
        .workspace
        .with_value(|workspace| format!("/w/{workspace}/dashboards/{}", designer.dashboard));
    let title = move || {
        designer
            .document
            .with(|document| page_title(format!("{} · Designer · Sightline", document.title)))
    };
    view! {
        <Title text=title />
        <main class="designer" class:designer--preview=move || designer.preview.get() data-testid="designer">
            <TopBar designer=designer />
            <FieldsPane designer=designer />
            <section class="designer__middle" aria-label="Canvas">
                <div class="designer__filters">
                    <DesignerFilters designer=designer />
                    <SelectionChips designer=designer />
                </div>
                <PageCanvas designer=designer />
                <PageTabs designer=designer />
            </section>
            <PropertiesPane designer=designer />
            <DragBadge designer=designer />
            <ShortcutsDialog designer=designer />
            <div class="visually-hidden" role="status" aria-live="polite" data-testid="spoken">
                {move || designer.spoken.get()}
            </div>
            <div class="designer__phone">
                <IconView icon=Icon::Monitor />
                <h2>"Dashboards are built on a larger screen"</h2>
                <p class="muted">"On this one you can read them."</p>
                <a class="button button--primary" href=read>
                    "Read this dashboard"
                </a>
            </div>
        </main>
    }
}
