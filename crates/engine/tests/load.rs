//! Files in, tables out: through a real worker process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use shared::{
    ErrorCode,
    dataset::{FileKind, ReadOptions, TextEncoding},
    table::ColumnType,
};
use support::{bench, table};

fn types(loaded: &engine::Ingested) -> Vec<(&str, ColumnType)> {
    loaded
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.kind))
        .collect()
}

#[tokio::test]
async fn text_becomes_typed_columns() {
    let bench = bench();
    let csv = "id,Name,amount,day,at,ok,code,note\n\
               1,Ann,1.5,2026-01-02,2026-01-02T10:00:00+01:00,true,007,\"\"\n\
               2,Bob,NaN,2026-02-03,2026-01-02T10:00:00Z,false,012,\n\
               3,\"O\"\"Hara\",-2,,2026-07-02T10:00:00+02:00,,100,x\n";
    let loaded = bench.load("sales.csv", csv).await.unwrap();
    assert_eq!(
        types(&loaded),
        [
            ("id", ColumnType::Integer),
            ("name", ColumnType::String),
            ("amount", ColumnType::Number),
            ("day", ColumnType::Date),
            ("at", ColumnType::Timestamptz),
            ("ok", ColumnType::Boolean),
            ("code", ColumnType::String),
            ("note", ColumnType::String),
        ]
    );
    assert_eq!((loaded.rows, loaded.rejects.count, loaded.kind), (3, 0, FileKind::Csv));
    assert_eq!(
        table(&bench.all_rows(&loaded).await),
        [
            "1|Ann|1.5|2026-01-02|2026-01-02T09:00:00Z|true|007|",
            "2|Bob|∅|2026-02-03|2026-01-02T10:00:00Z|false|012|∅",
            "3|O\"Hara|-2|∅|2026-07-02T08:00:00Z|∅|100|x",
        ]
    );
    let amount = loaded
        .columns
        .get(2)
        .and_then(|column| column.profile.as_ref())
        .unwrap();
    assert_eq!((amount.nulls, amount.distinct, amount.mean), (1, 2, Some(-0.25)));
    assert_eq!(amount.histogram.iter().map(|bin| bin.count).sum::<u64>(), 2);
    assert_eq!(loaded.options.delimiter, Some(','));
    assert_eq!(loaded.bytes, std::fs::metadata(&loaded.parquet).unwrap().len());
}

#[tokio::test]
async fn every_row_is_loaded_or_rejected_with_its_line() {
    let bench = bench();
    let csv = "a,b\n1,2\n3\n4,5,6\n\n7,\"x\ny\"\n8,\"open\n9,10\nbad\0,1\n";
    let loaded = bench.load("t.csv", csv).await.unwrap();
    let lines: Vec<u64> = loaded.rejects.first.iter().map(|reject| reject.line).collect();
    assert_eq!(lines, [3, 4, 8, 10], "{:?}", loaded.rejects);
    assert_eq!((loaded.rows, loaded.rejects.count), (3, 4));
    assert_eq!(table(&bench.all_rows(&loaded).await), ["1|2", "7|x\ny", "9|10"]);
}

#[tokio::test]
async fn given_types_reject_what_does_not_fit() {
    let bench = bench();
    let options = ReadOptions {
        types: [
            ("a".to_owned(), ColumnType::Integer),
            ("b".to_owned(), ColumnType::Date),
        ]
        .into(),
        ..ReadOptions::default()
    };
    let loaded = bench
        .load_with("t.csv", "a;b\n007;31.12.2026\nx;1.1.2026\n3;soon\n", &options)
        .await
        .unwrap();
    assert_eq!(table(&bench.all_rows(&loaded).await), ["7|2026-12-31"]);
    let reasons: Vec<_> = loaded
        .rejects
        .first
        .iter()
        .map(|reject| (reject.line, reject.column.as_deref(), reject.value.as_deref()))
        .collect();
    assert_eq!(reasons, [(3, Some("a"), Some("x")), (4, Some("b"), Some("soon"))]);
    let wrong = ReadOptions {
        types: [("zz".to_owned(), ColumnType::Integer)].into(),
        ..ReadOptions::default()
    };
    assert_eq!(
        bench
            .load_with("t.csv", "a\n1\n", &wrong)
            .await
            .unwrap_err()
            .app_error()
            .code,
        ErrorCode::Invalid
    );
}

#[tokio::test]
async fn encodings() {
    let bench = bench();
    let latin = bench.load("l.csv", b"name,n\nM\xFCller,1\n").await.unwrap();
    assert_eq!(
        (table(&bench.all_rows(&latin).await), latin.options.encoding),
        (vec!["Müller|1".to_owned()], Some(TextEncoding::Windows1252))
    );
    let mut late = "name,n\n".to_owned() + &"abc,1\n".repeat(60_000);
    let mut late = std::mem::take(&mut late).into_bytes();
    late.extend(b"M\xFCller,1\n");
    let late = bench.load("late.csv", late).await.unwrap();
    assert_eq!(
        (late.rows, late.rejects.count, late.options.encoding),
        (60_001, 0, Some(TextEncoding::Windows1252))
    );
    let mixed = bench
        .load("m.csv", b"name,n\nM\xC3\xBCller,1\nM\xFCller,2\n")
        .await
        .unwrap();
    assert_eq!((mixed.rows, mixed.rejects.count), (1, 1));
    let mut wide = vec![0xFF, 0xFE];
    wide.extend("name\tn\r\nMüller\t1\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    let wide = bench.load("w.tsv", wide).await.unwrap();
    assert_eq!(table(&bench.all_rows(&wide).await), ["Müller|1"]);
    let mark = bench.load("b.csv", b"\xEF\xBB\xBFname,n\nx,1\n").await.unwrap();
    assert_eq!(types(&mark).first().map(|(name, _)| *name), Some("name"));
}

#[tokio::test]
async fn json_and_lines() {
    let bench = bench();
    let array = r#"[{"a":1,"b":{"x":"2026-01-02","y":[1,2]},"c":"007"},{"a":12345678901234567890123,"c":"12"},3]"#;
    let loaded = bench.load("t.json", array).await.unwrap();
    assert_eq!(
        types(&loaded),
        [
            ("a", ColumnType::String),
            ("b_x", ColumnType::Date),
            ("b_y", ColumnType::Json),
            ("c", ColumnType::String)
        ]
    );
    assert_eq!(
        table(&bench.all_rows(&loaded).await),
        ["1|2026-01-02|[1,2]|007", "12345678901234567890123|∅|∅|12"]
    );
    assert_eq!(loaded.rejects.count, 1);
    let lines = bench
        .load("t.ndjson", "{\"a\":1.5}\n{\"a\":null,\"b\":true}\nnope\n")
        .await
        .unwrap();
    assert_eq!(
        (lines.rows, lines.rejects.first.first().map(|reject| reject.line)),
        (2, Some(3))
    );
    let broken = bench.load("t.json", r#"[{"a":1},{"a":"#).await.unwrap_err().app_error();
    assert_eq!(broken.code, ErrorCode::UnreadableFile);
}

#[tokio::test]
async fn our_own_parquet_can_be_loaded_again() {
    let bench = bench();
    let first = bench
        .load("t.csv", "a,b,at\n1,x,2026-01-02T10:00:00Z\n2,,2026-01-02T11:00:00Z\n")
        .await
        .unwrap();
    let bytes = std::fs::read(&first.parquet).unwrap();
    let again = bench.load("t.parquet", &bytes).await.unwrap();
    assert_eq!(types(&again), types(&first));
    assert_eq!(again.rows, 2);
    let cut = bench
        .load("cut.parquet", &bytes[..bytes.len() / 2])
        .await
        .unwrap_err()
        .app_error();
    assert_eq!(cut.code, ErrorCode::UnreadableFile);
    let mut flipped = bytes.clone();
    flipped[40..60].fill(0xFF);
    let _ = bench
        .load("flipped.parquet", flipped)
        .await
        .map_err(|error| error.app_error());
}

#[tokio::test]
async fn a_workbook() {
    let bench = bench();
    let loaded = bench.load("book.xlsx", workbook()).await.unwrap();
    assert_eq!(
        types(&loaded),
        [
            ("name", ColumnType::String),
            ("n", ColumnType::Integer),
            ("x", ColumnType::Number)
        ]
    );
    assert_eq!(table(&bench.all_rows(&loaded).await), ["007|1|1.5", "y|2|∅"]);
    assert_eq!(loaded.options.sheet.as_deref(), Some("Data"));
    let preview = bench
        .preview("book.xlsx", workbook(), &ReadOptions::default())
        .await
        .unwrap();
    assert_eq!(preview.sheets, ["Data"]);
    let missing = ReadOptions {
        sheet: Some("Other".to_owned()),
        ..ReadOptions::default()
    };
    assert_eq!(
        bench
            .preview("book.xlsx", workbook(), &missing)
            .await
            .unwrap_err()
            .app_error()
            .candidates,
        ["Data"]
    );
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_a_reason() {
    let bench = bench();
    for (name, bytes, code) in [
        ("empty.csv", &b""[..], ErrorCode::UnreadableFile),
        ("blank.csv", b" \n\n", ErrorCode::UnreadableFile),
        (
            "garbage.csv",
            &[0, 1, 2, 3, 4, 5, 0, 0, 0, 9, 1, 0, 0],
            ErrorCode::UnreadableFile,
        ),
        ("zip.csv", b"PK\x03\x04....", ErrorCode::UnreadableFile),
        ("text.xlsx", b"a,b\n1,2\n", ErrorCode::UnreadableFile),
        ("text.parquet", b"a,b\n1,2\n", ErrorCode::UnreadableFile),
        ("short.parquet", b"PAR1", ErrorCode::UnreadableFile),
        (
            "huge.parquet",
            b"PAR1\0\0\0\0\xFF\xFF\xFF\xFFPAR1",
            ErrorCode::UnreadableFile,
        ),
        ("a.doc", b"x", ErrorCode::UnsupportedMediaType),
        ("a.json", b"\"x\"", ErrorCode::UnreadableFile),
        ("a.xlsx", b"PK\x03\x04 not really", ErrorCode::UnreadableFile),
    ] {
        let error = bench.load(name, bytes).await.unwrap_err();
        assert_eq!(error.app_error().code, code, "{name}: {error:?}");
    }
    let wide = (0..5000)
        .map(|column| format!("c{column}"))
        .collect::<Vec<_>>()
        .join(",")
        + "\n";
    assert_eq!(
        bench.load("wide.csv", wide).await.unwrap_err().app_error().code,
        ErrorCode::UnreadableFile
    );
    let long = "a,b\n1,2\n".to_owned() + &"x".repeat(2 << 20) + ",1\n3,4\n";
    let long = bench.load("long.csv", long).await.unwrap();
    assert_eq!((long.rows, long.rejects.count), (2, 1));
}

#[tokio::test]
async fn a_preview_shows_what_a_load_would_give() {
    let bench = bench();
    let csv = "Ort;Umsatz\nKöln;1.234,50\nBonn;99,00\n";
    let preview = bench
        .preview("umsatz_2026.csv", csv, &ReadOptions::default())
        .await
        .unwrap();
    assert_eq!(
        (preview.kind, preview.options.delimiter, preview.name.as_str()),
        (FileKind::Csv, Some(';'), "Umsatz 2026")
    );
    assert_eq!(table(&preview.rows), ["Köln|1234.5", "Bonn|99"]);
    let as_text = ReadOptions {
        delimiter: Some('|'),
        ..ReadOptions::default()
    };
    assert_eq!(bench.preview("x.csv", csv, &as_text).await.unwrap().columns.len(), 1);
}

/// A small workbook, written by hand.
fn workbook() -> Vec<u8> {
    use std::io::Write as _;

    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let parts = [
        (
            "[Content_Types].xml",
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        (
            "xl/worksheets/sheet1.xml",
            r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="2"><c r="A2" t="inlineStr"><is><t>Name</t></is></c><c r="B2" t="inlineStr"><is><t>N</t></is></c><c r="C2" t="inlineStr"><is><t>X</t></is></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>007</t></is></c><c r="B3"><v>1</v></c><c r="C3"><v>1.5</v></c></row><row r="4"><c r="A4" t="inlineStr"><is><t>y</t></is></c><c r="B4"><v>2</v></c></row></sheetData></worksheet>"#,
        ),
    ];
    for (name, text) in parts {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
