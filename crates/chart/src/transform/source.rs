//! Rows from the specification, from named data sets and from files.

use crate::data::{Conversion, Table, Wanted, convert_column};
use crate::error::ChartError;
use crate::render::DataLoader;
use crate::spec::{DataFormat, Source};
use crate::value::Value;
use std::cell::RefCell;
use std::sync::Arc;

/// Where data may come from, and the parameters expressions see.
pub struct Sources<'a> {
    pub loader: Option<&'a dyn DataLoader>,
    pub datasets: Vec<(Arc<str>, Arc<Table>)>,
    /// Extents of data are added as they come.
    pub signals: RefCell<Vec<(String, Value)>>,
    /// Columns that may matter.
    pub wanted: Wanted,
}

/// Loads a source's rows and converts the columns its format names.
pub fn load(source: Source, sources: &Sources) -> Result<Arc<Table>, ChartError> {
    match source {
        Source::Rows(table, format) => Ok(convert(table, &format)),
        Source::Named(name, format) => {
            let found = sources.datasets.iter().find(|(n, _)| *n == name);
            let table = found.ok_or_else(|| ChartError::Data(format!("there is no data set named `{name}`")))?;
            if format.topology.is_some() {
                let rows = format.rows(&document(&table.1), &sources.wanted);
                return rows.map(Arc::new).map_err(ChartError::Data);
            }
            Ok(convert(table.1.clone(), &format))
        }
        Source::Url(url, mut format) => {
            if url.contains("://") || url.starts_with("//") || url.starts_with("data:") {
                return Err(ChartError::Data("only relative addresses are read".into()));
            }
            let loader = sources
                .loader
                .ok_or_else(|| ChartError::Data("data by address cannot be read here".into()))?;
            let bytes = loader.load(&url).map_err(ChartError::Data)?;
            let text = String::from_utf8(bytes).map_err(|_| ChartError::Data("the data is not UTF-8".into()))?;
            if format.kind.is_none() {
                format.kind = [".csv", ".tsv"]
                    .into_iter()
                    .find(|e| url.ends_with(e))
                    .map(|e| Arc::from(&e[1..]));
            }
            let table = format.text_rows(&text, &sources.wanted).map_err(ChartError::Data)?;
            Ok(convert(Arc::new(table), &format))
        }
    }
}

/// The JSON object that became the one row of a named data set.
fn document(table: &Table) -> serde_json::Value {
    let names = table.names.iter().enumerate();
    let members = table
        .rows
        .first()
        .map(|row| names.map(|(at, name)| (name.to_string(), row.get(at).to_json())));
    members.into_iter().flatten().collect()
}

fn convert(table: Arc<Table>, format: &DataFormat) -> Arc<Table> {
    let conversions: Vec<(&Arc<str>, &Conversion)> = format
        .parse
        .iter()
        .flatten()
        .filter_map(|(f, c)| c.as_ref().map(|c| (f, c)))
        .collect();
    if conversions.is_empty() {
        return table;
    }
    let mut table = Arc::unwrap_or_clone(table);
    for (field, conversion) in conversions {
        convert_column(&mut table, field, conversion);
    }
    Arc::new(table)
}
