//! The pane: which part stands in it depends on the selection.

use leptos::{html, prelude::*};
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

/// Id of what the tabs show.
const PANEL: &str = "properties-panel";

#[component]
fn VisualProperties(designer: Designer, tile: TileId) -> impl IntoView {
    let visual = Memo::new(move |_| {
        designer
            .document
            .with(|document| document.tile(tile).and_then(|tile| tile.visual().cloned()))
    });
    let selected = Selected { designer, tile, visual };
    let tab = designer.tab;
    let (build, format) = (NodeRef::<html::Button>::new(), NodeRef::<html::Button>::new());
    // Of two tabs the other one is next in either direction.
    let turn = move |event: web_sys::KeyboardEvent, own: PropertiesTab| {
        if !matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            return;
        }
        let (other, button) = match own {
            PropertiesTab::Build => (PropertiesTab::Format, format),
            PropertiesTab::Format => (PropertiesTab::Build, build),
        };
        event.prevent_default();
        tab.set(other);
        if button.get_untracked().is_some_and(|button| button.focus().is_err()) {
            leptos::logging::warn!("the tab could not be focused");
        }
    };
    let button = move |own: PropertiesTab, node: NodeRef<html::Button>, label: &'static str, testid: &'static str| {
        view! {
            <button
                class="properties__tab"
                type="button"
                role="tab"
                data-testid=testid
                node_ref=node
                aria-controls=PANEL
                aria-selected=move || (tab.get() == own).to_string()
                tabindex=move || if tab.get() == own { "0" } else { "-1" }
                on:click=move |_| tab.set(own)
                on:keydown=move |event| turn(event, own)
            >
                {label}
            </button>
        }
    };
    let label = move || match tab.get() {
        PropertiesTab::Build => "Build",
        PropertiesTab::Format => "Format",
    };
    view! {
        <div class="properties__tabs" role="tablist" aria-label="Properties of the visual">
            {button(PropertiesTab::Build, build, "Build", "tab-build")}
            {button(PropertiesTab::Format, format, "Format", "tab-format")}
        </div>
        <div id=PANEL class="properties__body" role="tabpanel" aria-label=label>
            {move || match tab.get() {
                PropertiesTab::Build => view! { <BuildTab selected=selected /> }.into_any(),
                PropertiesTab::Format => view! { <FormatTab selected=selected /> }.into_any(),
            }}
        </div>
    }
}
