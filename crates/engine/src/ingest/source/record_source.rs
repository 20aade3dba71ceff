//! Two passes over records: evidence, then rows.

use crate::{
    ingest::table::{Evidence, FrameBuilder, RejectLog, Scanned},
    protocol::WorkerFailure,
};

/// Something that can give its records again and again, in order.
pub trait RecordSource {
    /// Calls `each` for every record until it says to stop.
    ///
    /// # Errors
    /// When the file as a whole cannot be read on.
    fn scan(&mut self, each: &mut dyn FnMut(Scanned<'_, '_>) -> bool) -> Result<(), WorkerFailure>;
}

/// Evidence of all columns.
#[derive(Clone, Debug)]
pub struct Observed {
    pub columns: Vec<Evidence>,
    /// Records seen, right or wrong.
    pub rows: u64,
}

impl Observed {
    /// One column per entry; true where the type is given and only the way of writing is looked for.
    pub fn new(given: &[bool]) -> Self {
        Self {
            columns: given.iter().map(|given| Evidence::new(*given)).collect(),
            rows: 0,
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.columns
            .iter_mut()
            .zip(&other.columns)
            .for_each(|(mine, theirs)| mine.merge(theirs));
    }
}

/// Records that will be rejected for their width say nothing about types.
pub fn observe_record(scanned: Scanned<'_, '_>, seen: &mut Observed) {
    seen.rows += 1;
    if let Scanned::Record(record) = scanned
        && record.fields.len() == seen.columns.len()
    {
        seen.columns
            .iter_mut()
            .zip(record.fields)
            .for_each(|(evidence, field)| evidence.observe(field));
    }
}

pub fn push_record(scanned: Scanned<'_, '_>, width: usize, builder: &mut FrameBuilder<'_>, rejects: &mut RejectLog) {
    match scanned {
        Scanned::Refused { line, text, reason } => rejects.add(line, None, Some(text), reason),
        Scanned::Record(record) if record.fields.len() == width => builder.push(&record, rejects),
        Scanned::Record(record) => {
            let fields = record.fields.len();
            let text = record.fields.first().map(|field| field.text.as_ref());
            let noun = if fields == 1 { "field" } else { "fields" };
            rejects.add(record.line, None, text, format!("{fields} {noun} instead of {width}"));
        }
    }
}

/// Evidence over the first `limit` records.
pub fn observe(source: &mut dyn RecordSource, given: &[bool], limit: u64) -> Result<Observed, WorkerFailure> {
    let mut seen = Observed::new(given);
    source.scan(&mut |scanned| {
        observe_record(scanned, &mut seen);
        seen.rows < limit
    })?;
    Ok(seen)
}
