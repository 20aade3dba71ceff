//! A projection with its place on the drawing, and shapes sent through it.

use super::antimeridian::Antimeridian;
use super::budget::{Budget, TooLarge};
use super::clip::{Pieces, cut_polygon};
use super::contains::contains;
use super::formula::Formula;
use super::geometry::{Geometry, Position};
use super::kind::ProjectionKind;
use super::outline::Sink;
use super::point::{EPSILON, Point};
use super::rectangle::Rectangle;
use super::resample::resample;
use super::rotation::Rotation;
use super::small_circle::SmallCircle;
use crate::math::PI;

/// What a specification says of a projection; what it does not say follows from the kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub kind: ProjectionKind,
    /// Longitude and latitude of the centre in degrees.
    pub center: Option<(f64, f64)>,
    /// Turns in degrees.
    pub rotate: Option<[f64; 3]>,
    /// Where a cone touches the sphere, in degrees of latitude.
    pub parallels: Option<(f64, f64)>,
    /// Degrees from the centre to the edge of what is shown; `Some(None)` shows all.
    pub clip_angle: Option<Option<f64>>,
    /// Corners in px of what is shown.
    pub clip_extent: Option<[(f64, f64); 2]>,
    /// How far in px a drawn line may be off.
    pub precision: Option<f64>,
    pub reflect: (bool, bool),
    /// Of single points in shapes, in px.
    pub point_radius: f64,
}

impl Settings {
    pub fn new(kind: ProjectionKind) -> Settings {
        Settings {
            kind,
            center: None,
            rotate: None,
            parallels: None,
            clip_angle: None,
            clip_extent: None,
            precision: None,
            reflect: (false, false),
            point_radius: 4.5,
        }
    }
}

/// Where on the drawing a projection is put when nobody says, in px.
const TRANSLATE: (f64, f64) = (480.0, 250.0);

#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// One, or the mainland of the United States, Alaska and Hawaii.
    parts: Vec<Part>,
    pub(super) point_radius: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Tear {
    /// The plane has none.
    None,
    Antimeridian,
    Circle(SmallCircle),
}

#[derive(Clone, Debug, PartialEq)]
struct Part {
    formula: Formula,
    /// `None` on the plane.
    rotation: Option<Rotation>,
    tear: Tear,
    extent: Option<Rectangle>,
    /// The extent also hides marks.
    hides: bool,
    /// The square of the px a line may be off.
    bend: f64,
    scale: (f64, f64),
    shift: (f64, f64),
}

impl Projection {
    /// `scale` in px per radian, `translate` in px; both have defaults.
    pub fn new(settings: &Settings, scale: Option<f64>, translate: Option<(f64, f64)>) -> Projection {
        let scale = scale.unwrap_or(settings.kind.defaults().scale);
        let plane = settings.kind == ProjectionKind::Identity;
        let translate = translate.unwrap_or(if plane { (0.0, 0.0) } else { TRANSLATE });
        let parts = if settings.kind == ProjectionKind::AlbersUsa {
            united_states(settings, scale, translate)
        } else {
            vec![Part::new(settings, scale, translate)]
        };
        Projection {
            parts,
            point_radius: settings.point_radius,
        }
    }

    /// Where a position in degrees is drawn, in px; `None` where it is not.
    pub fn place(&self, longitude: f64, latitude: f64) -> Option<(f64, f64)> {
        if !super::BUILT_IN {
            return None;
        }
        self.parts.iter().find_map(|part| {
            let p = part.visible((longitude, latitude))?;
            let shown = !part.hides || part.extent.is_none_or(|e| e.shows(p));
            (shown && p.x.is_finite() && p.y.is_finite()).then_some((p.x, p.y))
        })
    }

    /// Made of several maps with nothing between them.
    pub fn is_composite(&self) -> bool {
        self.parts.len() > 1
    }

    /// Sends a shape through to a sink, in px.
    ///
    /// # Errors
    /// [`TooLarge`] when it needs more points than the budget has.
    pub(super) fn send(&self, shape: &Geometry, sink: &mut dyn Sink, budget: &mut Budget) -> Result<(), TooLarge> {
        match shape {
            Geometry::Collection(shapes) => shapes.iter().try_for_each(|s| self.send(s, sink, budget)),
            Geometry::Points(points) => {
                budget.spend(points.len())?;
                for position in points {
                    for part in &self.parts {
                        part.visible(*position)
                            .filter(|p| part.extent.is_none_or(|e| e.shows(*p)))
                            .into_iter()
                            .for_each(|p| sink.point(p));
                    }
                }
                Ok(())
            }
            Geometry::Lines(lines) => {
                for line in lines {
                    for part in &self.parts {
                        part.line(line, budget)?.iter().for_each(|l| sink.line(l));
                    }
                }
                Ok(())
            }
            Geometry::Polygons(polygons) => {
                for polygon in polygons {
                    for part in &self.parts {
                        let rings = polygon.iter().map(|ring| part.turned(ring)).collect::<Vec<_>>();
                        part.polygon(&rings, false, budget)?.iter().for_each(|r| sink.ring(r));
                    }
                }
                Ok(())
            }
            Geometry::Sphere => {
                for part in &self.parts {
                    part.polygon(&[], true, budget)?.iter().for_each(|r| sink.ring(r));
                }
                Ok(())
            }
        }
    }
}

impl Part {
    fn new(settings: &Settings, scale: f64, translate: (f64, f64)) -> Part {
        let kind = settings.kind;
        let defaults = kind.defaults();
        let plane = kind == ProjectionKind::Identity;
        let (mut center, mut rotate) = (
            settings.center.unwrap_or(defaults.center),
            settings.rotate.unwrap_or(defaults.rotate),
        );
        if kind == ProjectionKind::TransverseMercator {
            // It is Mercator's projection on its side.
            center = (-center.1, center.0);
            rotate[2] += 90.0;
        }
        let tear = match settings.clip_angle.unwrap_or(defaults.clip_angle) {
            _ if plane => Tear::None,
            Some(angle) if angle != 0.0 => Tear::Circle(SmallCircle::new(angle)),
            Some(_) | None => Tear::Antimeridian,
        };
        let sign = |reflected: bool| if reflected { -scale } else { scale };
        let mut part = Part {
            formula: Formula::of(kind, settings.parallels.unwrap_or(defaults.parallels)),
            rotation: (!plane).then(|| Rotation::degrees(rotate)),
            tear,
            extent: None,
            hides: settings.clip_extent.is_some(),
            bend: settings.precision.map_or(0.5, |p| p * p),
            scale: (sign(settings.reflect.0), sign(settings.reflect.1)),
            shift: (0.0, 0.0),
        };
        if plane {
            center = (0.0, 0.0);
            part.bend = 0.0;
        }
        let middle = part.put(part.formula.project(center.0 * PI / 180.0, center.1 * PI / 180.0));
        part.shift = (translate.0 - middle.x, translate.1 - middle.y);
        let given = settings.clip_extent.map(|[a, b]| Rectangle {
            x0: a.0,
            y0: a.1,
            x1: b.0,
            y1: b.1,
        });
        let endless = matches!(kind, ProjectionKind::Mercator | ProjectionKind::TransverseMercator);
        part.extent = if endless { Some(part.square(kind, given)) } else { given };
        part
    }

    /// Mercator's map has no end towards the poles: it is cut to a square, along the axis that a given extent leaves.
    fn square(&self, kind: ProjectionKind, given: Option<Rectangle>) -> Rectangle {
        let half = PI * self.scale.0.abs();
        let middle = self.put(self.formula.project(0.0, 0.0));
        match given {
            None => Rectangle {
                x0: middle.x - half,
                y0: middle.y - half,
                x1: middle.x + half,
                y1: middle.y + half,
            },
            Some(e) if kind == ProjectionKind::Mercator => Rectangle {
                x0: e.x0.max(middle.x - half),
                x1: e.x1.min(middle.x + half),
                ..e
            },
            Some(e) => Rectangle {
                y0: e.y0.max(middle.y - half),
                y1: e.y1.min(middle.y + half),
                ..e
            },
        }
    }

    /// From the formula's plane to px.
    fn put(&self, (x, y): (f64, f64)) -> Point {
        Point::new(self.shift.0 + self.scale.0 * x, self.shift.1 - self.scale.1 * y)
    }

    /// From the turned sphere to px.
    fn project(&self, p: Point) -> Point {
        self.put(self.formula.project(p.x, p.y))
    }

    fn turn(&self, (x, y): Position) -> Point {
        match &self.rotation {
            Some(rotation) => rotation.turn(Point::new(x * PI / 180.0, y * PI / 180.0)),
            None => Point::new(x, y),
        }
    }

    fn turned(&self, line: &[Position]) -> Vec<Point> {
        line.iter().map(|p| self.turn(*p)).collect()
    }

    /// Where a position is, unless it is beyond the tear.
    fn visible(&self, position: Position) -> Option<Point> {
        let turned = self.turn(position);
        let shown = match &self.tear {
            Tear::None | Tear::Antimeridian => true,
            Tear::Circle(circle) => circle.shows(turned),
        };
        shown.then(|| self.project(turned))
    }

    fn line(&self, line: &[Position], budget: &mut Budget) -> Result<Vec<Vec<Point>>, TooLarge> {
        let turned = self.turned(line);
        let mut out = Vec::new();
        for piece in self.split(&turned).lines {
            let drawn = resample(&piece, false, self.bend, &|p| self.project(p), budget)?;
            match &self.extent {
                Some(extent) => out.extend(extent.split(&drawn).lines),
                None => out.push(drawn),
            }
        }
        Ok(out)
    }

    fn split(&self, line: &[Point]) -> Pieces {
        match &self.tear {
            Tear::None => Pieces {
                lines: vec![line.to_vec()],
                whole: true,
                joined: false,
            },
            Tear::Antimeridian => Antimeridian::split(line),
            Tear::Circle(circle) => circle.split(line),
        }
    }

    /// Turned rings to rings in px; `all` is the whole sphere, which has none.
    fn polygon(&self, rings: &[Vec<Point>], all: bool, budget: &mut Budget) -> Result<Vec<Vec<Point>>, TooLarge> {
        let split = |ring: &[Point]| self.split(ring);
        let cut = match &self.tear {
            Tear::None => rings.to_vec(),
            Tear::Antimeridian => {
                let start = || all || contains(rings, Antimeridian::START);
                cut_polygon(rings, split, &Antimeridian, start, budget)?
            }
            Tear::Circle(circle) => {
                let start = || all || contains(rings, circle.start());
                cut_polygon(rings, split, circle, start, budget)?
            }
        };
        let mut drawn = Vec::with_capacity(cut.len());
        for ring in &cut {
            drawn.push(resample(ring, true, self.bend, &|p| self.project(p), budget)?);
        }
        match &self.extent {
            Some(extent) => extent.cut_polygon(&drawn, budget),
            None => Ok(drawn),
        }
    }
}

/// Albers' projection of the United States: Alaska (at about a third of its size) and Hawaii stand below the south-west.
fn united_states(settings: &Settings, scale: f64, (x, y): (f64, f64)) -> Vec<Part> {
    let part = |kind: ProjectionKind,
                rotate: f64,
                center: (f64, f64),
                parallels: (f64, f64),
                size: f64,
                at: (f64, f64),
                box_: [f64; 4]| {
        let one = Settings {
            rotate: Some([rotate, 0.0, 0.0]),
            center: Some(center),
            parallels: Some(parallels),
            precision: settings.precision,
            ..Settings::new(kind)
        };
        let [x0, y0, x1, y1] = box_;
        // A hair apart, so that no point is in two of them.
        let gap = if kind == ProjectionKind::Albers { 0.0 } else { EPSILON };
        let mut part = Part::new(&one, scale * size, (x + at.0 * scale, y + at.1 * scale));
        part.hides = true;
        part.extent = Some(Rectangle {
            x0: x + x0 * scale + gap,
            y0: y + y0 * scale + gap,
            x1: x + x1 * scale - gap,
            y1: y + y1 * scale - gap,
        });
        part
    };
    use ProjectionKind::{Albers, ConicEqualArea};
    vec![
        part(
            Albers,
            96.0,
            (-0.6, 38.7),
            (29.5, 45.5),
            1.0,
            (0.0, 0.0),
            [-0.455, -0.238, 0.455, 0.238],
        ),
        part(
            ConicEqualArea,
            154.0,
            (-2.0, 58.5),
            (55.0, 65.0),
            0.35,
            (-0.307, 0.201),
            [-0.425, 0.120, -0.214, 0.234],
        ),
        part(
            ConicEqualArea,
            157.0,
            (-3.0, 19.9),
            (8.0, 18.0),
            1.0,
            (-0.205, 0.212),
            [-0.214, 0.166, -0.115, 0.234],
        ),
    ]
}
