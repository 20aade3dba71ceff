//! Legal, unique column names.

use std::collections::BTreeSet;

use shared::{AppError, ErrorCode, dataset::Renamed, semantic::machine_name};

use crate::protocol::WorkerFailure;

pub const COLUMN_LIMIT: usize = 4096;

/// Names beside the headers they were made from.
#[derive(Clone, Debug, Default)]
pub struct ColumnNames {
    pub names: Vec<String>,
    /// As in the header, trimmed; the name itself where the header was empty.
    pub labels: Vec<String>,
    /// Headers that were empty, taken or no legal names. Other case and blanks alone are no news.
    pub renamed: Vec<Renamed>,
}

/// # Errors
/// `unreadable_file` for more than 4,096 columns.
pub fn name_columns(headers: &[String]) -> Result<ColumnNames, WorkerFailure> {
    if headers.len() > COLUMN_LIMIT {
        return Err(WorkerFailure::refuse(AppError::new(
            ErrorCode::UnreadableFile,
            format!(
                "The file has {} columns; at most {COLUMN_LIMIT} can be read.",
                headers.len()
            ),
        )));
    }
    let mut taken = BTreeSet::new();
    let mut columns = ColumnNames::default();
    for (place, header) in headers.iter().enumerate() {
        let header: String = header
            .trim()
            .chars()
            .filter(|letter| !letter.is_control())
            .take(200)
            .collect();
        let fallback = format!("column_{}", place + 1);
        let name = machine_name(&header, &fallback, &mut taken)
            .map_err(|error| WorkerFailure::internal(error.to_string()))?
            .to_string();
        if !says_the_same(&header, &name) {
            let column = u32::try_from(place + 1).unwrap_or(u32::MAX);
            columns.renamed.push(Renamed {
                column,
                from: header.clone(),
                to: name.clone(),
            });
        }
        columns
            .labels
            .push(if header.is_empty() { name.clone() } else { header });
        columns.names.push(name);
    }
    Ok(columns)
}

/// `Order Date` and `order_date` do; `Größe (cm)` and `groesse_cm` as well, but `a` and `a_2` do not.
fn says_the_same(header: &str, name: &str) -> bool {
    let letters = |text: &str| {
        text.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    !header.is_empty() && letters(header) == letters(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_double_headers_are_renamed_and_reported() {
        let headers = ["Order Date", "", "amount", "Amount", "1st"].map(str::to_owned);
        let columns = name_columns(&headers).unwrap();
        assert_eq!(columns.names.len(), 5);
        assert_eq!(
            columns.names.iter().collect::<BTreeSet<_>>().len(),
            5,
            "{:?}",
            columns.names
        );
        assert_eq!(columns.labels.first().map(String::as_str), Some("Order Date"));
        let reported: Vec<u32> = columns.renamed.iter().map(|renamed| renamed.column).collect();
        assert!(
            reported.contains(&2) && reported.contains(&4) && !reported.contains(&1),
            "{:?}",
            columns.renamed
        );
    }

    #[test]
    fn too_many_columns() {
        assert!(name_columns(&vec!["x".to_owned(); 5000]).is_err());
    }
}
