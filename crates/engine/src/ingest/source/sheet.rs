//! Sheets of a workbook. Cells keep their type: text in a sheet never becomes a number. Error cells are NULL.

use std::{fs::File, io::BufReader, path::Path};

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook as open};

use super::{RecordSource, zip_scan::check_archive};
use crate::{
    ingest::{
        failure::unreadable,
        table::{Field, Origin, Record, Scanned},
    },
    protocol::WorkerFailure,
};

/// A workbook and the names of its sheets.
pub struct Workbook {
    workbook: Xlsx<BufReader<File>>,
    pub sheets: Vec<String>,
}

/// # Errors
/// `unreadable_file`: no workbook, damaged, or larger inside than allowed.
pub fn open_workbook(path: &Path) -> Result<Workbook, WorkerFailure> {
    check_archive(path)?;
    let workbook: Xlsx<_> = open(path).map_err(|error: calamine::XlsxError| damaged(&error))?;
    let sheets = workbook.sheet_names();
    if sheets.is_empty() {
        return Err(unreadable("The workbook has no sheets.", None));
    }
    Ok(Workbook { workbook, sheets })
}

impl Workbook {
    /// The sheet called `name`, else the first that has cells, with its name.
    pub fn sheet(&mut self, name: Option<&str>) -> Result<(String, Vec<Row>), WorkerFailure> {
        if let Some(name) = name {
            if !self.sheets.iter().any(|sheet| sheet == name) {
                let mut failure = unreadable(format!("The workbook has no sheet called {name}."), None);
                failure.public.candidates.clone_from(&self.sheets);
                return Err(failure);
            }
            let range = self.workbook.worksheet_range(name).map_err(|error| damaged(&error))?;
            return Ok((name.to_owned(), rows(&range)));
        }
        for sheet in self.sheets.clone() {
            // Sheets that hold a chart have no cells and cannot be read as ranges.
            let Ok(range) = self.workbook.worksheet_range(&sheet) else {
                continue;
            };
            let rows = rows(&range);
            if !rows.is_empty() {
                return Ok((sheet, rows));
            }
        }
        Err(unreadable("No sheet of the workbook has cells.", None))
    }
}

fn damaged(error: &calamine::XlsxError) -> WorkerFailure {
    let mut failure = unreadable("The workbook is damaged and cannot be read.", None);
    failure.detail = Some(error.to_string());
    failure
}

/// A row with cells, and its 1-based number in the sheet.
pub struct Row {
    pub number: u64,
    pub fields: Vec<Field<'static>>,
}

fn rows(range: &Range<Data>) -> Vec<Row> {
    let first = range.start().map_or(1, |(row, _)| u64::from(row) + 1);
    let numbered = (first..).zip(range.rows());
    let row = |(number, cells): (u64, &[Data])| Row {
        number,
        fields: cells.iter().map(cell_field).collect(),
    };
    numbered
        .map(row)
        .filter(|row| row.fields.iter().any(|field| field.origin != Origin::Missing))
        .collect()
}

fn cell_field(cell: &Data) -> Field<'static> {
    let bare = |text: String| Field {
        text: text.into(),
        origin: Origin::Bare,
    };
    match cell {
        Data::Empty | Data::Error(_) => Field::MISSING,
        Data::String(text) if text.is_empty() => Field::MISSING,
        Data::String(text) => Field {
            text: text.clone().into(),
            origin: Origin::Text,
        },
        Data::Int(number) => bare(number.to_string()),
        Data::Float(number) if number.is_finite() => bare(number.to_string()),
        Data::Float(_) => Field::MISSING,
        Data::Bool(truth) => bare(truth.to_string()),
        Data::DateTime(moment) if moment.is_datetime() => bare(moment_text(moment)),
        // A length of time: days, as a number.
        Data::DateTime(moment) => bare(moment.as_f64().to_string()),
        Data::DateTimeIso(text) => bare(text.clone()),
        Data::DurationIso(text) => Field {
            text: text.clone().into(),
            origin: Origin::Text,
        },
    }
}

/// Whole days are dates, parts of the first day times, the rest both.
fn moment_text(moment: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let time = || format!("{hour:02}:{minute:02}:{second:02}.{milli:03}");
    let value = moment.as_f64();
    if (0.0..1.0).contains(&value) {
        time()
    } else if (hour, minute, second, milli) == (0, 0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{}", time())
    }
}

/// The rows of one sheet below its header.
pub struct SheetSource {
    rows: Vec<Row>,
}

impl SheetSource {
    pub const fn new(rows: Vec<Row>) -> Self {
        Self { rows }
    }
}

impl RecordSource for SheetSource {
    fn scan(&mut self, each: &mut dyn FnMut(Scanned<'_, '_>) -> bool) -> Result<(), WorkerFailure> {
        for row in &self.rows {
            if !each(Scanned::Record(Record {
                fields: &row.fields,
                line: row.number,
            })) {
                break;
            }
        }
        Ok(())
    }
}
