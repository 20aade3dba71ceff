//! From a mark to the dimension values it stands for, and back to the marks that are meant by values.

use std::collections::BTreeMap;

use chart::visual::Parts;
use shared::{
    dashboard::{Selection, SelectionRow, SelectionValue},
    semantic::Answer,
    table::Cell,
    visual::Visual,
};

/// A mark was clicked: the values it stands for, and whether it joins what is chosen already (Ctrl, Shift or Cmd held).
#[derive(Clone, Debug, PartialEq)]
pub struct MarkClick {
    pub row: SelectionRow,
    pub add: bool,
}

/// The dimension values of an answer row; `None` for the rest of a top-N and for visuals without dimensions.
pub fn selection_row(visual: &Visual, answer: &Answer, row: usize) -> Option<SelectionRow> {
    if answer.others.contains(&row) {
        return None;
    }
    let cells = answer.rows.get(row)?;
    let values = values_of(visual, answer, cells);
    (!values.is_empty()).then_some(SelectionRow(values))
}

/// The values of a row's groups, in the order of the kind's wells.
pub fn values_of(visual: &Visual, answer: &Answer, cells: &[Cell]) -> Vec<SelectionValue> {
    let visual = &*visual.asked();
    let mut used = BTreeMap::new();
    Parts::of(visual, answer)
        .dimensions
        .iter()
        .filter_map(|(well, column)| {
            let position = used.entry(*well).or_insert(0_usize);
            let item = visual
                .wells
                .get(*well)
                .iter()
                .filter(|item| !item.is_measure())
                .nth(*position)?;
            *position += 1;
            Some(SelectionValue {
                field: item.field.clone()?,
                grain: item.grain,
                part: item.part,
                bin: answer.columns.get(*column)?.bin,
                value: cells.get(*column)?.clone(),
                until: None,
                to: None,
            })
        })
        .collect()
}

/// Does an answer row belong to what is chosen in its own tile?
pub fn is_chosen(visual: &Visual, answer: &Answer, row: usize, selection: &Selection) -> bool {
    selection_row(visual, answer, row).is_some_and(|row| {
        selection
            .rows
            .iter()
            .any(|chosen| chosen.0.iter().all(|value| row.0.iter().any(|own| holds(value, own))))
    })
}

/// Does an answer row belong to what is chosen in another tile? `None` when the two have no group in common.
pub fn is_meant(visual: &Visual, answer: &Answer, row: usize, selection: &Selection) -> Option<bool> {
    let cells = answer.rows.get(row)?;
    let own = values_of(visual, answer, cells);
    let comparable = |value: &&SelectionValue| {
        own.iter()
            .any(|own| own.field == value.field && own.grain == value.grain && own.part == value.part)
    };
    let mut common = false;
    for chosen in &selection.rows {
        let mut values = chosen.0.iter().filter(comparable).peekable();
        common |= values.peek().is_some();
        if values.peek().is_some() && values.all(|value| own.iter().any(|own| holds(value, own))) {
            return Some(true);
        }
    }
    common.then_some(false)
}

/// Values read back from an address are texts; what was clicked may be a number.
fn holds(chosen: &SelectionValue, own: &SelectionValue) -> bool {
    if chosen.field != own.field || chosen.grain != own.grain || chosen.part != own.part || chosen.bin != own.bin {
        return false;
    }
    match &chosen.until {
        None => text(&chosen.value) == text(&own.value),
        Some(until) => match (number(&chosen.value), number(&own.value), number(until)) {
            (Some(from), Some(own), Some(until)) => from <= own && own < until,
            // Times are written so that their order is that of the texts.
            _ => text(&chosen.value) <= text(&own.value) && text(&own.value) < text(until),
        },
    }
}

fn text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Null => None,
        Cell::Bool(truth) => Some(truth.to_string()),
        Cell::Int(number) => Some(number.to_string()),
        Cell::Float(number) => Some(number.to_string()),
        Cell::Text(text) => Some(text.clone()),
    }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Text(text) => text.parse().ok(),
        Cell::Null | Cell::Bool(_) | Cell::Int(_) | Cell::Float(_) => cell.as_f64(),
    }
}
