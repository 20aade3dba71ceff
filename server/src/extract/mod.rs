//! Reading requests: typed, limited, and with our own words when something does not fit.

mod document;
mod etag;
mod json;
mod json_names;
mod json_scan;
mod path;
mod query;

pub use document::{Document, DocumentFormat};
pub use etag::{IfMatch, etag};
pub use json::{Json, RawJson, declared_length, read_body};
pub use path::{Param, Path};
pub use query::Query;
