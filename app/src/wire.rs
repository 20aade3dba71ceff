//! JSON between the browser and the server.

use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{
    Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Error, Result};

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

/// What server functions are called with: JSON as the body of a `POST` request.
pub type Json = Post<WireEncoding>;

/// [`read`] and [`write`] for server functions.
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
