//! Names that the model no longer has: another in their place, or what says them taken out.

use std::collections::BTreeMap;

use shared::{
    dashboard::{Dashboard, Filter, ObjectKind, Operation},
    ids::TileId,
    semantic::Condition,
    visual::{Visual, WellName},
};

use super::visual::change_visual;
use crate::designer::editor::{Edit, output_names, remove, set, tidy};

/// Says `new` wherever the dashboard says `old`, in all tiles and filters: what is gone from the model is gone for all.
pub fn replace_name(document: &Dashboard, old: &str, new: &str) -> Option<Edit> {
    let name = format!("Use {new} for {old}");
    let mut ops: Vec<Operation> = Vec::new();
    for (tile, visual) in document.tiles.iter().filter_map(|tile| Some((tile.id, tile.visual()?))) {
        let edit = change_visual(document, tile, &replaced(visual, old, new), name.as_str());
        ops.extend(edit.into_iter().flat_map(|edit| edit.ops));
    }
    for filter in &document.filters {
        ops.extend(replaced_filter(filter, old, new));
    }
    (!ops.is_empty()).then(|| Edit::new(name, ops))
}

/// Takes what says `name` out of one tile; the filters by it where the tile does not say it itself.
pub fn remove_name(document: &Dashboard, tile: TileId, name: &str) -> Option<Edit> {
    let words = format!("Take {name} out");
    let within = document
        .tile(tile)
        .and_then(|tile| tile.visual())
        .and_then(|visual| change_visual(document, tile, &without(visual, name), words.as_str()));
    within.or_else(|| {
        let filters = document.filters.iter().filter(|filter| filter.target.field == name);
        let ops: Vec<_> = filters
            .map(|filter| remove(ObjectKind::Filter, filter.id.as_uuid()))
            .collect();
        (!ops.is_empty()).then(|| Edit::new(words, ops))
    })
}

fn replaced(visual: &Visual, old: &str, new: &str) -> Visual {
    let mut changed = visual.clone();
    let is_old = |name: &Option<String>| name.as_deref() == Some(old);
    for well in WellName::ALL {
        for item in changed.wells.get_mut(well) {
            if is_old(&item.field) {
                item.field = Some(new.to_owned());
            }
            if is_old(&item.metric) {
                item.metric = Some(new.to_owned());
            }
        }
    }
    // Columns of the answer are named after what they show, and sorting speaks of columns.
    let mut names: BTreeMap<String, String> = output_names(visual).into_iter().zip(output_names(&changed)).collect();
    names.insert(old.to_owned(), new.to_owned());
    let query = &mut changed.query;
    for condition in query.condition.iter_mut().chain(&mut query.having) {
        condition.rename(&|name| names.get(name).cloned());
    }
    let rename = |name: &mut String| {
        if let Some(new) = names.get(name) {
            name.clone_from(new);
        }
    };
    query.sort.iter_mut().for_each(|sort| rename(&mut sort.by));
    if let Some(top) = &mut query.top {
        rename(&mut top.by);
        top.per.iter_mut().chain(&mut top.field).for_each(rename);
    }
    query.totals.iter_mut().flatten().for_each(rename);
    changed
}

fn replaced_filter(filter: &Filter, old: &str, new: &str) -> Vec<Operation> {
    let mut ops = Vec::new();
    let id = filter.id.as_uuid();
    if filter.target.field == old {
        ops.push(set(ObjectKind::Filter, id, &["target", "field"], new));
    }
    for (part, condition) in [("condition", &filter.condition), ("default", &filter.default)] {
        let mut changed = condition.clone();
        if let Some(condition) = &mut changed {
            condition.rename(&|name| (name == old).then(|| new.to_owned()));
        }
        if changed != *condition {
            ops.push(set(ObjectKind::Filter, id, &[part], changed));
        }
    }
    ops
}

fn without(visual: &Visual, name: &str) -> Visual {
    let mut changed = visual.clone();
    for well in WellName::ALL {
        let items = changed.wells.get_mut(well);
        items.retain(|item| item.field.as_deref() != Some(name) && item.metric.as_deref() != Some(name));
    }
    let query = &mut changed.query;
    query.condition = query
        .condition
        .take()
        .and_then(|condition| without_name(condition, name));
    query.having = query.having.take().and_then(|condition| without_name(condition, name));
    tidy(&mut changed);
    changed
}

fn without_name(condition: Condition, name: &str) -> Option<Condition> {
    let parts = |parts: Vec<Condition>| -> Vec<Condition> {
        let kept = parts.into_iter().filter_map(|part| without_name(part, name));
        kept.collect()
    };
    match condition {
        Condition::And { and } => Condition::all(parts(and)),
        Condition::Or { or } => {
            let mut or = parts(or);
            if or.len() > 1 {
                Some(Condition::Or { or })
            } else {
                or.pop()
            }
        }
        other => (!other.says(name)).then_some(other),
    }
}
