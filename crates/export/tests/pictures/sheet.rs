//! A sheet of pictures: one kind of visual in every state, tiny, wide and in panels.

use chart::{
    RenderOptions, Scene, Theme,
    scene::{Align, Anchor, Group, Item, Mark, MarkType, Paint, Rect, Shape, Style, TextItem},
    visual::{
        DrawOptions, Size,
        samples::{Sample, divided, sample},
        specification,
    },
};
use serde_json::Value;
use shared::{
    semantic::Answer,
    visual::{Visual, VisualKind, WellName},
};
use std::sync::Arc;

/// Between pictures, and round them, in px.
const GAP: f64 = 12.0;
/// Of the line over a picture, in px.
const CAPTION: f64 = 20.0;
const COLUMNS: usize = 4;
/// In how many panels small multiples are shown.
const PANELS: usize = 4;
const USUAL: Size = Size {
    width_px: 240.0,
    height_px: 160.0,
};
const TINY: Size = Size {
    width_px: 120.0,
    height_px: 80.0,
};
/// As high as two tiny ones with their caption; the three together are as wide as the rows above.
const WIDE: Size = Size {
    width_px: 480.0,
    height_px: 2.0 * TINY.height_px + CAPTION,
};
const DIVIDED: Size = Size {
    width_px: 372.0,
    height_px: WIDE.height_px,
};

/// One picture on a sheet.
pub struct Part {
    pub caption: String,
    /// Where it is, in px of the sheet.
    pub frame: Rect,
    visual: Visual,
    answer: Answer,
}

impl Part {
    fn new(caption: &str, place: (f64, f64), size: Size, (visual, answer): (Visual, Answer)) -> Part {
        Part {
            caption: caption.to_owned(),
            frame: Rect::new(place.0, place.1, place.0 + size.width_px, place.1 + size.height_px),
            visual,
            answer,
        }
    }
}

/// The pictures of a kind and where each is.
pub fn parts(kind: VisualKind) -> Vec<Part> {
    let row_px = CAPTION + USUAL.height_px;
    let mut parts: Vec<Part> = Sample::ALL
        .into_iter()
        .enumerate()
        .map(|(index, (state, words))| {
            let (row, column) = (index / COLUMNS, index % COLUMNS);
            let place = (
                GAP + column as f64 * (USUAL.width_px + GAP),
                CAPTION + row as f64 * row_px,
            );
            Part::new(words, place, USUAL, sample(kind, state))
        })
        .collect();
    let top = CAPTION + Sample::ALL.len().div_ceil(COLUMNS) as f64 * row_px;
    let wide = GAP + TINY.width_px + GAP;
    parts.push(Part::new("tiny", (GAP, top), TINY, sample(kind, Sample::Usual)));
    let below = (GAP, top + TINY.height_px + CAPTION);
    parts.push(Part::new(
        "tiny with long names",
        below,
        TINY,
        sample(kind, Sample::LongNames),
    ));
    parts.push(Part::new("wide", (wide, top), WIDE, sample(kind, Sample::Usual)));
    if kind.wells().contains(&WellName::SmallMultiples) {
        let place = (wide + WIDE.width_px + GAP, top);
        parts.push(Part::new("in panels", place, DIVIDED, divided(kind, PANELS)));
    }
    parts
}

/// All parts on one page. What lies outside of a part's frame is cut off, as by a page of the product.
pub fn sheet(parts: &[Part], theme: &Theme, shapes: &Value) -> Scene {
    let captions = parts.iter().map(|part| caption(part, theme)).collect();
    let pictures = parts.iter().map(|part| framed(part, theme, shapes)).collect();
    let mut page = Rect::EMPTY;
    parts.iter().for_each(|part| page.union(part.frame));
    Scene {
        width_px: page.x2 + GAP,
        height_px: page.y2 + GAP,
        background: Some(Paint::css(&theme.grid)),
        root: Group {
            marks: vec![
                Mark::Groups {
                    role: "scope".to_owned(),
                    name: String::new(),
                    groups: pictures,
                    orient: None,
                    label: None,
                    hidden: false,
                },
                Mark::Items {
                    kind: MarkType::Text,
                    role: "mark",
                    name: String::new(),
                    items: captions,
                    clip: false,
                    description: "",
                },
            ],
            ..Group::default()
        },
        ..Scene::default()
    }
}

fn framed(part: &Part, theme: &Theme, shapes: &Value) -> Group {
    let size = Size {
        width_px: part.frame.width(),
        height_px: part.frame.height(),
    };
    let scene = drawn(part, theme, size, shapes);
    let (x, y) = scene.root.place;
    let root = Group {
        place: (x + scene.origin.0, y + scene.origin.1),
        ..scene.root
    };
    Group {
        place: (part.frame.x1, part.frame.y1),
        width: size.width_px,
        height: size.height_px,
        style: Style {
            fill: scene.background,
            ..Style::default()
        },
        clip: true,
        marks: vec![Mark::Groups {
            role: "scope".to_owned(),
            name: String::new(),
            groups: vec![root],
            orient: None,
            label: None,
            hidden: false,
        }],
        ..Group::default()
    }
}

fn drawn(part: &Part, theme: &Theme, size: Size, shapes: &Value) -> Scene {
    let options = DrawOptions {
        shapes: Some(shapes),
        ..DrawOptions::default()
    };
    let specification = specification(&part.visual, &part.answer, theme, size, &options).unwrap();
    let options = RenderOptions {
        theme: Some(theme),
        ..RenderOptions::default()
    };
    chart::render_scene(&specification, &options).unwrap()
}

fn caption(part: &Part, theme: &Theme) -> Item {
    let text = TextItem {
        lines: vec![part.caption.clone()],
        dx: 0.0,
        dy: 0.0,
        angle: 0.0,
        align: Align::Left,
        anchor: Anchor::Alphabetic,
        font: Arc::from(theme.font.as_str()),
        size_px: 11.0,
        line_height_px: 13.0,
        bold: false,
        italic: false,
        width_px: part.frame.width(),
    };
    let shape = Shape::Text {
        x: part.frame.x1,
        y: part.frame.y1 - 6.0,
        text: Box::new(text),
    };
    let ink = Style {
        fill: Some(Paint::css(&theme.ink)),
        ..Style::default()
    };
    Item::new(shape, ink)
}
