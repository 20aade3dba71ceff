//! A table with a trend is asked for with a row for each time; it shows one for each group, with the course of its value.

use std::collections::BTreeMap;

use shared::{
    semantic::{Answer, SortDirection},
    table::Cell,
    visual::{Visual, WellName},
};

use super::{
    Course, Parts,
    course::Times,
    order::{in_order, key},
};

/// What a table with a trend shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded {
    /// One row for each group, without the column of times.
    pub answer: Answer,
    /// Per row; all have the same times.
    pub courses: Vec<Course>,
    /// Name of the value whose courses they are.
    pub label: String,
}

/// `None` for a table without a trend, or without a value or time in its answer.
pub fn folded(visual: &Visual, answer: &Answer) -> Option<Folded> {
    let parts = Parts::of(visual, answer);
    let time = parts.dimension(WellName::Trend)?;
    let measure = parts.measures_of(WellName::Values).into_iter().next()?;
    let axis: Vec<usize> = parts
        .dimensions
        .iter()
        .filter(|(well, _)| *well == WellName::Axis)
        .map(|(_, column)| *column)
        .collect();
    let times = Times::of(answer, time);
    let path = |row: &[Cell]| -> Vec<String> {
        let cells = axis.iter().map(|column| row.get(*column).unwrap_or(&Cell::Null));
        cells.map(key).collect()
    };
    let mut members: Vec<Vec<&Vec<Cell>>> = Vec::new();
    let mut positions = BTreeMap::new();
    for row in &answer.rows {
        let position = *positions.entry(path(row)).or_insert_with(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        if let Some(rows) = members.get_mut(position) {
            rows.push(row);
        }
    }
    let names: Vec<&String> = axis
        .iter()
        .filter_map(|column| Some(&answer.columns.get(*column)?.name))
        .collect();
    let is_of_groups = |by: &[String]| by.len() == names.len() && names.iter().all(|name| by.contains(name));
    let totals: BTreeMap<Vec<String>, &Vec<Cell>> = answer
        .totals
        .iter()
        .filter(|totals| is_of_groups(&totals.by))
        .flat_map(|totals| &totals.rows)
        .map(|row| (path(row), row))
        .collect();
    let mut rows: Vec<(Vec<Cell>, Course)> = members
        .iter()
        .filter_map(|rows| {
            let first = *rows.first()?;
            // Values of a group are no sum of those of its times: without a total there are none.
            let mut row = match totals.get(&path(first)) {
                Some(total) => (*total).clone(),
                None => only_groups(first, &axis),
            };
            let course = times.course(answer, rows.iter().copied(), measure.column);
            (time < row.len()).then(|| row.remove(time));
            Some((row, course))
        })
        .collect();
    sort(visual, answer, time, &mut rows);
    let (rows, courses) = rows.into_iter().unzip();
    Some(Folded {
        answer: without_column(answer, time, rows, &is_of_groups),
        courses,
        label: measure.label.clone(),
    })
}

fn only_groups(row: &[Cell], axis: &[usize]) -> Vec<Cell> {
    let cells = row.iter().enumerate();
    cells
        .map(|(column, cell)| {
            if axis.contains(&column) {
                cell.clone()
            } else {
                Cell::Null
            }
        })
        .collect()
}

/// By the values that are shown: the answer was sorted by those of single times.
fn sort(visual: &Visual, answer: &Answer, time: usize, rows: &mut [(Vec<Cell>, Course)]) {
    let orders: Vec<(usize, bool)> = visual
        .query
        .sort
        .iter()
        .filter_map(|sort| {
            let column = answer.columns.iter().position(|column| column.name == sort.by)?;
            let shown = match column.cmp(&time) {
                std::cmp::Ordering::Less => column,
                std::cmp::Ordering::Equal => return None,
                std::cmp::Ordering::Greater => column - 1,
            };
            Some((shown, sort.dir == SortDirection::Desc))
        })
        .collect();
    rows.sort_by(|(a, _), (b, _)| {
        let compared = orders.iter().map(|(column, descends)| {
            let cell = |row: &[Cell]| row.get(*column).cloned().unwrap_or(Cell::Null);
            in_order(&cell(a), &cell(b), *descends)
        });
        compared.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
}

/// The answer with other rows and without a column. The totals that became the rows are none any more.
fn without_column(answer: &Answer, column: usize, rows: Vec<Vec<Cell>>, is_rows: &dyn Fn(&[String]) -> bool) -> Answer {
    let mut folded = Answer {
        rows,
        others: Vec::new(),
        ..answer.clone()
    };
    if column < folded.columns.len() {
        folded.columns.remove(column);
    }
    // The total of everything stays a total even where there is nothing to group by.
    folded
        .totals
        .retain(|totals| totals.by.is_empty() || !is_rows(&totals.by));
    for row in folded.totals.iter_mut().flat_map(|totals| &mut totals.rows) {
        if column < row.len() {
            row.remove(column);
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample(sort: serde_json::Value) -> (Visual, Answer) {
        let visual = serde_json::from_value(json!({
            "kind": "table",
            "wells": {
                "axis": [{ "field": "t.name" }], "values": [{ "metric": "m" }, { "metric": "n" }],
                "trend": [{ "field": "t.day", "grain": "month" }],
            },
            "query": { "sort": sort },
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "name", "role": "dimension", "type": "string", "label": "Name" },
                { "name": "day", "role": "dimension", "type": "date", "label": "Month", "grain": "month" },
                { "name": "m", "role": "metric", "type": "number", "label": "M" },
                { "name": "n", "role": "metric", "type": "number", "label": "N" },
            ],
            "rows": [
                ["A", "2026-02-01", 2, 0], ["A", "2026-01-01", 1, 0], ["B", "2026-03-01", 9, 0], ["C", "2026-03-01", null, 0],
            ],
            "totals": [
                { "by": ["name"], "rows": [["B", null, 90, 5], ["A", null, 30, 6]] },
                { "by": [], "rows": [[null, null, 500, 7]] },
            ],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        (visual, answer)
    }

    #[test]
    fn groups_have_their_totals_and_a_course_over_all_times() {
        let (visual, answer) = sample(json!([]));
        let folded = folded(&visual, &answer).unwrap();
        let names: Vec<&str> = folded
            .answer
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!((names, folded.label.as_str()), (vec!["name", "m", "n"], "M"));
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(
            folded.answer.rows,
            [
                vec![text("A"), Cell::Int(30), Cell::Int(6)],
                vec![text("B"), Cell::Int(90), Cell::Int(5)],
                vec![text("C"), Cell::Null, Cell::Null],
            ]
        );
        let points: Vec<_> = folded.courses.iter().map(|course| course.points.clone()).collect();
        assert_eq!(
            points,
            [
                vec![Some(1.0), Some(2.0), None],
                vec![None, None, Some(9.0)],
                vec![None, None, None]
            ]
        );
        assert_eq!(folded.answer.totals.len(), 1);
        assert_eq!(
            folded.answer.totals[0].rows,
            [[Cell::Null, Cell::Int(500), Cell::Int(7)]]
        );
    }

    #[test]
    fn rows_are_sorted_by_what_they_show() {
        let (visual, answer) = sample(json!([{ "by": "m", "dir": "desc" }]));
        let folded = folded(&visual, &answer).unwrap();
        let names: Vec<_> = folded.answer.rows.iter().map(|row| row[0].clone()).collect();
        assert_eq!(names, ["B", "A", "C"].map(|name| Cell::Text(name.to_owned())));
        assert_eq!(folded.courses[0].points[2], Some(9.0), "courses go with their rows");
    }

    #[test]
    fn tables_without_a_trend_are_not_folded() {
        let (mut visual, answer) = sample(json!([]));
        visual.wells.trend.clear();
        assert_eq!(folded(&visual, &answer), None);
    }
}
