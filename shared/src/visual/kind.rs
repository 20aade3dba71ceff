//! Kinds of visuals and the wells each has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisualKind {
    Kpi,
    Table,
    /// Vertical bars side by side.
    Column,
    ColumnStacked,
    ColumnStacked100,
    /// Horizontal bars.
    Bar,
    BarStacked,
    BarStacked100,
    Line,
    Area,
    /// Area stacked by legend.
    AreaStacked,
    /// Columns for the first values, a line (own axis) for `line_values`.
    Combo,
    Scatter,
    Pie,
    Donut,
}

/// A place fields are dropped on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WellName {
    Axis,
    Values,
    /// Combo only: drawn as a line.
    LineValues,
    Legend,
    /// Scatter only.
    X,
    Y,
    Size,
    SmallMultiples,
    Tooltip,
    /// Scatter: one point per value. Table: columns to group by stand in `axis`.
    Detail,
}

/// What a well takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WellRole {
    /// Columns to group by.
    Dimension,
    /// Metrics and aggregated columns.
    Measure,
}

impl WellName {
    pub const fn role(self) -> WellRole {
        match self {
            Self::Axis | Self::Legend | Self::SmallMultiples | Self::Detail => WellRole::Dimension,
            Self::Values | Self::LineValues | Self::X | Self::Y | Self::Size | Self::Tooltip => WellRole::Measure,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Axis => "axis",
            Self::Values => "values",
            Self::LineValues => "line_values",
            Self::Legend => "legend",
            Self::X => "x",
            Self::Y => "y",
            Self::Size => "size",
            Self::SmallMultiples => "small_multiples",
            Self::Tooltip => "tooltip",
            Self::Detail => "detail",
        }
    }
}

impl VisualKind {
    pub const ALL: [Self; 15] = [
        Self::Kpi,
        Self::Table,
        Self::Column,
        Self::ColumnStacked,
        Self::ColumnStacked100,
        Self::Bar,
        Self::BarStacked,
        Self::BarStacked100,
        Self::Line,
        Self::Area,
        Self::AreaStacked,
        Self::Combo,
        Self::Scatter,
        Self::Pie,
        Self::Donut,
    ];

    /// The wells it has, in the order the pane shows them.
    pub const fn wells(self) -> &'static [WellName] {
        match self {
            Self::Kpi => &[WellName::Values],
            Self::Table => &[WellName::Axis, WellName::Values],
            Self::Column
            | Self::ColumnStacked
            | Self::ColumnStacked100
            | Self::Bar
            | Self::BarStacked
            | Self::BarStacked100
            | Self::Line
            | Self::Area
            | Self::AreaStacked => &[WellName::Axis, WellName::Values, WellName::Legend, WellName::Tooltip],
            Self::Combo => &[
                WellName::Axis,
                WellName::Values,
                WellName::LineValues,
                WellName::Tooltip,
            ],
            Self::Scatter => &[
                WellName::X,
                WellName::Y,
                WellName::Detail,
                WellName::Legend,
                WellName::Size,
                WellName::Tooltip,
            ],
            Self::Pie | Self::Donut => &[WellName::Legend, WellName::Values, WellName::Tooltip],
        }
    }

    /// How many items a well of this kind takes; `None`: any number.
    pub const fn capacity(self, well: WellName) -> Option<usize> {
        match well {
            WellName::Axis => match self {
                Self::Table => None,
                Self::Kpi
                | Self::Column
                | Self::ColumnStacked
                | Self::ColumnStacked100
                | Self::Bar
                | Self::BarStacked
                | Self::BarStacked100
                | Self::Line
                | Self::Area
                | Self::AreaStacked
                | Self::Combo
                | Self::Scatter
                | Self::Pie
                | Self::Donut => Some(1),
            },
            WellName::Values => match self {
                Self::Pie | Self::Donut => Some(1),
                Self::Kpi
                | Self::Table
                | Self::Column
                | Self::ColumnStacked
                | Self::ColumnStacked100
                | Self::Bar
                | Self::BarStacked
                | Self::BarStacked100
                | Self::Line
                | Self::Area
                | Self::AreaStacked
                | Self::Combo
                | Self::Scatter => None,
            },
            WellName::LineValues | WellName::Tooltip => None,
            WellName::Legend
            | WellName::X
            | WellName::Y
            | WellName::Size
            | WellName::SmallMultiples
            | WellName::Detail => Some(1),
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Kpi => "Number",
            Self::Table => "Table",
            Self::Column => "Columns",
            Self::ColumnStacked => "Stacked columns",
            Self::ColumnStacked100 => "100 % stacked columns",
            Self::Bar => "Bars",
            Self::BarStacked => "Stacked bars",
            Self::BarStacked100 => "100 % stacked bars",
            Self::Line => "Lines",
            Self::Area => "Areas",
            Self::AreaStacked => "Stacked areas",
            Self::Combo => "Columns and line",
            Self::Scatter => "Scatter",
            Self::Pie => "Pie",
            Self::Donut => "Donut",
        }
    }
}
