//! An answer made up for every kind of visual in the states it must look deliberate in.

use serde_json::json;
use shared::{
    semantic::{Aggregation, Answer, AnswerColumn, CacheState, ColumnRole, Grain, TotalRows},
    table::{Cell, ColumnType},
    visual::{Family, Visual, VisualKind, WellItem, WellName},
};

use crate::math;

/// What a sample is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    Usual,
    Negative,
    OnePoint,
    NoPoints,
    LongNames,
    /// Some values are missing, and a member.
    Nulls,
    AllNull,
    /// 400 members, 10 years of days.
    Many,
}

impl Sample {
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Usual, "usual"),
        (Self::Negative, "with negative values"),
        (Self::OnePoint, "one point"),
        (Self::NoPoints, "no points"),
        (Self::LongNames, "long names"),
        (Self::Nulls, "with missing values"),
        (Self::AllNull, "only missing values"),
        (Self::Many, "very many points"),
    ];
}

/// What a column of the answer holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Item,
    Channel,
    Stage(usize),
    Country,
    Month,
    Day,
    Range,
    Degrees(usize),
    Number(usize),
}

/// A well and what its column holds.
type Place = (WellName, Holds);

/// The wells of a kind, dimensions first in their order, then values.
fn places(kind: VisualKind) -> &'static [Place] {
    use Holds::{Channel, Country, Day, Degrees, Item, Month, Number, Range, Stage};
    use WellName::{Axis, Columns, Detail, Latitude, Legend, LineValues, Longitude, Size, Target, Values, X, Y};
    match kind {
        VisualKind::Kpi => &[(Values, Number(0))],
        VisualKind::Gauge => &[(Values, Number(0)), (Target, Number(1))],
        VisualKind::Bullet => &[(Axis, Item), (Values, Number(0)), (Target, Number(1))],
        VisualKind::Table => &[(Axis, Item), (Values, Number(0)), (Values, Number(1))],
        VisualKind::Pivot => &[(Axis, Item), (Columns, Channel), (Values, Number(0))],
        VisualKind::Column | VisualKind::Bar | VisualKind::Waterfall | VisualKind::Funnel => {
            &[(Axis, Item), (Values, Number(0))]
        }
        VisualKind::ColumnStacked
        | VisualKind::ColumnStacked100
        | VisualKind::BarStacked
        | VisualKind::BarStacked100 => &[(Axis, Item), (Legend, Channel), (Values, Number(0))],
        VisualKind::Line | VisualKind::Area => &[(Axis, Month), (Values, Number(0))],
        VisualKind::AreaStacked => &[(Axis, Month), (Legend, Channel), (Values, Number(0))],
        VisualKind::Combo => &[(Axis, Item), (Values, Number(0)), (LineValues, Number(1))],
        VisualKind::Scatter => &[(Detail, Item), (X, Number(0)), (Y, Number(1))],
        VisualKind::Pie | VisualKind::Donut => &[(Legend, Item), (Values, Number(0))],
        VisualKind::Heatmap => &[(Axis, Channel), (Columns, Item), (Values, Number(0))],
        VisualKind::Histogram => &[(Axis, Range), (Values, Number(0))],
        VisualKind::BoxPlot => &[
            (Axis, Item),
            (Values, Number(10)),
            (Values, Number(11)),
            (Values, Number(12)),
            (Values, Number(13)),
            (Values, Number(14)),
        ],
        VisualKind::Treemap => &[(Axis, Channel), (Axis, Item), (Values, Number(0))],
        VisualKind::Sankey => &[
            (Axis, Stage(0)),
            (Axis, Stage(1)),
            (Axis, Stage(2)),
            (Values, Number(0)),
        ],
        VisualKind::Calendar => &[(Axis, Day), (Values, Number(0))],
        VisualKind::Choropleth => &[(Axis, Country), (Values, Number(0))],
        VisualKind::PointMap => &[
            (Latitude, Degrees(0)),
            (Longitude, Degrees(1)),
            (Detail, Item),
            (Size, Number(0)),
        ],
        VisualKind::Own => &[(Axis, Item), (Values, Number(0))],
    }
}

const CHANNELS: [&str; 3] = ["Web", "Store", "Phone"];
const COUNTRIES: [&str; 8] = [
    "Germany",
    "France",
    "Brazil",
    "India",
    "United States",
    "Japan",
    "South Africa",
    "Australia",
];
/// Latitude and longitude of the same.
const CITIES: [[f64; 2]; 8] = [
    [52.5, 13.4],
    [48.9, 2.35],
    [-23.5, -46.6],
    [28.6, 77.2],
    [40.7, -74.0],
    [35.7, 139.7],
    [-33.9, 18.4],
    [-33.9, 151.2],
];
const STAGES: [[&str; 3]; 3] = [
    ["Advert", "Search", "Letter"],
    ["Home page", "Product", "Basket"],
    ["Bought", "Left", "Asked"],
];

/// Smooth, repeatable numbers between about 20 and 180.
fn value(index: usize, series: usize) -> f64 {
    let (index, series) = (index as f64, series as f64);
    100.0 + 50.0 * math::sin(index * 0.7 + series) + 30.0 * math::sin(index * 0.23 + series * 2.0)
}

fn number(sample: Sample, kind: VisualKind, index: usize, series: usize) -> Cell {
    let plain = match (kind, series) {
        // The five numbers of a box, each above the one before.
        (VisualKind::BoxPlot, 10..) => {
            let ways = (10..series).map(|below| 5.0 + value(index, below) / 10.0);
            value(index, 0) + ways.sum::<f64>()
        }
        (VisualKind::Funnel, _) => 1_000.0 / (index as f64 + 1.0),
        (VisualKind::Histogram, _) => {
            let from_middle = (index as f64 - 4.0) / 2.0;
            math::round(400.0 * math::exp(-from_middle * from_middle / 2.0))
        }
        (VisualKind::Waterfall, _) => value(index, 0) - 80.0,
        _ => value(index, series),
    };
    match sample {
        Sample::Negative if index % 3 == 1 => Cell::Float(-plain),
        Sample::Nulls if index % 4 == 1 => Cell::Null,
        Sample::AllNull => Cell::Null,
        Sample::Usual
        | Sample::Negative
        | Sample::OnePoint
        | Sample::NoPoints
        | Sample::LongNames
        | Sample::Nulls
        | Sample::Many => Cell::Float(plain),
    }
}

fn member(sample: Sample, holds: Holds, index: usize) -> Cell {
    let long = sample == Sample::LongNames;
    let text = |name: &str| {
        Cell::Text(if long {
            format!("A member with a really long name, {name}")
        } else {
            name.to_owned()
        })
    };
    match holds {
        Holds::Item if sample == Sample::Nulls && index == 2 => Cell::Null,
        Holds::Item => text(&format!("Item {}", index + 1)),
        Holds::Channel => text(CHANNELS.get(index % CHANNELS.len()).copied().unwrap_or_default()),
        Holds::Stage(stage) => {
            let position = (index / 3_usize.pow(u32::try_from(stage).unwrap_or_default())) % 3;
            text(
                STAGES
                    .get(stage)
                    .and_then(|names| names.get(position))
                    .copied()
                    .unwrap_or_default(),
            )
        }
        Holds::Country => match COUNTRIES.get(index) {
            Some(name) => Cell::Text((*name).to_owned()),
            None => Cell::Text(format!("Nowhere {index}")),
        },
        Holds::Month => Cell::Text(format!("{:04}-{:02}-01", 1990 + index / 12, index % 12 + 1)),
        Holds::Day => Cell::Text(day(index)),
        Holds::Range => Cell::Float(index as f64 * 10.0),
        Holds::Degrees(axis) => {
            let degrees = CITIES
                .get(index % CITIES.len())
                .and_then(|city| city.get(axis))
                .copied();
            Cell::Float(degrees.unwrap_or_default() + (index / CITIES.len()) as f64 * 0.3)
        }
        Holds::Number(_) => Cell::Null,
    }
}

/// Days from 2 January 2024 on.
fn day(index: usize) -> String {
    const MS: f64 = 86_400_000.0;
    const START: f64 = 1_704_153_600_000.0;
    crate::format::time::format("%Y-%m-%d", START + index as f64 * MS)
}

fn column(name: String, label: &str, role: ColumnRole, kind: ColumnType) -> AnswerColumn {
    AnswerColumn {
        name,
        role,
        kind,
        label: label.to_owned(),
        source: None,
        format: None,
        grain: None,
        part: None,
        bin: None,
        good: None,
        finer: Vec::new(),
    }
}

fn column_of(position: usize, holds: Holds) -> AnswerColumn {
    let name = format!("c{position}");
    let dimension = |label, kind| column(name.clone(), label, ColumnRole::Dimension, kind);
    match holds {
        Holds::Item => dimension("Item", ColumnType::String),
        Holds::Channel => dimension("Channel", ColumnType::String),
        Holds::Stage(_) => dimension("Step", ColumnType::String),
        Holds::Country => dimension("Country", ColumnType::String),
        Holds::Month => AnswerColumn {
            grain: Some(Grain::Month),
            ..dimension("Month", ColumnType::Date)
        },
        Holds::Day => AnswerColumn {
            grain: Some(Grain::Day),
            ..dimension("Day", ColumnType::Date)
        },
        Holds::Range => AnswerColumn {
            bin: Some(10.0),
            ..dimension("Amount", ColumnType::Number)
        },
        Holds::Degrees(axis) => dimension(if axis == 0 { "Latitude" } else { "Longitude" }, ColumnType::Number),
        Holds::Number(series) => {
            let label = match series {
                0 => "Revenue",
                1 => "Cost",
                _ => shared::visual::BOX_LABELS.get(series - 10).copied().unwrap_or_default(),
            };
            column(name, label, ColumnRole::Metric, ColumnType::Number)
        }
    }
}

/// Indices of the members in each dimension, one list per row.
fn members(kind: VisualKind, sample: Sample, dimensions: &[Place]) -> Vec<Vec<usize>> {
    let along = match (sample, kind.family()) {
        (Sample::NoPoints, _) => 0,
        (Sample::OnePoint, _) => 1,
        (Sample::Many, Family::Calendar) => 3_653,
        (Sample::Many, _) => 400,
        (_, Family::Calendar) => 500,
        (_, Family::Histogram) => 10,
        (_, Family::Lines) => 24,
        (_, Family::Funnel) => 5,
        _ => 8,
    };
    let across = if sample == Sample::OnePoint { 1 } else { CHANNELS.len() };
    match dimensions {
        [] => vec![Vec::new()],
        // A legend, rows of a pivot table or columns of a heatmap: every combination.
        [(_, Holds::Channel), (_, Holds::Item)] => {
            let pairs = (0..across).flat_map(|channel| (0..along).map(move |item| vec![channel, item]));
            pairs.collect()
        }
        [_, (_, Holds::Channel)] => {
            let pairs = (0..along).flat_map(|item| (0..across).map(move |channel| vec![item, channel]));
            pairs.collect()
        }
        [(_, Holds::Stage(_)), ..] => {
            let flows = if sample == Sample::OnePoint {
                1
            } else if along == 0 {
                0
            } else {
                27
            };
            (0..flows).map(|index| vec![index; dimensions.len()]).collect()
        }
        _ => (0..along).map(|index| vec![index; dimensions.len()]).collect(),
    }
}

/// A visual of a kind with an answer that fits it.
pub fn sample(kind: VisualKind, sample: Sample) -> (Visual, Answer) {
    let mut visual = Visual::new(kind);
    let places = places(kind);
    let dimensions: Vec<Place> = places
        .iter()
        .copied()
        .filter(|(_, holds)| !matches!(holds, Holds::Number(_)))
        .collect();
    let mut columns = Vec::new();
    for (position, (well, holds)) in places.iter().enumerate() {
        let made = column_of(position, *holds);
        let item = match holds {
            Holds::Number(11..) => None,
            Holds::Number(10) => Some(WellItem::aggregate("t.amount", Aggregation::Sum)),
            Holds::Number(_) => Some(WellItem::metric(made.name.clone())),
            Holds::Month => Some(WellItem::time("t.day", Grain::Month)),
            Holds::Day => Some(WellItem::time("t.day", Grain::Day)),
            _ => Some(WellItem::dimension(format!("t.{}", made.name))),
        };
        visual.wells.get_mut(*well).extend(item);
        columns.push(made);
    }
    if kind == VisualKind::Own {
        visual.format.spec = Some(json!({
            "mark": { "type": "bar", "cornerRadiusEnd": 3 },
            "encoding": {
                "y": { "field": "c0", "type": "nominal", "sort": "-x", "title": null },
                "x": { "field": "c1", "type": "quantitative", "title": "Revenue" },
            },
        }));
    }
    let rows: Vec<Vec<Cell>> = members(kind, sample, &dimensions)
        .into_iter()
        .enumerate()
        .map(|(row, indices)| {
            let mut indices = indices.into_iter();
            let seed = row;
            let cell = |(_, holds): &Place| match holds {
                Holds::Number(series) => number(sample, kind, seed, *series),
                _ => member(sample, *holds, indices.next().unwrap_or_default()),
            };
            places.iter().map(cell).collect()
        })
        .collect();
    let answer = Answer {
        totals: totals(kind, &columns, &rows),
        columns,
        rows,
        version: 1,
        as_of: "2026-01-01T00:00:00Z".to_owned(),
        cache: CacheState::Miss,
        ..Answer::default()
    };
    (visual, answer)
}

/// A visual of a kind that has small multiples, one for each of `count` members.
pub fn divided(kind: VisualKind, count: usize) -> (Visual, Answer) {
    let (mut visual, whole) = sample(kind, Sample::Usual);
    visual.wells.small_multiples = vec![WellItem::dimension("t.region")];
    let position = whole
        .columns
        .iter()
        .filter(|column| column.role == ColumnRole::Dimension)
        .count();
    let mut columns = whole.columns;
    columns.insert(
        position,
        column("region".to_owned(), "Region", ColumnRole::Dimension, ColumnType::String),
    );
    let rows = (0..count).flat_map(|member| {
        let share = 0.4 + 0.3 * (1.0 + math::sin(member as f64 * 2.0));
        whole.rows.iter().map(move |row| {
            let (dimensions, values) = row.split_at(position.min(row.len()));
            let values = values.iter().map(|cell| match cell {
                Cell::Float(number) => Cell::Float(number * share),
                Cell::Null | Cell::Bool(_) | Cell::Int(_) | Cell::Text(_) => cell.clone(),
            });
            let name = Cell::Text(format!("Region {}", member + 1));
            dimensions.iter().cloned().chain([name]).chain(values).collect()
        })
    });
    let rows = rows.collect();
    (
        visual,
        Answer {
            columns,
            rows,
            totals: Vec::new(),
            ..whole
        },
    )
}

/// Sums of a pivot table's rows, columns and all: these values are additive.
fn totals(kind: VisualKind, columns: &[AnswerColumn], rows: &[Vec<Cell>]) -> Vec<TotalRows> {
    if kind != VisualKind::Pivot {
        return Vec::new();
    }
    let lists: [&[usize]; 3] = [&[], &[0], &[1]];
    lists
        .into_iter()
        .map(|kept| {
            let mut sums: Vec<Vec<Cell>> = Vec::new();
            for row in rows {
                let key = |at: usize| {
                    if kept.contains(&at) {
                        row.get(at).cloned().unwrap_or(Cell::Null)
                    } else {
                        Cell::Null
                    }
                };
                let (first, second) = (key(0), key(1));
                let amount = row.get(2).and_then(Cell::as_f64);
                match sums
                    .iter_mut()
                    .find(|sum| sum.first() == Some(&first) && sum.get(1) == Some(&second))
                {
                    Some(sum) => {
                        let whole = sum.get(2).and_then(Cell::as_f64);
                        if let Some(last) = sum.last_mut()
                            && (whole.is_some() || amount.is_some())
                        {
                            *last = Cell::Float(whole.unwrap_or(0.0) + amount.unwrap_or(0.0));
                        }
                    }
                    None => sums.push(vec![first, second, amount.map_or(Cell::Null, Cell::Float)]),
                }
            }
            TotalRows {
                by: kept
                    .iter()
                    .filter_map(|at| Some(columns.get(*at)?.name.clone()))
                    .collect(),
                rows: sums,
            }
        })
        .collect()
}

/// A scatter of that many single points: three clouds that lie over each other, each with a bend.
pub fn cloud(points: usize) -> (Visual, Answer) {
    let mut visual = Visual::new(VisualKind::Scatter);
    let columns = vec![
        column_of(0, Holds::Channel),
        column_of(1, Holds::Number(0)),
        column_of(2, Holds::Number(1)),
    ];
    visual.wells.get_mut(WellName::Legend).push(WellItem::dimension("t.c0"));
    visual.wells.get_mut(WellName::X).push(WellItem::metric("c1"));
    visual.wells.get_mut(WellName::Y).push(WellItem::metric("c2"));
    let row = |index: usize| {
        let channel = index % CHANNELS.len();
        let (across, up) = scattered(index);
        let bend = math::sin(across * 1.5) * 12.0;
        let middle = (120.0 + 60.0 * channel as f64, 40.0 + 25.0 * channel as f64);
        vec![
            member(Sample::Usual, Holds::Channel, index),
            Cell::Float(math::round((middle.0 + across * 30.0) * 100.0) / 100.0),
            Cell::Float(math::round((middle.1 + up * 8.0 + bend) * 100.0) / 100.0),
        ]
    };
    let answer = Answer {
        columns,
        rows: (0..points).map(row).collect(),
        version: 1,
        as_of: "2026-01-01T00:00:00Z".to_owned(),
        cache: CacheState::Miss,
        ..Answer::default()
    };
    (visual, answer)
}

/// Two numbers about zero, mostly between -2 and 2 (normally distributed), always the same for an index.
fn scattered(index: usize) -> (f64, f64) {
    let share = |salt: u64| {
        let mut mixed = (index as u64).wrapping_add(salt).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
    };
    let length = (-2.0 * math::ln(share(1).max(1e-12))).sqrt();
    let turn = share(0x5eed_0000) * math::TAU;
    (length * math::cos(turn), length * math::sin(turn))
}
