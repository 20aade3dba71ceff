use std::{cmp::Ordering, collections::BTreeMap};

use plan::logical::{JoinKind, Named, Node, SortKey, WindowCall};
use shared::semantic::{SortDirection, TimeUnit};

use super::{
    Table, Value,
    aggregate::aggregate,
    expression::{evaluate, literal},
    time,
};

/// Stored tables by dataset name, rollups by their own.
pub type Tables = BTreeMap<String, Table>;

pub fn run(node: &Node, tables: &Tables) -> Table {
    match node {
        Node::Scan { source, columns } => {
            let name = source.origin.dataset().unwrap_or(&source.table);
            let stored = tables.get(name).unwrap_or_else(|| panic!("no table {name}"));
            let positions: Vec<usize> = columns.iter().map(|column| stored.position(column)).collect();
            let rows = stored
                .rows
                .iter()
                .map(|row| positions.iter().map(|at| row[*at].clone()).collect())
                .collect();
            Table {
                columns: columns.clone(),
                rows,
            }
        }
        Node::Fetched { name, columns } => {
            let stored = tables.get(name).unwrap_or_else(|| panic!("{name} was not fetched"));
            let positions: Vec<usize> = columns.iter().map(|column| stored.position(column)).collect();
            let rows = stored
                .rows
                .iter()
                .map(|row| positions.iter().map(|at| row[*at].clone()).collect());
            Table {
                columns: columns.clone(),
                rows: rows.collect(),
            }
        }
        Node::Values { columns, rows } => Table {
            columns: columns.clone(),
            rows: rows.iter().map(|row| row.iter().map(literal).collect()).collect(),
        },
        Node::Filter { input, predicate } => {
            let mut table = run(input, tables);
            let rows = std::mem::take(&mut table.rows);
            table.rows = rows
                .into_iter()
                .filter(|row| evaluate(predicate, &table, row) == Value::Bool(true))
                .collect();
            table
        }
        Node::Project { input, columns } => {
            let table = run(input, tables);
            let rows = table
                .rows
                .iter()
                .map(|row| {
                    columns
                        .iter()
                        .map(|column| evaluate(&column.value, &table, row))
                        .collect()
                })
                .collect();
            Table {
                columns: names(columns),
                rows,
            }
        }
        Node::Aggregate { input, keys, measures } => {
            let table = run(input, tables);
            let mut groups: BTreeMap<Vec<String>, Group<'_>> = BTreeMap::new();
            if keys.is_empty() {
                groups.insert(Vec::new(), (Vec::new(), Vec::new()));
            }
            for row in &table.rows {
                let values: Vec<Value> = keys.iter().map(|key| evaluate(&key.value, &table, row)).collect();
                let group = groups
                    .entry(values.iter().map(Value::key).collect())
                    .or_insert_with(|| (values, Vec::new()));
                group.1.push(row);
            }
            let rows = groups
                .into_values()
                .map(|(mut values, rows)| {
                    values.extend(measures.iter().map(|measure| aggregate(&measure.value, &table, &rows)));
                    values
                })
                .collect();
            Table {
                columns: names(keys).into_iter().chain(names(measures)).collect(),
                rows,
            }
        }
        Node::Join {
            kind,
            left,
            right,
            on,
            null_equal,
        } => join(*kind, run(left, tables), run(right, tables), on, *null_equal),
        Node::Union { inputs } => {
            let inputs: Vec<Table> = inputs.iter().map(|input| run(input, tables)).collect();
            let mut columns: Vec<String> = Vec::new();
            for column in inputs.iter().flat_map(|table| &table.columns) {
                if !columns.contains(column) {
                    columns.push(column.clone());
                }
            }
            let rows = inputs
                .iter()
                .flat_map(|table| {
                    let at: Vec<Option<usize>> = columns
                        .iter()
                        .map(|column| table.columns.iter().position(|own| own == column))
                        .collect();
                    table.rows.iter().map(move |row| {
                        at.iter()
                            .map(|at| at.map_or(Value::Null, |at| row[at].clone()))
                            .collect()
                    })
                })
                .collect();
            Table { columns, rows }
        }
        Node::Sort { input, keys } => {
            let mut table = run(input, tables);
            let positions = sort_positions(&table, keys);
            table.rows.sort_by(|a, b| compare_rows(a, b, &positions));
            table
        }
        Node::Limit { input, offset, count } => {
            let mut table = run(input, tables);
            let count = count.map_or(usize::MAX, |count| count as usize);
            table.rows = table.rows.into_iter().skip(*offset as usize).take(count).collect();
            table
        }
        Node::Spine { column, from, to, step } => {
            let months = match step.unit {
                TimeUnit::Month => 1,
                TimeUnit::Quarter => 3,
                TimeUnit::Year => 12,
                _ => 0,
            };
            let length = match step.unit {
                TimeUnit::Minute => 60_000_000,
                TimeUnit::Hour => 3_600_000_000,
                TimeUnit::Day => 86_400_000_000,
                TimeUnit::Week => 7 * 86_400_000_000,
                _ => 0,
            };
            // Each counted from the first, so that the 31st comes back after February.
            let start = |index: u32| {
                let times = step.count * index;
                time::shift(*from, months * times as i32, length * i64::from(times))
            };
            let rows = (0..)
                .map(start)
                .take_while(|at| at < to)
                .map(|at| vec![Value::Wall(at)])
                .collect();
            Table {
                columns: vec![column.clone()],
                rows,
            }
        }
        Node::Window {
            input,
            partition,
            order,
            columns,
        } => window(run(input, tables), partition, order, columns),
    }
}

/// Values of the keys, and the rows.
type Group<'t> = (Vec<Value>, Vec<&'t Vec<Value>>);

fn names<T>(columns: &[Named<T>]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

fn join(kind: JoinKind, left: Table, right: Table, on: &[(String, String)], null_equal: bool) -> Table {
    let left_keys: Vec<usize> = on.iter().map(|(name, _)| left.position(name)).collect();
    let right_keys: Vec<usize> = on.iter().map(|(_, name)| right.position(name)).collect();
    let key = |row: &[Value], at: &[usize]| -> Option<Vec<String>> {
        let values: Vec<&Value> = at.iter().map(|at| &row[*at]).collect();
        (null_equal || values.iter().all(|value| !value.is_null()))
            .then(|| values.iter().map(|value| value.key()).collect())
    };
    let mut index: BTreeMap<Vec<String>, Vec<&Vec<Value>>> = BTreeMap::new();
    for row in &right.rows {
        if let Some(key) = key(row, &right_keys) {
            index.entry(key).or_default().push(row);
        }
    }
    let added: Vec<usize> = (0..right.columns.len()).filter(|at| !right_keys.contains(at)).collect();
    let keeps_right = matches!(kind, JoinKind::Inner | JoinKind::Left | JoinKind::Cross);
    let mut columns = left.columns.clone();
    if keeps_right {
        columns.extend(added.iter().map(|at| right.columns[*at].clone()));
    }
    let mut rows = Vec::new();
    for row in &left.rows {
        let partners = key(row, &left_keys)
            .and_then(|key| index.get(&key))
            .cloned()
            .unwrap_or_default();
        match kind {
            JoinKind::Semi if !partners.is_empty() => rows.push(row.clone()),
            JoinKind::Anti if partners.is_empty() => rows.push(row.clone()),
            JoinKind::Semi | JoinKind::Anti => {}
            JoinKind::Left if partners.is_empty() => {
                rows.push(row.iter().cloned().chain(added.iter().map(|_| Value::Null)).collect());
            }
            JoinKind::Inner | JoinKind::Left | JoinKind::Cross => {
                for partner in partners {
                    rows.push(
                        row.iter()
                            .cloned()
                            .chain(added.iter().map(|at| partner[*at].clone()))
                            .collect(),
                    );
                }
            }
        }
    }
    Table { columns, rows }
}

fn sort_positions(table: &Table, keys: &[SortKey]) -> Vec<(usize, SortDirection)> {
    keys.iter()
        .map(|key| (table.position(&key.column), key.direction))
        .collect()
}

fn compare_rows(a: &[Value], b: &[Value], positions: &[(usize, SortDirection)]) -> Ordering {
    positions
        .iter()
        .map(
            |(at, direction)| match (a[*at].is_null(), b[*at].is_null(), direction) {
                (true, true, _) => Ordering::Equal,
                (true, false, _) => Ordering::Greater,
                (false, true, _) => Ordering::Less,
                (false, false, SortDirection::Asc) => a[*at].compare(&b[*at]),
                (false, false, SortDirection::Desc) => b[*at].compare(&a[*at]),
            },
        )
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

fn window(mut table: Table, partition: &[String], order: &[SortKey], columns: &[Named<WindowCall>]) -> Table {
    let positions = sort_positions(&table, order);
    table.rows.sort_by(|a, b| compare_rows(a, b, &positions));
    let by: Vec<usize> = partition.iter().map(|name| table.position(name)).collect();
    let group = |row: &Vec<Value>| by.iter().map(|at| row[*at].key()).collect::<Vec<_>>();
    let before = table.rows.clone();
    let mut partitions: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (at, row) in before.iter().enumerate() {
        partitions.entry(group(row)).or_default().push(at);
    }
    let position = |name: &String| table.columns.iter().position(|own| own == name).unwrap();
    for column in columns {
        for rows in partitions.values() {
            let number = |at: usize, name: &String| before[at][position(name)].number();
            let mut so_far = 0.0;
            for (place, at) in rows.iter().enumerate() {
                let value = match &column.value {
                    WindowCall::RowNumber => Value::Int(place as i64 + 1),
                    WindowCall::RankDescending(name) => match number(*at, name) {
                        Some(own) => {
                            let greater = rows
                                .iter()
                                .filter(|peer| number(**peer, name).is_some_and(|other| other > own));
                            Value::Int(1 + greater.count() as i64)
                        }
                        None => Value::Null,
                    },
                    WindowCall::RunningSum(name) => {
                        so_far += number(*at, name).unwrap_or(0.0);
                        Value::Float(so_far)
                    }
                    WindowCall::PartitionSum(name) => {
                        Value::Float(rows.iter().filter_map(|peer| number(*peer, name)).sum())
                    }
                };
                table.rows[*at].push(value);
            }
        }
    }
    table.columns.extend(names(columns));
    table
}
