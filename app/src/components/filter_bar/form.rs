//! What the form carries along without showing it: page, selections and time zone of the address.

use shared::dashboard::{Dashboard, FilterState, decode};

/// Name and value of every part of the state that is no filter, as hidden controls.
pub fn kept_pairs(state: &FilterState, document: &Dashboard) -> Vec<(String, String)> {
    let rest = FilterState {
        filters: Default::default(),
        ..state.clone()
    };
    rest.to_query(document)
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect()
}
