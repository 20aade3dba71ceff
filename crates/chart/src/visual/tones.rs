//! Colours with a meaning, and which of them a number has by the rules of its visual.

use shared::visual::{Tone, Visual};

use crate::Theme;

pub(super) fn tone_color(theme: &Theme, tone: Tone) -> &str {
    match tone {
        Tone::Good => &theme.good,
        Tone::Warning => &theme.warning,
        Tone::Bad => &theme.bad,
        Tone::Accent => &theme.accent,
        Tone::Muted => &theme.rest,
    }
}

/// The tone of a number of the answer column `name`: the first rule about it that holds counts.
pub(super) fn rule_tone(visual: &Visual, name: &str, number: f64) -> Option<Tone> {
    visual
        .format
        .rules
        .iter()
        .filter(|rule| rule.of.as_deref().is_none_or(|of| of == name))
        .find(|rule| rule.holds(number))
        .map(|rule| rule.tone)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_rule_about_a_column_that_holds_counts() {
        let visual: Visual = serde_json::from_value(json!({ "kind": "bar", "wells": {}, "format": { "rules": [
            { "of": "cost", "test": "above", "value": 10.0, "tone": "bad" },
            { "test": "at_least", "value": 100.0, "tone": "good" },
            { "test": "between", "value": 5.0, "to": 100.0, "tone": "warning" },
        ] } }))
        .unwrap();
        assert_eq!(rule_tone(&visual, "cost", 200.0), Some(Tone::Bad));
        assert_eq!(rule_tone(&visual, "revenue", 100.0), Some(Tone::Good));
        assert_eq!(rule_tone(&visual, "revenue", 50.0), Some(Tone::Warning));
        assert_eq!(rule_tone(&visual, "revenue", 1.0), None);
        assert_eq!(rule_tone(&visual, "revenue", f64::NAN), None);
    }
}
