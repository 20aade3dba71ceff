//! Rectangles on the grid and what happens when one is put where others are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Collision;
use crate::ids::TileId;

/// In grid cells; `w`, `h` ≥ 1, `x + w` ≤ columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

/// Tiles never shrink below this many columns and rows.
const MIN_SHRUNK: (u32, u32) = (3, 6);
/// Rows between which a page may grow; far beyond any real page, so that a wild drag stays a page.
pub const MAX_ROWS: u32 = 100_000;

impl Rect {
    pub const fn new(x: u32, y: u32, w: u32, h: u32) -> Self {
        Self { x, y, w, h }
    }

    pub const fn right(self) -> u32 {
        self.x.saturating_add(self.w)
    }

    pub const fn bottom(self) -> u32 {
        self.y.saturating_add(self.h)
    }

    pub const fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// The nearest rectangle that stands on a grid of `cols` columns.
    #[must_use]
    pub fn clamped(self, cols: u32) -> Self {
        let w = self.w.clamp(1, cols.max(1));
        let h = self.h.clamp(1, MAX_ROWS);
        Self {
            x: self.x.min(cols.saturating_sub(w)),
            y: self.y.min(MAX_ROWS - h),
            w,
            h,
        }
    }

    pub fn is_legal(self, cols: u32) -> bool {
        self.w >= 1 && self.h >= 1 && self.right() <= cols && self.bottom() <= MAX_ROWS
    }
}

/// The first free place for a new tile of `w` × `h`, scanning rows top to bottom, each left to right.
pub fn place_tile(taken: &[Rect], w: u32, h: u32, cols: u32) -> Rect {
    let w = w.clamp(1, cols.max(1));
    let mut rows: Vec<u32> = std::iter::once(0)
        .chain(taken.iter().map(|rect| rect.bottom()))
        .collect();
    crate::sort::sort(&mut rows);
    rows.dedup();
    for y in rows {
        for x in 0..=cols.saturating_sub(w) {
            let candidate = Rect::new(x, y, w, h);
            if !taken.iter().any(|rect| rect.overlaps(candidate)) {
                return candidate;
            }
        }
    }
    Rect::new(0, 0, w, h)
}

/// Where every other tile goes when the `fixed` ones stand where they were dropped. Returns only those that change.
/// Deterministic: tiles are settled top to bottom, then left to right, then by id.
pub fn resolve_collisions(tiles: &[(TileId, Rect)], fixed: &[TileId], collision: Collision) -> Vec<(TileId, Rect)> {
    if collision == Collision::Overlap {
        return Vec::new();
    }
    let mut settled: Vec<Rect> = tiles
        .iter()
        .filter(|(id, _)| fixed.contains(id))
        .map(|(_, rect)| *rect)
        .collect();
    let mut rest: Vec<(TileId, Rect)> = tiles.iter().filter(|(id, _)| !fixed.contains(id)).copied().collect();
    crate::sort::sort_by_key(&mut rest, |(id, rect)| (rect.y, rect.x, *id));
    let mut changed = Vec::new();
    for (id, before) in rest {
        let mut rect = before;
        if collision == Collision::Shrink
            && let Some(shrunk) = shrink(rect, &settled)
        {
            rect = shrunk;
        }
        while let Some(blocker) = settled
            .iter()
            .filter(|other| other.overlaps(rect))
            .max_by_key(|other| other.bottom())
        {
            rect.y = blocker.bottom();
        }
        if rect != before {
            changed.push((id, rect));
        }
        settled.push(rect);
    }
    changed
}

/// `rect` cut on one side so that it clears all `others`, if that leaves at least the minimum; the largest remainder wins.
fn shrink(rect: Rect, others: &[Rect]) -> Option<Rect> {
    let blockers: Vec<Rect> = others.iter().copied().filter(|other| other.overlaps(rect)).collect();
    if blockers.is_empty() {
        return None;
    }
    let left = blockers.iter().map(|other| other.right()).max()?;
    let right = blockers.iter().map(|other| other.x).min()?;
    let top = blockers.iter().map(|other| other.bottom()).max()?;
    let bottom = blockers.iter().map(|other| other.y).min()?;
    let candidates = [
        Rect {
            x: left,
            w: rect.right().saturating_sub(left),
            ..rect
        },
        Rect {
            w: right.saturating_sub(rect.x),
            ..rect
        },
        Rect {
            y: top,
            h: rect.bottom().saturating_sub(top),
            ..rect
        },
        Rect {
            h: bottom.saturating_sub(rect.y),
            ..rect
        },
    ];
    candidates
        .into_iter()
        .filter(|candidate| candidate.w >= MIN_SHRUNK.0.min(rect.w) && candidate.h >= MIN_SHRUNK.1.min(rect.h))
        .max_by_key(|candidate| candidate.w * candidate.h)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> TileId {
        TileId::from(Uuid::from_u128(number))
    }

    #[test]
    fn push_moves_what_is_in_the_way_and_what_that_hits() {
        let tiles = [
            (id(1), Rect::new(0, 0, 8, 10)),
            (id(2), Rect::new(0, 4, 8, 10)),
            (id(3), Rect::new(0, 14, 8, 10)),
            (id(4), Rect::new(8, 0, 8, 10)),
        ];
        let moved = resolve_collisions(&tiles, &[id(1)], Collision::Push);
        assert_eq!(
            moved,
            [(id(2), Rect::new(0, 10, 8, 10)), (id(3), Rect::new(0, 20, 8, 10))]
        );
    }

    #[test]
    fn shrink_gives_up_a_side_before_moving() {
        let tiles = [(id(1), Rect::new(0, 0, 6, 10)), (id(2), Rect::new(4, 0, 12, 10))];
        assert_eq!(
            resolve_collisions(&tiles, &[id(1)], Collision::Shrink),
            [(id(2), Rect::new(6, 0, 10, 10))]
        );
        assert!(resolve_collisions(&tiles, &[id(1)], Collision::Overlap).is_empty());
    }

    #[test]
    fn new_tiles_take_the_first_gap() {
        let taken = [Rect::new(0, 0, 8, 10), Rect::new(16, 0, 8, 10)];
        assert_eq!(place_tile(&taken, 8, 10, 24), Rect::new(8, 0, 8, 10));
        assert_eq!(place_tile(&taken, 10, 10, 24), Rect::new(0, 10, 10, 10));
    }
}
