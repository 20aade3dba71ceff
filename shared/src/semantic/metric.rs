//! Metrics of a model.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value};

use super::{
    Aggregation, Condition, DimensionRef, Empty, Expression, Format, Formula, Interpolation, Offset, Span, TimeUnit,
};
use crate::names::Identifier;

/// A metric: what all types share, and the type's own part beside it in the same object (`"type":"simple"` …).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MetricDefinition {
    pub name: Identifier,
    #[serde(flatten)]
    pub kind: MetricKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<Empty>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Which direction is good, for the colour of a change: `up`, `down` or neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum MetricKind {
    Simple(Box<SimpleMetric>),
    /// Numerator over denominator, each aggregated at the grain asked for; NULL on 0.
    Ratio {
        numerator: MetricRef,
        denominator: MetricRef,
    },
    /// A simple metric over the days before each day, then one of those values for each bucket. Without `window` and
    /// `to_date` it runs from the beginning.
    Cumulative {
        metric: MetricRef,
        /// The days of the last so many units, the oldest left out: `(day - window, day]`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<Span>,
        /// From the start of the current unit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_date: Option<TimeUnit>,
        #[serde(default)]
        roll_up: RollUp,
    },
    /// Events of one kind that lead to events of another.
    Conversion(Box<ConversionMetric>),
    /// A metric per group, aggregated again.
    Nested(Box<NestedMetric>),
    /// A formula over other metrics, each aggregated at the grain asked for.
    Derived {
        inputs: BTreeMap<Identifier, MetricRef>,
        expr: Formula,
    },
}

/// One aggregation over one table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimpleMetric {
    pub table: Identifier,
    pub agg: Aggregation,
    /// Missing only for `count` of rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expr: Option<Expression>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Condition>,
    /// The table's time dimension that `time` means; default the table's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeSource>,
    /// Percentile only: 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpolation: Option<Interpolation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub semi_additive: Option<SemiAdditive>,
}

impl SimpleMetric {
    /// Of a column, or without one the number of rows.
    pub fn new(table: Identifier, agg: Aggregation, column: Option<&str>) -> Self {
        Self {
            table,
            agg,
            expr: column.map(|column| Expression::Col(column.to_owned())),
            filter: None,
            time: None,
            p: None,
            interpolation: None,
            semi_additive: None,
        }
    }
}

/// Each row of `conversion` belongs to the latest row of `base` with the same `entity` at or before it, within the window.
/// Filters, ranges and groups are those of the base rows. Both are simple metrics with a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversionMetric {
    pub base: MetricRef,
    pub conversion: MetricRef,
    /// Stored columns that both tables have: whose events they are.
    pub entity: Vec<String>,
    /// Further stored columns of both tables that must be equal.
    #[serde(default, rename = "match", skip_serializing_if = "Vec::is_empty")]
    pub matching: Vec<String>,
    /// Base time > conversion time - window; without it a conversion may come any time later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Span>,
    #[serde(default)]
    pub result: ConversionResult,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversionResult {
    /// Conversions over base events.
    #[default]
    Rate,
    Conversions,
}

/// The values of `metric` for each combination of `per` (and of the query's dimensions), aggregated again: orders per
/// customer, on average. Groups without a value do not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NestedMetric {
    pub agg: Aggregation,
    pub metric: MetricRef,
    pub per: Vec<DimensionRef>,
    /// Percentile only: 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpolation: Option<Interpolation>,
}

/// Which value of its days a coarser bucket shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RollUp {
    First,
    #[default]
    Last,
    Avg,
}

/// Name of a time dimension of the metric's own table.
pub type TimeSource = Identifier;

/// For what can be added up over everything but time, such as balances: of each bucket only the rows of one moment count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SemiAdditive {
    /// A time dimension of the metric's own table.
    pub time: Identifier,
    pub pick: Pick,
    /// Stored columns whose every combination has a moment of its own; empty: one moment for all rows of the bucket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub per: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    First,
    Last,
}

/// A metric by name, or with a filter or a period of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a metric's name, or an object with metric, filter and offset"
)]
pub enum MetricRef {
    Name(Identifier),
    With(Box<MetricInput>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricInput {
    pub metric: Identifier,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Condition>,
    /// Its value so much earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<Offset>,
}

impl MetricDefinition {
    pub fn display_label(&self) -> String {
        self.label
            .clone()
            .unwrap_or_else(|| super::humanize(self.name.as_str()))
    }
}

/// What all types of metrics share. Whatever else stands in a document belongs to its type, and what neither knows is an
/// error: a part of a definition that is not understood would give another number without a word.
impl<'de> Deserialize<'de> for MetricDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut own = Map::deserialize(deserializer)?;
        let shared = SHARED.iter().filter_map(|key| own.remove_entry(*key)).collect();
        let shared: Shared = serde_json::from_value(Value::Object(shared)).map_err(D::Error::custom)?;
        let named = |error: serde_json::Error| D::Error::custom(format!("metric {}: {error}", shared.name));
        let kind = serde_json::from_value(Value::Object(own)).map_err(named)?;
        Ok(Self {
            name: shared.name,
            kind,
            label: shared.label,
            description: shared.description,
            empty: shared.empty,
            format: shared.format,
            good: shared.good,
            synonyms: shared.synonyms,
            hidden: shared.hidden,
        })
    }
}

const SHARED: [&str; 8] = [
    "name",
    "label",
    "description",
    "empty",
    "format",
    "good",
    "synonyms",
    "hidden",
];

#[derive(Deserialize)]
struct Shared {
    name: Identifier,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    empty: Option<Empty>,
    #[serde(default)]
    format: Option<Format>,
    #[serde(default)]
    good: Option<String>,
    #[serde(default)]
    synonyms: Vec<String>,
    #[serde(default)]
    hidden: bool,
}

impl MetricKind {
    /// The metrics it is made of.
    pub fn inputs(&self) -> Vec<&MetricRef> {
        match self {
            Self::Simple(_) => Vec::new(),
            Self::Ratio { numerator, denominator } => vec![numerator, denominator],
            Self::Cumulative { metric, .. } => vec![metric],
            Self::Conversion(conversion) => vec![&conversion.base, &conversion.conversion],
            Self::Nested(nested) => vec![&nested.metric],
            Self::Derived { inputs, .. } => inputs.values().collect(),
        }
    }
}

impl MetricRef {
    pub fn metric(&self) -> &Identifier {
        match self {
            Self::Name(metric) => metric,
            Self::With(input) => &input.metric,
        }
    }

    pub fn filter(&self) -> Option<&Condition> {
        match self {
            Self::Name(_) => None,
            Self::With(input) => input.filter.as_ref(),
        }
    }

    pub const fn offset(&self) -> Option<&Offset> {
        match self {
            Self::Name(_) => None,
            Self::With(input) => input.offset.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: Value) -> Result<MetricDefinition, String> {
        serde_json::from_value(document).map_err(|error| error.to_string())
    }

    #[test]
    fn every_part_survives_the_way_to_the_store_and_back() {
        let shared = json!({"name":"m","label":"M","description":"d","empty":"zero","format":{"kind":"number"},"good":"up",
            "synonyms":["s"],"hidden":true});
        for own in [
            json!({"type":"simple","table":"t","agg":"percentile","expr":{"col":"c"},"time":"at","p":0.5,
                "filter":{"field":"t.c","op":"is_null"},"interpolation":"discrete",
                "semi_additive":{"time":"at","pick":"last","per":["account"]}}),
            json!({"type":"ratio","numerator":"a","denominator":{"metric":"b","filter":{"segment":"t.s"}}}),
            json!({"type":"conversion","base":"a","conversion":{"metric":"b","filter":{"segment":"t.s"}},"entity":["user"],
                "match":["session"],"window":{"count":7,"unit":"day"},"result":"conversions"}),
            json!({"type":"nested","agg":"percentile","p":0.9,"metric":"a","per":["t.c",{"field":"time","grain":"day"}]}),
            json!({"type":"derived","inputs":{"m":{"metric":"a","offset":{"start_of":"month"}},
                "r":{"metric":"a","offset":{"count":1,"unit":"retail_month"}}},"expr":"m - r"}),
            json!({"type":"derived","inputs":{"n":{"metric":"a"},"p":{"metric":"a","offset":{"count":1,"unit":"year"}},"b":"b"},"expr":"(n - p) / p"}),
        ] {
            let mut document = shared.clone();
            document
                .as_object_mut()
                .unwrap()
                .extend(own.as_object().unwrap().clone());
            let metric = read(document.clone()).unwrap();
            assert_eq!(read(serde_json::to_value(&metric).unwrap()), Ok(metric), "{document}");
        }
    }

    #[test]
    fn a_part_that_is_not_understood_is_an_error() {
        let simple = |key: &str, value: Value| {
            let mut document = json!({"name":"balance","type":"simple","table":"t","agg":"sum","expr":{"col":"c"}});
            document.as_object_mut().unwrap().insert(key.to_owned(), value);
            read(document)
        };
        let error = simple("window", json!({"count":7,"unit":"day"})).unwrap_err();
        assert!(error.contains("balance") && error.contains("window"), "{error}");
        assert!(simple("semi_additive", json!({"time":"at","pick":"last","by":"x"})).is_err());
        assert!(simple("lable", json!("x")).is_err());
        let offset = json!({"metric":"b","offset":{"begin_of":"month"}});
        let error = read(json!({"name":"r","type":"ratio","numerator":"a","denominator":offset})).unwrap_err();
        assert!(error.contains("a metric's name"), "{error}");
    }
}
