//! The model page: tables and joins, fields, metrics, versions, and the document that they all are.

mod asked;
mod document;
mod draft;
mod fields;
mod json_editor;
mod kept;
mod metrics;
mod options;
mod page;
mod remove;
mod rollups;
mod save;
mod settings;
mod source;
mod tables;
mod used_by;
mod versions;
mod view;
mod words;

pub use page::ModelPage;
#[cfg(feature = "ssr")]
pub use {
    metrics::metric_meaning,
    source::source_words,
    words::{cardinality_words, condition_words, field_label, metric_label, span_words},
};
