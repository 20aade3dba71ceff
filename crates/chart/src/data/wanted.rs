//! Which columns a specification can ask for, so that the others need not be read.

use serde_json::{Map, Value as Json};

/// Steps and marks that look at whole rows.
const WHOLE_ROWS: [&str; 4] = ["lookup", "argmin", "argmax", "geoshape"];
/// What most specifications say takes no more.
const USUAL_TEXT: usize = 1 << 10;
/// A specification that says more is not looked through for every name.
const MAX_TEXT: usize = 1 << 16;
/// So many are looked for; the others stay texts.
const MAX_MEASURES: usize = 8;
/// Nested deeper, a specification is not looked through.
const MAX_DEPTH: usize = 100;

/// What is put in order, filled in or asked for in ways that tell texts from numbers.
const TELLING_APART: [&str; 7] = ["sort", "order", "horizontal", "impute", "boxplot", "errorb", "param"];
/// All that may be said of a measure.
const OF_MEASURES: [&str; 7] = ["field", "type", "aggregate", "stack", "title", "axis", "scale"];

/// Everything a specification says beside its data. A column whose name stands nowhere in it changes nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// `None`: all columns are wanted.
    texts: Option<String>,
    /// Columns that are drawn as a height over time, and asked for in no other way.
    measures: Vec<String>,
}

impl Wanted {
    pub fn of(specification: &Json) -> Wanted {
        let mut collector = Collector {
            texts: String::with_capacity(USUAL_TEXT),
            whole: false,
            measures: Vec::new(),
            over_time: true,
        };
        collector.value(specification, MAX_DEPTH);
        let Collector {
            texts,
            whole,
            mut measures,
            over_time,
        } = collector;
        let says_any = |words: &[&str]| words.iter().any(|word| texts.contains(word));
        if whole || texts.len() > MAX_TEXT || says_any(&WHOLE_ROWS) {
            return Wanted::default();
        }
        if !over_time || !measures.is_empty() && says_any(&TELLING_APART) {
            measures.clear();
        }
        measures.retain(|(name, times)| texts.matches(name.as_str()).count() == *times);
        Wanted {
            measures: measures.into_iter().map(|(name, _)| name).collect(),
            texts: Some(texts),
        }
    }

    pub fn includes(&self, column: &str) -> bool {
        self.texts
            .as_ref()
            .is_none_or(|texts| column.contains('\\') || texts.contains(column))
    }

    /// Whether texts of this column may be read as the numbers that they are: nothing tells one from the other.
    pub fn measures(&self, column: &str) -> bool {
        self.measures.iter().any(|measure| measure == column)
    }
}

struct Collector {
    /// Names and texts, one after the other, without the backslashes that keep dots from meaning a path.
    texts: String,
    whole: bool,
    /// How often each is drawn.
    measures: Vec<(String, usize)>,
    /// Whether nothing but times goes from left to right.
    over_time: bool,
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
                self.whole |= text.contains("datum") && text.split("datum").skip(1).any(|rest| !asks_one_field(rest));
                self.text(text);
            }
            Json::Array(items) => items.iter().for_each(|item| self.value(item, depth - 1)),
            Json::Object(members) => {
                for (key, member) in members {
                    self.text(key);
                    match (key.as_str(), member) {
                        // Words for people, which ask for nothing.
                        ("datasets", _) | ("description" | "title", Json::String(_)) => {}
                        ("data", Json::Object(source)) => {
                            let said = source.iter().filter(|(key, _)| *key != "values");
                            said.for_each(|(_, said)| self.value(said, depth - 1));
                        }
                        ("x", Json::Object(def)) => {
                            self.over_time &= is(def, "type", "temporal") && !def.contains_key("aggregate");
                            self.value(member, depth - 1);
                        }
                        ("y", Json::Object(def)) => {
                            if let Some(name) = measure(def).filter(|_| members.contains_key("x")) {
                                self.measure(name);
                            }
                            self.value(member, depth - 1);
                        }
                        _ => self.value(member, depth - 1),
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn measure(&mut self, name: &str) {
        if let Some((_, times)) = self.measures.iter_mut().find(|(known, _)| known == name) {
            *times += 1;
        } else if self.measures.len() < MAX_MEASURES {
            self.measures.push((name.to_owned(), 1));
        }
    }

    fn text(&mut self, text: &str) {
        self.texts.extend(text.split('\\'));
        self.texts.push('\n');
    }
}

fn is(def: &Map<String, Json>, key: &str, text: &str) -> bool {
    def.get(key).is_some_and(|said| said == text)
}

/// The column of a definition that takes nothing but numbers.
fn measure(def: &Map<String, Json>) -> Option<&str> {
    let plain = def.keys().all(|key| OF_MEASURES.contains(&key.as_str()));
    // Only a scale that says what it is may have no numbers.
    let numeric = def.get("scale").is_none_or(|scale| scale.get("type").is_none());
    let name = def
        .get("field")
        .and_then(Json::as_str)
        .filter(|name| !name.is_empty())?;
    (plain && numeric && is(def, "type", "quantitative")).then_some(name)
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
    fn measures_are_asked_for_as_such_alone() {
        let drawn = json!({
            "description": "The price over time.",
            "mark": "line",
            "encoding": {
                "x": {"field": "day", "type": "temporal"},
                "y": {"field": "price", "type": "quantitative", "axis": {"title": "price"}}
            }
        });
        assert!(Wanted::of(&drawn).measures("price") && Wanted::of(&drawn).includes("price"));
        assert!(!Wanted::of(&drawn).measures("day"));
        let with = |pointer: &str, name: &str, value: serde_json::Value| {
            let mut other = drawn.clone();
            other.pointer_mut(pointer).expect("a place")[name] = value;
            Wanted::of(&other).measures("price")
        };
        assert!(!with("", "transform", json!([{"filter": "datum.price > '5'"}])));
        assert!(!with("/encoding", "color", json!({"field": "price"})));
        assert!(!with("/encoding", "color", json!({"field": "kind", "sort": "y"})));
        assert!(!with("/encoding/x", "type", json!("quantitative")));
        assert!(!with("/encoding/y", "type", json!("ordinal")));
        assert!(!with("/encoding/y", "bin", json!(true)));
        assert!(!with("/encoding/y", "scale", json!({"type": "point"})));
        assert!(!with("", "mark", json!("boxplot")));
        assert!(with("", "mark", json!("area")));
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
        assert!(Wanted::of(&json!({"name": "x ".repeat(40_000)})).includes("hidden"));
        assert!(Wanted::default().includes("hidden"));
    }
}
