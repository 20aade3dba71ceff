//! What holds of the drawings of all kinds of visuals in all states.

#![allow(clippy::unwrap_used)]

use chart::{
    RenderOptions, Theme,
    scene::{Group, Mark, Rect, Shape},
    visual::{
        DrawOptions, Size, is_drawn,
        samples::{Sample, sample},
        specification,
    },
};
use shared::visual::VisualKind;

/// A builder's own specification is as it is.
const KINDS: fn(&VisualKind) -> bool = |kind| is_drawn(*kind) && *kind != VisualKind::Own;
const SIZES: [(f64, f64); 5] = [
    (120.0, 80.0),
    (240.0, 160.0),
    (400.0, 260.0),
    (480.0, 178.0),
    (900.0, 600.0),
];

/// Each text with its box in px of the drawing.
fn texts(group: &Group, at: (f64, f64), out: &mut Vec<(String, Rect)>) {
    let at = (at.0 + group.place.0, at.1 + group.place.1);
    for mark in &group.marks {
        match mark {
            Mark::Groups { groups, .. } => groups.iter().for_each(|group| texts(group, at, out)),
            Mark::Items { items, .. } => {
                for item in items {
                    if let Shape::Text { text, .. } = &item.shape
                        && !item.bounds().is_empty()
                    {
                        out.push((text.lines.join(" "), item.bounds().shifted(at.0, at.1)));
                    }
                }
            }
        }
    }
}

#[test]
fn no_word_is_cut_off_at_the_edge() {
    let theme = Theme::light();
    let options = RenderOptions {
        theme: Some(&theme),
        ..RenderOptions::default()
    };
    let mut cut = Vec::new();
    for kind in VisualKind::ALL.into_iter().filter(KINDS) {
        for (state, words) in Sample::ALL {
            let (visual, answer) = sample(kind, state);
            for (width_px, height_px) in SIZES {
                let size = Size { width_px, height_px };
                let spec = specification(&visual, &answer, &theme, size, &DrawOptions::default()).unwrap();
                let scene = chart::render_scene(&spec, &options).unwrap();
                let mut found = Vec::new();
                texts(&scene.root, scene.origin, &mut found);
                let outside =
                    |bounds: &Rect| bounds.x1 < 0.0 || bounds.y1 < 0.0 || bounds.x2 > width_px || bounds.y2 > height_px;
                for (text, bounds) in found.iter().filter(|(_, bounds)| outside(bounds)) {
                    cut.push(format!(
                        "{kind:?}, {words}, {width_px} × {height_px}: {text} at {bounds:?}"
                    ));
                }
            }
        }
    }
    assert!(cut.is_empty(), "{} words are cut off:\n{}", cut.len(), cut.join("\n"));
}
