//! Members in their order, and what tells them apart.

use std::cmp::Ordering;

use shared::table::Cell;

/// What tells members apart.
pub(super) fn key(cell: &Cell) -> String {
    match cell {
        Cell::Null => "-".to_owned(),
        Cell::Bool(truth) => format!("b{truth}"),
        Cell::Int(_) | Cell::Float(_) => format!("n{}", cell.as_f64().unwrap_or(f64::NAN)),
        Cell::Text(text) => format!("t{text}"),
    }
}

/// NULL comes last either way.
pub(super) fn in_order(a: &Cell, b: &Cell, descends: bool) -> Ordering {
    let turned = |ordering: Ordering| if descends { ordering.reverse() } else { ordering };
    match (a, b) {
        (Cell::Null, Cell::Null) => Ordering::Equal,
        (Cell::Null, _) => Ordering::Greater,
        (_, Cell::Null) => Ordering::Less,
        (Cell::Text(a), Cell::Text(b)) => turned(a.cmp(b)),
        (a, b) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => turned(a.total_cmp(&b)),
            (_, _) => turned(key(a).cmp(&key(b))),
        },
    }
}
