//! Places, outlines and fits against the numbers of d3-geo.

use super::budget::{Budget, TooLarge};
use super::fit::fit;
use super::geometry::Geometry;
use super::graticule::Graticule;
use super::kind::ProjectionKind;
use super::outline::Sink;
use super::point::Point;
use super::projection::{Projection, Settings};
use crate::scene::Rect;

/// Counts and measures what it is sent.
struct Measure {
    paths: usize,
    points: usize,
    bounds: Rect,
    length: f64,
}

impl Measure {
    fn of(shape: &Geometry, projection: &Projection) -> Measure {
        let mut out = Measure {
            paths: 0,
            points: 0,
            bounds: Rect::EMPTY,
            length: 0.0,
        };
        projection
            .send(shape, &mut out, &mut Budget::DRAWING.clone())
            .expect("small shapes");
        out
    }
}

impl Sink for Measure {
    fn point(&mut self, p: Point) {
        self.paths += 1;
        self.points += 1;
        self.bounds.union(Rect::new(p.x, p.y, p.x, p.y));
    }

    fn line(&mut self, line: &[Point]) {
        self.paths += 1;
        self.points += line.len();
        for p in line {
            self.bounds.union(Rect::new(p.x, p.y, p.x, p.y));
        }
        for pair in line.windows(2) {
            self.length += (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y);
        }
    }

    fn ring(&mut self, ring: &[Point]) {
        self.line(ring);
        if let (Some(a), Some(b)) = (ring.first(), ring.last()) {
            self.length += (b.x - a.x).hypot(b.y - a.y);
        }
    }
}

fn shape(name: &str) -> Geometry {
    let polygon = |points: &[(f64, f64)]| Geometry::Polygons(vec![vec![points.to_vec()]]);
    match name {
        "sphere" => Geometry::Sphere,
        "sq" => polygon(&[(-10.0, -10.0), (-10.0, 30.0), (40.0, 30.0), (40.0, -10.0)]),
        "anti" => polygon(&[(170.0, -10.0), (170.0, 30.0), (-160.0, 30.0), (-160.0, -10.0)]),
        "big" => polygon(&[(-60.0, -60.0), (-60.0, 60.0), (60.0, 60.0), (60.0, -60.0)]),
        "pole" => polygon(&[(-120.0, 70.0), (120.0, 70.0), (0.0, 70.0)]),
        "south" => polygon(&[(-120.0, -70.0), (0.0, -70.0), (120.0, -70.0)]),
        "line" => Geometry::Lines(vec![vec![
            (-170.0, 10.0),
            (-60.0, 50.0),
            (70.0, -40.0),
            (175.0, 20.0),
            (-150.0, 60.0),
        ]]),
        "pts" => Geometry::Points(vec![(0.0, 0.0), (120.0, 45.0), (-100.0, 40.0)]),
        "graticule" => Geometry::from_value(&Graticule::default().lines().expect("few lines")).expect("lines"),
        other => panic!("no shape {other}"),
    }
}

fn settings(kind: &str, turned: bool) -> Settings {
    let kind = ProjectionKind::parse(kind).expect("a projection");
    let plain = Settings::new(kind);
    if turned && kind != ProjectionKind::AlbersUsa {
        return Settings {
            rotate: Some([35.0, -25.0, 10.0]),
            clip_extent: Some([(300.0, 150.0), (600.0, 350.0)]),
            ..plain
        };
    }
    plain
}

/// The words of the lines of one kind.
fn reference(kind: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = include_str!("reference.txt")
        .lines()
        .map(|l| l.split(' ').collect::<Vec<_>>());
    lines.filter(move |words| words[0] == kind)
}

fn near(want: f64, got: f64) -> bool {
    want.is_nan() && !got.is_finite() || (want - got).abs() <= 0.06 + want.abs() * 1e-4
}

#[test]
fn draws_outlines_as_d3_does() {
    let mut wrong = Vec::new();
    for words in reference("outline") {
        let (kind, name, turned) = (words[1], words[2], words[3] == "1");
        let number = |at: usize| words[at].parse::<f64>().expect("a number");
        let got = Measure::of(&shape(name), &Projection::new(&settings(kind, turned), None, None));
        let b = got.bounds;
        let corners = [b.x1, b.y1, b.x2, b.y2];
        // Points that are on a boundary but for the last bit may count or not.
        let spare = if name == "graticule" { 4.0 } else { 0.0 };
        let same = (got.paths as f64 - number(4)).abs() <= spare
            && (got.points as f64 - number(5)).abs() <= 2.0 + spare
            && corners.iter().enumerate().all(|(i, c)| near(number(6 + i), *c))
            && near(number(10), got.length);
        if !same {
            wrong.push(format!(
                "{words:?} {} {} {corners:.2?} {:.1}",
                got.paths, got.points, got.length
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn places_as_d3_does() {
    for words in reference("place") {
        let plain = settings(words[1], false);
        let turned = Settings {
            rotate: Some([20.0, -30.0, 15.0]),
            center: Some((5.0, 10.0)),
            ..plain.clone()
        };
        let mirrored = Settings {
            reflect: (true, false),
            ..plain.clone()
        };
        let cases = [
            (Projection::new(&plain, None, None), (-100.0, 40.0)),
            (Projection::new(&turned, None, None), (12.0, -35.0)),
            (
                Projection::new(&mirrored, Some(200.0), Some((10.0, 20.0))),
                (30.0, 20.0),
            ),
        ];
        // What is behind the horizon is not shown, though d3 gives it a place.
        let horizon = plain.kind.defaults().clip_angle.is_some_and(|a| a < 170.0);
        for (i, (projection, (x, y))) in cases.iter().enumerate() {
            let want = |at: usize| words[2 + 2 * i + at].parse::<f64>().expect("a number");
            match projection.place(*x, *y) {
                Some((px, py)) => assert!(near(want(0), px) && near(want(1), py), "{words:?} {i}: {px} {py}"),
                None => assert!(want(0).is_nan() || horizon, "{words:?} {i}"),
            }
        }
    }
}

#[test]
fn fits_as_d3_does() {
    for words in reference("fit") {
        let settings = settings(words[1], false);
        let number = |at: usize| words[at].parse::<f64>().expect("a number");
        let want = Projection::new(&settings, Some(number(3)), Some((number(4), number(5))));
        let mut budget = Budget::DRAWING;
        let got = fit(&settings, &[shape(words[2])], (300.0, 200.0), &mut budget).expect("a small shape");
        for place in [(-100.0, 40.0), (10.0, 20.0), (0.0, 0.0)] {
            match (want.place(place.0, place.1), got.place(place.0, place.1)) {
                (Some(a), Some(b)) => assert!(near(a.0, b.0) && near(a.1, b.1), "{words:?}: {b:?}"),
                (a, b) => assert_eq!(a.is_some(), b.is_some(), "{words:?}"),
            }
        }
    }
}

#[test]
fn stops_when_there_are_too_many_points() {
    let settings = Settings {
        precision: Some(1e-9),
        ..Settings::new(ProjectionKind::Orthographic)
    };
    let projection = Projection::new(&settings, Some(1e7), None);
    let mut out = Measure {
        paths: 0,
        points: 0,
        bounds: Rect::EMPTY,
        length: 0.0,
    };
    assert_eq!(
        projection.send(&shape("graticule"), &mut out, &mut Budget::of(10_000)),
        Err(TooLarge)
    );
}
