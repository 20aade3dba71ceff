//! Walks the scene: the page, its groups, their marks. The order and the cuts are those of the SVG.

use chart::{
    Scene,
    scene::{Group, Mark, Paint, Rect, Style},
};
use krilla::{annotation::LinkAnnotation, geom::Transform, paint::FillRule, surface::Surface};

use super::{Without, outline, paint::Painted};
use crate::typesetting::Typesetter;

/// Where a click leads, and what it is called.
pub struct Link {
    pub annotation: LinkAnnotation,
    pub label: Option<String>,
}

pub struct Canvas<'a, 'surface> {
    pub surface: &'a mut Surface<'surface>,
    pub typesetter: Typesetter,
    /// Whether pictures within the drawing are drawn.
    pub pictures: bool,
    pub links: Vec<Link>,
    points_per_px: f64,
    /// Where the group being drawn stands on the page, in px.
    origin: (f64, f64),
    /// Size of the view around, for cuts, in px.
    view: (f64, f64),
}

impl<'a, 'surface> Canvas<'a, 'surface> {
    pub fn new(surface: &'a mut Surface<'surface>, points_per_px: f64, without: Without) -> Self {
        Self {
            surface,
            typesetter: Typesetter::new(!without.fonts_of_machine),
            pictures: !without.pictures,
            links: Vec::new(),
            points_per_px,
            origin: (0.0, 0.0),
            view: (0.0, 0.0),
        }
    }

    pub fn finish(self) -> Vec<Link> {
        self.links
    }

    pub fn scene(&mut self, scene: &Scene) {
        let scale = self.points_per_px as f32;
        self.surface.push_transform(&Transform::from_scale(scale, scale));
        if let Some(paint) = &scene.background {
            self.background(scene, paint);
        }
        self.moved(scene.origin, |canvas| canvas.group(&scene.root));
        self.surface.pop();
    }

    fn background(&mut self, scene: &Scene, paint: &Paint) {
        let page = Rect::new(0.0, 0.0, scene.width_px, scene.height_px);
        let style = Style {
            fill: Some(paint.clone()),
            ..Style::default()
        };
        self.path(&outline::rectangle(page), page, &style);
    }

    /// Draws with the origin at another place (px).
    pub fn moved(&mut self, by: (f64, f64), draw: impl FnOnce(&mut Self)) {
        let before = self.origin;
        self.origin = (before.0 + by.0, before.1 + by.1);
        self.surface
            .push_transform(&Transform::from_translate(by.0 as f32, by.1 as f32));
        draw(self);
        self.surface.pop();
        self.origin = before;
    }

    /// Draws with a paint; where both fill and outline are see-through together, they are so as one.
    pub fn painted(&mut self, painted: Painted, draw: impl FnOnce(&mut Surface<'surface>)) {
        self.surface.push_opacity(painted.together);
        self.surface.set_fill(painted.fill);
        self.surface.set_stroke(painted.stroke);
        draw(self.surface);
        self.surface.pop();
    }

    /// Draws only what is inside of an outline, which may be nothing.
    fn cut(&mut self, data: &str, draw: impl FnOnce(&mut Self)) {
        let Some(path) = outline::read(data).as_ref().and_then(outline::path) else {
            return;
        };
        self.surface.push_clip_path(&path, &FillRule::NonZero);
        draw(self);
        self.surface.pop();
    }

    fn group(&mut self, group: &Group) {
        self.moved(group.place, |canvas| {
            let data = group.background();
            let (behind, before) = if group.stroke_foreground {
                (
                    Style {
                        stroke: None,
                        ..group.style.clone()
                    },
                    Some(Style {
                        fill: None,
                        ..group.style.clone()
                    }),
                )
            } else {
                (group.style.clone(), None)
            };
            canvas.outline(&data, &behind);
            if group.clip {
                canvas.cut(&data, |canvas| canvas.marks(group));
            } else {
                canvas.marks(group);
            }
            if let Some(style) = before {
                canvas.outline(&data, &style);
            }
        });
    }

    fn marks(&mut self, group: &Group) {
        let around = self.view;
        if group.width > 0.0 || group.height > 0.0 {
            self.view = (group.width, group.height);
        }
        for mark in &group.marks {
            match mark {
                Mark::Groups { groups, .. } => groups.iter().for_each(|group| self.group(group)),
                Mark::Items { items, clip: true, .. } => {
                    let view = Group::clip_of_view(self.view);
                    self.cut(&view, |canvas| items.iter().for_each(|item| canvas.item(item)));
                }
                Mark::Items { items, clip: false, .. } => items.iter().for_each(|item| self.item(item)),
            }
        }
        self.view = around;
    }

    /// A box of the group being drawn, on the page, in points.
    pub fn on_page(&self, bounds: Rect) -> Option<krilla::geom::Rect> {
        let placed = bounds.shifted(self.origin.0, self.origin.1);
        let point = |px: f64| (px * self.points_per_px) as f32;
        krilla::geom::Rect::from_ltrb(point(placed.x1), point(placed.y1), point(placed.x2), point(placed.y2))
    }
}
