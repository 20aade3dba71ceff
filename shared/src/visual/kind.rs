//! Kinds of visuals and the wells each has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisualKind {
    Kpi,
    Table,
    /// Groups in rows and columns, with subtotals.
    Pivot,
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
    /// Coloured cells of two groups.
    Heatmap,
    /// How many rows lie in each range of a number.
    Histogram,
    /// Least, quartiles and greatest of a number in each group.
    BoxPlot,
    /// Steps up and down from zero to a whole.
    Waterfall,
    /// Stages that get smaller.
    Funnel,
    /// One number on a dial.
    Gauge,
    /// Bars against targets.
    Bullet,
    /// Nested rectangles by size.
    Treemap,
    /// Flows from stage to stage.
    Sankey,
    /// Days coloured by a number, a row for each weekday.
    Calendar,
    /// Areas of a map coloured by a number.
    Choropleth,
    /// Points at places.
    PointMap,
    /// The builder's own Vega-Lite specification over the answer.
    Own,
}

/// Kinds that are asked for and drawn alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    Number,
    Table,
    Pivot,
    Bars,
    Lines,
    Combo,
    Scatter,
    Round,
    Heatmap,
    Histogram,
    BoxPlot,
    Waterfall,
    Funnel,
    Dial,
    Treemap,
    Sankey,
    Calendar,
    Choropleth,
    PointMap,
    Own,
}

/// A place fields are dropped on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WellName {
    Axis,
    /// Pivot and heatmap: groups from left to right.
    Columns,
    Values,
    /// Combo only: drawn as a line.
    LineValues,
    /// Number, gauge and bullet: what the value should reach.
    Target,
    /// Number and table: the time along which the small course runs.
    Trend,
    Legend,
    /// Scatter only.
    X,
    Y,
    /// Point map only: degrees.
    Latitude,
    Longitude,
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
    pub const ALL: [Self; 15] = [
        Self::Axis,
        Self::Columns,
        Self::Values,
        Self::LineValues,
        Self::Target,
        Self::Trend,
        Self::Legend,
        Self::X,
        Self::Y,
        Self::Latitude,
        Self::Longitude,
        Self::Size,
        Self::SmallMultiples,
        Self::Tooltip,
        Self::Detail,
    ];

    pub const fn role(self) -> WellRole {
        match self {
            Self::Axis
            | Self::Columns
            | Self::Trend
            | Self::Legend
            | Self::Latitude
            | Self::Longitude
            | Self::SmallMultiples
            | Self::Detail => WellRole::Dimension,
            Self::Values | Self::LineValues | Self::Target | Self::X | Self::Y | Self::Size | Self::Tooltip => {
                WellRole::Measure
            }
        }
    }

    /// Does a field find its way here by itself? Others are filled on purpose, and keep what they have when the kind is
    /// swapped.
    pub const fn is_main(self) -> bool {
        match self {
            Self::Axis
            | Self::Columns
            | Self::Values
            | Self::LineValues
            | Self::Legend
            | Self::X
            | Self::Y
            | Self::Size
            | Self::Tooltip
            | Self::Detail => true,
            Self::Target | Self::Trend | Self::Latitude | Self::Longitude | Self::SmallMultiples => false,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Axis => "axis",
            Self::Columns => "columns",
            Self::Values => "values",
            Self::LineValues => "line_values",
            Self::Target => "target",
            Self::Trend => "trend",
            Self::Legend => "legend",
            Self::X => "x",
            Self::Y => "y",
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
            Self::Size => "size",
            Self::SmallMultiples => "small_multiples",
            Self::Tooltip => "tooltip",
            Self::Detail => "detail",
        }
    }
}

/// Levels of a treemap: groups and what lies in them.
const TREEMAP_LEVELS: usize = 2;
/// Stages of a sankey diagram that can still be followed by eye.
const SANKEY_STAGES: usize = 5;

impl VisualKind {
    /// In the order of the gallery.
    pub const ALL: [Self; 29] = [
        Self::Kpi,
        Self::Gauge,
        Self::Bullet,
        Self::Table,
        Self::Pivot,
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
        Self::Treemap,
        Self::Funnel,
        Self::Waterfall,
        Self::Sankey,
        Self::Heatmap,
        Self::Calendar,
        Self::Histogram,
        Self::BoxPlot,
        Self::Choropleth,
        Self::PointMap,
        Self::Own,
    ];

    pub const fn family(self) -> Family {
        match self {
            Self::Kpi => Family::Number,
            Self::Table => Family::Table,
            Self::Pivot => Family::Pivot,
            Self::Column
            | Self::ColumnStacked
            | Self::ColumnStacked100
            | Self::Bar
            | Self::BarStacked
            | Self::BarStacked100 => Family::Bars,
            Self::Line | Self::Area | Self::AreaStacked => Family::Lines,
            Self::Combo => Family::Combo,
            Self::Scatter => Family::Scatter,
            Self::Pie | Self::Donut => Family::Round,
            Self::Heatmap => Family::Heatmap,
            Self::Histogram => Family::Histogram,
            Self::BoxPlot => Family::BoxPlot,
            Self::Waterfall => Family::Waterfall,
            Self::Funnel => Family::Funnel,
            Self::Gauge | Self::Bullet => Family::Dial,
            Self::Treemap => Family::Treemap,
            Self::Sankey => Family::Sankey,
            Self::Calendar => Family::Calendar,
            Self::Choropleth => Family::Choropleth,
            Self::PointMap => Family::PointMap,
            Self::Own => Family::Own,
        }
    }

    /// The wells it has, in the order the pane shows them.
    pub const fn wells(self) -> &'static [WellName] {
        use WellName::{
            Axis, Columns, Detail, Latitude, Legend, LineValues, Longitude, Size, SmallMultiples, Target, Tooltip,
            Trend, Values, X, Y,
        };
        match self {
            Self::Kpi => &[Values, Target, Trend],
            Self::Table => &[Axis, Values, Trend],
            Self::Pivot => &[Axis, Columns, Values],
            Self::Column
            | Self::ColumnStacked
            | Self::ColumnStacked100
            | Self::Bar
            | Self::BarStacked
            | Self::BarStacked100
            | Self::Line
            | Self::Area
            | Self::AreaStacked => &[Axis, Values, Legend, SmallMultiples, Tooltip],
            Self::Combo => &[Axis, Values, LineValues, SmallMultiples, Tooltip],
            Self::Scatter => &[X, Y, Detail, Legend, Size, SmallMultiples, Tooltip],
            Self::Pie | Self::Donut => &[Legend, Values, SmallMultiples, Tooltip],
            Self::Heatmap => &[Axis, Columns, Values, SmallMultiples, Tooltip],
            Self::Histogram => &[Axis, Values, Legend, SmallMultiples],
            Self::BoxPlot => &[Axis, Values, SmallMultiples],
            Self::Waterfall | Self::Funnel => &[Axis, Values, SmallMultiples, Tooltip],
            Self::Gauge => &[Values, Target],
            Self::Bullet => &[Axis, Values, Target],
            Self::Treemap | Self::Sankey | Self::Calendar => &[Axis, Values, Tooltip],
            Self::Choropleth => &[Axis, Values, Tooltip],
            Self::PointMap => &[Latitude, Longitude, Detail, Legend, Size, Tooltip],
            Self::Own => &[Axis, Values],
        }
    }

    /// How many items a well of this kind takes; `None`: any number.
    pub const fn capacity(self, well: WellName) -> Option<usize> {
        match well {
            WellName::Axis => match self.family() {
                Family::Table | Family::Pivot | Family::Own => None,
                Family::Treemap => Some(TREEMAP_LEVELS),
                Family::Sankey => Some(SANKEY_STAGES),
                Family::Number
                | Family::Bars
                | Family::Lines
                | Family::Combo
                | Family::Scatter
                | Family::Round
                | Family::Heatmap
                | Family::Histogram
                | Family::BoxPlot
                | Family::Waterfall
                | Family::Funnel
                | Family::Dial
                | Family::Calendar
                | Family::Choropleth
                | Family::PointMap => Some(1),
            },
            WellName::Values => match self.family() {
                Family::Round
                | Family::Heatmap
                | Family::Histogram
                | Family::BoxPlot
                | Family::Waterfall
                | Family::Dial
                | Family::Treemap
                | Family::Sankey
                | Family::Calendar
                | Family::Choropleth => Some(1),
                Family::Number
                | Family::Table
                | Family::Pivot
                | Family::Bars
                | Family::Lines
                | Family::Combo
                | Family::Scatter
                | Family::Funnel
                | Family::PointMap
                | Family::Own => None,
            },
            WellName::Columns => match self.family() {
                Family::Pivot => None,
                Family::Number
                | Family::Table
                | Family::Bars
                | Family::Lines
                | Family::Combo
                | Family::Scatter
                | Family::Round
                | Family::Heatmap
                | Family::Histogram
                | Family::BoxPlot
                | Family::Waterfall
                | Family::Funnel
                | Family::Dial
                | Family::Treemap
                | Family::Sankey
                | Family::Calendar
                | Family::Choropleth
                | Family::PointMap
                | Family::Own => Some(1),
            },
            WellName::LineValues | WellName::Tooltip => None,
            WellName::Legend
            | WellName::Target
            | WellName::Trend
            | WellName::X
            | WellName::Y
            | WellName::Latitude
            | WellName::Longitude
            | WellName::Size
            | WellName::SmallMultiples
            | WellName::Detail => Some(1),
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Kpi => "Number",
            Self::Table => "Table",
            Self::Pivot => "Pivot table",
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
            Self::Heatmap => "Heatmap",
            Self::Histogram => "Histogram",
            Self::BoxPlot => "Box plot",
            Self::Waterfall => "Waterfall",
            Self::Funnel => "Funnel",
            Self::Gauge => "Gauge",
            Self::Bullet => "Bullet",
            Self::Treemap => "Treemap",
            Self::Sankey => "Sankey",
            Self::Calendar => "Calendar",
            Self::Choropleth => "Filled map",
            Self::PointMap => "Point map",
            Self::Own => "Vega-Lite",
        }
    }

    /// Does it stand on an axis of values, across which lines and bands can be drawn?
    pub const fn has_value_axis(self) -> bool {
        match self.family() {
            Family::Bars | Family::Lines | Family::Combo | Family::Scatter | Family::Histogram | Family::BoxPlot => {
                true
            }
            Family::Number
            | Family::Table
            | Family::Pivot
            | Family::Round
            | Family::Heatmap
            | Family::Waterfall
            | Family::Funnel
            | Family::Dial
            | Family::Treemap
            | Family::Sankey
            | Family::Calendar
            | Family::Choropleth
            | Family::PointMap
            | Family::Own => false,
        }
    }
}
