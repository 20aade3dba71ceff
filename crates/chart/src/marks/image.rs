//! Pictures, as large as bars at their place would be. They are named, and never loaded here.

use super::encoder::{Encoder, refuse};
use super::style::Painter;
use crate::error::ChartError;
use crate::scene::{HitPoint, Item, Mark, MarkType, Shape};
use crate::spec::Channel;
use std::sync::Arc;

/// Kinds of pictures that carry no script.
const PICTURES: [&str; 4] = ["png", "jpeg", "gif", "webp"];

pub fn draw(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    let unit = encoder.unit;
    let (x, y) = (encoder.span(Channel::X), encoder.span(Channel::Y));
    let (url, own) = (encoder.channel(Channel::Url), unit.style.get(|m| m.url.clone()));
    let (painter, labels) = (Painter::new(encoder), encoder.labels());
    let mut items = Vec::new();
    for row in &encoder.table.rows {
        let ((x1, x2), (y1, y2)) = (x.ends(encoder, row)?, y.ends(encoder, row)?);
        let named = match &url {
            Some(url) => url
                .get(encoder, row)?
                .filter(|value| value.is_valid())
                .map(|value| value.label()),
            None => own.clone(),
        };
        let Some(href) = named.filter(|_| [x1, x2, y1, y2].iter().all(|v| v.is_finite())) else {
            continue;
        };
        if !is_own(&href) {
            let path = format!("{}.encoding.url", unit.path);
            return Err(refuse(&path, "pictures from other places are not shown"));
        }
        let shape = Shape::Image {
            x: x1.min(x2),
            y: y1.min(y2),
            width: (x2 - x1).abs(),
            height: (y2 - y1).abs(),
            href: Arc::from(&*href),
        };
        let mut item = Item::new(shape, painter.get(encoder, row)?);
        item.label = Some(labels.of(row));
        item.row = Some(row.source);
        hits.push(HitPoint {
            row: row.source,
            x_px: (x1 + x2) / 2.0,
            y_px: (y1 + y2) / 2.0,
            mark: encoder.mark_index,
        });
        items.push(item);
    }
    Ok(vec![Mark::Items {
        kind: MarkType::Image,
        role: "mark",
        name: unit.name.clone(),
        items,
        clip: unit.style.get(|m| m.clip).unwrap_or(false),
        description: "image mark",
    }])
}

/// A picture inside the address itself, or one beside the page: showing a chart asks nobody else for anything.
fn is_own(href: &str) -> bool {
    if let Some(rest) = href.strip_prefix("data:image/") {
        return PICTURES
            .iter()
            .any(|kind| rest.strip_prefix(kind).is_some_and(|rest| rest.starts_with(";base64,")));
    }
    // Browsers drop control characters and read `\` as `/`.
    let plain = !href.chars().any(|c| c.is_control() || c == '\\');
    plain && !href.trim_start().starts_with('/') && !href.contains(':')
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn only_pictures_of_ones_own_are_shown() {
        for own in ["ffox.png", "icons/a.webp", "data:image/png;base64,iVBORw0KGgo="] {
            assert!(is_own(own), "{own}");
        }
        for other in [
            "https://example.com/a.png",
            "//example.com/a.png",
            "\\\\example.com\\a.png",
            "/\t/example.com/a.png",
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:text/html;base64,PHN2Zz4=",
            "javascript:alert(1)",
            "JaVa\nScript:alert(1)",
            "/api/v1/sign-out",
        ] {
            assert!(!is_own(other), "{other}");
        }
    }
}
