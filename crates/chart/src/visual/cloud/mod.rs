//! Scatters of so many points that a picture of them all would be too large: a page draws the points over axes that are
//! drawn here; a picture without a page has some points for all.

mod draw;
mod nearest;
#[cfg(test)]
mod tests;
mod thin;
mod view;

use indexmap::IndexMap;
use shared::{
    semantic::Answer,
    visual::{ReferenceLine, Visual, VisualKind, WellName},
};

pub use nearest::CloudIndex;
pub use view::{CloudFrame, Span, View};

pub(super) use draw::{frame, picture, with_lines};

use super::{
    MeasureColumn, Parts,
    numbers::{AxisNumbers, axis_numbers},
    reference, series,
};
use crate::scales::ticks::nice;

/// A scatter with more points is a cloud.
pub const MANY: usize = 4_000;
/// The colour of points that belong to none of the members with a colour of their own.
pub const REST: u8 = u8::MAX;
/// Colours that are told apart.
const COLOURS: usize = 10;
/// Where members without a colour of their own are put together.
const OTHERS: &str = "Others";
/// With at most as many points they are of the first radius, else of the second, in px.
const LARGER: (usize, f32, f32) = (20_000, 2.5, 1.75);
/// Radii from the least to the greatest size, in px.
const BUBBLE_PX: (f64, f64) = (1.5, 12.0);

/// The points of an answer, made once for many drawings.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// What is seen when nothing is looked at closely: all points, to round numbers.
    pub whole: View,
    /// How far each point is along `whole`, from 0 to 1: right and up.
    pub places: Vec<[f32; 2]>,
    /// Of each point: position in the theme's categories, or `REST`.
    pub colours: Vec<u8>,
    pub radii_px: Vec<f32>,
    /// Of each point: position in `Answer::rows`.
    pub rows: Vec<u32>,
    /// The members of the legend with their colours; none without a legend.
    members: Vec<(String, u8)>,
    /// Of each axis: its name, and how its numbers are written.
    axes: [(String, AxisNumbers); 2],
    /// Reference lines whose figures are numbers.
    lines: Vec<ReferenceLine>,
    /// Positions in `Answer::columns` of both numbers.
    columns: [usize; 2],
}

/// A point before it has its place.
struct Point {
    x: f64,
    y: f64,
    size: Option<f64>,
    row: u32,
}

/// The points of a scatter that has very many; `None` for other visuals and for scatters that are drawn as usual.
pub fn cloud_points(visual: &Visual, answer: &Answer) -> Option<Cloud> {
    if visual.kind != VisualKind::Scatter || answer.rows.len() <= MANY {
        return None;
    }
    let parts = Parts::of(visual, answer);
    // Small multiples draw their points themselves, a part of them each.
    if parts.dimension(WellName::SmallMultiples).is_some() {
        return None;
    }
    let first = |well: WellName| parts.measures_of(well).into_iter().next();
    let (x, y) = (first(WellName::X)?, first(WellName::Y)?);
    let bubble = first(WellName::Size);
    let points: Vec<Point> = (0_u32..)
        .zip(&answer.rows)
        .filter_map(|(index, row)| {
            let number =
                |measure: &MeasureColumn| row.get(measure.column)?.as_f64().filter(|number| number.is_finite());
            Some(Point {
                x: number(x)?,
                y: number(y)?,
                size: bubble.and_then(number),
                row: index,
            })
        })
        .collect();
    if points.len() <= MANY {
        return None;
    }
    let whole = View {
        x: extent(visual, points.iter().map(|point| point.x)),
        y: extent(visual, points.iter().map(|point| point.y)),
    };
    let share = |point: &Point| {
        [
            view::share(whole.x, point.x) as f32,
            view::share(whole.y, point.y) as f32,
        ]
    };
    let (colours, members) = colours(visual, answer, parts.dimension(WellName::Legend), &points);
    let axis = |measure: &MeasureColumn| (measure.label.clone(), axis_numbers(visual, answer, &[measure], false));
    Some(Cloud {
        whole,
        places: points.iter().map(share).collect(),
        colours,
        radii_px: radii(&points, bubble.is_some()),
        rows: points.iter().map(|point| point.row).collect(),
        members,
        axes: [axis(x), axis(y)],
        lines: reference::settled(visual, answer, points.iter().map(|point| point.y)),
        columns: [x.column, y.column],
    })
}

impl Cloud {
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Both numbers of a point.
    pub fn numbers(&self, point: usize) -> Option<(f64, f64)> {
        let [x, y] = self.places.get(point)?;
        Some((
            view::at(self.whole.x, f64::from(*x)),
            view::at(self.whole.y, f64::from(*y)),
        ))
    }
}

/// From the least to the greatest, to round numbers.
fn extent(visual: &Visual, numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut least, mut greatest) = numbers.fold((f64::MAX, f64::MIN), |(least, greatest), number| {
        (least.min(number), greatest.max(number))
    });
    // A single number spans no axis by itself.
    if visual.format.zero.unwrap_or(least == greatest) {
        (least, greatest) = (least.min(0.0), greatest.max(0.0));
    }
    if least == greatest {
        (least, greatest) = (least - 1.0, greatest + 1.0);
    }
    // Numbers so great that one more is none, and those whose round neighbours are beyond all numbers.
    match nice(least, greatest, 10.0) {
        (from, to) if from < to && from.is_finite() && to.is_finite() => (from, to),
        _ if least < greatest => (least, greatest),
        _ => (f64::MIN, f64::MAX),
    }
}

/// The colour of each point, and the members of the legend. Of more members than colours the most frequent keep theirs.
fn colours(visual: &Visual, answer: &Answer, legend: Option<usize>, points: &[Point]) -> (Vec<u8>, Vec<(String, u8)>) {
    let Some(legend) = legend else {
        let chosen = usize::from(visual.format.color.unwrap_or(1).max(1)) - 1;
        return (vec![(chosen % COLOURS) as u8; points.len()], Vec::new());
    };
    let rest: std::collections::BTreeSet<usize> = answer.others.iter().copied().collect();
    let mut counts: IndexMap<String, usize> = IndexMap::new();
    let places: Vec<Option<usize>> = points
        .iter()
        .map(|point| {
            let row = point.row as usize;
            if rest.contains(&row) {
                return None;
            }
            let name = series::member(answer, answer.rows.get(row)?, Some(legend));
            let entry = counts.entry(name);
            let place = entry.index();
            *entry.or_insert(0) += 1;
            Some(place)
        })
        .collect();
    let mut frequent: Vec<usize> = (0..counts.len()).collect();
    let count = |place: &usize| counts.get_index(*place).map_or(0, |(_, count)| *count);
    shared::sort::sort_by(&mut frequent, |a, b| count(b).cmp(&count(a)).then(a.cmp(b)));
    frequent.truncate(COLOURS);
    frequent.sort_unstable();
    let mut of_member = vec![REST; counts.len()];
    let mut members = Vec::new();
    for (colour, place) in (0_u8..).zip(&frequent) {
        if let (Some(slot), Some((name, _))) = (of_member.get_mut(*place), counts.get_index(*place)) {
            *slot = colour;
            members.push((name.clone(), colour));
        }
    }
    let colours: Vec<u8> = places
        .into_iter()
        .map(|place| place.and_then(|place| of_member.get(place).copied()).unwrap_or(REST))
        .collect();
    if colours.contains(&REST) {
        members.push((OTHERS.to_owned(), REST));
    }
    (colours, members)
}

/// The radius of each point: its area says the size, a point without one is as small as the least.
fn radii(points: &[Point], by_size: bool) -> Vec<f32> {
    if !by_size {
        let (most, larger, smaller) = LARGER;
        return vec![if points.len() <= most { larger } else { smaller }; points.len()];
    }
    let greatest = points.iter().filter_map(|point| point.size).fold(0.0, f64::max);
    let (least_px, greatest_px) = BUBBLE_PX;
    let radius = |point: &Point| {
        let share = point.size.map_or(0.0, |size| (size / greatest).clamp(0.0, 1.0));
        let share = if share.is_nan() { 0.0 } else { share };
        view::at((least_px * least_px, greatest_px * greatest_px), share).sqrt() as f32
    };
    points.iter().map(radius).collect()
}
