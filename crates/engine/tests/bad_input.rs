//! Files as people and programs really send them: every row is loaded, or rejected with its line and the reason.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use engine::{CancellationToken, Ingested};
use plan::logical::{AggregateCall, Expression, Named, Node};
use shared::{
    ErrorCode,
    dataset::{ReadOptions, TextEncoding},
    table::{Cell, ColumnType},
};
use support::{Bench, bench, object_key, planned, source, table};

fn types(loaded: &Ingested) -> Vec<(&str, ColumnType)> {
    let columns = loaded.columns.iter();
    columns.map(|column| (column.name.as_str(), column.kind)).collect()
}

/// Lines and reasons of what was rejected.
fn rejected(loaded: &Ingested) -> Vec<(u64, &str)> {
    let rejects = loaded.rejects.first.iter();
    rejects.map(|reject| (reject.line, reject.reason.as_str())).collect()
}

/// The table of a file whose every row can be loaded.
async fn whole(bench: &Bench, name: &str, bytes: impl AsRef<[u8]>) -> Vec<String> {
    let loaded = bench.load(name, bytes).await.unwrap();
    assert_eq!(loaded.rejects.count, 0, "{name}: {:?}", loaded.rejects);
    table(&bench.all_rows(&loaded).await)
}

#[tokio::test]
async fn a_header_alone_is_an_empty_table() {
    let bench = bench();
    for (name, text) in [
        ("head.csv", "a,b\n"),
        ("no_end.csv", "a,b"),
        ("blank_lines.csv", "\n\na,b\r\n\r\n"),
    ] {
        let loaded = bench.load(name, text).await.unwrap();
        assert_eq!((loaded.rows, loaded.rejects.count), (0, 0), "{name}");
        assert_eq!(types(&loaded), [("a", ColumnType::String), ("b", ColumnType::String)]);
        let profile = loaded
            .columns
            .first()
            .and_then(|column| column.profile.clone())
            .unwrap();
        assert_eq!((profile.nulls, profile.distinct, profile.min), (0, 0, Cell::Null));
        let preview = bench.preview(name, text, &ReadOptions::default()).await.unwrap();
        assert_eq!((preview.columns.len(), preview.rows.len()), (2, 0), "{name}");
    }
}

#[tokio::test]
async fn an_empty_table_answers_queries() {
    let bench = bench();
    let options = ReadOptions {
        types: [
            ("n".to_owned(), ColumnType::Number),
            ("day".to_owned(), ColumnType::Date),
        ]
        .into(),
        ..ReadOptions::default()
    };
    let loaded = bench.load_with("t.csv", "k,n,day\n", &options).await.unwrap();
    assert_eq!(
        types(&loaded),
        [
            ("k", ColumnType::String),
            ("n", ColumnType::Number),
            ("day", ColumnType::Date)
        ]
    );
    let key = object_key('1');
    bench.engine.store().put_file(&key, &loaded.parquet).await.unwrap();
    let rows = bench
        .engine
        .rows(&key, 0, 100, &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!((rows.total, rows.rows.len(), rows.columns.len()), (0, 0, 3));

    let scan = || Node::Scan {
        source: source("t"),
        columns: ["k", "n"].map(str::to_owned).to_vec(),
    };
    let measures = || {
        vec![
            Named::new("rows", AggregateCall::CountRows),
            Named::new("sum", AggregateCall::Sum(Expression::column("n"))),
        ]
    };
    let total = planned(
        scan().aggregate(Vec::new(), measures()),
        &[("rows", ColumnType::Integer), ("sum", ColumnType::Number)],
    );
    let answer = bench.run(&total, &[("t", &key)]).await.unwrap();
    assert_eq!(table(&answer.rows), ["0|∅"]);
    let grouped = planned(
        scan().aggregate(vec![Named::same("k")], measures()),
        &[("k", ColumnType::String), ("rows", ColumnType::Integer)],
    );
    assert_eq!(bench.run(&grouped, &[("t", &key)]).await.unwrap().rows.len(), 0);

    // What is stored can be sent again.
    let again = bench
        .load(
            "again.parquet",
            std::fs::read(bench.engine.store().local_path(&key)).unwrap(),
        )
        .await
        .unwrap();
    assert_eq!((again.rows, types(&again)), (0, types(&loaded)));
}

#[tokio::test]
async fn nothing_at_all_is_refused() {
    let bench = bench();
    for bytes in [
        &b""[..],
        b"\n",
        b"\xEF\xBB\xBF",
        b"\xFF\xFE",
        b" \r\n\t\r\n",
        b"sep=;\n",
    ] {
        let error = bench.load("t.csv", bytes).await.unwrap_err().app_error();
        assert_eq!(error.code, ErrorCode::UnreadableFile, "{bytes:?}: {error:?}");
    }
}

#[tokio::test]
async fn headers_without_names_of_their_own_are_renamed_and_reported() {
    let bench = bench();
    let loaded = bench.load("t.csv", "a,,a,A, ,a_2\n1,2,3,4,5,6\n").await.unwrap();
    let names: Vec<&str> = types(&loaded).into_iter().map(|(name, _)| name).collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!((distinct.len(), names.first()), (6, Some(&"a")), "{names:?}");
    let renamed: Vec<(u32, &str)> = loaded
        .renamed
        .iter()
        .map(|renamed| (renamed.column, renamed.from.as_str()))
        .collect();
    for expected in [(2, ""), (3, "a"), (4, "A"), (5, "")] {
        assert!(renamed.contains(&expected), "{expected:?} in {renamed:?}");
    }
    assert!(!renamed.iter().any(|(column, _)| *column == 1), "{renamed:?}");
    assert_eq!(table(&bench.all_rows(&loaded).await), ["1|2|3|4|5|6"]);
}

#[tokio::test]
async fn spellings_of_nothing_and_of_no_number() {
    let bench = bench();
    let loaded = bench
        .load("t.csv", "x,y,z\n1.5,inf,NaN\nNaN,-inf,nan\nnan,2,N/A\n-0,3,null\n")
        .await
        .unwrap();
    // An infinity is no number here, so its column is text, and keeps it.
    assert_eq!(
        types(&loaded),
        [
            ("x", ColumnType::Number),
            ("y", ColumnType::String),
            ("z", ColumnType::String)
        ]
    );
    assert_eq!(
        table(&bench.all_rows(&loaded).await),
        ["1.5|inf|NaN", "∅|-inf|nan", "∅|2|N/A", "-0|3|null"]
    );
}

#[tokio::test]
async fn identifiers_keep_their_digits() {
    let bench = bench();
    let loaded = bench
        .load(
            "t.csv",
            "zip,long,most\n01234,12345678901234567890,9223372036854775807\n99999,1,-9223372036854775808\n",
        )
        .await
        .unwrap();
    assert_eq!(
        types(&loaded),
        [
            ("zip", ColumnType::String),
            ("long", ColumnType::String),
            ("most", ColumnType::Integer)
        ]
    );
    assert_eq!(
        table(&bench.all_rows(&loaded).await),
        [
            "01234|12345678901234567890|9223372036854775807",
            "99999|1|-9223372036854775808"
        ]
    );
    // A type that cannot hold a value rejects the row instead of changing the value.
    let options = ReadOptions {
        types: [("long".to_owned(), ColumnType::Integer)].into(),
        ..ReadOptions::default()
    };
    let given = bench
        .load_with("t.csv", "long\n12345678901234567890\n7\n", &options)
        .await
        .unwrap();
    assert_eq!(rejected(&given), [(2, "not a whole number")]);
}

#[tokio::test]
async fn ragged_rows_are_rejected_by_their_line() {
    let bench = bench();
    let loaded = bench
        .load("t.csv", "a,b,c\n1,2,3\n1,2\n\"x\n\ny\",2,3\n1,2,3,4\n,,\n1\n")
        .await
        .unwrap();
    assert_eq!(
        rejected(&loaded),
        [
            (3, "2 fields instead of 3"),
            (7, "4 fields instead of 3"),
            (9, "1 field instead of 3")
        ]
    );
    assert_eq!(table(&bench.all_rows(&loaded).await), ["1|2|3", "x\n\ny|2|3", "∅|∅|∅"]);
}

#[tokio::test]
async fn line_ends_of_every_kind() {
    let bench = bench();
    let expected = ["1|x", "2|y", "3|z"];
    for (name, text) in [
        ("unix.csv", "a,b\n1,x\n2,y\n3,z\n"),
        ("dos.csv", "a,b\r\n1,x\r\n2,y\r\n3,z\r\n"),
        ("old.csv", "a,b\r1,x\r2,y\r3,z\r"),
        ("mixed.csv", "a,b\r\n1,x\n2,y\r\n3,z"),
        (
            "quoted.csv",
            "\"a\",\"b\"\r\n\"1\",\"x\"\n\"2\",\"y\"\r\n\"3\",\"z\"\r\n",
        ),
    ] {
        assert_eq!(whole(&bench, name, text).await, expected, "{name}");
    }
}

#[tokio::test]
async fn a_lone_carriage_return_among_line_feeds_ends_a_row() {
    let bench = bench();
    let loaded = bench.load("t.csv", "a,b\n1,x\r2,y\n3,z\n").await.unwrap();
    let rows = table(&bench.all_rows(&loaded).await);
    // Old and new line ends in one file: no value swallows the end of a row unseen.
    assert_eq!(loaded.rows + loaded.rejects.count, 2, "{rows:?}");
    assert_eq!(rejected(&loaded), [(2, "3 fields instead of 2")]);
}

#[tokio::test]
async fn encodings_of_every_kind() {
    let bench = bench();
    let text = "name,n\r\nMüller “x”,1\r\n日本,2\r\n";
    let wide = |mark: &[u8], unit: fn(u16) -> [u8; 2]| {
        let mut bytes = mark.to_vec();
        bytes.extend(text.encode_utf16().flat_map(unit));
        bytes
    };
    let expected = ["Müller “x”|1", "日本|2"];
    assert_eq!(whole(&bench, "utf8.csv", text).await, expected);
    assert_eq!(whole(&bench, "mark.csv", format!("\u{FEFF}{text}")).await, expected);
    for (name, bytes) in [
        ("le_mark.csv", wide(&[0xFF, 0xFE], u16::to_le_bytes)),
        ("be_mark.csv", wide(&[0xFE, 0xFF], u16::to_be_bytes)),
        ("le.csv", wide(&[], u16::to_le_bytes)),
        ("be.csv", wide(&[], u16::to_be_bytes)),
    ] {
        assert_eq!(whole(&bench, name, bytes).await, expected, "{name}");
    }
    let latin = bench
        .load("latin.csv", b"name,n\nM\xFCller \x93x\x94,1\n")
        .await
        .unwrap();
    assert_eq!(latin.options.encoding, Some(TextEncoding::Windows1252));
    assert_eq!(table(&bench.all_rows(&latin).await), ["Müller “x”|1"]);
}

#[tokio::test]
async fn letters_that_are_none_reject_their_row() {
    let bench = bench();
    // Half of a surrogate pair: no letter in any encoding.
    let mut wide = vec![0xFF, 0xFE];
    wide.extend("a,b\nx,1\n".encode_utf16().flat_map(u16::to_le_bytes));
    wide.extend([0x00, 0xD8]);
    wide.extend("y,2\nz,3\n".encode_utf16().flat_map(u16::to_le_bytes));
    let loaded = bench.load("t.csv", wide).await.unwrap();
    assert_eq!(rejected(&loaded), [(3, "the text is not valid in the file's encoding")]);
    assert_eq!(table(&bench.all_rows(&loaded).await), ["x|1", "z|3"]);
    // Written by a program that had lost the letter before: that is what the file says.
    assert_eq!(whole(&bench, "lost.csv", "a,b\n\u{FFFD},1\n").await, ["\u{FFFD}|1"]);
    let nul = bench.load("nul.csv", b"a,b\n1,x\n2,\0\n3,z\n").await.unwrap();
    assert_eq!(rejected(&nul), [(3, "the row holds a NUL character")]);
}

#[tokio::test]
async fn as_wide_as_allowed_and_one_wider() {
    let bench = bench();
    // Longer than the part of the file that is looked at first.
    let line = |columns: usize| {
        let names: Vec<String> = (0..columns)
            .map(|column| format!("c{column}_{}", "x".repeat(90)))
            .collect();
        names.join(",")
    };
    let values = |columns: usize| vec!["1"; columns].join(",");
    let loaded = bench
        .load("wide.csv", format!("{}\n{}\n", line(4096), values(4096)))
        .await
        .unwrap();
    assert_eq!((loaded.columns.len(), loaded.rows, loaded.rejects.count), (4096, 1, 0));
    let error = bench
        .load("wider.csv", format!("{}\n{}\n", line(4097), values(4097)))
        .await
        .unwrap_err()
        .app_error();
    assert_eq!(error.code, ErrorCode::UnreadableFile);
    assert!(error.message.contains("4097 columns"), "{}", error.message);
}

#[tokio::test]
async fn a_row_that_is_too_long_is_rejected_wherever_it_stands() {
    let bench = bench();
    let long = "x".repeat(2 << 20);
    for (name, text, lines) in [
        ("first.csv", format!("a,b\n{long},1\n2,y\n"), vec![2]),
        ("last.csv", format!("a,b\n2,y\n{long},1"), vec![3]),
        ("quoted.csv", format!("a,b\n\"{long}\",1\n2,y\n"), vec![2]),
        (
            "twice.csv",
            format!("a,b\n{long}{long}{long}{long}{long},1\n2,y\n{long},1\n"),
            vec![2, 4],
        ),
    ] {
        let loaded = bench.load(name, text).await.unwrap();
        let found: Vec<u64> = loaded.rejects.first.iter().map(|reject| reject.line).collect();
        assert_eq!((found, loaded.rows), (lines, 1), "{name}: {:?}", rejected(&loaded));
        assert_eq!(table(&bench.all_rows(&loaded).await), ["2|y"], "{name}");
    }
}
