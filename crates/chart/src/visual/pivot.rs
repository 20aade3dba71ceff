//! The grid of a pivot table: groups of rows and of columns with their subtotals. All numbers were aggregated by the query;
//! nothing is added up here.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use shared::{
    semantic::{Answer, ColumnRole, SortDirection},
    table::Cell,
    visual::{Tone, Visual, WellName},
};

use super::{
    MeasureColumn, Parts, cell_text,
    order::{in_order, key},
    series::member,
    tones::rule_tone,
};

const MOST_ROWS: usize = 2_000;
const MOST_COLUMNS: usize = 200;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct PivotGrid {
    /// Names of the groups in rows, for the corner; it is as high as `head`.
    pub corner: Vec<String>,
    /// From the outermost groups of columns to the innermost, then the names of several values.
    pub head: Vec<Vec<PivotHead>>,
    pub rows: Vec<PivotRow>,
    /// What has no room: `120 more rows and 8 more columns`.
    pub left_out: Option<String>,
}

/// A heading of columns or rows.
#[derive(Clone, Debug, PartialEq)]
pub struct PivotHead {
    pub text: String,
    /// Columns and rows that it takes.
    pub colspan: usize,
    pub rowspan: usize,
    /// Of the group that it names; 0 is the outermost.
    pub level: usize,
    pub is_total: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PivotRow {
    /// Those that begin in this row, from the outermost group to the innermost.
    pub heads: Vec<PivotHead>,
    pub cells: Vec<PivotCell>,
    pub is_total: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PivotCell {
    /// Empty where the groups have nothing in common.
    pub text: String,
    pub value: Cell,
    /// Of its row or of its column.
    pub is_total: bool,
    pub tone: Option<Tone>,
    /// Position in `Answer::rows`, when it is a row of it and no total.
    pub row: Option<usize>,
    /// Position in `Answer::columns`.
    pub column: usize,
}

pub fn pivot(visual: &Visual, answer: &Answer) -> PivotGrid {
    let parts = Parts::of(visual, answer);
    let of_well = |well: WellName| -> Vec<usize> {
        let dimensions = parts.dimensions.iter().filter(|(name, _)| *name == well);
        dimensions.map(|(_, column)| *column).collect()
    };
    let measures = parts.measures_of(WellName::Values);
    let (down, across) = (of_well(WellName::Axis), of_well(WellName::Columns));
    let numbers = Numbers::of(answer, &down, &across);
    let groups: Vec<usize> = down.iter().chain(&across).copied().collect();
    let order = Order::of(visual, answer, &groups);
    let rows = Groups {
        answer,
        columns: &down,
        depths: &numbers.row_depths,
        with_subtotals: !visual.format.without_subtotals,
    };
    let columns = Groups {
        answer,
        columns: &across,
        depths: &numbers.column_depths,
        with_subtotals: !visual.format.without_subtotals,
    };
    let row_lines = rows.lines(&|nodes| order.rows(nodes, &numbers));
    let column_lines = columns.lines(&|nodes| order.columns(nodes));
    let (row_lines, rows_left) = cut(row_lines, MOST_ROWS);
    let (column_lines, columns_left) = cut(column_lines, MOST_COLUMNS / measures.len().max(1));
    let body = Body {
        visual,
        answer,
        numbers: &numbers,
        measures: &measures,
        columns: &column_lines,
        groups: down.len(),
    };
    PivotGrid {
        corner: labels(answer, &down),
        head: head(&column_lines, &measures, across.len()),
        rows: body.rows(&row_lines),
        left_out: left_out(rows_left, columns_left * measures.len().max(1)),
    }
}

fn labels(answer: &Answer, columns: &[usize]) -> Vec<String> {
    let columns = columns.iter().filter_map(|column| answer.columns.get(*column));
    columns.map(|column| column.label.clone()).collect()
}

fn left_out(rows: usize, columns: usize) -> Option<String> {
    let words = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 more {one}")),
        count => Some(format!("{count} more {many}")),
    };
    match (words(rows, "row", "rows"), words(columns, "column", "columns")) {
        (None, None) => None,
        (Some(words), None) | (None, Some(words)) => Some(words),
        (Some(rows), Some(columns)) => Some(format!("{rows} and {columns}")),
    }
}

/// A line of cells, down or across: a member of the innermost group, or a total of the members below its path.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    /// Keys of the members, outermost first.
    path: Vec<String>,
    /// Their texts.
    texts: Vec<String>,
    is_total: bool,
}

impl Line {
    /// Of the group that it ends, or of its innermost.
    fn level(&self) -> usize {
        self.path.len().saturating_sub(1)
    }

    /// `Total Europe`, and `Total` of everything.
    fn total_text(&self) -> String {
        match self.texts.last() {
            Some(name) => format!("Total {name}"),
            None => "Total".to_owned(),
        }
    }
}

/// The first lines, and the last when it is the total of everything.
fn cut(mut lines: Vec<Line>, most: usize) -> (Vec<Line>, usize) {
    let count = lines.len();
    if count <= most {
        return (lines, 0);
    }
    let total = lines.pop_if(|line| line.is_total && line.path.is_empty());
    lines.truncate(most.saturating_sub(usize::from(total.is_some())));
    lines.extend(total);
    let left = count - lines.len();
    (lines, left)
}

/// A member among its siblings.
struct Node {
    path: Vec<String>,
    text: String,
    cell: Cell,
    /// Position in `Answer::columns`.
    column: usize,
}

/// The groups along one side.
struct Groups<'a> {
    answer: &'a Answer,
    /// Positions in `Answer::columns`, outermost first.
    columns: &'a [usize],
    /// Depths for which the answer has totals.
    depths: &'a BTreeSet<usize>,
    with_subtotals: bool,
}

impl Groups<'_> {
    /// All lines from first to last. `sort` orders siblings.
    fn lines(&self, sort: &dyn Fn(&mut Vec<Node>)) -> Vec<Line> {
        let mut children: BTreeMap<Vec<String>, Vec<Node>> = BTreeMap::new();
        let mut known = BTreeSet::new();
        for row in &self.answer.rows {
            let mut path: Vec<String> = Vec::new();
            for column in self.columns {
                let cell = row.get(*column).unwrap_or(&Cell::Null);
                let parent = path.clone();
                path.push(key(cell));
                if known.insert(path.clone()) {
                    children.entry(parent).or_default().push(Node {
                        path: path.clone(),
                        text: member(self.answer, row, Some(*column)),
                        cell: cell.clone(),
                        column: *column,
                    });
                }
            }
        }
        children.values_mut().for_each(sort);
        let mut lines = Vec::new();
        let top = Line {
            path: Vec::new(),
            texts: Vec::new(),
            is_total: false,
        };
        if self.columns.is_empty() || !self.answer.rows.is_empty() {
            self.walk(top, &children, &mut lines);
        }
        lines
    }

    fn walk(&self, at: Line, children: &BTreeMap<Vec<String>, Vec<Node>>, lines: &mut Vec<Line>) {
        let depth = at.path.len();
        if depth == self.columns.len() {
            lines.push(at);
            return;
        }
        for node in children.get(&at.path).into_iter().flatten() {
            let mut texts = at.texts.clone();
            texts.push(node.text.clone());
            let below = Line {
                path: node.path.clone(),
                texts,
                is_total: false,
            };
            self.walk(below, children, lines);
        }
        if self.depths.contains(&depth) && (depth == 0 || self.with_subtotals) {
            lines.push(Line { is_total: true, ..at });
        }
    }
}

/// Paths, numbered as they come.
#[derive(Default)]
struct Paths(BTreeMap<Vec<String>, usize>);

impl Paths {
    fn number(&mut self, path: Vec<String>) -> usize {
        let next = self.0.len();
        *self.0.entry(path).or_insert(next)
    }
}

/// Where the numbers of two paths are.
struct Numbers<'a> {
    down: Paths,
    across: Paths,
    /// By the numbers of their paths.
    cells: BTreeMap<(usize, usize), Place<'a>>,
    row_depths: BTreeSet<usize>,
    column_depths: BTreeSet<usize>,
}

#[derive(Clone, Copy)]
struct Place<'a> {
    cells: &'a [Cell],
    /// In `Answer::rows`; `None` for a total.
    row: Option<usize>,
}

impl<'a> Numbers<'a> {
    fn of(answer: &'a Answer, down: &[usize], across: &[usize]) -> Self {
        let mut numbers = Self {
            down: Paths::default(),
            across: Paths::default(),
            cells: BTreeMap::new(),
            row_depths: BTreeSet::new(),
            column_depths: BTreeSet::new(),
        };
        for (index, row) in answer.rows.iter().enumerate() {
            let place = Place {
                cells: row,
                row: Some(index),
            };
            numbers.insert(down, across, place);
        }
        for totals in &answer.totals {
            let is_kept = |column: &&usize| {
                answer
                    .columns
                    .get(**column)
                    .is_some_and(|column| totals.by.contains(&column.name))
            };
            let (rows, columns): (Vec<usize>, Vec<usize>) = (
                down.iter().take_while(is_kept).copied().collect(),
                across.iter().take_while(is_kept).copied().collect(),
            );
            let is_a_level = rows.len() + columns.len() == totals.by.len();
            if !is_a_level || (rows.len(), columns.len()) == (down.len(), across.len()) {
                continue;
            }
            if rows.len() < down.len() {
                numbers.row_depths.insert(rows.len());
            }
            if columns.len() < across.len() {
                numbers.column_depths.insert(columns.len());
            }
            for row in &totals.rows {
                let place = Place { cells: row, row: None };
                numbers.insert(&rows, &columns, place);
            }
        }
        numbers
    }

    fn insert(&mut self, down: &[usize], across: &[usize], place: Place<'a>) {
        let path = |columns: &[usize]| -> Vec<String> {
            let cells = columns.iter().map(|column| place.cells.get(*column));
            cells.map(|cell| key(cell.unwrap_or(&Cell::Null))).collect()
        };
        let at = (self.down.number(path(down)), self.across.number(path(across)));
        self.cells.insert(at, place);
    }

    fn at(&self, down: &[String], across: &[String]) -> Option<Place<'a>> {
        let at = (*self.down.0.get(down)?, *self.across.0.get(across)?);
        self.cells.get(&at).copied()
    }

    /// A member's own total of a column.
    fn total(&self, path: &[String], column: usize) -> Option<f64> {
        self.at(path, &[])?.cells.get(column)?.as_f64()
    }
}

/// How members are sorted: by what the builder or a reader chose, else as the answer has them.
struct Order {
    /// A value, and whether its greatest comes first.
    value: Option<(usize, bool)>,
    /// Groups, in the same way.
    members: Vec<(usize, bool)>,
    /// Groups that go up in the answer, though some of their members are not in all rows.
    answered: Vec<usize>,
}

impl Order {
    /// `groups`: positions in `Answer::columns`, rows before columns.
    fn of(visual: &Visual, answer: &Answer, groups: &[usize]) -> Self {
        let answered = (0..).zip(groups).filter_map(|(before, column)| {
            let around = groups.get(..before)?;
            is_in_order(answer, around, *column).then_some(*column)
        });
        let mut order = Self {
            value: None,
            members: Vec::new(),
            answered: answered.collect(),
        };
        for sort in &visual.query.sort {
            let position = answer
                .columns
                .iter()
                .position(|column| column.name == sort.by)
                .or_else(|| {
                    let is_source = |source: &Option<String>| source.as_ref() == Some(&sort.by);
                    answer.columns.iter().position(|column| is_source(&column.source))
                });
            let Some((position, column)) = position.and_then(|at| Some((at, answer.columns.get(at)?))) else {
                continue;
            };
            let descends = sort.dir == SortDirection::Desc;
            match column.role {
                ColumnRole::Dimension => order.members.push((position, descends)),
                ColumnRole::Metric | ColumnRole::Compare | ColumnRole::Calculation => {
                    order.value.get_or_insert((position, descends));
                }
            }
        }
        order
    }

    fn rows(&self, nodes: &mut Vec<Node>, numbers: &Numbers) {
        self.by_member(nodes);
        let Some((column, descends)) = self.value else {
            return;
        };
        let mut counted: Vec<(Option<f64>, Node)> = nodes
            .drain(..)
            .map(|node| (numbers.total(&node.path, column), node))
            .collect();
        counted.sort_by(|(a, _), (b, _)| numbers_in_order(*a, *b, descends));
        nodes.extend(counted.into_iter().map(|(_, node)| node));
    }

    /// Columns keep their order when rows are sorted by a value: the answer, which was sorted by it, does not have one.
    fn columns(&self, nodes: &mut [Node]) {
        let is_answered = nodes.first().is_some_and(|node| self.answered.contains(&node.column));
        if self.value.is_some() || is_answered {
            sort(nodes, Some(false));
        }
        self.by_member(nodes);
    }

    fn by_member(&self, nodes: &mut [Node]) {
        sort(nodes, chosen(&self.members, nodes));
    }
}

/// How members are sorted, if they are: whether the greatest comes first.
fn chosen(orders: &[(usize, bool)], nodes: &[Node]) -> Option<bool> {
    let column = nodes.first()?.column;
    let order = orders.iter().find(|(ordered, _)| *ordered == column)?;
    Some(order.1)
}

fn sort(nodes: &mut [Node], descends: Option<bool>) {
    if let Some(descends) = descends {
        nodes.sort_by(|a, b| in_order(&a.cell, &b.cell, descends));
    }
}

/// Do the members of a column go up wherever the groups around them stay the same?
fn is_in_order(answer: &Answer, around: &[usize], column: usize) -> bool {
    answer.rows.iter().zip(answer.rows.iter().skip(1)).all(|(one, next)| {
        let same = around.iter().all(|column| one.get(*column) == next.get(*column));
        let cells = one.get(column).zip(next.get(column));
        !same || cells.is_some_and(|(one, next)| in_order(one, next, false) != Ordering::Greater)
    })
}

fn numbers_in_order(a: Option<f64>, b: Option<f64>, descends: bool) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) if descends => b.total_cmp(&a),
        (Some(a), Some(b)) => a.total_cmp(&b),
    }
}

/// The headings of columns: one row for each group, one for the values when there are several or nothing else to name.
fn head(lines: &[Line], measures: &[&MeasureColumn], groups: usize) -> Vec<Vec<PivotHead>> {
    let each = measures.len().max(1);
    let mut head: Vec<Vec<PivotHead>> = (0..groups)
        .map(|level| {
            let mut row: Vec<PivotHead> = Vec::new();
            let mut group: Option<&[String]> = None;
            for line in lines {
                if line.is_total && line.level() <= level {
                    group = None;
                    if line.level() == level {
                        row.push(PivotHead {
                            text: line.total_text(),
                            colspan: each,
                            rowspan: groups - level,
                            level,
                            is_total: true,
                        });
                    }
                    continue;
                }
                let (Some(path), Some(text)) = (line.path.get(..=level), line.texts.get(level)) else {
                    continue;
                };
                if group == Some(path)
                    && let Some(last) = row.last_mut()
                {
                    last.colspan += each;
                    continue;
                }
                group = Some(path);
                row.push(PivotHead {
                    text: text.clone(),
                    colspan: each,
                    rowspan: 1,
                    level,
                    is_total: false,
                });
            }
            row
        })
        .collect();
    if measures.len() > 1 || groups == 0 {
        let names = lines.iter().flat_map(|line| {
            measures.iter().map(move |measure| PivotHead {
                text: measure.label.clone(),
                colspan: 1,
                rowspan: 1,
                level: groups,
                is_total: line.is_total,
            })
        });
        head.push(names.collect());
    }
    head
}

struct Body<'a> {
    visual: &'a Visual,
    answer: &'a Answer,
    numbers: &'a Numbers<'a>,
    measures: &'a [&'a MeasureColumn],
    columns: &'a [Line],
    /// Groups down.
    groups: usize,
}

impl Body<'_> {
    fn rows(&self, lines: &[Line]) -> Vec<PivotRow> {
        let mut before: &[String] = &[];
        let mut rows = Vec::with_capacity(lines.len());
        for (index, line) in lines.iter().enumerate() {
            let below = lines.get(index..).unwrap_or_default();
            rows.push(PivotRow {
                heads: self.heads(line, before, below),
                cells: self.cells(line),
                is_total: line.is_total,
            });
            // The groups around a total go on below it.
            let closed = line.path.len().saturating_sub(usize::from(line.is_total));
            before = line.path.get(..closed).unwrap_or_default();
        }
        rows
    }

    /// The headings that begin in a line. Those of groups reach down over all lines of the group but its total.
    fn heads(&self, line: &Line, before: &[String], below: &[Line]) -> Vec<PivotHead> {
        if line.is_total {
            return vec![PivotHead {
                text: line.total_text(),
                colspan: self.groups - line.level(),
                rowspan: 1,
                level: line.level(),
                is_total: true,
            }];
        }
        let first_new = line
            .path
            .iter()
            .zip(before)
            .take_while(|(own, other)| own == other)
            .count();
        line.texts
            .iter()
            .enumerate()
            .skip(first_new)
            .map(|(level, text)| {
                let path = line.path.get(..=level);
                let is_in =
                    |other: &&Line| other.path.get(..=level) == path && !(other.is_total && other.level() == level);
                PivotHead {
                    text: text.clone(),
                    colspan: 1,
                    rowspan: below.iter().take_while(is_in).count().max(1),
                    level,
                    is_total: false,
                }
            })
            .collect()
    }

    fn cells(&self, line: &Line) -> Vec<PivotCell> {
        let columns = self.columns.iter();
        columns
            .flat_map(|column| {
                let place = self.numbers.at(&line.path, &column.path);
                let is_total = line.is_total || column.is_total;
                self.measures
                    .iter()
                    .map(move |measure| self.cell(place, measure, is_total))
            })
            .collect()
    }

    fn cell(&self, place: Option<Place>, measure: &MeasureColumn, is_total: bool) -> PivotCell {
        let found = place.and_then(|place| {
            let column = self.answer.columns.get(measure.column)?;
            Some((place, place.cells.get(measure.column)?, column))
        });
        let Some((place, cell, column)) = found else {
            return PivotCell {
                text: String::new(),
                value: Cell::Null,
                is_total,
                tone: None,
                row: None,
                column: measure.column,
            };
        };
        PivotCell {
            text: cell_text(cell, column, measure.format(self.visual, Some(column))),
            value: cell.clone(),
            is_total,
            tone: cell
                .as_f64()
                .and_then(|number| rule_tone(self.visual, &column.name, number)),
            row: place.row,
            column: measure.column,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Continents and countries down, years and channels across, one or two values. The numbers are no sums, so that
    /// nothing can have been added up.
    fn sample(more: &Value) -> (Visual, Answer) {
        let mut visual = json!({
            "kind": "pivot",
            "wells": {
                "axis": [{ "field": "t.continent" }, { "field": "t.country" }],
                "columns": [{ "field": "t.channel" }], "values": [{ "metric": "m" }],
            },
        });
        visual
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let dimension = |name: &str| json!({ "name": name, "role": "dimension", "type": "string", "label": name });
        let answer = json!({
            "columns": [
                dimension("continent"), dimension("country"), dimension("channel"),
                { "name": "m", "role": "metric", "type": "number", "label": "M" },
            ],
            "rows": [
                ["Europe", "Germany", "Web", 1], ["Europe", "Germany", "Store", 2], ["Europe", "France", "Web", 3],
                ["Asia", "Japan", "Web", 5], ["Asia", "Japan", "Phone", null],
            ],
            "totals": [
                { "by": [], "rows": [[null, null, null, 1000]] },
                { "by": ["channel"], "rows": [[null, null, "Web", 100], [null, null, "Store", 200], [null, null, "Phone", 300]] },
                { "by": ["continent"], "rows": [["Europe", null, null, 10], ["Asia", null, null, 20]] },
                { "by": ["continent", "channel"], "rows": [
                    ["Europe", null, "Web", 11], ["Europe", null, "Store", 12], ["Asia", null, "Web", 21], ["Asia", null, "Phone", 23]
                ] },
                { "by": ["continent", "country"], "rows": [
                    ["Europe", "Germany", null, 41], ["Europe", "France", null, 42], ["Asia", "Japan", null, 43]
                ] },
            ],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        });
        (
            serde_json::from_value(visual).unwrap(),
            serde_json::from_value(answer).unwrap(),
        )
    }

    fn grid(more: &Value) -> PivotGrid {
        let (visual, answer) = sample(more);
        pivot(&visual, &answer)
    }

    fn words(row: &PivotRow) -> String {
        let heads: Vec<String> = row
            .heads
            .iter()
            .map(|head| format!("{}({}x{})", head.text, head.colspan, head.rowspan))
            .collect();
        let cells: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
        format!("{} | {}", heads.join(" "), cells.join(","))
    }

    #[test]
    fn groups_end_with_their_totals_and_nothing_is_added_up() {
        let grid = grid(&json!({}));
        assert_eq!(grid.corner, ["continent", "country"]);
        let heads: Vec<&str> = grid.head[0].iter().map(|head| head.text.as_str()).collect();
        assert_eq!(heads, ["Web", "Store", "Phone", "Total"]);
        assert_eq!(grid.head.len(), 1, "one value needs no name");
        let rows: Vec<String> = grid.rows.iter().map(words).collect();
        assert_eq!(
            rows,
            [
                "Europe(1x2) Germany(1x1) | 1,2,,41",
                "France(1x1) | 3,,,42",
                "Total Europe(2x1) | 11,12,,10",
                "Asia(1x1) Japan(1x1) | 5,,–,43",
                "Total Asia(2x1) | 21,,23,20",
                "Total(2x1) | 100,200,300,1,000",
            ]
        );
        assert_eq!(grid.left_out, None);
    }

    #[test]
    fn cells_know_their_row_and_totals_have_none() {
        let grid = grid(&json!({ "format": { "rules": [{ "test": "above", "value": 40.0, "tone": "bad" }] } }));
        let first = &grid.rows[0].cells;
        let rows: Vec<Option<usize>> = first.iter().map(|cell| cell.row).collect();
        assert_eq!(rows, [Some(0), Some(1), None, None]);
        let total: Vec<bool> = first.iter().map(|cell| cell.is_total).collect();
        assert_eq!(total, [false, false, false, true]);
        assert_eq!(first[3].tone, Some(Tone::Bad));
        assert_eq!((first[0].tone, &first[0].value), (None, &Cell::Int(1)));
        assert!(
            grid.rows[2]
                .cells
                .iter()
                .all(|cell| cell.is_total && cell.row.is_none())
        );
    }

    #[test]
    fn without_subtotals_only_the_whole_is_left() {
        let grid = grid(&json!({ "format": { "without_subtotals": true } }));
        let totals: Vec<String> = grid.rows.iter().filter(|row| row.is_total).map(words).collect();
        assert_eq!(totals, ["Total(2x1) | 100,200,300,1,000"]);
        assert_eq!(grid.rows.len(), 4);
    }

    #[test]
    fn members_of_each_level_are_sorted_by_their_own_totals() {
        let countries = |sort: Value| -> Vec<String> {
            let grid = grid(&json!({ "query": { "sort": [sort] } }));
            let heads = grid.rows.iter().flat_map(|row| &row.heads);
            heads.map(|head| head.text.clone()).collect()
        };
        assert_eq!(
            countries(json!({ "by": "m", "dir": "desc" })),
            [
                "Asia",
                "Japan",
                "Total Asia",
                "Europe",
                "France",
                "Germany",
                "Total Europe",
                "Total"
            ]
        );
        assert_eq!(
            countries(json!({ "by": "country", "dir": "asc" })),
            [
                "Europe",
                "France",
                "Germany",
                "Total Europe",
                "Asia",
                "Japan",
                "Total Asia",
                "Total"
            ]
        );
        let columns = grid(&json!({ "query": { "sort": [{ "by": "m", "dir": "desc" }] } })).head[0].clone();
        let columns: Vec<String> = columns.into_iter().map(|head| head.text).collect();
        assert_eq!(columns, ["Phone", "Store", "Web", "Total"]);
    }

    #[test]
    fn columns_have_levels_and_several_values_names() {
        let (mut visual, mut answer) = sample(&json!({}));
        // Only continents down; countries and channels across; the value twice.
        visual.wells.columns.insert(0, visual.wells.axis.pop().unwrap());
        visual.wells.values.push(shared::visual::WellItem::metric("n"));
        let mut second = answer.columns[3].clone();
        (second.name, second.label) = ("n".to_owned(), "N".to_owned());
        answer.columns.push(second);
        let more = answer.totals.iter_mut().flat_map(|totals| &mut totals.rows);
        for row in answer.rows.iter_mut().chain(more) {
            row.push(Cell::Int(7));
        }
        answer.totals.push(shared::semantic::TotalRows {
            by: vec!["country".to_owned()],
            rows: ["Germany", "France", "Japan"]
                .map(|name| {
                    vec![
                        Cell::Null,
                        Cell::Text(name.to_owned()),
                        Cell::Null,
                        Cell::Int(9),
                        Cell::Int(9),
                    ]
                })
                .to_vec(),
        });
        let grid = pivot(&visual, &answer);
        let line = |level: usize| -> String {
            let heads = grid.head[level].iter();
            heads
                .map(|head| format!("{}({}x{})", head.text, head.colspan, head.rowspan))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            line(0),
            "Germany(4x1) Total Germany(2x2) France(2x1) Total France(2x2) Japan(4x1) Total Japan(2x2) Total(2x2)"
        );
        assert_eq!(line(1), "Web(2x1) Store(2x1) Web(2x1) Web(2x1) Phone(2x1)");
        assert_eq!(grid.head[2].len(), 18);
        assert!(grid.rows.iter().all(|row| row.cells.len() == 18));
        assert_eq!(
            grid.rows.last().unwrap().cells[4].text,
            "9",
            "of Germany in all continents"
        );
    }

    #[test]
    fn sides_without_groups_have_a_single_line() {
        let (mut visual, mut answer) = sample(&json!({}));
        visual.wells.columns.clear();
        answer.columns.remove(2);
        answer
            .totals
            .retain(|totals| !totals.by.contains(&"channel".to_owned()));
        let more = answer.totals.iter_mut().flat_map(|totals| &mut totals.rows);
        for row in answer.rows.iter_mut().chain(more) {
            row.remove(2);
        }
        let grid = pivot(&visual, &answer);
        assert_eq!(grid.head[0].len(), 1);
        assert_eq!(grid.head[0][0].text, "M");
        assert_eq!(words(grid.rows.last().unwrap()), "Total(2x1) | 1,000");
        answer.rows.clear();
        answer.totals.clear();
        assert!(pivot(&visual, &answer).rows.is_empty());
    }

    #[test]
    fn members_that_are_missing_in_the_first_row_keep_their_place() {
        let (visual, mut answer) = sample(&json!({}));
        let row = |country: &str, channel: &str| {
            ["Europe", country, channel]
                .map(|text| Cell::Text(text.to_owned()))
                .into_iter()
                .chain([Cell::Int(1)])
                .collect()
        };
        answer.totals.clear();
        answer.rows = vec![row("A", "x"), row("A", "z"), row("B", "w"), row("B", "y")];
        let heads: Vec<String> = pivot(&visual, &answer).head[0]
            .iter()
            .map(|head| head.text.clone())
            .collect();
        assert_eq!(heads, ["w", "x", "y", "z"]);
    }

    #[test]
    fn what_has_no_room_is_told() {
        let (visual, mut answer) = sample(&json!({}));
        let cell = |at: usize| Cell::Text(format!("{at:05}"));
        answer.rows = (0..2_500)
            .map(|at| vec![cell(0), cell(at), cell(at % 300), Cell::Int(1)])
            .collect();
        let grid = pivot(&visual, &answer);
        assert_eq!(grid.rows.len(), MOST_ROWS);
        assert_eq!(grid.rows[0].cells.len(), MOST_COLUMNS);
        // 2,500 countries, the continent and all; 300 channels and all.
        assert_eq!(grid.left_out.as_deref(), Some("502 more rows and 101 more columns"));
        assert_eq!(grid.rows[0].heads[0].rowspan, MOST_ROWS - 1);
        assert!(grid.rows.last().unwrap().is_total);
    }
}
