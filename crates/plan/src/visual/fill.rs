//! Buckets without rows: when a visual over time shows them.
//!
//! Columns get every bucket, so that their places are even; a missing sum draws nothing. Lines and areas get them too and
//! show a missing sum as 0, since nothing happened then; averages and the like break the line. Lines do not run on at 0
//! into a part of the range that lies ahead (`this year`, `next month`). Grains finer than a day are never filled.

use shared::{
    semantic::{
        Aggregation, Condition, Empty, Fill, FillDimensions, Grain, MetricKind, MetricSelection, Model, TimeRange,
    },
    visual::{VisualKind, WellName},
};

use super::outputs::Output;

/// What to fill, and whether sums then show 0.
pub fn fill(kind: VisualKind, outputs: &[Output<'_>], conditions: &[Condition]) -> Option<(Fill, bool)> {
    let is_line = match kind {
        VisualKind::Line | VisualKind::Area | VisualKind::AreaStacked | VisualKind::Kpi => true,
        VisualKind::Column | VisualKind::ColumnStacked | VisualKind::ColumnStacked100 | VisualKind::Combo => false,
        VisualKind::Table
        | VisualKind::Pivot
        | VisualKind::Bar
        | VisualKind::BarStacked
        | VisualKind::BarStacked100
        | VisualKind::Scatter
        | VisualKind::Pie
        | VisualKind::Donut
        | VisualKind::Heatmap
        | VisualKind::Histogram
        | VisualKind::BoxPlot
        | VisualKind::Waterfall
        | VisualKind::Funnel
        | VisualKind::Gauge
        | VisualKind::Bullet
        | VisualKind::Treemap
        | VisualKind::Sankey
        | VisualKind::Calendar
        | VisualKind::Choropleth
        | VisualKind::PointMap
        | VisualKind::Own => return None,
    };
    let times: Vec<&Output<'_>> = outputs
        .iter()
        .filter(|output| !output.is_measure && (output.item.grain.is_some() || output.item.part.is_some()))
        .collect();
    // One bucket dimension, on the axis; a second time in the legend has no unbroken order to fill.
    let [axis] = times.as_slice() else { return None };
    let filled = matches!(axis.well, WellName::Axis | WellName::Trend)
        && axis.item.grain.is_some_and(|grain| grain >= Grain::Day);
    let has_measure = outputs.iter().any(|output| output.is_measure);
    let ahead = conditions.iter().any(reaches_ahead);
    (filled && has_measure && !(is_line && ahead)).then_some((
        Fill {
            time: true,
            dimensions: FillDimensions::All,
        },
        is_line,
    ))
}

fn reaches_ahead(condition: &Condition) -> bool {
    match condition {
        Condition::And { and: list } | Condition::Or { or: list } => list.iter().any(reaches_ahead),
        Condition::Not { .. } | Condition::Segment { .. } | Condition::Row(_) | Condition::Metric(_) => false,
        Condition::Field(field) => matches!(field.range, Some(TimeRange::This(_) | TimeRange::Next(_))),
    }
}

/// Sums of the query show 0 where nothing happened, unless the model says otherwise.
pub fn sums_show_zero(metrics: &mut [MetricSelection], model: &Model) {
    for metric in metrics {
        match metric {
            MetricSelection::Name(_) => {}
            MetricSelection::Metric(metric) => {
                let definition = model.metric(&metric.metric);
                let is_sum = definition.is_some_and(|definition| {
                    definition.empty.is_none()
                        && matches!(&definition.kind, MetricKind::Simple(simple) if simple.agg == Aggregation::Sum)
                });
                if is_sum {
                    metric.empty = Some(Empty::Zero);
                }
            }
            MetricSelection::Column(column) => {
                if column.agg == Aggregation::Sum {
                    column.empty = Some(Empty::Zero);
                }
            }
        }
    }
}
