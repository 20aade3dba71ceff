//! Value search: the members of a field, the most frequent first.

use shared::{
    AppError,
    semantic::{
        Aggregation, ColumnAggregation, Condition, DimensionRef, DimensionType, DimensionWithOptions, Grain, GrainName,
        MetricSelection, Model, Operator, Query, Sort, SortDirection, StoredTime,
    },
};

use super::fields::unknown_field;

/// Output name of the column that holds how many rows have the value.
pub const VALUE_COUNT: &str = "rows";
/// Output name of the column that holds the value.
pub const VALUE: &str = "value";

/// The members of `field` (`table.name`) whose text contains `search`, with the number of rows of each: columns `value`
/// and `rows`, most rows first, then by value. A value is also found by what it is called otherwise. NULL is a member. Searching a number or a boolean finds equal values;
/// searching a time finds nothing but days written in full. The caller plans it like any query, so that access rules
/// hold here too.
///
/// # Errors
/// `unknown_field` with the nearest names.
pub fn values_query(model: &Model, field: &str, search: &str, limit: u64) -> Result<Query, AppError> {
    let (table, dimension) = model.dimension(field).ok_or_else(|| unknown_field(model, field))?;
    let name = format!("{}.{}", table.name, dimension.name);
    let day = dimension.kind == DimensionType::Time && dimension.stored != Some(StoredTime::Date);
    let grain = day.then_some(Grain::Day);
    let search = search.trim();
    let condition = match dimension.kind {
        _ if search.is_empty() => None,
        DimensionType::String | DimensionType::Geo | DimensionType::Json => {
            Some((Operator::Contains, serde_json::Value::from(search)))
        }
        DimensionType::Number | DimensionType::Bin => Some((
            Operator::Eq,
            serde_json::Value::from(search.parse::<f64>().unwrap_or(f64::MAX)),
        )),
        DimensionType::Bool => Some((
            Operator::Eq,
            serde_json::Value::from(search.eq_ignore_ascii_case("true")),
        )),
        DimensionType::Time => Some((Operator::Eq, serde_json::Value::from(search))),
    };
    let condition = condition.map(|(op, value)| {
        let mut condition = Condition::field(name.clone(), op);
        condition.value = Some(value);
        condition.grain = grain.map(GrainName::from);
        Condition::Field(condition)
    });
    let called = match &dimension.values {
        Some(values) if dimension.kind.is_text() => values.called(search),
        Some(_) | None => Vec::new(),
    };
    let condition = match condition {
        Some(condition) if !called.is_empty() => {
            let mut named = Condition::field(name.clone(), Operator::In);
            named.values = Some(called.into_iter().map(serde_json::Value::from).collect());
            Some(Condition::Or {
                or: vec![condition, Condition::Field(named)],
            })
        }
        condition => condition,
    };
    Ok(Query {
        model: model.model.to_string(),
        version: (model.version > 0).then_some(model.version),
        metrics: vec![MetricSelection::Column(ColumnAggregation {
            field: table.name.to_string(),
            agg: Aggregation::Count,
            p: None,
            interpolation: None,
            alias: Some(VALUE_COUNT.to_owned()),
            condition: None,
            empty: None,
        })],
        dimensions: vec![DimensionRef::With(DimensionWithOptions {
            field: name,
            grain: grain.map(GrainName::from),
            part: None,
            bin: None,
            alias: Some(VALUE.to_owned()),
        })],
        condition,
        sort: vec![
            Sort {
                by: VALUE_COUNT.to_owned(),
                dir: SortDirection::Desc,
            },
            Sort {
                by: VALUE.to_owned(),
                dir: SortDirection::Asc,
            },
        ],
        limit: Some(limit),
        ..Query::default()
    })
}
