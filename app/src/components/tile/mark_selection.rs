//! From a clicked mark to the dimension values it stands for.

use chart::visual::Parts;
use shared::{
    dashboard::{Selection, SelectionRow, SelectionValue},
    semantic::Answer,
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
    let parts = Parts::of(visual, answer);
    let mut used = std::collections::BTreeMap::new();
    let values = parts
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
                value: cells.get(*column)?.clone(),
            })
        })
        .collect::<Vec<_>>();
    (!values.is_empty()).then_some(SelectionRow(values))
}

/// Does an answer row belong to what is chosen in its own tile?
pub fn is_chosen(visual: &Visual, answer: &Answer, row: usize, selection: &Selection) -> bool {
    selection_row(visual, answer, row).is_some_and(|row| selection.rows.iter().any(|chosen| same(chosen, &row)))
}

/// Values read back from an address are texts; what was clicked may be a number.
fn same(a: &SelectionRow, b: &SelectionRow) -> bool {
    let text = |cell: &shared::table::Cell| match cell {
        shared::table::Cell::Null => None,
        shared::table::Cell::Bool(truth) => Some(truth.to_string()),
        shared::table::Cell::Int(number) => Some(number.to_string()),
        shared::table::Cell::Float(number) => Some(number.to_string()),
        shared::table::Cell::Text(text) => Some(text.clone()),
    };
    a.0.len() == b.0.len()
        && a.0.iter().zip(&b.0).all(|(a, b)| {
            a.field == b.field && a.grain == b.grain && a.part == b.part && text(&a.value) == text(&b.value)
        })
}
