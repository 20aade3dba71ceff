//! The part of a cloud's plane that is looked at, and where it is in the picture.

/// From the least to the greatest number of each axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    pub x: (f64, f64),
    pub y: (f64, f64),
}

/// A stretch of an axis: its ends as numbers, and where they are, in px of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub from: f64,
    pub to: f64,
    pub from_px: f64,
    pub to_px: f64,
}

/// Where the plane of a cloud is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CloudFrame {
    pub x: Span,
    pub y: Span,
}

/// How much closer than the whole one can look: places are kept as 32-bit shares of the whole, which are exact enough for
/// a tenth of a px up to here.
const CLOSEST: f64 = 2_000.0;

impl View {
    /// Closer (`by` below 1) or farther, so that what is at `across` and `up` (shares of this view from its lower left
    /// corner) stays where it is; never beyond the whole.
    #[must_use]
    pub fn zoomed(self, by: f64, (across, up): (f64, f64), whole: Self) -> Self {
        // One factor for both axes, so that a view at its limits does not slide away.
        let least = (length(whole.x) / CLOSEST / length(self.x)).min(1.0);
        let by = by.max(least);
        Self {
            x: within(zoomed(self.x, by, across), whole.x),
            y: within(zoomed(self.y, by, up), whole.y),
        }
    }

    /// Moved to the right and up by shares of itself; never beyond the whole.
    #[must_use]
    pub fn moved(self, right: f64, up: f64, whole: Self) -> Self {
        Self {
            x: within(moved(self.x, right), whole.x),
            y: within(moved(self.y, up), whole.y),
        }
    }

    pub fn contains(self, x: f64, y: f64) -> bool {
        (self.x.0..=self.x.1).contains(&x) && (self.y.0..=self.y.1).contains(&y)
    }
}

impl Span {
    pub fn px(self, number: f64) -> f64 {
        at((self.from_px, self.to_px), share((self.from, self.to), number))
    }

    pub fn number(self, px: f64) -> f64 {
        at((self.from, self.to), share((self.from_px, self.to_px), px))
    }

    /// How far along `px` is, from 0 to 1.
    pub fn share(self, px: f64) -> f64 {
        share((self.from_px, self.to_px), px)
    }
}

/// How far between the ends a number is, from 0 to 1. Halves, because the distance of two numbers may be none.
pub(super) fn share((from, to): (f64, f64), number: f64) -> f64 {
    (number / 2.0 - from / 2.0) / (to / 2.0 - from / 2.0)
}

/// The number that far between the ends.
pub(super) fn at((from, to): (f64, f64), share: f64) -> f64 {
    from * (1.0 - share) + to * share
}

fn length((from, to): (f64, f64)) -> f64 {
    to / 2.0 - from / 2.0
}

fn zoomed(range: (f64, f64), by: f64, about: f64) -> (f64, f64) {
    (at(range, about - about * by), at(range, about + (1.0 - about) * by))
}

fn moved(range: (f64, f64), by: f64) -> (f64, f64) {
    (at(range, by), at(range, 1.0 + by))
}

/// The range pushed back into the whole, or the whole when it is longer.
fn within(range: (f64, f64), whole: (f64, f64)) -> (f64, f64) {
    let long = length(range);
    // Not less-or-equal: what is no number is the whole as well.
    if !(long > 0.0 && long < length(whole)) {
        whole
    } else if range.0 < whole.0 {
        (whole.0, whole.0 + 2.0 * long)
    } else if range.1 > whole.1 {
        (whole.1 - 2.0 * long, whole.1)
    } else {
        range
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: View = View {
        x: (0.0, 100.0),
        y: (-10.0, 10.0),
    };

    #[test]
    fn zooming_keeps_what_is_under_the_pointer_and_never_leaves_the_whole() {
        let close = WHOLE.zoomed(0.5, (0.25, 0.5), WHOLE);
        assert_eq!((close.x, close.y), ((12.5, 62.5), (-5.0, 5.0)));
        assert_eq!(at(close.x, 0.25), at(WHOLE.x, 0.25));
        assert_eq!(close.zoomed(4.0, (0.9, 0.1), WHOLE), WHOLE);
        let corner = WHOLE.zoomed(0.5, (1.0, 1.0), WHOLE);
        assert_eq!((corner.x, corner.y), ((50.0, 100.0), (0.0, 10.0)));
        assert_eq!(close.moved(-1.0, 0.0, WHOLE).x, (0.0, 50.0));
        assert_eq!(close.moved(0.25, 0.5, WHOLE).x, (25.0, 75.0));
        assert_eq!(close.moved(0.25, 9.0, WHOLE).y, (0.0, 10.0));
    }

    #[test]
    fn one_cannot_look_closer_than_places_are_exact() {
        let mut view = WHOLE;
        for _ in 0..100 {
            view = view.zoomed(0.5, (0.3, 0.7), WHOLE);
        }
        let shown = view.x.1 - view.x.0;
        assert!((shown - 100.0 / CLOSEST).abs() < 1e-9, "{shown}");
        // Both axes stop together.
        let shown = view.y.1 - view.y.0;
        assert!((shown - 20.0 / CLOSEST).abs() < 1e-9, "{shown}");
    }

    #[test]
    fn numbers_and_px_are_told_from_each_other() {
        let span = Span {
            from: -f64::MAX,
            to: f64::MAX,
            from_px: 300.0,
            to_px: 10.0,
        };
        assert_eq!((span.px(0.0), span.number(155.0), span.share(300.0)), (155.0, 0.0, 0.0));
    }
}
