//! Parquet files that lie: refused from what they say, before memory is taken for it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::io::Cursor;

use polars_parquet_format::{
    FieldRepetitionType, FileMetaData, PageHeader, SchemaElement,
    thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol},
};
use shared::{AppError, ErrorCode};
use support::{Bench, bench};

const FOOTER_END: usize = 8;

/// A small file as Polars writes it.
async fn honest(bench: &Bench) -> Vec<u8> {
    let text = (0..2000).fold("id,name,x\n".to_owned(), |text, row| {
        text + &format!("{row},name {},{}.5\n", row % 7, row)
    });
    let loaded = bench.load("t.csv", text).await.unwrap();
    std::fs::read(&loaded.parquet).unwrap()
}

fn footer_start(bytes: &[u8]) -> usize {
    let length = bytes[bytes.len() - FOOTER_END..][..4].try_into().unwrap();
    bytes.len() - FOOTER_END - u32::from_le_bytes(length) as usize
}

fn with_footer(data: &[u8], footer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [data, footer, &length, b"PAR1"].concat()
}

/// The file with another footer.
fn claiming(bytes: &[u8], change: impl FnOnce(&mut FileMetaData)) -> Vec<u8> {
    let start = footer_start(bytes);
    let footer = &bytes[start..bytes.len() - FOOTER_END];
    let mut protocol = TCompactInputProtocol::new(Cursor::new(footer), 1 << 20);
    let mut metadata = FileMetaData::read_from_in_protocol(&mut protocol).unwrap();
    change(&mut metadata);
    let mut footer = Vec::new();
    metadata
        .write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut footer))
        .unwrap();
    with_footer(&bytes[..start], &footer)
}

/// The file with another header of its first page, which all columns then point to.
fn with_page(bytes: &[u8], change: impl FnOnce(&mut PageHeader)) -> Vec<u8> {
    let mut cursor = Cursor::new(&bytes[4..]);
    let mut header = PageHeader::read_from_in_protocol(&mut TCompactInputProtocol::new(&mut cursor, 1 << 20)).unwrap();
    change(&mut header);
    let mut data = b"PAR1".to_vec();
    header
        .write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut data))
        .unwrap();
    data.extend(vec![0; 44 * 1024]);
    let length = i64::try_from(data.len() - 4).unwrap();
    let start = footer_start(bytes);
    let moved = claiming(&[&data[..], &bytes[start..]].concat(), |metadata| {
        for column in metadata.row_groups.iter_mut().flat_map(|group| &mut group.columns) {
            let of = column.meta_data.as_mut().unwrap();
            (of.data_page_offset, of.dictionary_page_offset) = (4, None);
            of.total_compressed_size = length;
        }
    });
    assert!(moved.len() < 50_000);
    moved
}

async fn refusal(bench: &Bench, name: &str, bytes: Vec<u8>) -> AppError {
    let loaded = bench.load("t.parquet", &bytes).await.expect_err(name).app_error();
    assert_eq!(loaded.code, ErrorCode::UnreadableFile, "{name}: {loaded:?}");
    let previewed = bench
        .preview("t.parquet", &bytes, &Default::default())
        .await
        .expect_err(name)
        .app_error();
    assert_eq!(previewed.message, loaded.message, "{name}");
    loaded
}

#[tokio::test]
async fn an_unchanged_footer_is_accepted() {
    let bench = bench();
    let bytes = honest(&bench).await;
    let loaded = bench.load("t.parquet", claiming(&bytes, |_| ())).await.unwrap();
    assert_eq!((loaded.rows, loaded.columns.len()), (2000, 3));
}

#[tokio::test]
async fn pages_that_ask_for_far_too_much_memory() {
    let bench = bench();
    let bytes = honest(&bench).await;
    let huge = with_page(&bytes, |header| header.uncompressed_page_size = i32::MAX);
    let error = refusal(&bench, "huge page", huge).await;
    assert!(
        error.message.contains("2047 MiB unpacked; at most 64 MiB"),
        "{}",
        error.message
    );
    for (name, unpacked) in [("negative page", -1), ("just above", (64 << 20) + 1)] {
        let bytes = with_page(&bytes, |header| header.uncompressed_page_size = unpacked);
        refusal(&bench, name, bytes).await;
    }
    let outside = with_page(&bytes, |header| header.compressed_page_size = 1 << 30);
    refusal(&bench, "page beyond its column", outside).await;
    let values = with_page(&bytes, |header| {
        if let Some(page) = &mut header.data_page_header {
            page.num_values = i32::MAX;
        }
        if let Some(page) = &mut header.dictionary_page_header {
            page.num_values = i32::MAX;
        }
    });
    refusal(&bench, "more values than rows", values).await;
}

#[tokio::test]
async fn footers_that_promise_what_is_not_there() {
    let bench = bench();
    let bytes = honest(&bench).await;
    let petabytes = claiming(&bytes, |metadata| {
        metadata.num_rows = 1 << 50;
        metadata.row_groups[0].num_rows = 1 << 50;
        for column in &mut metadata.row_groups[0].columns {
            column.meta_data.as_mut().unwrap().num_values = 1 << 50;
        }
    });
    let error = refusal(&bench, "petabytes", petabytes).await;
    assert!(error.message.contains("at most 50000000"), "{}", error.message);
    let group = |change: fn(&mut polars_parquet_format::RowGroup)| {
        claiming(&bytes, |metadata| change(&mut metadata.row_groups[0]))
    };
    for (name, bytes) in [
        (
            "rows without groups",
            claiming(&bytes, |metadata| metadata.num_rows = 40_000_000),
        ),
        ("negative rows", group(|group| group.num_rows = -5)),
        (
            "more values than rows",
            group(|group| group.columns[0].meta_data.as_mut().unwrap().num_values = 40_000_000),
        ),
        (
            "column beyond the file",
            group(|group| group.columns[0].meta_data.as_mut().unwrap().total_compressed_size = 1 << 40),
        ),
        (
            "column before the file",
            group(|group| group.columns[0].meta_data.as_mut().unwrap().data_page_offset = -4),
        ),
        (
            "column elsewhere",
            group(|group| group.columns[0].file_path = Some("/etc/passwd".to_owned())),
        ),
        (
            "column without description",
            group(|group| group.columns[0].meta_data = None),
        ),
    ] {
        refusal(&bench, name, bytes).await;
    }
}

#[tokio::test]
async fn footers_that_would_exhaust_their_reader() {
    let bench = bench();
    let bytes = honest(&bench).await;
    let element = |name: String, children: Option<i32>| SchemaElement {
        type_: None,
        type_length: None,
        repetition_type: Some(FieldRepetitionType::OPTIONAL),
        name,
        num_children: children,
        converted_type: None,
        scale: None,
        precision: None,
        field_id: None,
        logical_type: None,
    };
    let deep = claiming(&bytes, |metadata| {
        metadata.schema = (0..50_000).map(|level| element(format!("n{level}"), Some(1))).collect();
    });
    let error = refusal(&bench, "deep", deep).await;
    assert!(error.message.contains("nested"), "{}", error.message);
    // A list of two thousand million row groups, in five bytes.
    let start = footer_start(&bytes);
    let endless: [u8; 9] = [0x15, 0x02, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
    refusal(&bench, "endless list", with_footer(&bytes[..start], &endless)).await;
}

#[tokio::test]
async fn damage_is_never_our_failure() {
    let bench = bench();
    let bytes = honest(&bench).await;
    let mut seed = 7_u64;
    for _ in 0..60 {
        let mut damaged = bytes.clone();
        for _ in 0..4 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let place = usize::try_from(seed >> 33).unwrap() % (damaged.len() - 4);
            damaged[place] = seed.to_le_bytes()[2];
        }
        if let Err(error) = bench.load("t.parquet", &damaged).await {
            let public = error.app_error();
            assert!((400..500).contains(&public.code.http_status()), "{error:?}");
        }
    }
}
