//! What a reader has done to one tile's chart on their own screen. It outlives the chart, which is made anew when other
//! numbers come.

use std::sync::Arc;

use chart::visual::{MarkSource, View};
use leptos::{html, prelude::*};
use shared::{dashboard::SelectionValue, semantic::Answer, visual::Visual};

use super::{range::Stretch, values_of};

#[derive(Clone, Copy, Default)]
pub struct Exploring {
    /// Series that were switched off.
    pub hidden: RwSignal<Vec<String>>,
    /// The stretch of the axis that is looked at more closely.
    pub zoom: RwSignal<Option<Stretch>>,
    /// The part of the plane that is looked at, of a cloud.
    pub view: RwSignal<Option<View>>,
    /// What all this was done to.
    visual: StoredValue<Option<Arc<Visual>>>,
    /// The chart before had the keyboard's focus, maybe on a mark.
    focus: StoredValue<Option<Focus>>,
}

/// A mark, as it can be found again among other numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkName {
    groups: Vec<SelectionValue>,
    column: usize,
}

#[derive(Clone)]
struct Focus {
    mark: Option<MarkName>,
}

impl MarkName {
    pub fn of(visual: &Visual, answer: &Answer, source: MarkSource) -> Option<Self> {
        Some(Self {
            groups: values_of(visual, answer, answer.rows.get(source.row)?),
            column: source.column,
        })
    }
}

impl Exploring {
    /// A chart of `visual` begins. What was done to another visual (one that was drilled into) means nothing for it.
    pub fn begin(self, visual: &Arc<Visual>) {
        let known = self.visual.get_value();
        if known.is_some_and(|known| known != *visual) {
            self.hidden.set(Vec::new());
            self.zoom.set(None);
            self.view.set(None);
        }
        self.visual.set_value(Some(visual.clone()));
    }

    /// Gives the focus that the chart before had to `element`, once it is there, and tells `on_mark` which mark it was on;
    /// and keeps it, with what `mark` says then, when this chart goes.
    pub fn hand_on_focus(
        self,
        element: NodeRef<html::Div>,
        mark: impl Fn() -> Option<MarkName> + Send + Sync + 'static,
        on_mark: impl Fn(MarkName) + 'static,
    ) {
        Effect::new(move |_| {
            let Some(element) = element.get() else { return };
            let Some(focus) = self.focus.get_value() else { return };
            self.focus.set_value(None);
            if let Err(error) = element.focus() {
                leptos::logging::warn!("the chart could not be given the focus: {error:?}");
            }
            if let Some(mark) = focus.mark {
                on_mark(mark);
            }
        });
        on_cleanup(move || {
            if has_focus(element) {
                self.focus.try_set_value(Some(Focus { mark: mark() }));
            }
        });
    }
}

/// Do the keys go to this element? Never on a server.
pub fn has_focus(element: NodeRef<html::Div>) -> bool {
    let Some(own) = element.try_get_untracked().flatten() else {
        return false;
    };
    let focused = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.active_element());
    focused.is_some_and(|focused| own.is_same_node(Some(&focused)))
}
