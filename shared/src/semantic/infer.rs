//! A one-table model for an uploaded file: which columns are grouped, which are summed, which are the time.

use std::collections::BTreeSet;

use super::{
    Aggregation, Dimension, DimensionType, Expression, Format, MetricDefinition, MetricKind, Model, ModelTable,
    SimpleMetric, Source, StoredTime, WeekStart,
};
use crate::{
    names::{Identifier, NameError},
    table::ColumnType,
};

/// What inference needs to know of a stored column.
#[derive(Clone, Debug, PartialEq)]
pub struct InferredColumn {
    /// Machine name, as stored.
    pub name: String,
    /// As in the file's header.
    pub label: String,
    pub kind: ColumnType,
    pub rows: u64,
    pub nulls: u64,
    pub distinct: u64,
    /// Within a few per cent, because there are too many to count.
    pub distinct_is_estimate: bool,
    /// For numbers and dates, as text.
    pub min: Option<String>,
    pub max: Option<String>,
}

/// Words that make a number an identifier, a code or a calendar part rather than an amount.
const NOT_AMOUNTS: [&str; 23] = [
    "id",
    "key",
    "code",
    "no",
    "nr",
    "num",
    "number",
    "zip",
    "postcode",
    "postal",
    "plz",
    "phone",
    "fips",
    "isbn",
    "sku",
    "year",
    "month",
    "day",
    "week",
    "quarter",
    "hour",
    "latitude",
    "longitude",
];
/// Words that make a number a level or rate: averaged, never summed.
const RATES: [&str; 22] = [
    "rate",
    "ratio",
    "pct",
    "percent",
    "percentage",
    "price",
    "score",
    "rating",
    "temperature",
    "temp",
    "age",
    "lat",
    "lon",
    "lng",
    "speed",
    "margin",
    "share",
    "avg",
    "average",
    "mean",
    "median",
    "index",
];

fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for letter in name.chars() {
        let boundary = !letter.is_alphanumeric() || (letter.is_uppercase() && before_lower);
        if boundary {
            words.push(String::new());
        }
        before_lower = letter.is_lowercase() || letter.is_ascii_digit();
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `order_date`, `orderDate`, `ORDER DATE` → `Order date`.
pub fn humanize(name: &str) -> String {
    let text = words(name).join(" ");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name.to_owned(),
    }
}

/// A legal, unused machine name nearest to `text`; `taken` gains it. Empty text becomes `fallback`.
///
/// # Errors
/// Only when `fallback` itself is no legal name.
pub fn machine_name(text: &str, fallback: &str, taken: &mut BTreeSet<String>) -> Result<Identifier, NameError> {
    let mut base = words(text).join("_");
    if base.is_empty() {
        fallback.clone_into(&mut base);
    }
    if base.starts_with(|first: char| !first.is_alphabetic() && first != '_') {
        base.insert(0, '_');
    }
    let base: String = base.chars().take(100).collect();
    let mut name = base.clone();
    let mut count = 2;
    while taken.contains(&name) {
        name = format!("{base}_{count}");
        count += 1;
    }
    taken.insert(name.clone());
    Identifier::try_from(name)
}

fn is_not_amount(column: &InferredColumn) -> bool {
    let words = words(&column.label);
    let named_so = words.iter().any(|word| NOT_AMOUNTS.contains(&word.as_str()));
    let all_years = column.kind == ColumnType::Integer
        && within(column, 1800.0, 2200.0)
        && words.iter().any(|word| word == "year" || word == "yr");
    let key_like = column.kind == ColumnType::Integer
        && column.rows > 50
        && column.nulls == 0
        && if column.distinct_is_estimate {
            column.distinct.abs_diff(column.rows) < column.rows / 20
        } else {
            column.distinct == column.rows
        };
    named_so || all_years || key_like
}

fn within(column: &InferredColumn, low: f64, high: f64) -> bool {
    let parse = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<f64>().ok());
    matches!((parse(&column.min), parse(&column.max)), (Some(min), Some(max)) if min >= low && max <= high)
}

fn default_aggregation(column: &InferredColumn) -> Option<Aggregation> {
    if !column.kind.is_numeric() || is_not_amount(column) {
        None
    } else if words(&column.label).iter().any(|word| RATES.contains(&word.as_str())) {
        Some(Aggregation::Avg)
    } else {
        Some(Aggregation::Sum)
    }
}

fn dimension(column: &InferredColumn) -> Result<Dimension, NameError> {
    let (kind, stored) = match column.kind {
        ColumnType::String | ColumnType::Geo | ColumnType::Time => (DimensionType::String, None),
        ColumnType::Json => (DimensionType::Json, None),
        ColumnType::Integer | ColumnType::Number | ColumnType::Decimal => (DimensionType::Number, None),
        ColumnType::Boolean => (DimensionType::Bool, None),
        ColumnType::Date => (DimensionType::Time, Some(StoredTime::Date)),
        ColumnType::Timestamp => (DimensionType::Time, Some(StoredTime::Timestamp)),
        ColumnType::Timestamptz => (DimensionType::Time, Some(StoredTime::Timestamptz)),
    };
    let name = Identifier::try_from(column.name.as_str())?;
    Ok(Dimension {
        label: Some(humanize(&column.label)),
        format: default_aggregation(column)
            .is_none()
            .then(|| plain_number(column.kind))
            .flatten(),
        stored,
        default_aggregation: default_aggregation(column),
        ..Dimension::new(name, kind, Expression::Col(column.name.clone()))
    })
}

/// Identifiers and years are shown without thousands separators.
fn plain_number(kind: ColumnType) -> Option<Format> {
    kind.is_numeric().then(|| Format {
        kind: super::FormatKind::Text,
        ..Format::default()
    })
}

/// The model that an upload makes beside its dataset: one table of the same name, a dimension per column, and one metric
/// that counts rows. The first time column that is hardly ever empty is the default time.
///
/// # Errors
/// When a column's name is no legal machine name.
pub fn infer_model(name: &Identifier, label: &str, columns: &[InferredColumn]) -> Result<Model, NameError> {
    let dimensions = columns.iter().map(dimension).collect::<Result<Vec<_>, _>>()?;
    let default_time = columns
        .iter()
        .find(|column| column.kind.is_temporal() && column.nulls * 10 <= column.rows)
        .map(|column| Identifier::try_from(column.name.as_str()))
        .transpose()?;
    let mut taken: BTreeSet<String> = columns.iter().map(|column| column.name.clone()).collect();
    let row_count = MetricDefinition {
        name: machine_name("row_count", "row_count", &mut taken)?,
        kind: MetricKind::Simple(Box::new(SimpleMetric::new(name.clone(), Aggregation::Count, None))),
        label: Some("Number of rows".to_owned()),
        description: Some(format!("How many rows of {label} there are.")),
        empty: None,
        format: None,
        good: None,
        synonyms: vec!["count".to_owned(), "how many".to_owned()],
        hidden: false,
    };
    Ok(Model {
        format: 1,
        model: name.clone(),
        version: 0,
        time_zone: "UTC".to_owned(),
        week_start: WeekStart::Monday,
        fiscal_year_start: None,
        label: Some(label.to_owned()),
        description: None,
        calendars: Vec::new(),
        tables: vec![ModelTable {
            name: name.clone(),
            connection: None,
            source: Source::Dataset(name.to_string()),
            primary_key: Vec::new(),
            unique_keys: Vec::new(),
            default_time,
            label: Some(label.to_owned()),
            description: None,
            synonyms: Vec::new(),
            hidden: false,
            dimensions,
            segments: Vec::new(),
        }],
        hierarchies: Vec::new(),
        functions: Vec::new(),
        parameters: Vec::new(),
        access: Vec::new(),
        rollups: Vec::new(),
        joins: Vec::new(),
        metrics: vec![row_count],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(label: &str, kind: ColumnType, distinct: u64, min: &str, max: &str) -> InferredColumn {
        let mut taken = BTreeSet::new();
        let name = machine_name(label, "column", &mut taken).unwrap().to_string();
        InferredColumn {
            name,
            label: label.to_owned(),
            kind,
            rows: 1000,
            nulls: 0,
            distinct,
            distinct_is_estimate: false,
            min: Some(min.to_owned()),
            max: Some(max.to_owned()),
        }
    }

    #[test]
    fn identifiers_and_years_are_not_summed_and_dates_become_time() {
        let columns = [
            column("Order ID", ColumnType::Integer, 1000, "1", "1000"),
            column("Year", ColumnType::Integer, 5, "2019", "2024"),
            column("orderDate", ColumnType::Date, 300, "2024-01-01", "2024-12-31"),
            column("Amount", ColumnType::Number, 900, "0.5", "990"),
            column("Unit price", ColumnType::Number, 90, "0.5", "990"),
            column("Region", ColumnType::String, 4, "A", "Z"),
            InferredColumn {
                distinct_is_estimate: true,
                ..column("Reference", ColumnType::Integer, 988, "1", "99999")
            },
        ];
        let model = infer_model(&Identifier::try_from("orders").unwrap(), "Orders", &columns).unwrap();
        let table = &model.tables[0];
        let aggregations: Vec<_> = table
            .dimensions
            .iter()
            .map(|dimension| dimension.default_aggregation)
            .collect();
        assert_eq!(
            aggregations,
            [
                None,
                None,
                None,
                Some(Aggregation::Sum),
                Some(Aggregation::Avg),
                None,
                None
            ]
        );
        assert_eq!(table.default_time.as_ref().map(Identifier::as_str), Some("order_date"));
        assert_eq!(table.dimensions[2].display_label(), "Order date");
    }

    #[test]
    fn machine_names_are_legal_and_unique() {
        let mut taken = BTreeSet::new();
        let mut name = |text| machine_name(text, "column", &mut taken).unwrap().to_string();
        assert_eq!(name("Sales (EUR)"), "sales_eur");
        assert_eq!(name("sales eur"), "sales_eur_2");
        assert_eq!(name("2024"), "_2024");
        assert_eq!(name("  "), "column");
        assert_eq!(name(""), "column_2");
        assert_eq!(name("Größe"), "größe");
    }
}
