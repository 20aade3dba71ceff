//! The builder's own specification over the answer: a row is an object of its columns by name.

mod check;
mod fields;

use serde_json::{Map, Value};
use shared::{
    semantic::{Answer, AnswerColumn, ColumnRole},
    table::{Cell, ColumnType},
    visual::Visual,
};

use super::{MarkSource, series, series::Series, value::wall_clock};
use crate::{ChartError, Problem};

pub use check::check;

/// Parts of a specification that is several views, whose size is then its own.
const ARRANGED: [&str; 5] = ["facet", "hconcat", "vconcat", "concat", "repeat"];

pub(super) fn own(visual: &Visual, answer: &Answer) -> Result<(Value, Series), ChartError> {
    let Some(spec) = visual.format.spec.as_ref().filter(|spec| !spec.is_null()) else {
        return Err(ChartError::Invalid(vec![Problem {
            path: "$".to_owned(),
            reason: "there is no specification yet".to_owned(),
        }]));
    };
    let names: Vec<&str> = answer.columns.iter().map(|column| column.name.as_str()).collect();
    let problems = check(spec, &names);
    if !problems.is_empty() {
        return Err(ChartError::Invalid(problems));
    }
    let metric = answer
        .columns
        .iter()
        .position(|column| column.role == ColumnRole::Metric);
    let mut result = Series::default();
    for (row_index, row) in answer.rows.iter().enumerate() {
        let cells = answer.columns.iter().zip(row);
        let cells = cells.map(|(column, cell)| (column.name.clone(), datum(cell, column)));
        result.rows.push(Value::Object(cells.collect::<Map<_, _>>()));
        result.sources.push(MarkSource {
            row: row_index,
            column: metric.unwrap_or(0),
        });
    }
    Ok((spec.clone(), result))
}

/// Does it fill the tile? Views side by side are as large as they say.
pub(super) fn is_one_view(spec: &Value) -> bool {
    let encoding = spec.get("encoding");
    let split = ["row", "column", "facet"]
        .iter()
        .any(|channel| encoding.is_some_and(|encoding| encoding.get(channel).is_some()));
    !split && ARRANGED.iter().all(|part| spec.get(part).is_none())
}

/// A number as a number even where its column is of exact decimals; a time as its wall clock.
fn datum(cell: &Cell, column: &AnswerColumn) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(truth) => Value::from(*truth),
        Cell::Int(_) | Cell::Float(_) => series::number(Some(cell)),
        Cell::Text(text) => match column.kind {
            ColumnType::Decimal => series::number(Some(cell)),
            ColumnType::Date | ColumnType::Timestamp | ColumnType::Timestamptz => Value::from(wall_clock(text)),
            ColumnType::String
            | ColumnType::Integer
            | ColumnType::Number
            | ColumnType::Boolean
            | ColumnType::Time
            | ColumnType::Json
            | ColumnType::Geo => Value::from(text.as_str()),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::{semantic::Answer, visual::Visual};

    use crate::{
        ChartError, Theme,
        visual::{DrawOptions, Picture, Size, draw, specification},
    };

    const SIZE: Size = Size {
        width_px: 400.0,
        height_px: 260.0,
    };

    fn answer() -> Answer {
        serde_json::from_value(json!({
            "columns": [
                { "name": "t.day", "role": "dimension", "type": "timestamptz", "label": "Day" },
                { "name": "revenue", "role": "metric", "type": "decimal", "label": "Revenue" },
            ],
            "rows": [["2026-01-01T00:00:00+01:00", "12.50"], ["2026-01-02T00:00:00+01:00", null]],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap()
    }

    fn visual(spec: &Value) -> Visual {
        serde_json::from_value(json!({
            "kind": "own", "wells": { "axis": [{ "field": "t.day" }], "values": [{ "metric": "revenue" }] },
            "format": { "spec": spec },
        }))
        .unwrap()
    }

    fn drawn(spec: &Value) -> Result<Picture, ChartError> {
        draw(&visual(spec), &answer(), &Theme::light(), SIZE, &DrawOptions::default())
    }

    fn bars() -> Value {
        json!({ "mark": "bar", "width": 9_000, "encoding": {
            "x": { "field": "t.day", "type": "temporal" }, "y": { "field": "revenue", "type": "quantitative" },
        } })
    }

    #[test]
    fn rows_are_objects_of_the_columns() {
        let spec = specification(
            &visual(&bars()),
            &answer(),
            &Theme::light(),
            SIZE,
            &DrawOptions::default(),
        )
        .unwrap();
        assert_eq!(
            spec["data"]["values"],
            json!([
                { "t.day": "2026-01-01T00:00:00", "revenue": 12.5 },
                { "t.day": "2026-01-02T00:00:00", "revenue": null },
            ])
        );
        assert_eq!(spec["width"], 400.0, "of the tile");
    }

    #[test]
    fn marks_stand_for_the_rows_of_the_answer() {
        let picture = drawn(&bars()).unwrap();
        assert_eq!(picture.hits.first().map(|hit| hit.mark), Some(0));
        assert_eq!(
            picture.sources.first().map(|source| (source.row, source.column)),
            Some((0, 1))
        );
        assert!(picture.svg.contains(&Theme::light().accent), "the theme's look");
        assert!(picture.svg.contains("viewBox=\"0 0 400 260\""));
    }

    #[test]
    fn several_views_keep_their_sizes() {
        let mut spec = json!({ "hconcat": [bars(), bars()] });
        for at in 0..2 {
            spec["hconcat"][at]["width"] = json!(60);
        }
        let picture = drawn(&spec).unwrap();
        assert!(!picture.svg.contains("viewBox=\"0 0 400 260\""));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = drawn(&json!({ "mark": "bar", "encoding": { "x": { "field": "Revenu" } } })).unwrap_err();
        assert!(error.to_string().contains("did you mean `revenue`?"), "{error}");
        assert!(
            drawn(&Value::Null)
                .unwrap_err()
                .to_string()
                .contains("no specification")
        );
    }
}
