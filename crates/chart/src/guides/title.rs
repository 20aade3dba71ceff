//! Titles of views and labels of facets.

use super::lettering::Lettering;
use crate::scene::{Align, Anchor, Group, Item, Mark, MarkType, Rect};
use crate::spec::{Config, Header, Title};

/// A title whose bounds are relative to the view.
#[derive(Clone, Debug)]
pub struct DrawnTitle {
    pub mark: Mark,
    pub bounds: Rect,
}

fn mark(role: &'static str, item: Item) -> Mark {
    Mark::Items {
        kind: MarkType::Text,
        role,
        name: String::new(),
        items: vec![item],
        clip: false,
        description: "",
    }
}

/// Draws a title above (or beside) a view, outside of what the view already takes up.
pub fn draw_title(
    title: &Title,
    config: &Config,
    size: (f64, f64),
    taken: Rect,
    default_anchor: &str,
) -> Option<DrawnTitle> {
    let title = title.or(&config.title);
    let lines = title.text.clone().filter(|t| !t.iter().all(String::is_empty))?;
    let subtitle = title
        .subtitle
        .clone()
        .filter(|t| !t.iter().all(String::is_empty))
        .unwrap_or_default();
    let mut main = Lettering::of(config, "group-title", 13.0, true).set(
        &title.font,
        title.font_size,
        title.font_weight,
        title.font_style,
        &title.color,
        title.limit,
    );
    main.line_height = title.line_height.or(main.line_height);
    let mut sub = Lettering::of(config, "group-subtitle", 12.0, false).set(
        &title.subtitle_font,
        title.subtitle_font_size,
        title.subtitle_font_weight,
        title.subtitle_font_style,
        &title.subtitle_color,
        title.limit,
    );
    sub.line_height = title.subtitle_line_height.or(sub.line_height);
    let orient = title.orient.as_deref().unwrap_or("top");
    let anchor = title.anchor.as_deref().unwrap_or(default_anchor);
    let bounds_frame = title.frame.as_deref() == Some("bounds");
    let (lo, hi) = match orient {
        "left" | "right" => {
            if bounds_frame {
                (taken.y1, taken.y2)
            } else {
                (0.0, size.1)
            }
        }
        _ => {
            if bounds_frame {
                (taken.x1, taken.x2)
            } else {
                (0.0, size.0)
            }
        }
    };
    let (along, align) = match anchor {
        "start" => (lo, Align::Left),
        "end" => (hi, Align::Right),
        _ => ((lo + hi) / 2.0, Align::Center),
    };
    let align = title.align.as_deref().map_or(align, Align::parse);
    let offset = title.offset.unwrap_or(4.0);
    let padding = title.subtitle_padding.unwrap_or(3.0);
    let main_height = main.size_px + main.line_height_px() * lines.len().saturating_sub(1) as f64;
    let sub_height = if subtitle.is_empty() {
        0.0
    } else {
        padding + sub.size_px + sub.line_height_px() * subtitle.len().saturating_sub(1) as f64
    };
    let total = main_height + sub_height;
    let (place, angle) = match orient {
        "bottom" => ((along, taken.y2 + offset), 0.0),
        "left" => ((taken.x1 - offset - total, (lo + hi) - along), -90.0),
        "right" => ((taken.x2 + offset + total, along), 90.0),
        _ => ((along, taken.y1 - offset - total), 0.0),
    };
    let place = (place.0 + title.dx.unwrap_or(0.0), place.1 + title.dy.unwrap_or(0.0));
    let angle = title.angle.unwrap_or(angle);
    let label = format!("Title text '{}'", lines.join(" "));
    let mut marks = Vec::new();
    let mut bounds = Rect::EMPTY;
    let item = main.item(lines, (0.0, 0.0), angle, align, Anchor::Top);
    bounds.union(item.bounds());
    marks.push(mark("title-text", item));
    if !subtitle.is_empty() {
        let below = main_height + padding;
        let at = match orient {
            "left" => (below, 0.0),
            "right" => (-below, 0.0),
            _ => (0.0, below),
        };
        let item = sub.item(subtitle, at, angle, align, Anchor::Top);
        bounds.union(item.bounds());
        marks.push(mark("title-subtitle", item));
    }
    let group = Group {
        place,
        marks,
        ..Group::default()
    };
    Some(DrawnTitle {
        mark: Mark::Groups {
            role: "title".into(),
            name: String::new(),
            groups: vec![group],
            orient: None,
            label: Some(label),
            hidden: false,
        },
        bounds: bounds.shifted(place.0, place.1),
    })
}

#[expect(clippy::too_many_arguments, reason = "how one text is set")]
/// The label or title of a facet, as a title mark at a place.
pub fn header_label(
    lines: Vec<String>,
    header: &Header,
    config: &Config,
    place: (f64, f64),
    angle: f64,
    align: Align,
    anchor: Anchor,
    is_title: bool,
) -> (Mark, Rect) {
    let lettering = if is_title {
        Lettering::of(config, "guide-title", 11.0, true).set(
            &header.title_font,
            header.title_font_size,
            header.title_font_weight,
            header.title_font_style,
            &header.title_color,
            header.title_limit,
        )
    } else {
        Lettering::of(config, "guide-label", 10.0, false).set(
            &header.label_font,
            header.label_font_size,
            header.label_font_weight,
            header.label_font_style,
            &header.label_color,
            header.label_limit,
        )
    };
    let item = lettering.item(lines, (0.0, 0.0), angle, align, anchor);
    let bounds = item.bounds().shifted(place.0, place.1);
    let group = Group {
        place,
        marks: vec![mark("title-text", item)],
        ..Group::default()
    };
    (
        Mark::Groups {
            role: "title".into(),
            name: String::new(),
            groups: vec![group],
            orient: None,
            label: None,
            hidden: false,
        },
        bounds,
    )
}
