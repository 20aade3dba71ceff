//! `sightline sql-check`: would this SQL be sent to a database? Prints what would be sent, or why it is not.

use std::io::Read as _;

use guard::{Dialect, ExpressionRules, QueryRules, Refusal, Relations, check_expression, check_query};

use super::{
    arguments::{SqlCheckArguments, SqlDialectArgument},
    exit::{Exit, chain},
};

const REFUSED: u8 = 4;

pub fn check(arguments: &SqlCheckArguments) -> Result<(), Exit> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Exit::configuration(format!("standard input: {}", chain(&error))))?;
    let (dialect, schema) = match arguments.dialect {
        SqlDialectArgument::Postgres => (Dialect::Postgres, "public"),
        SqlDialectArgument::Mysql => (Dialect::MySql, "public"),
        SqlDialectArgument::Sqlite => (Dialect::Sqlite, "main"),
        SqlDialectArgument::Duckdb => (Dialect::DuckDb, "main"),
    };
    let answer = if arguments.expression {
        let rules = ExpressionRules {
            dialect,
            custom_functions: &[],
            aggregates: false,
        };
        check_expression(&text, &rules).map(|_| String::new())
    } else {
        // No catalogue is at hand: without a list every table but those of the system may be read.
        let relations = if arguments.tables.is_empty() {
            Relations::any(schema)
        } else {
            let listed = arguments.tables.iter();
            listed.fold(Relations::new(schema), |relations, table| match table.split_once('.') {
                Some((schema, table)) => relations.with(schema, table),
                None => relations.with(schema, table.as_str()),
            })
        };
        let rules = QueryRules {
            dialect,
            relations: &relations,
            row_limit: arguments.limit,
        };
        check_query(&text, &rules).map(|checked| checked.sql())
    };
    match answer {
        Ok(sql) => {
            println!("allowed");
            if !sql.is_empty() {
                println!("{sql}");
            }
            Ok(())
        }
        Err(refusal) => {
            println!("{}", refused(&refusal));
            Err(Exit::with_lines(REFUSED, Vec::new()))
        }
    }
}

fn refused(refusal: &Refusal) -> String {
    let reason = refusal.to_string();
    let reason: Vec<&str> = reason.split_whitespace().collect();
    format!("refused: {}: {}", refusal.kind.as_str(), reason.join(" "))
}
