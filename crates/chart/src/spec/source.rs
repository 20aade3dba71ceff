//! Where the rows come from.

use super::reader::{Node, Reader};
use crate::data::{Conversion, Row, Table, Wanted, read_delimited, read_row_text, read_rows};
use crate::geo::{TopologyPart, topology_rows};
use serde_json::Value as Json;
use std::sync::Arc;

/// How bytes become rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataFormat {
    /// `json`, `csv`, `tsv` or `dsv`; by the ending of the address when absent.
    pub kind: Option<Arc<str>>,
    pub delimiter: Option<char>,
    /// The list inside a JSON document.
    pub property: Option<Arc<str>>,
    /// The object of a topology.
    pub topology: Option<TopologyPart>,
    /// Conversions by field; `None` leaves every cell as it is.
    pub parse: Option<Vec<(Arc<str>, Option<Conversion>)>>,
    pub no_parse: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Rows(Arc<Table>, DataFormat),
    Url(Arc<str>, DataFormat),
    Named(Arc<str>, DataFormat),
}

impl Source {
    pub fn read(r: &mut Reader, node: Node) -> Option<Source> {
        let mut format = DataFormat::default();
        let (mut url, mut name, mut sequence) = (None, None, None);
        r.object(node, |r, key, node| match key {
            "format" if !node.is_null() => format = DataFormat::read(r, node),
            "format" => {}
            "values" => {}
            "url" => url = r.text(node),
            "name" => name = r.text(node),
            "sequence" => sequence = Some(r.sequence(node)),
            "sphere" => sequence = r.sphere(node),
            "graticule" => sequence = r.graticule(node),
            _ => r.refuse(node),
        });
        if let Some(table) = sequence {
            return Some(Source::Rows(Arc::new(table), format));
        }
        if let Some(values) = node.get("values") {
            return match format.rows(values, &r.wanted) {
                Ok(table) => Some(Source::Rows(Arc::new(table), format)),
                Err(reason) => {
                    r.wrong(node, &reason);
                    None
                }
            };
        }
        url.map(|url| Source::Url(url, format.clone()))
            .or_else(|| name.map(|name| Source::Named(name, format)))
    }
}

impl DataFormat {
    fn read(r: &mut Reader, node: Node) -> DataFormat {
        let mut format = DataFormat::default();
        r.object(node, |r, key, node| match key {
            "type" => {
                format.kind = r.text(node);
                if !matches!(
                    format.kind.as_deref(),
                    Some("json" | "csv" | "tsv" | "dsv" | "topojson")
                ) {
                    r.refuse(node);
                }
            }
            "delimiter" => format.delimiter = r.text(node).and_then(|t| t.chars().next()),
            "property" => format.property = r.text(node),
            "feature" => format.topology = r.text(node).map(TopologyPart::Feature),
            "mesh" => format.topology = r.text(node).map(TopologyPart::Mesh),
            "parse" if node.is_null() => format.no_parse = true,
            "parse" => {
                let mut list = Vec::new();
                r.object(node, |r, key, node| {
                    let conversion = r.text(node).and_then(|t| Conversion::parse(&t));
                    if conversion.is_none() && !node.is_null() {
                        r.refuse(node);
                    }
                    list.push((Arc::from(key), conversion));
                });
                format.parse = Some(list);
            }
            _ => r.refuse(node),
        });
        format
    }

    /// Rows of a JSON value: a list, a text in the given format, or a list inside a document.
    pub fn rows(&self, values: &Json, wanted: &Wanted) -> Result<Table, String> {
        if let Some(text) = values.as_str() {
            return self.text_rows(text, wanted);
        }
        if self.kind.as_deref() == Some("topojson") {
            if !crate::geo::BUILT_IN {
                return Err(crate::geo::LEFT_OUT.into());
            }
            let part = self
                .topology
                .as_ref()
                .ok_or("a topology needs the name of a feature or mesh")?;
            return topology_rows(values, part);
        }
        let mut inner = values;
        for part in self.property.iter().flat_map(|p| p.split('.')) {
            inner = inner.get(part).ok_or("there is no such property in the data")?;
        }
        Ok(read_rows(inner, wanted))
    }

    /// Rows of a text in the given format.
    pub fn text_rows(&self, text: &str, wanted: &Wanted) -> Result<Table, String> {
        match self.kind.as_deref() {
            Some("csv") => Ok(read_delimited(text, ',', wanted)),
            Some("tsv") => Ok(read_delimited(text, '\t', wanted)),
            Some("dsv") => Ok(read_delimited(text, self.delimiter.unwrap_or(','), wanted)),
            kind => {
                let broken = |error: serde_json::Error| format!("the data is not JSON: {error}");
                let plain = kind != Some("topojson") && self.property.is_none();
                if plain && text.trim_start().starts_with('[') {
                    return read_row_text(text, wanted).map_err(broken);
                }
                let json: Json = serde_json::from_str(text).map_err(broken)?;
                if json.is_string() {
                    Err("the data is not a list".into())
                } else {
                    self.rows(&json, wanted)
                }
            }
        }
    }
}

impl Reader {
    fn sequence(&mut self, node: Node) -> Table {
        let (mut start, mut stop, mut step, mut name) = (0.0, 0.0, 1.0, Arc::from("data"));
        self.object(node, |r, key, node| match key {
            "start" => start = r.number(node).unwrap_or(0.0),
            "stop" => stop = r.number(node).unwrap_or(0.0),
            "step" => step = r.number(node).unwrap_or(1.0),
            "as" => name = r.text(node).unwrap_or_else(|| Arc::from("data")),
            _ => r.refuse(node),
        });
        let mut table = Table {
            names: vec![name],
            rows: Vec::new(),
        };
        let count = ((stop - start) / step).ceil();
        if count > 100_000.0 {
            self.refuse_because(node, "more than 100,000 rows are not supported");
            return table;
        }
        for i in 0..count.max(0.0) as usize {
            let cell = crate::value::Value::Number(start + i as f64 * step);
            table.rows.push(Row::of([cell], i));
        }
        table
    }
}
