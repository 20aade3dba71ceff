//! The outline of a trail: a line as wide at each point as that point says, with round ends.

use crate::math;
use crate::scene::{Path, Rect};

/// A point of a trail and half its width there, in px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bead {
    pub x: f64,
    pub y: f64,
    pub radius: f64,
}

/// Adds the outline of a run of points; of one point alone nothing is seen. Gives the box around it.
pub fn outline(path: &mut Path, beads: &[Bead]) -> Rect {
    let mut bounds = Rect::EMPTY;
    for pair in beads.windows(2) {
        let [from, to] = pair else { continue };
        for bead in [from, to] {
            bounds.union(Rect::new(bead.x, bead.y, bead.x, bead.y).grown(bead.radius));
        }
        // To the right of the way from one to the other.
        let (nx, ny) = (from.y - to.y, to.x - from.x);
        let length = math::hypot(nx, ny);
        if length == 0.0 {
            path.move_to(to.x + to.radius, to.y);
            half_circle(path, *to, (1.0, 0.0));
            half_circle(path, *to, (-1.0, 0.0));
            path.close();
            continue;
        }
        let (nx, ny) = (nx / length, ny / length);
        path.move_to(from.x - nx * from.radius, from.y - ny * from.radius)
            .line_to(to.x - nx * to.radius, to.y - ny * to.radius);
        half_circle(path, *to, (-nx, -ny));
        path.line_to(from.x + nx * from.radius, from.y + ny * from.radius);
        half_circle(path, *from, (nx, ny));
        path.close();
    }
    bounds
}

/// Clockwise round a bead, from the direction `d` to the opposite, as two curves.
fn half_circle(path: &mut Path, bead: Bead, d: (f64, f64)) {
    // How far the handles of a quarter circle reach.
    const HANDLE: f64 = 0.552_284_749_830_793_4;
    let at = |a: (f64, f64), b: (f64, f64), t: f64| {
        (
            bead.x + bead.radius * (a.0 + b.0 * t),
            bead.y + bead.radius * (a.1 + b.1 * t),
        )
    };
    // A quarter turn clockwise, where y grows downwards.
    let turned = (-d.1, d.0);
    let back = (-d.0, -d.1);
    path.curve_to(at(d, turned, HANDLE), at(turned, d, HANDLE), at(turned, d, 0.0));
    path.curve_to(
        at(turned, back, HANDLE),
        at(back, turned, HANDLE),
        at(back, turned, 0.0),
    );
}

#[cfg(test)]
mod tests {
    use super::{Bead, outline};
    use crate::scene::Path;

    #[test]
    fn a_trail_is_round_at_both_ends_and_one_point_is_nothing() {
        let bead = |x, radius| Bead { x, y: 10.0, radius };
        let mut path = Path::default();
        let bounds = outline(&mut path, &[bead(0.0, 2.0), bead(10.0, 4.0)]);
        assert_eq!((bounds.x1, bounds.x2, bounds.y1, bounds.y2), (-2.0, 14.0, 6.0, 14.0));
        assert!(
            path.d
                .starts_with("M0,8L10,6C12.209,6,14,7.791,14,10C14,12.209,12.209,14,10,14L0,12C"),
            "{}",
            path.d
        );
        let mut alone = Path::default();
        outline(&mut alone, &[bead(3.0, 2.0)]);
        assert!(alone.is_empty());
    }
}
