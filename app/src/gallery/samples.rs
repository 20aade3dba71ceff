//! Answers made up for the gallery: the states a chart must look deliberate in.

use shared::{
    semantic::{Answer, AnswerColumn, CacheState, ColumnRole, Grain},
    table::{Cell, ColumnType},
    visual::{Visual, VisualKind, WellItem},
};

/// What a sample is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    Usual,
    Negative,
    OnePoint,
    LongNames,
    Nulls,
    Many,
}

pub const SAMPLES: [(Sample, &str); 6] = [
    (Sample::Usual, "usual"),
    (Sample::Negative, "with negative values"),
    (Sample::OnePoint, "one point"),
    (Sample::LongNames, "long names"),
    (Sample::Nulls, "with missing values"),
    (Sample::Many, "400 categories"),
];

fn column(name: &str, label: &str, role: ColumnRole, kind: ColumnType, grain: Option<Grain>) -> AnswerColumn {
    AnswerColumn {
        name: name.to_owned(),
        role,
        kind,
        label: label.to_owned(),
        source: None,
        format: None,
        grain,
        good: None,
    }
}

/// Smooth, repeatable numbers between about 20 and 180.
fn value(index: usize, series: usize) -> f64 {
    let (index, series) = (index as f64, series as f64);
    100.0 + 50.0 * (index * 0.7 + series).sin() + 30.0 * (index * 0.23 + series * 2.0).sin()
}

fn member(sample: Sample, index: usize) -> Cell {
    match sample {
        Sample::LongNames => Cell::Text(format!("A category with a really long name, number {}", index + 1)),
        Sample::Nulls if index == 2 => Cell::Null,
        Sample::Usual | Sample::Negative | Sample::OnePoint | Sample::Nulls | Sample::Many => {
            Cell::Text(format!("Item {}", index + 1))
        }
    }
}

fn number(sample: Sample, index: usize, series: usize) -> Cell {
    match sample {
        Sample::Negative if index % 3 == 1 => Cell::Float(-value(index, series)),
        Sample::Nulls if index % 4 == 1 => Cell::Null,
        Sample::Usual | Sample::Negative | Sample::OnePoint | Sample::LongNames | Sample::Nulls | Sample::Many => {
            Cell::Float(value(index, series))
        }
    }
}

/// A visual of a kind with an answer that fits it.
pub fn sample(kind: VisualKind, sample: Sample) -> (Visual, Answer) {
    let mut visual = Visual::new(kind);
    let count = match sample {
        Sample::OnePoint => 1,
        Sample::Many => 400,
        Sample::Usual | Sample::Negative | Sample::LongNames | Sample::Nulls => 8,
    };
    let timed = matches!(kind, VisualKind::Line | VisualKind::Area | VisualKind::AreaStacked);
    let split = matches!(
        kind,
        VisualKind::ColumnStacked
            | VisualKind::ColumnStacked100
            | VisualKind::BarStacked
            | VisualKind::BarStacked100
            | VisualKind::AreaStacked
    );
    let measures: &[&str] = match kind {
        VisualKind::Scatter | VisualKind::Combo => &["Revenue", "Cost"],
        _ => &["Revenue"],
    };
    let item = if timed {
        WellItem::time("t.day", Grain::Month)
    } else {
        WellItem::dimension("t.item")
    };
    match kind {
        VisualKind::Kpi => {}
        VisualKind::Pie | VisualKind::Donut => visual.wells.legend = vec![item],
        VisualKind::Scatter => visual.wells.detail = vec![item],
        _ => visual.wells.axis = vec![item],
    }
    if split {
        visual.wells.legend = vec![WellItem::dimension("t.channel")];
    }
    match kind {
        VisualKind::Scatter => {
            visual.wells.x = vec![WellItem::metric("revenue")];
            visual.wells.y = vec![WellItem::metric("cost")];
        }
        VisualKind::Combo => {
            visual.wells.values = vec![WellItem::metric("revenue")];
            visual.wells.line_values = vec![WellItem::metric("cost")];
        }
        _ => visual.wells.values = vec![WellItem::metric("revenue")],
    }
    let mut columns = Vec::new();
    if kind != VisualKind::Kpi {
        columns.push(if timed {
            column(
                "day",
                "Month",
                ColumnRole::Dimension,
                ColumnType::Date,
                Some(Grain::Month),
            )
        } else {
            column("item", "Item", ColumnRole::Dimension, ColumnType::String, None)
        });
    }
    if split {
        columns.push(column(
            "channel",
            "Channel",
            ColumnRole::Dimension,
            ColumnType::String,
            None,
        ));
    }
    columns.extend(measures.iter().map(|label| {
        column(
            &label.to_lowercase(),
            label,
            ColumnRole::Metric,
            ColumnType::Number,
            None,
        )
    }));
    let count = if kind == VisualKind::Kpi { 1 } else { count };
    let series = if split { 3 } else { 1 };
    let mut rows = Vec::new();
    for index in 0..count {
        for part in 0..series {
            let mut row = Vec::new();
            if kind != VisualKind::Kpi {
                row.push(if timed {
                    Cell::Text(format!("{:04}-{:02}-01", 1990 + index / 12, index % 12 + 1))
                } else {
                    member(sample, index)
                });
            }
            if split {
                row.push(Cell::Text(
                    ["Web", "Store", "Phone"]
                        .get(part)
                        .copied()
                        .unwrap_or_default()
                        .to_owned(),
                ));
            }
            row.extend(
                measures
                    .iter()
                    .enumerate()
                    .map(|(measure, _)| number(sample, index, part + measure * 3)),
            );
            rows.push(row);
        }
    }
    let answer = Answer {
        columns,
        rows,
        version: 1,
        as_of: "2026-01-01T00:00:00Z".to_owned(),
        cache: CacheState::Miss,
        ..Answer::default()
    };
    (visual, answer)
}
