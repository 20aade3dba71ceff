//! The tables that one drawing of a view uses: all rows, or those of one cell of a facet.

use crate::data::{Field, Row, Table};
use crate::model::{Model, Unit, column_name};
use crate::spec::{Config, FieldKind, InvalidMode};
use crate::value::Value;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct UnitTables {
    /// For the marks.
    pub marks: Arc<Table>,
    /// For the domains of scales.
    pub scales: Arc<Table>,
    /// Before aggregation, for sorting.
    pub raw: Arc<Table>,
}

/// Tables by unit.
#[derive(Clone, Debug)]
pub struct Frame {
    pub units: Vec<UnitTables>,
}

impl Frame {
    pub fn all(model: &Model, config: &Config) -> Frame {
        let units = model.units.iter().map(|unit| {
            let columns = invalid_columns(model, unit, config);
            let (_, marks, scales) = unit.invalid();
            let valid = if columns.is_empty() || (marks && scales) {
                unit.table.clone()
            } else {
                let kept = |row: &&Row| columns.iter().all(|c| drawable(&c.cell(row)));
                if unit.table.rows.iter().all(|row| kept(&row)) {
                    unit.table.clone()
                } else {
                    let rows = unit.table.rows.iter().filter(kept).cloned().collect();
                    Arc::new(Table {
                        names: unit.table.names.clone(),
                        rows,
                    })
                }
            };
            let choose = |with_invalid: bool| {
                if with_invalid {
                    unit.table.clone()
                } else {
                    valid.clone()
                }
            };
            UnitTables {
                marks: choose(marks),
                scales: choose(scales),
                raw: unit.raw.clone(),
            }
        });
        Frame { units: units.collect() }
    }

    /// The rows of one cell: those whose fields have the given values.
    pub fn cell(&self, units: &[usize], key: &[(String, Value)]) -> Frame {
        let mut out = self.clone();
        for id in units {
            if let Some(tables) = out.units.get_mut(*id) {
                tables.marks = matching(&tables.marks, key);
                tables.scales = matching(&tables.scales, key);
                tables.raw = matching(&tables.raw, key);
            }
        }
        out
    }
}

fn matching(table: &Arc<Table>, key: &[(String, Value)]) -> Arc<Table> {
    let fields: Vec<(Field, &Value)> = key
        .iter()
        .map(|(name, value)| (Field::of(table, name), value))
        .collect();
    let keep = |row: &&Row| fields.iter().all(|(f, v)| !f.exists() || *f.cell(row) == **v);
    Arc::new(Table {
        names: table.names.clone(),
        rows: table.rows.iter().filter(keep).cloned().collect(),
    })
}

fn drawable(value: &Value) -> bool {
    value.is_valid() && value.number().is_finite()
}

/// Columns in which a row must have a number to be drawn.
pub fn invalid_columns(model: &Model, unit: &Unit, config: &Config) -> Vec<Field> {
    if unit.invalid().0 == InvalidMode::Show {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (channel, def) in &unit.encoding.channels {
        if !channel.has_scale() {
            continue;
        }
        let Some(def) = Some(def).filter(|d| d.is_field()) else {
            continue;
        };
        let Some(scale) = unit.scale(*channel).and_then(|s| model.scales.get(s)) else {
            continue;
        };
        let shown = config
            .scale
            .invalid
            .iter()
            .flatten()
            .any(|(name, _)| **name == *channel.name());
        if scale.kind.is_discrete() || def.is_count() || shown {
            continue;
        }
        if matches!(def.kind(), FieldKind::Quantitative | FieldKind::Temporal) {
            out.push(Field::of(&unit.table, &column_name(def)));
        }
    }
    out
}
