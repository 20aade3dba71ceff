//! Two columns as the key of a join: how well their names, types and values go together.

use shared::{
    dataset::DatasetColumn,
    semantic::{Cardinality, humanize},
    table::{Cell, ColumnType},
};

use super::check_join::meet;

/// A table as far as proposing joins is concerned.
pub(super) struct Side<'a> {
    /// Machine name in the model.
    pub table: &'a str,
    pub label: &'a str,
    pub rows: u64,
    /// With profiles.
    pub columns: &'a [DatasetColumn],
}

/// A pair of columns that could be a join: each row of `from` finds at most one of `to`.
pub(super) struct Candidate<'a> {
    pub from: (&'a Side<'a>, &'a DatasetColumn),
    pub to: (&'a Side<'a>, &'a DatasetColumn),
    pub cardinality: Cardinality,
    pub reason: String,
    /// The more the better.
    pub score: u32,
}

/// Words that say that a column is a key, not of what.
const KEY_WORDS: [&str; 9] = ["id", "key", "code", "no", "nr", "num", "number", "uuid", "ref"];

/// How the names of two columns speak of one thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// `customer_id` and `customer_id`.
    Same,
    /// `customer_id` or `customer`, and `id` of the customers.
    NamesTable,
    /// `ship_address_id` and `id` of the addresses, `home_country` and `country`.
    EndsAlike,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Uniqueness {
    /// No value is there twice.
    Exact,
    /// Too many to count; within the error of the estimate.
    Likely,
}

impl<'a> Candidate<'a> {
    /// `None` where the two have nothing to do with each other, or neither is a key.
    pub fn of(one: (&'a Side<'a>, &'a DatasetColumn), two: (&'a Side<'a>, &'a DatasetColumn)) -> Option<Self> {
        if !can_be_key(one.1.kind) || !can_be_key(two.1.kind) || !meet(one.1.kind, two.1.kind) || apart(one.1, two.1) {
            return None;
        }
        let directed = match (uniqueness(one), uniqueness(two)) {
            (None, None) => return None,
            (None, Some(unique)) => (one, two, Cardinality::ManyToOne, unique),
            (Some(unique), None) => (two, one, Cardinality::ManyToOne, unique),
            // Both are keys: the one whose name speaks of the other table points to it.
            (Some(own), Some(other)) => match likeness(one, two) {
                Some(_) => (one, two, Cardinality::OneToOne, other),
                None => (two, one, Cardinality::OneToOne, own),
            },
        };
        let (from, to, cardinality, unique) = directed;
        let likeness = likeness(from, to)?;
        let within = within(from.1, to.1);
        let score = match likeness {
            Likeness::Same => 30,
            Likeness::NamesTable => 28,
            Likeness::EndsAlike => 16,
        } + match unique {
            Uniqueness::Exact => 6,
            Uniqueness::Likely => 3,
        } + if within { 3 } else { 0 }
            + if from.1.distinct <= to.1.distinct { 1 } else { 0 };
        Some(Self {
            from,
            to,
            cardinality,
            reason: reason(from, to, likeness, unique),
            score,
        })
    }
}

/// Whole numbers, texts and days name things; amounts and moments do not.
const fn can_be_key(kind: ColumnType) -> bool {
    match kind {
        ColumnType::String | ColumnType::Integer | ColumnType::Decimal | ColumnType::Date => true,
        ColumnType::Number
        | ColumnType::Boolean
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Json
        | ColumnType::Geo => false,
    }
}

fn uniqueness((side, column): (&Side<'_>, &DatasetColumn)) -> Option<Uniqueness> {
    let filled = side.rows.saturating_sub(column.nulls);
    let estimated = column
        .profile
        .as_ref()
        .is_some_and(|profile| profile.distinct_is_estimate);
    if filled == 0 {
        None
    } else if estimated {
        (column.distinct.abs_diff(filled) < filled / 20).then_some(Uniqueness::Likely)
    } else {
        (column.distinct == filled).then_some(Uniqueness::Exact)
    }
}

/// Do all values of the one lie before all of the other?
fn apart(one: &DatasetColumn, two: &DatasetColumn) -> bool {
    before(&one.max, &two.min) || before(&two.max, &one.min)
}

fn within(inner: &DatasetColumn, outer: &DatasetColumn) -> bool {
    let known = !outer.min.is_null() && !inner.min.is_null();
    known && !before(&inner.min, &outer.min) && !before(&outer.max, &inner.max)
}

/// Texts that are no numbers compare as texts, days among them.
fn before(one: &Cell, two: &Cell) -> bool {
    match (one.as_f64(), two.as_f64()) {
        (Some(one), Some(two)) => one < two,
        (Some(_) | None, Some(_) | None) => match (one.as_text(), two.as_text()) {
            (Some(one), Some(two)) => one < two,
            (Some(_) | None, Some(_) | None) => false,
        },
    }
}

fn likeness(from: (&Side<'_>, &DatasetColumn), to: (&Side<'_>, &DatasetColumn)) -> Option<Likeness> {
    let (own, other) = (words(&from.1.name), words(&to.1.name));
    let (own_thing, other_thing) = (thing(&own), thing(&other));
    let table = singular(&words(to.0.table));
    if own == other && !own_thing.is_empty() {
        Some(Likeness::Same)
    } else if own_thing.is_empty() {
        None
    } else if singular(own_thing) == table && (other_thing.is_empty() || singular(other_thing) == table) {
        Some(Likeness::NamesTable)
    } else if (other_thing.is_empty() && singular(own_thing).ends_with(&table))
        || (!other_thing.is_empty() && own_thing.ends_with(other_thing))
    {
        Some(Likeness::EndsAlike)
    } else {
        None
    }
}

fn words(name: &str) -> Vec<String> {
    humanize(name)
        .to_lowercase()
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

/// What a key is of: its words without those that only say that it is one.
fn thing(words: &[String]) -> &[String] {
    let keys = words
        .iter()
        .rev()
        .take_while(|word| KEY_WORDS.contains(&word.as_str()))
        .count();
    words.get(..words.len().saturating_sub(keys)).unwrap_or_default()
}

/// The last word without the ending of a plural.
fn singular(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    if let Some(last) = words.last_mut() {
        let one = match last.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => match last.strip_suffix("sses").or_else(|| last.strip_suffix("xes")) {
                Some(stem) => format!("{stem}{}", if last.ends_with("xes") { "x" } else { "ss" }),
                None => last
                    .strip_suffix('s')
                    .filter(|stem| !stem.ends_with('s'))
                    .unwrap_or(last)
                    .to_owned(),
            },
        };
        *last = one;
    }
    words
}

fn reason(
    (from, own): (&Side<'_>, &DatasetColumn),
    (to, other): (&Side<'_>, &DatasetColumn),
    likeness: Likeness,
    unique: Uniqueness,
) -> String {
    let names = match likeness {
        Likeness::Same => format!("Both have the column {}", own.label),
        Likeness::NamesTable => format!("{} in {} names a row of {}", own.label, from.label, to.label),
        Likeness::EndsAlike => format!(
            "{} in {} ends as {} in {} does",
            own.label, from.label, other.label, to.label
        ),
    };
    let unique = match unique {
        Uniqueness::Exact => format!("no two rows of {} have the same {}", to.label, other.label),
        Uniqueness::Likely => format!("hardly any two rows of {} have the same {}", to.label, other.label),
    };
    format!("{names}, and {unique}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: ColumnType, distinct: u64, min: i64, max: i64) -> DatasetColumn {
        DatasetColumn {
            name: name.to_owned(),
            label: name.to_owned(),
            kind,
            nulls: 0,
            distinct,
            min: Cell::Int(min),
            max: Cell::Int(max),
            profile: None,
        }
    }

    fn found(own: (&str, &DatasetColumn), other: (&str, &DatasetColumn)) -> Option<(String, Cardinality, u32)> {
        let side = |table| Side {
            table,
            label: table,
            rows: 100,
            columns: &[],
        };
        let (one, two) = (side(own.0), side(other.0));
        let candidate = Candidate::of((&one, own.1), (&two, other.1))?;
        let text = format!(
            "{}.{} -> {}.{}",
            candidate.from.0.table, candidate.from.1.name, candidate.to.0.table, candidate.to.1.name
        );
        Some((text, candidate.cardinality, candidate.score))
    }

    #[test]
    fn a_key_is_found_by_what_it_is_called_from_either_side() {
        let whole = ColumnType::Integer;
        let id = column("id", whole, 100, 1, 100);
        let customer = column("customer_id", whole, 40, 1, 100);
        let (text, cardinality, best) = found(("orders", &customer), ("customers", &id)).unwrap();
        assert_eq!(
            (text.as_str(), cardinality),
            ("orders.customer_id -> customers.id", Cardinality::ManyToOne)
        );
        let (turned, _, _) = found(("customers", &id), ("orders", &customer)).unwrap();
        assert_eq!(turned, text);
        let ship = column("ship_address", whole, 40, 1, 100);
        let (_, _, weaker) = found(("orders", &ship), ("addresses", &id)).unwrap();
        assert!(weaker < best);
        let same = column("sku", ColumnType::String, 100, 1, 100);
        let lines = column("sku", ColumnType::String, 12, 1, 100);
        assert_eq!(
            found(("lines", &lines), ("products", &same)).unwrap().0,
            "lines.sku -> products.sku"
        );
    }

    #[test]
    fn what_only_looks_alike_is_left_out() {
        let whole = ColumnType::Integer;
        let id = column("id", whole, 100, 1, 100);
        let customer = column("customer_id", whole, 40, 1, 100);
        // Every table has an id; it means another thing in each.
        assert_eq!(found(("orders", &id), ("customers", &id)), None);
        let many = column("id", whole, 40, 1, 100);
        assert_eq!(found(("orders", &customer), ("customers", &many)), None, "no key");
        let far = column("id", whole, 100, 1_000, 2_000);
        assert_eq!(
            found(("orders", &customer), ("customers", &far)),
            None,
            "no value in common"
        );
        let text = column("id", ColumnType::String, 100, 1, 100);
        assert_eq!(found(("orders", &customer), ("customers", &text)), None, "never equal");
        let amount = column("customer", ColumnType::Number, 40, 1, 100);
        assert_eq!(found(("orders", &amount), ("customers", &id)), None, "an amount");
    }
}
