//! JSON between the browser and the server.

use leptos::{
    prelude::{
        Resource,
        codee::{Decoder, Encoder},
    },
    server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post},
};
use serde::{
    Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Error, Result};

use crate::WireError;

/// Reads and writes types by way of a JSON value. Serde makes the code of a type once for every format it is read from:
/// in the browser there is one format, the value, and only the value is read from text.
///
/// # Errors
/// On text that is no JSON or not of this type.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    // An answer without content is JSON null.
    let text = if text.is_empty() { "null" } else { text };
    if cfg!(feature = "ssr") {
        // Here size does not matter, and the reader of text can say line and column.
        serde_json::from_str(text)
    } else {
        shared::json::from_value(serde_json::from_str(text)?)
    }
}

/// The text of a value; see [`read`].
///
/// # Errors
/// When the type has no JSON.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    if cfg!(feature = "ssr") {
        serde_json::to_string(value)
    } else {
        Ok(serde_json::to_value(value)?.to_string())
    }
}

/// What a page shows: fetched by the server, handed on in the page, and read there as [`read`] reads.
pub type Loaded<T> = Resource<std::result::Result<T, WireError>, WireEncoding>;

/// Loads again whenever `source` changes. The server sends a page when all of this is there; in the browser, where another page
/// is gone to, it shows that it is loading.
pub fn load<S, T, Answer>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> Answer + Send + Sync + 'static,
) -> Loaded<T>
where
    S: Clone + PartialEq + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Answer: Future<Output = std::result::Result<T, WireError>> + Send + 'static,
{
    Resource::new_with_options(source, fetch, false)
}

/// What server functions are called with: JSON as the body of a `POST` request.
pub type Json = Post<WireEncoding>;

/// [`read`] and [`write`] for server functions and for what pages carry.
pub struct WireEncoding;

impl ContentType for WireEncoding {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for WireEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for WireEncoding {
    type Error = Error;

    fn encode(output: &T) -> Result<bytes::Bytes> {
        write(output).map(bytes::Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for WireEncoding {
    type Error = Error;

    fn decode(bytes: bytes::Bytes) -> Result<T> {
        read(std::str::from_utf8(&bytes).map_err(Error::custom)?)
    }
}

impl<T: Serialize> Encoder<T> for WireEncoding {
    type Error = Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String> {
        write(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for WireEncoding {
    type Error = Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T> {
        read(text)
    }
}
