//! A metric in one sentence, made from its definition.

use shared::semantic::{
    Aggregation, ConversionMetric, ConversionResult, Expression, MetricDefinition, MetricKind, MetricRef, Model,
    Offset, Pick, SemiAdditive, SimpleMetric,
};

use crate::pages::model::words::{condition_words, field_label, metric_label, span_words};

/// `Sum of Amount over Orders where Region is EU.`
pub fn meaning(metric: &MetricDefinition, model: &Model) -> String {
    let text = match &metric.kind {
        MetricKind::Simple(simple) => simple_words(simple, model),
        MetricKind::Ratio { numerator, denominator } => {
            format!(
                "{} divided by {}",
                reference(numerator, model),
                reference(denominator, model)
            )
        }
        MetricKind::Derived { inputs, expr } => {
            let names = inputs
                .iter()
                .map(|(name, input)| format!("{name} is {}", reference(input, model)));
            let formula: String = expr.clone().into();
            format!("{formula}, where {}", names.collect::<Vec<_>>().join(", "))
        }
        MetricKind::Cumulative {
            metric,
            window,
            to_date,
            ..
        } => {
            let metric = reference(metric, model);
            match (window, to_date) {
                (Some(window), _) => format!("{metric} of the last {} up to each day", span_words(*window)),
                (None, Some(unit)) => format!("{metric} since the start of the {}", unit.as_str()),
                (None, None) => format!("{metric} since the beginning"),
            }
        }
        MetricKind::Conversion(conversion) => conversion_words(conversion, model),
        MetricKind::Nested(nested) => {
            let per: Vec<String> = nested.per.iter().map(|per| field_label(per.field(), model)).collect();
            let of = format!("{} of each {}", reference(&nested.metric, model), per.join(" and "));
            aggregation_words(nested.agg, nested.p, &of)
        }
    };
    format!("{text}.")
}

fn conversion_words(conversion: &ConversionMetric, model: &Model) -> String {
    let (base, led_to) = (
        reference(&conversion.base, model),
        reference(&conversion.conversion, model),
    );
    let within = match conversion.window {
        Some(window) => format!(" within {}", span_words(window)),
        None => String::new(),
    };
    let who = conversion.entity.join(" and ");
    match conversion.result {
        ConversionResult::Rate => format!("Share of {base} that lead to {led_to} of the same {who}{within}"),
        ConversionResult::Conversions => format!("{led_to} that follow {base} of the same {who}{within}"),
    }
}

fn simple_words(simple: &SimpleMetric, model: &Model) -> String {
    let table = model.table(simple.table.as_str());
    let table_label = table.map_or_else(|| simple.table.to_string(), |table| table.display_label());
    let of = simple.expr.as_ref().map(|expression| match expression {
        Expression::Sql(sql) => sql.clone(),
        Expression::Field(of) => format!("the {} of {}", of.grain.as_str(), field_label(&of.field, model)),
        Expression::Point(point) => format!("{} and {}", point.lat.text(), point.lon.text()),
        Expression::Json(value) => format!("{} of {}", value.path, value.column),
        Expression::Col(column) => {
            let mut dimensions = table.into_iter().flat_map(|table| &table.dimensions);
            let known = dimensions.find(|dimension| dimension.expr.column() == Some(column.as_str()));
            known.map_or_else(|| column.clone(), |dimension| dimension.display_label())
        }
    });
    let mut text = match of {
        None => format!("Number of rows of {table_label}"),
        Some(of) => format!("{} over {table_label}", aggregation_words(simple.agg, simple.p, &of)),
    };
    if let Some(filter) = &simple.filter {
        text = format!("{text} where {}", condition_words(filter, model));
    }
    match &simple.semi_additive {
        None => text,
        Some(semi) => format!("{text}{}", semi_words(semi)),
    }
}

fn aggregation_words(aggregation: Aggregation, p: Option<f64>, of: &str) -> String {
    match aggregation {
        Aggregation::Sum => format!("Sum of {of}"),
        Aggregation::Count => format!("Number of rows that have {of}"),
        Aggregation::CountDistinct => format!("Number of different {of}"),
        Aggregation::Avg => format!("Average of {of}"),
        Aggregation::Min => format!("Smallest {of}"),
        Aggregation::Max => format!("Largest {of}"),
        Aggregation::Median => format!("Median of {of}"),
        Aggregation::Percentile => match p {
            Some(p) => format!("{} % percentile of {of}", (p * 1_000.0).round() / 10.0),
            None => format!("Percentile of {of}"),
        },
        Aggregation::Stddev => format!("Standard deviation of {of}"),
        Aggregation::First => format!("First {of} in time"),
        Aggregation::Last => format!("Last {of} in time"),
    }
}

fn semi_words(semi: &SemiAdditive) -> String {
    let pick = match semi.pick {
        Pick::First => "first",
        Pick::Last => "last",
    };
    let per = match semi.per.is_empty() {
        true => String::new(),
        false => format!(" of each {}", semi.per.join(", ")),
    };
    format!(", of each period only the {pick} {}{per}", semi.time)
}

fn reference(reference: &MetricRef, model: &Model) -> String {
    let mut text = metric_label(reference.metric().as_str(), model);
    if let Some(filter) = reference.filter() {
        text = format!("{text} where {}", condition_words(filter, model));
    }
    if let Some(offset) = reference.offset() {
        text = match offset {
            Offset::Span(span) => format!("{text} {} earlier", span_words(*span)),
            Offset::Calendar(span) => format!("{text} {} {} earlier", span.count, span.unit),
            Offset::StartOf(start) => format!("{text} at the start of the {}", start.start_of.as_str()),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_type_has_its_sentence() {
        let metrics = json!([
            {"name": "revenue", "type": "simple", "table": "orders", "agg": "sum", "expr": {"col": "amount"},
             "filter": {"field": "orders.region", "op": "eq", "value": "EU"}},
            {"name": "order_count", "type": "simple", "table": "orders", "agg": "count"},
            {"name": "p95", "type": "simple", "table": "orders", "agg": "percentile", "p": 0.95, "expr": {"col": "amount"}},
            {"name": "balance", "type": "simple", "table": "orders", "agg": "sum", "expr": {"sql": "a - b"},
             "semi_additive": {"time": "day", "pick": "last", "per": ["account"]}},
            {"name": "aov", "type": "ratio", "numerator": "revenue", "denominator": "order_count"},
            {"name": "growth", "type": "derived", "expr": "(n - p) / p",
             "inputs": {"n": "revenue", "p": {"metric": "revenue", "offset": {"count": 1, "unit": "year"}}}},
            {"name": "last_28", "type": "cumulative", "metric": "revenue", "window": {"count": 28, "unit": "day"}},
            {"name": "ytd", "type": "cumulative", "metric": "revenue", "to_date": "year"},
        ]);
        let column = |name: &str| json!({"name": name, "type": "string", "expr": {"col": name}});
        let document: Value = json!({"format": 1, "model": "m", "metrics": metrics, "tables": [
            {"name": "orders", "source": {"dataset": "orders"}, "dimensions": [column("region"), column("amount")]}]});
        let model: Model = serde_json::from_value(document).unwrap();
        let sentences: Vec<String> = model.metrics.iter().map(|metric| meaning(metric, &model)).collect();
        assert_eq!(
            sentences,
            [
                "Sum of Amount over Orders where Region is EU.",
                "Number of rows of Orders.",
                "95 % percentile of Amount over Orders.",
                "Sum of a - b over Orders, of each period only the last day of each account.",
                "Revenue divided by Order count.",
                "(n - p) / p, where n is Revenue, p is Revenue 1 year earlier.",
                "Revenue of the last 28 days up to each day.",
                "Revenue since the start of the year.",
            ]
        );
    }
}
