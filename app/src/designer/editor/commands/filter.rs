//! Filters of the dashboard and its pages.

use serde::Serialize;
use shared::{
    dashboard::{Dashboard, Filter, FilterScope, FilterTarget, Object, ObjectKind, order_between},
    ids::FilterId,
};
use uuid::Uuid;

use crate::designer::editor::{Edit, Field, FieldKind, insert, remove, set};

/// A filter on the field, at the end of the bar. `None` for metrics, and when the same scope has it already.
pub fn add_filter(document: &Dashboard, field: &Field, scope: FilterScope, id: Uuid) -> Option<Edit> {
    let there = document
        .filters
        .iter()
        .any(|filter| filter.scope == scope && filter.target.field == field.name);
    if matches!(field.kind, FieldKind::Metric | FieldKind::Point) || there {
        return None;
    }
    let last = document.ordered_filters().last().map(|filter| filter.order.clone());
    let filter = Filter {
        id: FilterId::from(id),
        order: order_between(last.as_ref(), None),
        scope,
        target: FilterTarget {
            field: field.name.clone(),
        },
        label: None,
        condition: None,
        locked: false,
        hidden: false,
        required: false,
        default: None,
    };
    Some(Edit::new(
        format!("Add filter {}", field.label),
        vec![insert(&Object::Filter(filter))],
    ))
}

/// Sets one property (`label`, `condition`, `default`, `locked`, `hidden`, `required`, `scope`) of a filter.
pub fn set_filter(
    document: &Dashboard,
    id: FilterId,
    property: &'static str,
    value: impl Serialize,
    label: &str,
) -> Option<Edit> {
    document.filter(id)?;
    Some(
        Edit::new(
            format!("Change filter {label}"),
            vec![set(ObjectKind::Filter, id.as_uuid(), &[property], value)],
        )
        .merging(format!("filter:{id}:{property}")),
    )
}

pub fn remove_filter(document: &Dashboard, id: FilterId, label: &str) -> Option<Edit> {
    document.filter(id)?;
    Some(Edit::new(
        format!("Remove filter {label}"),
        vec![remove(ObjectKind::Filter, id.as_uuid())],
    ))
}

/// One place towards the front (`-1`) or the end (`1`) of the bar.
pub fn move_filter(document: &Dashboard, id: FilterId, step: i32, label: &str) -> Option<Edit> {
    let filters = document.ordered_filters();
    let from = filters.iter().position(|filter| filter.id == id)?;
    let to = if step < 0 {
        from.checked_sub(1)?
    } else {
        (from + 1 < filters.len()).then_some(from + 1)?
    };
    let (before, after) = if to < from {
        (to.checked_sub(1).and_then(|index| filters.get(index)), filters.get(to))
    } else {
        (filters.get(to), filters.get(to + 1))
    };
    let order = order_between(before.map(|filter| &filter.order), after.map(|filter| &filter.order));
    Some(Edit::new(
        format!("Move filter {label}"),
        vec![set(ObjectKind::Filter, id.as_uuid(), &["order"], order)],
    ))
}
