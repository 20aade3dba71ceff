//! All kinds of visuals; a click swaps the selected one, and keeps its fields.

use leptos::prelude::*;
use shared::visual::VisualKind;

use super::pane::Selected;
use crate::components::{Icon, IconView};

pub const fn kind_icon(kind: VisualKind) -> Icon {
    match kind {
        VisualKind::Kpi => Icon::Hash,
        VisualKind::Gauge => Icon::Gauge,
        VisualKind::Bullet => Icon::Target,
        VisualKind::Table => Icon::Table,
        VisualKind::Pivot => Icon::Sheet,
        VisualKind::Treemap => Icon::Blocks,
        VisualKind::Funnel => Icon::Funnel,
        VisualKind::Waterfall => Icon::Steps,
        VisualKind::Sankey => Icon::Waypoints,
        VisualKind::Heatmap => Icon::Grid,
        VisualKind::Calendar => Icon::Calendar,
        VisualKind::Histogram => Icon::Histogram,
        VisualKind::BoxPlot => Icon::Candlestick,
        VisualKind::Choropleth => Icon::Globe,
        VisualKind::PointMap => Icon::MapPin,
        VisualKind::Own => Icon::Braces,
        VisualKind::Column => Icon::BarChart,
        VisualKind::ColumnStacked | VisualKind::ColumnStacked100 => Icon::StackedChart,
        VisualKind::Bar => Icon::BarChartHorizontal,
        VisualKind::BarStacked | VisualKind::BarStacked100 => Icon::StackedBars,
        VisualKind::Line => Icon::LineChart,
        VisualKind::Area | VisualKind::AreaStacked => Icon::AreaChart,
        VisualKind::Combo => Icon::ComboChart,
        VisualKind::Scatter => Icon::ScatterChart,
        VisualKind::Pie => Icon::PieChart,
        VisualKind::Donut => Icon::DonutChart,
    }
}

/// Written beside the icon of kinds that share one.
const fn mark(kind: VisualKind) -> Option<&'static str> {
    match kind {
        VisualKind::ColumnStacked100 | VisualKind::BarStacked100 => Some("%"),
        VisualKind::AreaStacked => Some("+"),
        VisualKind::Kpi
        | VisualKind::Gauge
        | VisualKind::Bullet
        | VisualKind::Table
        | VisualKind::Pivot
        | VisualKind::Treemap
        | VisualKind::Funnel
        | VisualKind::Waterfall
        | VisualKind::Sankey
        | VisualKind::Heatmap
        | VisualKind::Calendar
        | VisualKind::Histogram
        | VisualKind::BoxPlot
        | VisualKind::Choropleth
        | VisualKind::PointMap
        | VisualKind::Own
        | VisualKind::Column
        | VisualKind::ColumnStacked
        | VisualKind::Bar
        | VisualKind::BarStacked
        | VisualKind::Line
        | VisualKind::Area
        | VisualKind::Combo
        | VisualKind::Scatter
        | VisualKind::Pie
        | VisualKind::Donut => None,
    }
}

/// The kind's name in JSON, for test ids.
pub fn kind_name(kind: VisualKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(_) | Err(_) => String::new(),
    }
}

#[component]
pub fn Gallery(selected: Selected) -> impl IntoView {
    let current = selected.kind();
    view! {
        <section class="properties__section">
            <h3>"Visual"</h3>
            <div class="gallery" role="group" aria-label="Kind of visual">
                {VisualKind::ALL
                    .into_iter()
                    .map(|kind| {
                        view! {
                            <button
                                class="gallery__kind"
                                type="button"
                                title=kind.label()
                                aria-label=kind.label()
                                aria-pressed=move || (current.get() == kind).to_string()
                                data-testid=format!("kind-{}", kind_name(kind))
                                on:click=move |_| selected.designer.swap_kind(selected.tile, kind)
                            >
                                <IconView icon=kind_icon(kind) />
                                {mark(kind).map(|mark| view! { <span class="gallery__mark">{mark}</span> })}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        </section>
    }
}
