//! What shows a masked column: the column's other dimensions, and whatever is calculated from one of them.

use std::collections::BTreeSet;

use shared::semantic::{Expression, JsonValue, Model, ModelTable};

use super::custom_function::checked;

/// `masked` (`table.name` of dimensions) with every dimension that shows one of them in another way.
pub(super) fn spread(model: &Model, mut masked: BTreeSet<String>) -> BTreeSet<String> {
    if masked.is_empty() {
        return masked;
    }
    loop {
        let mut shown = Vec::new();
        for table in &model.tables {
            for dimension in &table.dimensions {
                let name = format!("{}.{}", table.name, dimension.name);
                let point = dimension.coordinate_of.as_ref();
                let of_masked = point.is_some_and(|point| masked.contains(&format!("{}.{point}", table.name)));
                if !masked.contains(&name) && (of_masked || shows(model, &masked, table, &dimension.expr)) {
                    shown.push(name);
                }
            }
        }
        if shown.is_empty() {
            return masked;
        }
        masked.extend(shown);
    }
}

/// Does an expression over rows of `table` read what is masked? One that cannot be read is taken to.
pub(super) fn shows(model: &Model, masked: &BTreeSet<String>, table: &ModelTable, expression: &Expression) -> bool {
    let is_masked = |name: &str| {
        model
            .dimension(name)
            .is_some_and(|(table, dimension)| masked.contains(&format!("{}.{}", table.name, dimension.name)))
    };
    let is_read = |reads: &dyn Fn(&Expression) -> bool| {
        table.dimensions.iter().any(|dimension| {
            dimension.expr.singles().any(reads) && masked.contains(&format!("{}.{}", table.name, dimension.name))
        })
    };
    let is_column = |column: &str| {
        is_read(&|expression| match expression {
            Expression::Col(masked) | Expression::Json(JsonValue { column: masked, .. }) => masked == column,
            Expression::Sql(_) | Expression::Field(_) | Expression::Point(_) => false,
        })
    };
    match expression {
        Expression::Col(column) => is_column(column),
        Expression::Json(value) => is_read(&|expression| match expression {
            Expression::Col(masked) => *masked == value.column,
            Expression::Json(masked) => masked.column == value.column && masked.path.meets(&value.path),
            Expression::Sql(_) | Expression::Field(_) | Expression::Point(_) => false,
        }),
        Expression::Point(point) => shows(model, masked, table, &point.lat) || shows(model, masked, table, &point.lon),
        Expression::Field(of) if of.field.contains('.') => is_masked(&of.field),
        Expression::Field(of) => is_masked(&format!("{}.{}", table.name, of.field)),
        Expression::Sql(sql) => checked(model, sql).map_or(true, |read| {
            read.columns.iter().any(|column| is_column(column))
                || read
                    .fields
                    .iter()
                    .any(|field| is_masked(&format!("{}.{}", field.table, field.field)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_reads_a_masked_column_is_masked_too() {
        let model: Model = serde_json::from_value(json!({"format": 1, "model": "m",
            "joins": [{"name": "buyer", "from": "orders", "to": "people", "on": [["person", "id"]], "cardinality": "many_to_one"}],
            "functions": [{"name": "twice", "args": ["x"], "expr": {"sql": "x * 2"}}],
            "tables": [
                {"name": "people", "source": {"dataset": "people"}, "dimensions": [
                    {"name": "pay", "expr": {"col": "pay"}, "type": "number"},
                    {"name": "wage", "expr": {"col": "pay"}, "type": "number"},
                    {"name": "band", "expr": {"sql": "case when pay > 100 then 'high' else 'low' end"}, "type": "string"},
                    {"name": "double", "expr": {"sql": "twice(pay)"}, "type": "number"},
                    {"name": "home", "expr": {"lat": {"col": "y"}, "lon": {"sql": "x / 10"}}, "type": "geo"},
                    {"name": "north", "expr": {"col": "y"}, "type": "number"},
                    {"name": "broken", "expr": {"sql": "pay +"}, "type": "number"},
                    {"name": "name", "expr": {"col": "name"}, "type": "string"}]},
                {"name": "orders", "source": {"dataset": "orders"}, "dimensions": [
                    {"name": "cost", "expr": {"sql": "amount + {people.band}"}, "type": "number"},
                    {"name": "pay", "expr": {"col": "pay"}, "type": "number"}]}]}))
        .unwrap();
        let masked = spread(&model, ["people.pay".to_owned()].into());
        let expected = [
            "orders.cost",
            "people.band",
            "people.broken",
            "people.double",
            "people.pay",
            "people.wage",
        ];
        assert_eq!(masked, expected.map(str::to_owned).into());
        let masked = spread(&model, ["people.home".to_owned()].into());
        let expected = [
            "people.broken",
            "people.home",
            "people.home_lat",
            "people.home_lon",
            "people.north",
        ];
        assert_eq!(masked, expected.map(str::to_owned).into());
        assert!(spread(&model, BTreeSet::new()).is_empty());
    }
}
