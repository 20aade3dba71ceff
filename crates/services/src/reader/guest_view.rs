//! What guests are not shown: conditions the builder set, how numbers were computed, names of other fields.

use shared::{
    AppError, ErrorCode,
    dashboard::{Content, Dashboard, TileData},
    semantic::Answer,
    visual::Visual,
};

/// Filters that are hidden keep their place, because addresses count them, but say nothing.
pub(super) fn document_for_guests(document: &Dashboard) -> Dashboard {
    let mut shown = document.clone();
    for filter in &mut shown.filters {
        if filter.hidden {
            filter.condition = None;
            filter.default = None;
        }
    }
    for tile in &mut shown.tiles {
        if let Content::Visual(visual) = &mut tile.content {
            hide_conditions(visual);
        }
    }
    shown
}

fn hide_conditions(visual: &mut Visual) {
    visual.query.condition = None;
    visual.query.having = None;
}

pub(super) fn tile_for_guests(data: TileData) -> TileData {
    match data {
        TileData::Answer { mut visual, answer } => {
            hide_conditions(&mut visual);
            TileData::Answer {
                visual,
                answer: Box::new(Answer {
                    sql: Vec::new(),
                    rows_read: None,
                    ..*answer
                }),
            }
        }
        TileData::Error(error) if error.code == ErrorCode::SourceGone => {
            let told = AppError::new(ErrorCode::SourceGone, "The data behind this was deleted.")
                .with_hint("Ask the person who gave you this page to load it again.");
            TileData::Error(AppError {
                request_id: error.request_id,
                ..told
            })
        }
        TileData::Error(error) => TileData::Error(AppError {
            candidates: Vec::new(),
            field: None,
            ..error
        }),
    }
}
