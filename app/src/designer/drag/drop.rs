//! The end of a drag: what was shown becomes an action.

use leptos::prelude::*;
use shared::{dashboard::Rect, ids::TileId};

use super::{Gesture, Target, gesture::Drag, target};
use crate::designer::{
    editor::{add_to_well, commands, move_item, visual_title},
    state::Designer,
};

pub fn finish(designer: Designer, drag: Drag) {
    let target = designer.drag.target.get_untracked();
    designer.drag.clear(&drag);
    if !drag.active {
        return;
    }
    match drag.gesture {
        Gesture::Fields { fields, .. } => match target {
            Some(Target::Canvas(rect)) => {
                designer.insert_fields(&fields, Some(rect));
                designer.focus_selected();
            }
            Some(Target::Tile { tile, .. }) => {
                if let Some(visual) = designer.visual_untracked(tile) {
                    designer.select([tile]);
                    designer.add_to_visual(tile, &visual, &fields);
                    designer.focus_selected();
                }
            }
            Some(Target::Well { tile, well, position }) => {
                if let Some(visual) = designer.visual_untracked(tile) {
                    let changed = fields.iter().fold(visual.clone(), |visual, field| {
                        add_to_well(&visual, field, well, position).map_or(visual.clone(), |plan| plan.visual)
                    });
                    let names: Vec<&str> = fields.iter().map(|field| field.label.as_str()).collect();
                    let title = designer
                        .catalog
                        .with_untracked(|catalog| visual_title(&visual, catalog));
                    designer.change_visual(tile, &changed, format!("Add {} to {title}", names.join(", ")));
                }
            }
            Some(Target::Filters) => fields.iter().for_each(|field| designer.add_filter(field, true)),
            Some(Target::Remove) | None => {}
        },
        Gesture::Pill {
            tile,
            well,
            index,
            label,
        } => drop_pill(designer, tile, (well, index), &label, target),
        Gesture::Move { tiles, places, .. } => {
            let places: Vec<(TileId, Rect)> = tiles.iter().map(|(tile, _)| *tile).zip(places).collect();
            place(designer, &places, "Move");
        }
        Gesture::Resize { tile, to, .. } => place(designer, &[(tile, to)], "Resize"),
        Gesture::Marquee { .. } => {
            let count = designer.selection.with_untracked(std::collections::BTreeSet::len);
            designer.say(format!("{count} tiles selected"));
        }
        Gesture::Page { page, position } => {
            if let Some(position) = position {
                let document = designer.document.get_untracked();
                designer.run(commands::move_page(&document, page, position));
            }
        }
    }
}

fn place(designer: Designer, places: &[(TileId, Rect)], verb: &str) {
    let (document, catalog) = (designer.document.get_untracked(), designer.catalog.get_untracked());
    designer.run(commands::place_tiles(&document, places, verb, &catalog));
}

fn drop_pill(
    designer: Designer,
    tile: TileId,
    from: (shared::visual::WellName, usize),
    label: &str,
    target: Option<Target>,
) {
    let Some(visual) = designer.visual_untracked(tile) else {
        return;
    };
    match target {
        Some(Target::Well { well, position, .. }) => {
            let field = target::item_field(designer, &visual, from);
            if let Some(plan) = move_item(&visual, from, (well, position), field.as_ref()) {
                designer.change_visual(tile, &plan.visual, format!("Move {label}"));
            }
        }
        Some(Target::Remove) => {
            let document = designer.document.get_untracked();
            designer.run(commands::set_item(
                &document,
                tile,
                from,
                None,
                format!("Remove {label}"),
            ));
        }
        Some(Target::Canvas(_) | Target::Tile { .. } | Target::Filters) | None => {}
    }
}
