//! Datasets, and files on their way to become one.

mod dataset;
mod form;
mod upload;

use super::Route;

pub fn routes() -> Vec<Route> {
    [dataset::routes(), upload::routes()]
        .concat()
        .into_iter()
        .map(|route| route.about("datasets"))
        .collect()
}
