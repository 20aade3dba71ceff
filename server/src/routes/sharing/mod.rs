//! Share links, embeds and their keys, and what their holders may ask.

mod embed;
mod embed_key;
mod reader;
mod share;

pub use reader::{PROOF_COOKIE, READER_HEADERS};

use super::Route;

pub fn routes() -> Vec<Route> {
    let owners = [share::routes(), embed::routes(), embed_key::routes()]
        .concat()
        .into_iter()
        .map(|route| route.about("sharing"));
    owners
        .chain(reader::routes().into_iter().map(|route| route.about("reading")))
        .collect()
}
