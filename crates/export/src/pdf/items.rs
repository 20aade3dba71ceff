//! Single items: shapes, lines, texts, pictures, and what they link to.

use chart::scene::{Item, Rect, Shape, Style};
use krilla::{
    action::{Action, LinkAction},
    annotation::{LinkAnnotation, Target},
};

use super::{
    canvas::{Canvas, Link},
    outline,
    paint::Painted,
};

impl Canvas<'_, '_> {
    pub fn item(&mut self, item: &Item) {
        match &item.shape {
            Shape::Path { d, .. } => self.outline(d, &item.style),
            Shape::Placed { x, y, d, .. } => self.moved((*x, *y), |canvas| canvas.outline(d, &item.style)),
            Shape::Line { x, y, dx, dy } => {
                let bounds = Rect::new(*x, *y, x + dx, y + dy);
                self.path(&outline::line((*x, *y), (x + dx, y + dy)), bounds, &item.style);
            }
            Shape::Text { x, y, text } => self.text(text, (*x, *y), &item.style),
            Shape::Image {
                x,
                y,
                width,
                height,
                href,
            } => self.picture(href, Rect::new(*x, *y, x + width, y + height)),
        }
        self.link(item);
    }

    /// Path data with its paint.
    pub fn outline(&mut self, data: &str, style: &Style) {
        if let Some(path) = outline::read(data) {
            let bounds = outline::bounds(&path);
            self.path(&path, bounds, style);
        }
    }

    /// A path with its paint; gradients run over `bounds`.
    pub fn path(&mut self, path: &kurbo::BezPath, bounds: Rect, style: &Style) {
        let painted = Painted::of(style, bounds);
        if painted.is_nothing() {
            return;
        }
        if let Some(path) = outline::path(path) {
            self.painted(painted, |surface| surface.draw_path(&path));
        }
    }

    /// The place of an item as a link, when it has one that leads out safely.
    fn link(&mut self, item: &Item) {
        let Some(href) = item.href.as_ref().filter(|href| href.starts_with("https://")) else {
            return;
        };
        let Some(place) = self.on_page(item.bounds()) else {
            return;
        };
        let action = Action::Link(LinkAction::new(href.to_string()));
        self.links.push(Link {
            annotation: LinkAnnotation::new(place, Target::Action(action)),
            label: Some(item.label.clone().unwrap_or_else(|| href.to_string())),
        });
    }
}
