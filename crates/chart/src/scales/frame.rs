//! The tables that one drawing of a view uses: all rows, or those of one cell of a facet.

use crate::data::{Field, Row, Table};
use crate::model::{Model, Unit, column_name};
use crate::spec::{Config, FieldKind, InvalidMode};
use crate::transform::keep;
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
    /// All rows, of which the model then keeps only those that can be drawn.
    pub fn all(model: &mut Model, config: &Config) -> Frame {
        let columns = model.units.iter().map(|unit| invalid_columns(model, unit, config));
        let columns: Vec<Vec<Field>> = columns.collect();
        let units = model.units.iter_mut().zip(&columns).map(|(unit, columns)| {
            let (_, marks, scales) = unit.invalid();
            let whole = (marks || scales).then(|| unit.table.clone());
            if !(columns.is_empty() || marks && scales) {
                let drawable = |row| columns.iter().all(|column| drawable(&column.cell(row)));
                let kept: Vec<bool> = unit.table.rows.iter().map(drawable).collect();
                keep(&mut unit.table, &kept);
            }
            let choose = |with_invalid: bool| {
                let whole = whole.as_ref().filter(|_| with_invalid);
                whole.unwrap_or(&unit.table).clone()
            };
            UnitTables {
                marks: choose(marks),
                scales: choose(scales),
                raw: unit.raw.as_ref().unwrap_or(&unit.table).clone(),
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
fn invalid_columns(model: &Model, unit: &Unit, config: &Config) -> Vec<Field> {
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
