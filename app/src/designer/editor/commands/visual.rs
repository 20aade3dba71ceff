//! Wells, kind and format of a visual.

use serde::Serialize;
use shared::{
    dashboard::{Dashboard, Operation, Rect},
    ids::TileId,
    visual::{Visual, VisualKind, WellItem, WellName},
};

use super::layout::with_collisions;
use crate::designer::editor::{Edit, FieldCatalog, default_size, output_name, set_tile, tidy, visual_title};

/// Sets what differs between the tile's visual and `changed`, part by part, so that somebody else's change of another
/// part stays.
pub fn change_visual(document: &Dashboard, id: TileId, changed: &Visual, name: impl Into<String>) -> Option<Edit> {
    let before = document.tile(id)?.visual()?;
    let mut ops: Vec<Operation> = Vec::new();
    let at = |rest: &[&str]| -> Vec<String> {
        ["content", "visual"]
            .iter()
            .chain(rest)
            .map(|key| (*key).to_owned())
            .collect()
    };
    let mut differ = |same: bool, rest: &[&str], value: serde_json::Value| {
        if !same {
            ops.push(Operation::Set {
                kind: shared::dashboard::ObjectKind::Tile,
                id: id.as_uuid(),
                path: at(rest),
                value,
            });
        }
    };
    differ(before.kind == changed.kind, &["kind"], json(changed.kind));
    differ(before.title == changed.title, &["title"], json(&changed.title));
    for well in WellName::ALL {
        let (old, new) = (before.wells.get(well), changed.wells.get(well));
        differ(old == new, &["wells", well.as_str()], json(new));
    }
    let (old, new) = (&before.query, &changed.query);
    differ(
        old.condition == new.condition,
        &["query", "where"],
        json(&new.condition),
    );
    differ(old.having == new.having, &["query", "having"], json(&new.having));
    differ(old.sort == new.sort, &["query", "sort"], json(&new.sort));
    differ(old.top == new.top, &["query", "top"], json(&new.top));
    differ(old.compare == new.compare, &["query", "compare"], json(&new.compare));
    differ(old.totals == new.totals, &["query", "totals"], json(&new.totals));
    differ(old.limit == new.limit, &["query", "limit"], json(new.limit));
    differ(before.format == changed.format, &["format"], json(&changed.format));
    ops.extend(grown(document, id, before.kind, changed.kind));
    (!ops.is_empty()).then(|| Edit::new(name, ops))
}

/// A number that becomes a chart takes the room a chart needs.
fn grown(document: &Dashboard, id: TileId, before: VisualKind, after: VisualKind) -> Vec<Operation> {
    let Some(tile) = document.tile(id) else {
        return Vec::new();
    };
    let (w, h) = default_size(after);
    let rect = Rect {
        w: tile.rect.w.max(w),
        h: tile.rect.h.max(h),
        ..tile.rect
    }
    .clamped(document.grid.cols);
    if before != VisualKind::Kpi || after == VisualKind::Kpi || tile.locked || rect == tile.rect {
        return Vec::new();
    }
    let mut ops = vec![set_tile(id, &["rect"], rect)];
    ops.extend(with_collisions(document, tile.page, &[(id, rect)]));
    ops
}

fn json(value: impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or(serde_json::Value::Null)
}

/// Replaces (`Some`) or takes out (`None`) one item of a well.
pub fn set_item(
    document: &Dashboard,
    id: TileId,
    (well, index): (WellName, usize),
    item: Option<WellItem>,
    name: impl Into<String>,
) -> Option<Edit> {
    let mut visual = document.tile(id)?.visual()?.clone();
    let before = output_name(&visual, well, index);
    let items = visual.wells.get_mut(well);
    match item {
        Some(item) => {
            *items.get_mut(index)? = item;
            if let (Some(before), Some(after)) = (before, output_name(&visual, well, index)) {
                follow(&mut visual, &before, &after);
            }
        }
        None if index < items.len() => {
            items.remove(index);
        }
        None => return None,
    }
    tidy(&mut visual);
    change_visual(document, id, &visual, name)
}

/// A sum that becomes an average keeps its place in sorting and top-N.
fn follow(visual: &mut Visual, before: &str, after: &str) {
    let renamed = |name: &mut String| {
        if name == before {
            after.clone_into(name);
        }
    };
    visual.query.sort.iter_mut().for_each(|sort| renamed(&mut sort.by));
    if let Some(top) = &mut visual.query.top {
        renamed(&mut top.by);
        if let Some(field) = &mut top.field {
            renamed(field);
        }
    }
    visual.query.totals.iter_mut().flatten().for_each(renamed);
}

/// Sets one place inside the visual's format; `what` names it for the history ("legend position").
pub fn set_format(
    document: &Dashboard,
    id: TileId,
    path: &[&str],
    value: impl Serialize,
    what: &str,
    catalog: &FieldCatalog,
) -> Option<Edit> {
    let visual = document.tile(id)?.visual()?;
    let full: Vec<&str> = ["content", "visual", "format"].iter().chain(path).copied().collect();
    Some(
        Edit::new(
            format!("Change {what} of {}", visual_title(visual, catalog)),
            vec![set_tile(id, &full, value)],
        )
        .merging(format!("format:{id}:{}", path.join("."))),
    )
}
