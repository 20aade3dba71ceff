//! Which tables a query may read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// A table with its schema, both as the database stores them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationName {
    pub schema: String,
    pub table: String,
}

impl fmt::Display for RelationName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.schema, self.table)
    }
}

/// The tables and views a query may read, by schema, spelt as the database stores them. MySQL's schemas are its databases;
/// SQLite's is `main`. Empty: no table at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relations {
    default_schema: String,
    /// Every name is a table.
    is_open: bool,
    schemas: BTreeMap<String, BTreeSet<String>>,
}

impl Relations {
    /// `default_schema` is where a name without a schema is looked for: the only one, whatever the search path says.
    pub fn new(default_schema: impl Into<String>) -> Self {
        Self {
            default_schema: default_schema.into(),
            is_open: false,
            schemas: BTreeMap::new(),
        }
    }

    /// Every table but those of the system, as it is written. For looking at SQL where no catalogue is at hand; never for
    /// what is sent to a database.
    pub fn any(default_schema: impl Into<String>) -> Self {
        Self {
            is_open: true,
            ..Self::new(default_schema)
        }
    }

    /// Adds a table.
    #[must_use]
    pub fn with(mut self, schema: impl Into<String>, table: impl Into<String>) -> Self {
        self.insert(schema, table);
        self
    }

    pub fn insert(&mut self, schema: impl Into<String>, table: impl Into<String>) {
        self.schemas.entry(schema.into()).or_default().insert(table.into());
    }

    pub(crate) fn default_schema(&self) -> &str {
        &self.default_schema
    }

    /// The listed table that the name means: the one spelt so, else the only one that `same` takes for it.
    pub(crate) fn find(
        &self,
        schema: Option<&str>,
        table: &str,
        same: impl Fn(&str, &str) -> bool,
    ) -> Option<RelationName> {
        let wanted = schema.unwrap_or(&self.default_schema);
        if self.is_open {
            return Some(RelationName {
                schema: wanted.to_owned(),
                table: table.to_owned(),
            });
        }
        let (schema, tables) = only(self.schemas.iter(), wanted, |(name, _)| name, &same)?;
        let table = only(tables.iter(), table, |name| name, &same)?;
        Some(RelationName {
            schema: schema.clone(),
            table: table.clone(),
        })
    }

    /// Names of the tables that a name without a schema can mean.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &str> {
        self.schemas.values().flatten().map(String::as_str)
    }
}

fn only<'i, T: Copy>(
    items: impl Iterator<Item = T> + Clone,
    wanted: &str,
    name: impl Fn(T) -> &'i String,
    same: impl Fn(&str, &str) -> bool,
) -> Option<T> {
    if let Some(exact) = items.clone().find(|item| name(*item) == wanted) {
        return Some(exact);
    }
    let mut alike = items.filter(|item| same(name(*item), wanted));
    alike.next().filter(|_| alike.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_name_wins_and_an_ambiguous_one_is_nobody() {
        let listed = Relations::new("shop")
            .with("shop", "Orders")
            .with("shop", "orders")
            .with("shop", "Customers");
        let alike = |left: &str, right: &str| left.eq_ignore_ascii_case(right);
        let find = |table: &str| listed.find(None, table, alike).map(|found| found.table);
        assert_eq!(find("orders").as_deref(), Some("orders"));
        assert_eq!(find("ORDERS"), None);
        assert_eq!(find("CUSTOMERS").as_deref(), Some("Customers"));
        assert_eq!(listed.find(Some("other"), "orders", alike), None);
    }
}
