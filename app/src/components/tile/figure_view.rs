//! Numbers with their change.

use std::sync::Arc;

use chart::visual::figures;
use leptos::prelude::*;
use shared::{
    semantic::{Answer, Direction},
    visual::Visual,
};

use crate::components::{Icon, IconView};

#[component]
pub fn FigureView(visual: Arc<Visual>, answer: Arc<Answer>) -> impl IntoView {
    let figures = figures(&visual, &answer);
    let single = figures.len() == 1;
    view! {
        <div class="kpi">
            {figures
                .into_iter()
                .map(|figure| {
                    view! {
                        <div class="kpi__item">
                            <span class="kpi__value" title=figure.exact>{figure.value}</span>
                            {(!single).then(|| view! { <span class="kpi__label">{figure.label}</span> })}
                            {figure
                                .change
                                .map(|change| {
                                    let class = match change.good {
                                        Some(true) => "kpi__change kpi__change--good",
                                        Some(false) => "kpi__change kpi__change--bad",
                                        None => "kpi__change",
                                    };
                                    let icon = change
                                        .direction
                                        .map(|direction| match direction {
                                            Direction::Up => Icon::ArrowUp,
                                            Direction::Down => Icon::ArrowDown,
                                        });
                                    view! {
                                        <span class=class>
                                            {icon.map(|icon| view! { <IconView icon=icon /> })}
                                            {change.text} " " {change.against}
                                        </span>
                                    }
                                })}
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}
