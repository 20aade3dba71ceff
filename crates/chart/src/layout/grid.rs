//! Views side by side.

use crate::scene::Rect;

/// Where each cell's origin stands, row by row; `None` is an empty place.
pub fn arrange(
    bounds: &[Option<Rect>],
    columns: usize,
    spacing: (f64, f64),
    align_all: bool,
) -> (Vec<(f64, f64)>, Rect) {
    let columns = columns.max(1);
    let rows = bounds.len().div_ceil(columns);
    let mut tracks_x = vec![(0.0f64, 0.0f64); columns.min(bounds.len().max(1))];
    let mut tracks_y = vec![(0.0f64, 0.0f64); rows.max(1)];
    for (i, b) in bounds.iter().enumerate() {
        let Some(b) = b else { continue };
        if let Some(t) = tracks_x.get_mut(i % columns) {
            *t = (t.0.max((-b.x1).ceil()), t.1.max(b.x2.ceil()));
        }
        if let Some(t) = tracks_y.get_mut(i / columns) {
            *t = (t.0.max((-b.y1).ceil()), t.1.max(b.y2.ceil()));
        }
    }
    if align_all {
        for tracks in [&mut tracks_x, &mut tracks_y] {
            let most = tracks
                .iter()
                .fold((0.0f64, 0.0f64), |m, t| (m.0.max(t.0), m.1.max(t.1)));
            tracks.iter_mut().for_each(|t| *t = most);
        }
    }
    let place = |tracks: &[(f64, f64)], gap: f64| {
        let mut at = 0.0;
        let mut out = Vec::new();
        for (i, (before, after)) in tracks.iter().enumerate() {
            if i > 0 {
                at += gap + before;
            }
            out.push(at);
            at += after;
        }
        (out, at)
    };
    let (xs, width) = place(&tracks_x, spacing.1);
    let (ys, height) = place(&tracks_y, spacing.0);
    let at = |i: usize| {
        (
            xs.get(i % columns).copied().unwrap_or(0.0),
            ys.get(i / columns).copied().unwrap_or(0.0),
        )
    };
    let left = tracks_x.first().map_or(0.0, |t| t.0);
    let top = tracks_y.first().map_or(0.0, |t| t.0);
    (
        (0..bounds.len()).map(at).collect(),
        Rect::new(-left, -top, width, height),
    )
}
