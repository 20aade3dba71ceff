//! Which columns a specification can ask for, so that the others need not be read.

use serde_json::Value as Json;

/// Steps and marks that look at whole rows.
const WHOLE_ROWS: [&str; 4] = ["lookup", "argmin", "argmax", "geoshape"];
/// A specification that says more is not looked through for every name.
const MAX_TEXT: usize = 1 << 16;
/// Nested deeper, a specification is not looked through.
const MAX_DEPTH: usize = 100;

/// Everything a specification says beside its data. A column whose name stands nowhere in it changes nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// `None`: all columns are wanted.
    texts: Option<String>,
}

impl Wanted {
    pub fn of(specification: &Json) -> Wanted {
        let mut collector = Collector {
            texts: String::new(),
            whole: false,
        };
        collector.value(specification, MAX_DEPTH);
        let whole = collector.whole
            || collector.texts.len() > MAX_TEXT
            || WHOLE_ROWS.iter().any(|word| collector.texts.contains(word));
        Wanted {
            texts: (!whole).then_some(collector.texts),
        }
    }

    pub fn includes(&self, column: &str) -> bool {
        self.texts
            .as_ref()
            .is_none_or(|texts| column.contains('\\') || texts.contains(column))
    }
}

struct Collector {
    /// Names and texts, one after the other, without the backslashes that keep dots from meaning a path.
    texts: String,
    whole: bool,
}

impl Collector {
    fn value(&mut self, json: &Json, depth: usize) {
        if depth == 0 {
            self.whole = true;
            return;
        }
        match json {
            Json::String(text) => {
                // A row as one value, or a field whose name is computed.
                self.whole |= text.split("datum").skip(1).any(|rest| !asks_one_field(rest));
                self.text(text);
            }
            Json::Array(items) => items.iter().for_each(|item| self.value(item, depth - 1)),
            Json::Object(members) => {
                for (key, member) in members {
                    self.text(key);
                    match (key.as_str(), member) {
                        ("datasets", _) => {}
                        ("data", Json::Object(source)) => {
                            let said = source.iter().filter(|(key, _)| *key != "values");
                            said.for_each(|(_, said)| self.value(said, depth - 1));
                        }
                        _ => self.value(member, depth - 1),
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        self.texts.extend(text.chars().filter(|c| *c != '\\'));
        self.texts.push('\n');
    }
}

/// Whether what follows `datum` names a field: `.price` or `['unit price']`.
fn asks_one_field(rest: &str) -> bool {
    let quoted = |quote: char| {
        let name = rest.strip_prefix('[').and_then(|rest| rest.strip_prefix(quote));
        let ended = name.and_then(|name| name.split_once(quote));
        ended.is_some_and(|(name, after)| !name.contains('\\') && after.starts_with(']'))
    };
    rest.starts_with('.') || quoted('\'') || quoted('"')
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use serde_json::json;

    #[test]
    fn columns_that_are_named_are_wanted() {
        let wanted = Wanted::of(&json!({
            "data": {"values": [{"hidden": 1}], "format": {"parse": {"day": "date"}}},
            "transform": [{"calculate": "datum.price * datum['unit cost'] + datum[\"tax\"]", "as": "twice"}],
            "encoding": {"x": {"field": "a\\.b"}, "y": {"datum": 5}}
        }));
        for column in ["day", "price", "unit cost", "tax", "a.b", "a", "odd\\name", ""] {
            assert!(wanted.includes(column), "{column}");
        }
        assert!(!wanted.includes("hidden") && !wanted.includes("total"));
    }

    #[test]
    fn whole_rows_want_all() {
        for expression in [
            "datum['a' + 'b']",
            "toString(datum)",
            "datum .a",
            "datum['h\\x69dden']",
            "datum[a]",
        ] {
            let wanted = Wanted::of(&json!({"transform": [{"calculate": expression, "as": "c"}]}));
            assert!(wanted.includes("hidden"), "{expression}");
        }
        assert!(Wanted::of(&json!({"mark": "geoshape"})).includes("hidden"));
        assert!(Wanted::of(&json!({"transform": [{"lookup": "a"}]})).includes("hidden"));
        assert!(Wanted::of(&json!({"title": "x ".repeat(40_000)})).includes("hidden"));
        assert!(Wanted::default().includes("hidden"));
    }
}
