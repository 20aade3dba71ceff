//! A pivot table: groups down and across, every total aggregated again.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{dashboard::Selection, semantic::Answer, visual::Visual};

use super::MarkClick;

#[component]
pub fn PivotTable(
    visual: Arc<Visual>,
    answer: Arc<Answer>,
    #[prop(into)] selection: Signal<Option<Selection>>,
    #[prop(optional_no_strip)] on_mark: Option<Callback<MarkClick>>,
) -> impl IntoView {
    let _ = (visual, answer, selection, on_mark);
}
