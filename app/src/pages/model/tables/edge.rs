//! The line of a join: its course, and what its two ends say about how many.

use shared::semantic::Cardinality;

use super::place::{HEIGHT, WIDTH};

/// How far a line runs straight out before it may turn, px.
const REACH: f64 = 44.0;
/// Between lines that join the same tables, px: a name has room between them.
const APART: f64 = 28.0;

/// SVG paths, and where its name stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    pub line: String,
    pub ends: String,
    pub middle: (f64, f64),
}

/// `offset`: how many lines further down than the middle it starts.
pub fn edge(from: (f64, f64), to: (f64, f64), cardinality: Cardinality, offset: f64) -> Edge {
    let shift = HEIGHT / 2.0 + offset * APART;
    // Which side of each table the line leaves by: those that face each other, else both right.
    let (from_side, to_side) = if to.0 >= from.0 + WIDTH {
        (1.0, -1.0)
    } else if to.0 + WIDTH <= from.0 {
        (-1.0, 1.0)
    } else {
        (1.0, 1.0)
    };
    let port = |place: (f64, f64), side: f64| (if side > 0.0 { place.0 + WIDTH } else { place.0 }, place.1 + shift);
    let (start, end) = (port(from, from_side), port(to, to_side));
    let reach = ((start.0 - end.0).abs() / 2.0).max(REACH);
    let (out, into) = (start.0 + from_side * reach, end.0 + to_side * reach);
    let (from_many, to_many) = match cardinality {
        Cardinality::ManyToOne => (true, false),
        Cardinality::OneToOne => (false, false),
        Cardinality::OneToMany => (false, true),
    };
    Edge {
        line: format!(
            "M{:.1} {:.1}C{out:.1} {:.1} {into:.1} {:.1} {:.1} {:.1}",
            start.0, start.1, start.1, end.1, end.0, end.1
        ),
        ends: format!("{}{}", mark(start, from_side, from_many), mark(end, to_side, to_many)),
        middle: (
            (start.0 + 3.0 * out + 3.0 * into + end.0) / 8.0,
            f64::midpoint(start.1, end.1),
        ),
    }
}

/// Many: a foot with three toes; one: a bar.
fn mark((x, y): (f64, f64), side: f64, many: bool) -> String {
    if many {
        let heel = x + side * 11.0;
        format!("M{x:.1} {:.1}L{heel:.1} {y:.1}L{x:.1} {:.1}", y - 7.0, y + 7.0)
    } else {
        format!("M{:.1} {:.1}v12", x + side * 8.0, y - 6.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_leave_by_the_sides_that_face_each_other() {
        let right = edge((0.0, 0.0), (400.0, 0.0), Cardinality::ManyToOne, 0.0);
        assert!(
            right.line.starts_with(&format!("M{WIDTH:.1} ")) && right.line.ends_with("400.0 46.0"),
            "{}",
            right.line
        );
        let left = edge((400.0, 0.0), (0.0, 0.0), Cardinality::OneToOne, 0.0);
        assert!(left.line.starts_with("M400.0 "), "{}", left.line);
        let above = edge((0.0, 0.0), (20.0, 200.0), Cardinality::OneToMany, 1.0);
        assert!(above.middle.0 > WIDTH, "beside both: {above:?}");
    }
}
