//! Colours of series.

use crate::Theme;

/// The `index`-th colour of the theme's categories, round and round.
pub(super) fn category(theme: &Theme, index: usize) -> String {
    let count = theme.categorical.len().max(1);
    theme
        .categorical
        .get(index % count)
        .cloned()
        .unwrap_or_else(|| theme.accent.clone())
}

/// One colour for each of `count` series.
pub(super) fn categories(theme: &Theme, count: usize) -> Vec<String> {
    (0..count).map(|index| category(theme, index)).collect()
}
