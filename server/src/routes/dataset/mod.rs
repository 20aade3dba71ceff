//! Datasets, and files on their way to become one.

pub(super) mod form;
mod stored;
mod upload;

use super::Route;

pub fn routes() -> Vec<Route> {
    [stored::routes(), upload::routes()]
        .concat()
        .into_iter()
        .map(|route| route.about("datasets"))
        .collect()
}
