//! The pane: which part stands in it depends on the selection.

use leptos::prelude::*;
use shared::{
    dashboard::Content,
    ids::TileId,
    visual::{Visual, VisualKind},
};

use super::{
    build::BuildTab,
    format::FormatTab,
    page_properties::PageProperties,
    selection::{BoxProperties, SeveralProperties},
};
use crate::designer::state::{Designer, PropertiesTab};

/// The selected visual, for the controls of the pane.
#[derive(Clone, Copy)]
pub struct Selected {
    pub designer: Designer,
    pub tile: TileId,
    pub visual: Memo<Option<Visual>>,
}

impl Selected {
    /// A part of the visual, followed.
    pub fn part<T: Clone + PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Visual) -> T + Send + Sync + 'static,
        missing: T,
    ) -> Memo<T> {
        Memo::new(move |_| {
            self.visual
                .with(|visual| visual.as_ref().map_or(missing.clone(), &read))
        })
    }

    pub fn kind(self) -> Memo<VisualKind> {
        self.part(|visual| visual.kind, VisualKind::Kpi)
    }

    /// Changes a copy of the visual and makes it an action.
    pub fn change(self, name: impl Into<String>, change: impl FnOnce(&mut Visual)) {
        if let Some(mut visual) = self.visual.get_untracked() {
            change(&mut visual);
            self.designer.change_visual(self.tile, &visual, name.into());
        }
    }
}

/// What the pane speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Page,
    Visual(TileId),
    /// A text or a frame.
    Box(TileId),
    Several,
}

#[component]
pub fn PropertiesPane(designer: Designer) -> impl IntoView {
    let subject = Memo::new(move |_| {
        let count = designer.selection.with(std::collections::BTreeSet::len);
        match (count, designer.single()) {
            (0, _) => Subject::Page,
            (_, Some(tile)) => designer.document.with(|document| {
                document.tile(tile).map_or(Subject::Page, |found| match &found.content {
                    Content::Visual(_) => Subject::Visual(tile),
                    Content::Text(_) | Content::Frame(_) => Subject::Box(tile),
                })
            }),
            (_, None) => Subject::Several,
        }
    });
    view! {
        <section class="properties" aria-label="Properties" data-testid="properties">
            {move || match subject.get() {
                Subject::Page => view! { <PageProperties designer=designer /> }.into_any(),
                Subject::Visual(tile) => view! { <VisualProperties designer=designer tile=tile /> }.into_any(),
                Subject::Box(tile) => view! { <BoxProperties designer=designer tile=tile /> }.into_any(),
                Subject::Several => view! { <SeveralProperties designer=designer /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn VisualProperties(designer: Designer, tile: TileId) -> impl IntoView {
    let visual = Memo::new(move |_| {
        designer
            .document
            .with(|document| document.tile(tile).and_then(|tile| tile.visual().cloned()))
    });
    let selected = Selected { designer, tile, visual };
    let tab = designer.tab;
    let button = move |own: PropertiesTab, label: &'static str, testid: &'static str| {
        view! {
            <button
                class="properties__tab"
                type="button"
                role="tab"
                data-testid=testid
                aria-selected=move || (tab.get() == own).to_string()
                on:click=move |_| tab.set(own)
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="properties__tabs" role="tablist" aria-label="Properties of the visual">
            {button(PropertiesTab::Build, "Build", "tab-build")} {button(PropertiesTab::Format, "Format", "tab-format")}
        </div>
        <div class="properties__body" role="tabpanel">
            {move || match tab.get() {
                PropertiesTab::Build => view! { <BuildTab selected=selected /> }.into_any(),
                PropertiesTab::Format => view! { <FormatTab selected=selected /> }.into_any(),
            }}
        </div>
    }
}
