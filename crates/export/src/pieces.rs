//! A scene whose texts are each of one font, for pixels: resvg puts another font in place of one for whole texts only, and gives
//! up where the two do not make the same number of glyphs of it.

use std::borrow::Cow;

use chart::{
    Scene,
    scene::{Align, Group, Item, Mark, Shape, TextItem},
};

use crate::{
    fonts::{Face, embedded},
    typesetting::{Run, Typesetter, collapsed},
};

/// The scene itself where the typeface has all characters, or a copy in which texts with others are cut where the font changes.
pub fn in_single_fonts(scene: Cow<'_, Scene>) -> Cow<'_, Scene> {
    if !has_mixed(&scene.root) {
        return scene;
    }
    let mut scene = scene.into_owned();
    cut(&mut scene.root, &Typesetter::new(true));
    Cow::Owned(scene)
}

fn has_mixed(group: &Group) -> bool {
    group.marks.iter().any(|mark| match mark {
        Mark::Items { items, .. } => items.iter().any(|item| mixed(item).is_some()),
        Mark::Groups { groups, .. } => groups.iter().any(has_mixed),
    })
}

/// The text of an item if its own face does not have all of it.
fn mixed(item: &Item) -> Option<&TextItem> {
    let Shape::Text { text, .. } = &item.shape else {
        return None;
    };
    let face = Face::of(text.bold, text.italic);
    let mut others = text
        .lines
        .iter()
        .flat_map(|line| line.chars())
        .filter(|c| !face.surely_has(*c))
        .peekable();
    others.peek()?;
    let font = embedded().loaded(face)?;
    others.any(|character| !font.has(character)).then_some(text)
}

fn cut(group: &mut Group, typesetter: &Typesetter) {
    for mark in &mut group.marks {
        match mark {
            Mark::Items { items, .. } => {
                let whole = std::mem::take(items);
                *items = whole.into_iter().flat_map(|item| pieces(item, typesetter)).collect();
            }
            Mark::Groups { groups, .. } => groups.iter_mut().for_each(|group| cut(group, typesetter)),
        }
    }
}

fn pieces(item: Item, typesetter: &Typesetter) -> Vec<Item> {
    let (Some(text), Shape::Text { x, y, .. }) = (mixed(&item), &item.shape) else {
        return vec![item];
    };
    let mut pieces = Vec::new();
    for (index, line) in text.lines.iter().enumerate() {
        let runs = typesetter.line(&collapsed(line), Face::of(text.bold, text.italic));
        let mut along = -Run::before_anchor(&runs, text);
        for run in runs {
            let piece = TextItem {
                // Blanks at the ends of a text would not be shown.
                lines: vec![run.text.replace(' ', "\u{a0}")],
                dx: text.dx + f64::from(along),
                dy: text.dy + text.line_height_px * index as f64,
                align: Align::Left,
                ..text.clone()
            };
            along += run.advance * text.size_px as f32;
            let shape = Shape::Text {
                x: *x,
                y: *y,
                text: Box::new(piece),
            };
            pieces.push(Item { shape, ..item.clone() });
        }
    }
    pieces
}
