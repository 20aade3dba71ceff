//! How the sphere is laid on the plane.

use super::options::{options, properties};
use super::reader::{Node, Reader};
use crate::geo::{ProjectionKind, Settings};
use std::sync::Arc;

options! {
    /// Angles in degrees, lengths in px.
    ProjectionDef {
        kind: ProjectionKind,
        center: (f64, f64),
        clip_angle: Option<f64>,
        clip_extent: [(f64, f64); 2],
        parallels: (f64, f64),
        point_radius: f64,
        precision: f64,
        reflect_x: bool,
        reflect_y: bool,
        rotate: [f64; 3],
        scale: f64,
        translate: (f64, f64),
    }
}

impl ProjectionDef {
    pub fn read(r: &mut Reader, node: Node) -> Option<Arc<ProjectionDef>> {
        let mut projection = ProjectionDef::default();
        if node.is_null() {
            return None;
        }
        r.object(node, |r, key, node| {
            properties!(r, key, node, projection, {
                "type" => kind: projection_kind,
                "center" => center: pair,
                "parallels" => parallels: pair,
                "pointRadius" => point_radius: number,
                "precision" => precision: number,
                "reflectX" => reflect_x: boolean,
                "reflectY" => reflect_y: boolean,
                "rotate" => rotate: angles,
                "scale" => scale: number,
                "translate" => translate: pair,
            }, match key {
                "clipAngle" if node.is_null() => projection.clip_angle = Some(None),
                "clipAngle" => projection.clip_angle = r.number(node).map(Some),
                "clipExtent" if node.is_null() => {}
                "clipExtent" => projection.clip_extent = r.extent(node),
                _ => r.refuse(node),
            })
        });
        Some(Arc::new(projection))
    }

    /// Whether the scale and place follow from the data.
    pub fn fits(&self) -> bool {
        self.scale.is_none() && self.translate.is_none()
    }

    pub fn settings(&self) -> Settings {
        let plain = Settings::new(self.kind.unwrap_or(ProjectionKind::EqualEarth));
        Settings {
            center: self.center,
            rotate: self.rotate,
            parallels: self.parallels,
            clip_angle: self.clip_angle,
            clip_extent: self.clip_extent,
            precision: self.precision,
            reflect: (self.reflect_x == Some(true), self.reflect_y == Some(true)),
            point_radius: self.point_radius.unwrap_or(plain.point_radius).max(0.0),
            ..plain
        }
    }
}

impl Reader {
    fn projection_kind(&mut self, node: Node) -> Option<ProjectionKind> {
        let name = self.text(node)?;
        let kind = ProjectionKind::parse(&name);
        if kind.is_none() {
            self.refuse_because(node, &format!("the projection `{name}` is not supported"));
        }
        kind
    }

    /// Two numbers.
    pub fn pair(&mut self, node: Node) -> Option<(f64, f64)> {
        let numbers = self.numbers(node)?;
        match numbers.as_slice() {
            [a, b] if a.is_finite() && b.is_finite() => Some((*a, *b)),
            _ => {
                self.wrong(node, "must be two numbers");
                None
            }
        }
    }

    /// Two or three angles.
    fn angles(&mut self, node: Node) -> Option<[f64; 3]> {
        let numbers = self.numbers(node)?;
        let angles = match numbers.as_slice() {
            [a, b] => [*a, *b, 0.0],
            [a, b, c] => [*a, *b, *c],
            _ => [f64::NAN; 3],
        };
        if angles.iter().all(|a| a.is_finite()) {
            return Some(angles);
        }
        self.wrong(node, "must be two or three angles");
        None
    }

    /// Two corners, the smaller numbers first.
    pub fn extent(&mut self, node: Node) -> Option<[(f64, f64); 2]> {
        let corners = self.values(node)?;
        let number = |corner: usize, at: &str| corners.get(corner).map_or(f64::NAN, |c| c.member(at).number());
        let (a, b) = ((number(0, "0"), number(0, "1")), (number(1, "0"), number(1, "1")));
        if a.0 <= b.0 && a.1 <= b.1 && [a.0, a.1, b.0, b.1].iter().all(|n| n.is_finite()) {
            return Some([a, b]);
        }
        self.wrong(node, "must be two corners, the smaller numbers first");
        None
    }
}
