//! Flows from stage to stage: members as bars, ribbons between those that share rows.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::{
    semantic::{Answer, AnswerColumn},
    table::Cell,
    visual::{Visual, WellName},
};

use super::{
    MarkSource, MeasureColumn, Parts, Size, bands, palette,
    plane::{Frame, Plane, Word, cut, own_color},
    series::{self, Series},
};
use crate::Theme;

/// Members of a stage with a bar of their own; fewer where the picture is low.
const MOST_MEMBERS: usize = 12;
const LEAST_MEMBERS: usize = 3;
const MEMBER_PX: f64 = 18.0;
const OTHERS: &str = "Others";
/// A member's bar and the gap below it, in px; all gaps of a stage take at most this share of the height.
const BAR_PX: f64 = 12.0;
const GAP_PX: f64 = 10.0;
const GAPS_SHARE: f64 = 0.3;
/// From a bar to its name, and one line of names, in px.
const NAME_GAP_PX: f64 = 6.0;
const LINE_PX: f64 = 14.0;
/// Rounds of ordering each stage by its neighbours.
const SWEEPS: usize = 4;

/// A member of a stage.
struct Node {
    name: String,
    whole: f64,
    /// The first answer row that flows through it.
    row: usize,
    color: String,
    is_rest: bool,
    frame: Frame,
}

/// All rows that flow from one member to one of the next stage.
struct Ribbon {
    /// The stage it comes from.
    stage: usize,
    /// Positions in the stages.
    from: usize,
    to: usize,
    whole: f64,
    row: usize,
}

/// The points of a ribbon: x, upper and lower edge.
type Curve = [(f64, f64, f64); 4];

struct Diagram {
    /// Members of each stage.
    stages: Vec<Vec<Node>>,
    ribbons: Vec<Ribbon>,
    /// Positions in each stage, from top to bottom.
    order: Vec<Vec<usize>>,
}

pub(super) fn sankey(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let found = measures
        .first()
        .and_then(|measure| Some((*measure, answer.columns.get(measure.column)?)));
    let Some((measure, column)) = found else {
        return (json!({ "layer": [] }), Series::default());
    };
    let dimensions = parts.dimensions.iter().filter(|(well, _)| *well == WellName::Axis);
    let columns: Vec<usize> = dimensions.map(|(_, column)| *column).collect();
    let plane = Plane::of(size);
    let mut diagram = Diagram::of(answer, theme, &columns, measure, plane.height_px);
    diagram.untangle();
    diagram.place(&plane);
    let mut series = Series::default();
    let mut push = |row: Value, source: usize| {
        series.rows.push(row);
        series.sources.push(MarkSource {
            row: source,
            column: measure.column,
        });
    };
    for (index, (ribbon, points)) in diagram.courses().into_iter().enumerate() {
        let color = diagram
            .node(ribbon.stage, ribbon.from)
            .map_or(&theme.rest, |node| &node.color);
        // One row with its points, so that the whole ribbon can be pointed at.
        let (x, y, y2) = (
            points.map(|point| point.0),
            points.map(|point| point.1),
            points.map(|point| point.2),
        );
        push(
            json!({ "k": "ribbon", "g": index, "x": x, "y": y, "y2": y2, "c": color }),
            ribbon.row,
        );
    }
    for node in diagram.stages.iter().flatten() {
        let mut row = node.frame.row(&node.color);
        if let Value::Object(row) = &mut row {
            row.insert("k".to_owned(), json!("member"));
        }
        push(row, node.row);
    }
    let words = diagram.names(&plane, theme, (visual, measure, column));
    let mut layers = Vec::new();
    if !diagram.ribbons.is_empty() {
        layers.push(json!({
            "transform": [{ "filter": "datum.k === 'ribbon'" }, { "flatten": ["x", "y", "y2"] }],
            "mark": { "type": "area", "interpolate": "basis", "fillOpacity": 0.35 },
            "encoding": {
                "x": plane.across("x"), "y": plane.down("y"), "y2": { "field": "y2" },
                "detail": { "field": "g", "type": "nominal" }, "color": own_color(),
            },
        }));
    }
    let mut bars = plane.boxes(json!({}));
    if let Value::Object(bars) = &mut bars {
        bars.insert("transform".to_owned(), json!([{ "filter": "datum.k === 'member'" }]));
    }
    layers.push(bars);
    layers.extend(plane.words(&words));
    (json!({ "layer": layers }), series)
}

/// The name of a row's member in a stage, or the rest's where that is not among the largest.
type Members = Vec<Vec<String>>;

impl Diagram {
    fn of(answer: &Answer, theme: &Theme, columns: &[usize], measure: &MeasureColumn, height_px: f64) -> Self {
        let flows: Vec<(usize, f64, Vec<String>)> = answer
            .rows
            .iter()
            .enumerate()
            .filter_map(|(index, row)| {
                let number = row.get(measure.column).and_then(Cell::as_f64)?;
                let names = columns
                    .iter()
                    .map(|column| series::member(answer, row, Some(*column)))
                    .collect();
                (number.is_finite() && number > 0.0).then_some((index, number, names))
            })
            .collect();
        let most = ((height_px / MEMBER_PX).floor() as usize).clamp(LEAST_MEMBERS, MOST_MEMBERS);
        let kept = largest(&flows, columns.len(), most);
        let mut diagram = Self {
            stages: columns.iter().map(|_| Vec::new()).collect(),
            ribbons: Vec::new(),
            order: Vec::new(),
        };
        let mut colors: Vec<String> = Vec::new();
        let mut known: BTreeMap<(usize, usize, usize), usize> = BTreeMap::new();
        for (row, number, names) in flows {
            let mut before = None;
            for (stage, ((name, kept), nodes)) in names.into_iter().zip(&kept).zip(&mut diagram.stages).enumerate() {
                let merged = !kept.contains(&name);
                let is_rest = merged || answer.others.contains(&row) && name == OTHERS;
                let name = if merged { OTHERS.to_owned() } else { name };
                let position = match nodes.iter().position(|node| node.name == name) {
                    Some(position) => position,
                    None => {
                        nodes.push(Node {
                            color: if is_rest {
                                theme.rest.clone()
                            } else {
                                color_of(theme, &mut colors, &name)
                            },
                            name,
                            whole: 0.0,
                            row,
                            is_rest,
                            frame: Frame::default(),
                        });
                        nodes.len() - 1
                    }
                };
                if let Some(node) = nodes.get_mut(position) {
                    node.whole += number;
                }
                if let Some(from) = before.replace(position) {
                    let stage = stage.saturating_sub(1);
                    let ribbons = &mut diagram.ribbons;
                    let at = *known.entry((stage, from, position)).or_insert_with(|| {
                        ribbons.push(Ribbon {
                            stage,
                            from,
                            to: position,
                            whole: 0.0,
                            row,
                        });
                        ribbons.len() - 1
                    });
                    if let Some(ribbon) = diagram.ribbons.get_mut(at) {
                        ribbon.whole += number;
                    }
                }
            }
        }
        diagram
    }

    fn node(&self, stage: usize, position: usize) -> Option<&Node> {
        self.stages.get(stage)?.get(position)
    }

    /// Each stage by size, then by where its neighbours are; the order with the least crossing is kept.
    fn untangle(&mut self) {
        self.order = self
            .stages
            .iter()
            .map(|nodes| {
                let mut order: Vec<usize> = (0..nodes.len()).collect();
                shared::sort::sort_by(&mut order, |a, b| {
                    let key = |at: &usize| nodes.get(*at).map_or((true, 0.0), |node| (node.is_rest, -node.whole));
                    let ((rest_a, size_a), (rest_b, size_b)) = (key(a), key(b));
                    rest_a.cmp(&rest_b).then(size_a.total_cmp(&size_b))
                });
                order
            })
            .collect();
        let (mut best, mut least) = (self.order.clone(), self.crossing());
        for _ in 0..SWEEPS {
            for stage in 1..self.stages.len() {
                self.order_by_neighbours(stage, true);
            }
            for stage in (0..self.stages.len().saturating_sub(1)).rev() {
                self.order_by_neighbours(stage, false);
            }
            let crossing = self.crossing();
            if crossing < least {
                (best, least) = (self.order.clone(), crossing);
            }
        }
        self.order = best;
    }

    /// Where each member of a stage stands in its order.
    fn ranks(&self, stage: usize) -> Vec<usize> {
        let order = self.order.get(stage).map(Vec::as_slice).unwrap_or_default();
        let mut ranks = vec![0; order.len()];
        for (rank, position) in order.iter().enumerate() {
            if let Some(slot) = ranks.get_mut(*position) {
                *slot = rank;
            }
        }
        ranks
    }

    fn order_by_neighbours(&mut self, stage: usize, before: bool) {
        let neighbours = self.ranks(if before { stage - 1 } else { stage + 1 });
        let count = self.stages.get(stage).map_or(0, Vec::len);
        let mut sums = vec![(0.0, 0.0); count];
        for ribbon in &self.ribbons {
            let (own, other) = match before {
                true if ribbon.stage + 1 == stage => (ribbon.to, ribbon.from),
                false if ribbon.stage == stage => (ribbon.from, ribbon.to),
                true | false => continue,
            };
            if let (Some((sum, weight)), Some(rank)) = (sums.get_mut(own), neighbours.get(other)) {
                *sum += ribbon.whole * *rank as f64;
                *weight += ribbon.whole;
            }
        }
        let nodes = self.stages.get(stage).map(Vec::as_slice).unwrap_or_default();
        let key = |at: &usize| {
            let (sum, weight) = sums.get(*at).copied().unwrap_or_default();
            let is_rest = nodes.get(*at).is_some_and(|node| node.is_rest);
            (is_rest, if weight > 0.0 { sum / weight } else { 0.0 })
        };
        if let Some(order) = self.order.get_mut(stage) {
            shared::sort::sort_by(order, |a, b| {
                let ((rest_a, middle_a), (rest_b, middle_b)) = (key(a), key(b));
                rest_a.cmp(&rest_b).then(middle_a.total_cmp(&middle_b))
            });
        }
    }

    /// How much crosses: the smaller of each two ribbons that do.
    fn crossing(&self) -> f64 {
        let ranks: Vec<Vec<usize>> = (0..self.stages.len()).map(|stage| self.ranks(stage)).collect();
        let rank = |stage: usize, position: usize| ranks.get(stage).and_then(|ranks| ranks.get(position));
        let ends = |ribbon: &Ribbon| (rank(ribbon.stage, ribbon.from), rank(ribbon.stage + 1, ribbon.to));
        let mut sum = 0.0;
        for (index, one) in self.ribbons.iter().enumerate() {
            for other in self
                .ribbons
                .iter()
                .skip(index + 1)
                .filter(|other| other.stage == one.stage)
            {
                let ((from, to), (other_from, other_to)) = (ends(one), ends(other));
                if from.cmp(&other_from) == to.cmp(&other_to).reverse() && from != other_from {
                    sum += one.whole.min(other.whole);
                }
            }
        }
        sum
    }

    /// The bars in px: one scale for all stages, each stage in the middle of the height.
    fn place(&mut self, plane: &Plane) {
        let count = self.stages.len();
        let bar = BAR_PX.min(plane.width_px / (3.0 * count.max(1) as f64));
        let gap_of = |nodes: usize| match nodes.saturating_sub(1) {
            0 => 0.0,
            gaps => GAP_PX.min(plane.height_px * GAPS_SHARE / gaps as f64),
        };
        let gap = self
            .stages
            .iter()
            .map(|nodes| gap_of(nodes.len()))
            .filter(|gap| *gap > 0.0)
            .fold(GAP_PX, f64::min);
        let gaps = |nodes: &Vec<Node>| gap * nodes.len().saturating_sub(1) as f64;
        let whole = |nodes: &Vec<Node>| nodes.iter().map(|node| node.whole).sum::<f64>();
        let scale = self
            .stages
            .iter()
            .filter(|nodes| !nodes.is_empty())
            .map(|nodes| (plane.height_px - gaps(nodes)) / whole(nodes))
            .fold(f64::INFINITY, f64::min);
        for (stage, (nodes, order)) in self.stages.iter_mut().zip(&self.order).enumerate() {
            let share = if count > 1 {
                stage as f64 / (count - 1) as f64
            } else {
                0.0
            };
            let mut y = (plane.height_px - whole(nodes) * scale - gaps(nodes)) / 2.0;
            for position in order {
                if let Some(node) = nodes.get_mut(*position) {
                    node.frame = Frame {
                        x: share * (plane.width_px - bar),
                        y,
                        width: bar,
                        height: node.whole * scale,
                    };
                    y += node.frame.height + gap;
                }
            }
        }
    }

    /// Every ribbon with its curve. At a bar they lie in the order of the bars at their other ends.
    fn courses(&self) -> Vec<(&Ribbon, Curve)> {
        let height = |ribbon: &Ribbon| {
            self.node(ribbon.stage, ribbon.from)
                .map_or(0.0, |node| node.frame.height * ribbon.whole / node.whole)
        };
        let top = |stage: usize, position: usize| self.node(stage, position).map_or(0.0, |node| node.frame.y);
        let offset = |ribbon: &Ribbon, leaving: bool| {
            let others = self.ribbons.iter().filter(|other| other.stage == ribbon.stage);
            others
                .filter(|other| {
                    if leaving {
                        other.from == ribbon.from && top(other.stage + 1, other.to) < top(ribbon.stage + 1, ribbon.to)
                    } else {
                        other.to == ribbon.to && top(other.stage, other.from) < top(ribbon.stage, ribbon.from)
                    }
                })
                .map(height)
                .sum::<f64>()
        };
        self.ribbons
            .iter()
            .filter_map(|ribbon| {
                let (from, to) = (
                    self.node(ribbon.stage, ribbon.from)?.frame,
                    self.node(ribbon.stage + 1, ribbon.to)?.frame,
                );
                let (start, end) = (from.x + from.width, to.x);
                let middle = (start + end) / 2.0;
                let (upper, lower) = (from.y + offset(ribbon, true), to.y + offset(ribbon, false));
                let height = height(ribbon);
                let points = [(start, upper), (middle, upper), (middle, lower), (end, lower)];
                Some((ribbon, points.map(|(x, y)| (x, y, y + height))))
            })
            .collect()
    }

    /// Names beside the bars with their values after them; of names that would touch, the larger member's.
    fn names(
        &self,
        plane: &Plane,
        theme: &Theme,
        (visual, measure, column): (&Visual, &MeasureColumn, &AnswerColumn),
    ) -> Vec<Word> {
        let mut words = Vec::new();
        let count = self.stages.len();
        let step = plane.width_px / count.saturating_sub(1).max(1) as f64 - BAR_PX;
        for (stage, nodes) in self.stages.iter().enumerate() {
            let last = count > 1 && stage + 1 == count;
            // The last two stages share the space between them.
            let room = if stage + 2 >= count && count > 1 {
                step / 2.0
            } else {
                step
            } - 2.0 * NAME_GAP_PX;
            let mut largest: Vec<&Node> = nodes.iter().collect();
            shared::sort::sort_by(&mut largest, |a, b| b.whole.total_cmp(&a.whole));
            let mut taken: Vec<f64> = Vec::new();
            let text = |node: &Node| series::label(visual, measure, &Cell::Float(node.whole), column);
            let px = |text: &str| bands::text_px(text, 12.0);
            // Values are written beside all names of a stage or beside none.
            let valued = nodes
                .iter()
                .all(|node| px(&node.name) + NAME_GAP_PX + px(&text(node)) <= room);
            for node in largest {
                let y = node.frame.y + node.frame.height / 2.0;
                let y = y.min(plane.height_px - LINE_PX / 2.0).max(LINE_PX / 2.0);
                let name = cut(&node.name, 12.0, false, room);
                if name.is_empty() || taken.iter().any(|other| (other - y).abs() < LINE_PX) {
                    continue;
                }
                taken.push(y);
                let (name_at, value_at, align) = if last {
                    let end = node.frame.x - NAME_GAP_PX;
                    (end - px(&text(node)) - NAME_GAP_PX, end, "right")
                } else {
                    let start = node.frame.x + node.frame.width + NAME_GAP_PX;
                    (start, start + px(&name) + NAME_GAP_PX, "left")
                };
                if valued {
                    words.push(Word::new(value_at, y, text(node), &theme.ink).align(align));
                }
                let name_at = if valued || !last { name_at } else { value_at };
                words.push(Word::new(name_at, y, name, &theme.ink).align(align));
            }
        }
        words
    }
}

/// The names in each stage that keep a bar of their own: the largest.
fn largest(flows: &[(usize, f64, Vec<String>)], stages: usize, most: usize) -> Members {
    (0..stages)
        .map(|stage| {
            let mut wholes: BTreeMap<&str, f64> = BTreeMap::new();
            for (_, number, names) in flows {
                if let Some(name) = names.get(stage) {
                    *wholes.entry(name).or_default() += number;
                }
            }
            let mut names: Vec<(&str, f64)> = wholes.into_iter().collect();
            shared::sort::sort_by(&mut names, |a, b| b.1.total_cmp(&a.1));
            names.truncate(most);
            names.into_iter().map(|(name, _)| name.to_owned()).collect()
        })
        .collect()
}

/// One colour for each name, in whichever stages it is.
fn color_of(theme: &Theme, known: &mut Vec<String>, name: &str) -> String {
    let position = known.iter().position(|other| other == name).unwrap_or_else(|| {
        known.push(name.to_owned());
        known.len() - 1
    });
    palette::category(theme, position)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SIZE: Size = Size {
        width_px: 408.0,
        height_px: 308.0,
    };

    fn drawn(stages: usize, rows: Value) -> (Value, Series) {
        let axis: Vec<_> = (0..stages)
            .map(|stage| json!({ "field": format!("t.{stage}") }))
            .collect();
        let visual = serde_json::from_value(json!({
            "kind": "sankey", "wells": { "axis": axis, "values": [{ "metric": "visits" }] },
        }))
        .unwrap();
        let dimension =
            |stage| json!({ "name": format!("t.{stage}"), "role": "dimension", "type": "string", "label": "" });
        let columns: Vec<_> = (0..stages)
            .map(dimension)
            .chain([json!({ "name": "visits", "role": "metric", "type": "number", "label": "Visits" })])
            .collect();
        let answer = serde_json::from_value(json!({
            "columns": columns, "rows": rows,
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        sankey(&visual, &answer, &Theme::light(), SIZE)
    }

    fn of<'a>(series: &'a Series, kind: &str) -> Vec<(&'a Value, usize)> {
        let rows = series.rows.iter().zip(&series.sources);
        rows.filter(|(row, _)| row["k"] == kind)
            .map(|(row, source)| (row, source.row))
            .collect()
    }

    fn height(row: &Value) -> f64 {
        let first = |key: &str| row[key].get(0).unwrap_or(&row[key]).as_f64().unwrap();
        first("y2") - first("y")
    }

    #[test]
    fn rows_of_one_pair_are_one_ribbon_as_thick_as_their_sum() {
        let rows = json!([
            ["A", "X", "P", 10.0],
            ["A", "X", "Q", 20.0],
            ["A", "Y", "P", 30.0],
            ["B", "Y", "Q", null],
            ["B", "X", "P", -5.0]
        ]);
        let (_, series) = drawn(3, rows);
        let members = of(&series, "member");
        assert_eq!(members.len(), 5, "what has no flow has no bar: A, X, Y, P, Q");
        let ribbons = of(&series, "ribbon");
        assert_eq!(ribbons.len(), 5, "A to X and Y, X to P and Q, Y to P");
        let (first, row) = ribbons[0];
        assert_eq!(row, 0);
        assert!((height(first) - height(members[0].0) / 2.0).abs() < 1e-9, "30 of 60");
        for (row, _) in &members {
            let edge = row["y2"].as_f64().unwrap();
            assert!((-1e-9..=300.0 + 1e-9).contains(&edge));
        }
    }

    #[test]
    fn ribbons_do_not_cross_when_they_need_not() {
        let (_, series) = drawn(2, json!([["A", "Small", 10.0], ["B", "Big", 9.0], ["C", "Big", 8.0]]));
        let ribbons = of(&series, "ribbon");
        let tops = |at: usize| -> Vec<f64> { ribbons.iter().map(|(row, _)| row["y"][at].as_f64().unwrap()).collect() };
        let order = |tops: Vec<f64>| {
            let mut order: Vec<usize> = (0..tops.len()).collect();
            order.sort_by(|a, b| tops[*a].total_cmp(&tops[*b]));
            order
        };
        assert_eq!(order(tops(0)), order(tops(3)));
    }

    #[test]
    fn small_members_are_merged_and_grey() {
        let rows: Vec<_> = (0..40)
            .map(|index| json!([format!("M{index}"), 100.0 - f64::from(index)]))
            .collect();
        let (spec, series) = drawn(1, json!(rows));
        let members = of(&series, "member");
        assert_eq!(members.len(), MOST_MEMBERS + 1);
        let rest = members
            .iter()
            .find(|(row, _)| row["c"] == json!(Theme::light().rest))
            .unwrap();
        assert_eq!(rest.1, 12, "the first row that was merged");
        assert!(spec.to_string().contains(OTHERS));
    }

    #[test]
    fn each_ribbon_and_each_bar_can_be_pointed_at() {
        let (visual, answer) = crate::visual::samples::sample(
            shared::visual::VisualKind::Sankey,
            crate::visual::samples::Sample::Usual,
        );
        let options = crate::visual::DrawOptions::default();
        let picture = crate::visual::draw(&visual, &answer, &Theme::light(), SIZE, &options).unwrap();
        let rows = picture.svg.matches(" data-row=").count();
        assert_eq!(
            (picture.hits.len(), rows),
            (picture.sources.len(), picture.sources.len())
        );
    }

    #[test]
    fn no_flows_are_an_empty_picture() {
        let (_, series) = drawn(3, json!([]));
        assert!(series.rows.is_empty());
    }
}
