//! Numbers with their change.

use std::sync::Arc;

use chart::{
    Theme,
    visual::{FigureTarget, figures, sparkline},
};
use leptos::prelude::*;
use shared::{
    semantic::{Answer, Direction},
    visual::Visual,
};

use super::tone_class;
use crate::components::{Icon, IconView};

/// Width and height of the small course below a number, in px.
const COURSE_PX: (f64, f64) = (160.0, 28.0);

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
                            <span class=format!("kpi__value {}", figure.tone.map(tone_class).unwrap_or_default()) title=figure.exact>{figure.value}</span>
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
                            {figure.target.map(|target| view! { <Target target=target /> })}
                            {figure
                                .course
                                .map(|course| {
                                    let line = sparkline(&course.points, COURSE_PX.0, COURSE_PX.1, &Theme::css());
                                    view! { <div class="kpi__course" title=format!("{} – {}", course.from, course.to) inner_html=line></div> }
                                })}
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// How much of the target is reached, in words and as a bar.
#[component]
fn Target(target: FigureTarget) -> impl IntoView {
    view! {
        <div class="kpi__target">
            <div class="kpi__track" aria-hidden="true">
                <div class="kpi__reached" class:kpi__reached--all=target.reached style:--share=format!("{:.4}", target.share.max(0.0))></div>
            </div>
            <span>{target.text}</span>
        </div>
    }
}
