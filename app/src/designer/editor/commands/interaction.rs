//! What a selection in one tile does to another.

use shared::{
    dashboard::{Dashboard, Interaction, InteractionKind, Object, ObjectKind},
    ids::{InteractionId, TileId},
};
use uuid::Uuid;

use crate::designer::editor::{Edit, insert, remove, set};

/// `id`: of the pair when it is new. A pair back at the default (filter) is taken out.
pub fn set_interaction(
    document: &Dashboard,
    from: TileId,
    to: TileId,
    kind: InteractionKind,
    id: Uuid,
) -> Option<Edit> {
    let known = document
        .interactions
        .iter()
        .find(|pair| pair.from == from && pair.to == to);
    let ops = match (known, kind) {
        (None, InteractionKind::Filter) => return None,
        (Some(pair), kind) if pair.kind == kind => return None,
        (Some(pair), InteractionKind::Filter) => vec![remove(ObjectKind::Interaction, pair.id.as_uuid())],
        (Some(pair), kind) => vec![set(ObjectKind::Interaction, pair.id.as_uuid(), &["kind"], kind)],
        (None, kind) => vec![insert(&Object::Interaction(Interaction {
            id: InteractionId::from(id),
            from,
            to,
            kind,
        }))],
    };
    Some(Edit::new("Edit interactions", ops))
}
