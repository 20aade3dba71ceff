//! Colours of series.

use serde_json::Value;
use shared::semantic::Answer;

use super::series::Series;
use crate::{
    Theme,
    colour::{Rgb, Space, mix},
};

/// The `index`-th colour of the theme's categories, round and round.
pub(super) fn category(theme: &Theme, index: usize) -> String {
    let count = theme.categorical.len().max(1);
    theme
        .categorical
        .get(index % count)
        .cloned()
        .unwrap_or_else(|| theme.accent.clone())
}

/// A colour thinned with what the chart stands on. Colours that only a page knows are mixed there.
pub(super) fn tint(theme: &Theme, colour: &str, share: f64) -> String {
    match (Rgb::parse(colour), Rgb::parse(&theme.surface)) {
        (Some(colour), Some(surface)) => mix(surface, colour, share, Space::Rgb).css(),
        (None, _) | (_, None) => {
            format!("color-mix(in srgb, {colour} {}%, {})", share * 100.0, theme.surface)
        }
    }
}

/// One colour for each of `count` series.
pub(super) fn categories(theme: &Theme, count: usize) -> Vec<String> {
    (0..count).map(|index| category(theme, index)).collect()
}

/// One colour for each series. The rest of a top-N is nobody in particular and takes none of them.
pub(super) fn members(theme: &Theme, answer: &Answer, series: &Series) -> Vec<String> {
    let mut colours = categories(theme, series.names.len());
    for (name, colour) in series.names.iter().zip(&mut colours) {
        let mut rows = series
            .rows
            .iter()
            .zip(&series.sources)
            .filter(|(row, _)| row.get("s").and_then(Value::as_str) == Some(name.as_str()))
            .peekable();
        if rows.peek().is_some() && rows.all(|(_, source)| answer.others.contains(&source.row)) {
            colour.clone_from(&theme.rest);
        }
    }
    colours
}
