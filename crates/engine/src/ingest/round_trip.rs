//! Random tables written as delimited text are read back as they were.

use proptest::prelude::*;
use shared::{dataset::ReadOptions, table::Cell};

use super::load;
use crate::{answer::frame_rows, lower::open_parquet, protocol::PreviewJob};

#[derive(Clone, Debug)]
struct Row {
    number: Option<i64>,
    share: Option<i32>,
    text: Option<String>,
    day: Option<i32>,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // Text starts with a letter that makes it text, and then holds what hurts: quotes, delimiters, line ends, blanks.
    let text = proptest::option::of("[xß][\"a,; \t\n\rü0-9]{0,12}");
    let row = (
        proptest::option::of(any::<i64>()),
        proptest::option::of(-1_000_000..1_000_000),
        text,
        proptest::option::of(-20_000..60_000),
    );
    proptest::collection::vec(
        row.prop_map(|(number, share, text, day)| Row {
            number,
            share,
            text,
            day,
        }),
        1..60,
    )
}

fn written(rows: &[Row], delimiter: char) -> String {
    let quoted = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |row: &Row| {
        [
            "k".to_owned(),
            row.number.map_or(String::new(), |number| number.to_string()),
            row.share
                .map_or(String::new(), |share| format!("{}", f64::from(share) / 64.0)),
            row.text.as_ref().map_or(String::new(), quoted),
            row.day.map_or(String::new(), |day| date(day).to_string()),
        ]
        .join(&delimiter.to_string())
    };
    let header = ["key", "number", "share", "text", "day"].join(&delimiter.to_string());
    std::iter::once(header)
        .chain(rows.iter().map(line))
        .map(|line| line + "\n")
        .collect()
}

fn date(day: i32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Duration::days(i64::from(day))
}

fn expected(row: &Row) -> Vec<Cell> {
    vec![
        Cell::from("k"),
        row.number.map_or(Cell::Null, Cell::Int),
        row.share
            .map_or(Cell::Null, |share| Cell::Float(f64::from(share) / 64.0)),
        row.text.as_deref().map_or(Cell::Null, Cell::from),
        row.day.map_or(Cell::Null, |day| Cell::Text(date(day).to_string())),
    ]
}

/// A number column whose values all happen to be whole is one of whole numbers.
fn same(left: &Cell, right: &Cell) -> bool {
    left == right || (left.as_text().is_none() && left.as_f64().is_some() && left.as_f64() == right.as_f64())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn tables_are_read_back_equal(rows in rows(), delimiter in prop::sample::select(vec![',', ';', '\t', '|'])) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.csv");
        std::fs::write(&file, written(&rows, delimiter)).unwrap();
        let options = ReadOptions { delimiter: Some(delimiter), header: Some(true), ..ReadOptions::default() };
        let job = PreviewJob { file, file_name: "t.csv".to_owned(), options };
        let target = folder.path().join("t.parquet");
        let done = load(&job, &target, &mut |_| Ok(())).unwrap();
        prop_assert_eq!(done.rejects.count, 0);
        prop_assert_eq!(done.rows, rows.len() as u64);
        let frame = open_parquet(&target).unwrap().plain().collect().unwrap();
        let (_, found) = frame_rows(&frame).unwrap();
        for (row, found) in rows.iter().zip(&found) {
            let expected = expected(row);
            prop_assert!(expected.iter().zip(found).all(|(left, right)| same(left, right)), "{:?} is not {:?}", found, expected);
        }
    }

    #[test]
    fn any_bytes_are_loaded_rejected_or_refused(bytes in proptest::collection::vec(prop::sample::select(b"a1,;\"\n\r\0\xC3\xBC\xFF -.".to_vec()), 0..400)) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.csv");
        std::fs::write(&file, bytes).unwrap();
        let job = PreviewJob { file, file_name: "t.csv".to_owned(), options: ReadOptions::default() };
        let target = folder.path().join("t.parquet");
        if let Ok(done) = load(&job, &target, &mut |_| Ok(())) {
            prop_assert_eq!(open_parquet(&target).unwrap().rows, done.rows);
        }
    }
}
