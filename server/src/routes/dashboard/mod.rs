//! Dashboards: the document and its log, publishing, reading, and the folders they lie in.

mod document;
mod folder;
mod life;
mod log;
mod reading;

pub use reading::ValuesRequest;

use super::Route;

pub fn routes() -> Vec<Route> {
    let dashboards = [document::routes(), log::routes(), life::routes(), reading::routes()].concat();
    let dashboards = dashboards.into_iter().map(|route| route.about("dashboards"));
    dashboards
        .chain(folder::routes().into_iter().map(|route| route.about("folders")))
        .collect()
}
