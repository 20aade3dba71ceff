//! Numbers as steps of colour, and the legend that says which.

use serde_json::{Value, json};
use shared::{
    semantic::{Format, FormatKind},
    visual::LegendPosition,
};

use super::super::{Size, bands::text_px, number_text};
use crate::Theme;

/// Numbers from here on are written short.
const LONG: f64 = 10_000.0;
/// Letters of labels, in px.
const LABEL_PX: f64 = 12.0;
/// Of one step in the legend.
const WIDEST_PX: f64 = 56.0;
const BAR_PX: f64 = 8.0;
/// Between map and legend.
const GAP_PX: f64 = 8.0;

/// As many equal steps as the theme has colours, from the least to the greatest number.
pub(super) struct Steps {
    least: f64,
    greatest: f64,
    count: usize,
}

impl Steps {
    /// `None` without numbers.
    pub(super) fn of(theme: &Theme, numbers: impl Iterator<Item = f64>) -> Option<Self> {
        let ends = numbers.fold(None, |ends: Option<(f64, f64)>, number| {
            Some(ends.map_or((number, number), |(least, greatest)| {
                (least.min(number), greatest.max(number))
            }))
        });
        let (least, greatest) = ends?;
        Some(Self {
            least,
            greatest,
            count: theme.steps.len(),
        })
    }

    fn width(&self) -> f64 {
        self.greatest / self.count as f64 - self.least / self.count as f64
    }

    /// A single number is in the last step but one: neither little nor much.
    pub(super) fn colour<'a>(&self, theme: &'a Theme, number: f64) -> Option<&'a str> {
        let width = self.width();
        let last = self.count.saturating_sub(1);
        let step = if width > 0.0 {
            ((number / width - self.least / width).floor().max(0.0) as usize).min(last)
        } else {
            last.saturating_sub(1)
        };
        theme.steps.get(step).map(String::as_str)
    }

    /// Where each step begins, and the end of the last.
    fn edges(&self) -> Vec<f64> {
        (0..=self.count)
            .map(|step| self.least + step as f64 * self.width())
            .collect()
    }

    /// Layers above or below the view: a bar of the colours, with numbers where they meet as far as there is room.
    pub(super) fn legend(
        &self,
        theme: &Theme,
        size: Size,
        position: LegendPosition,
        format: Option<&Format>,
    ) -> Vec<Value> {
        if self.width() <= 0.0 {
            return Vec::new();
        }
        let below = match position {
            LegendPosition::Bottom => true,
            LegendPosition::Top | LegendPosition::Left | LegendPosition::Right => false,
        };
        let (side, bar, words) = if below {
            (json!("height"), (GAP_PX, GAP_PX + BAR_PX), GAP_PX + BAR_PX + 4.0)
        } else {
            let bottom = -GAP_PX - LABEL_PX - 6.0;
            (json!(0), (bottom - BAR_PX, bottom), bottom + 4.0)
        };
        let step_px = ((size.width_px - 16.0) / self.count.max(1) as f64)
            .min(WIDEST_PX)
            .floor();
        let colours: Vec<Value> = theme
            .steps
            .iter()
            .enumerate()
            .map(|(step, colour)| json!({ "a": step as f64 * step_px, "b": (step + 1) as f64 * step_px, "c": colour }))
            .collect();
        let texts: Vec<String> = self.edges().into_iter().map(|edge| self.text(edge, format)).collect();
        let longest = texts.iter().map(|text| text_px(text, LABEL_PX)).fold(0.0, f64::max);
        let last = texts.len().saturating_sub(1);
        let all = longest + 8.0 <= step_px;
        let label = |at: usize, align: &str| {
            let text = texts.get(at)?;
            Some(json!({
                "data": { "values": [{}] },
                "mark": {
                    "type": "text", "text": text, "align": align, "baseline": "top", "yOffset": words,
                    "fontSize": LABEL_PX, "color": theme.ink_muted, "aria": false,
                },
                "encoding": { "x": { "value": at as f64 * step_px }, "y": { "value": side } },
            }))
        };
        let pixels = |field: &str| json!({ "field": field, "type": "quantitative", "scale": null, "axis": null });
        let mut layers = vec![json!({
            "data": { "values": colours },
            "mark": { "type": "rect", "yOffset": bar.0, "y2Offset": bar.1, "aria": false },
            "encoding": {
                "x": pixels("a"), "x2": { "field": "b" }, "y": { "value": side }, "y2": { "value": side },
                "fill": { "field": "c", "type": "nominal", "scale": null },
            },
        })];
        layers.extend(label(0, "left"));
        layers.extend((1..last).filter(|_| all).filter_map(|at| label(at, "center")));
        layers.extend(label(last, "right"));
        layers
    }

    fn text(&self, edge: f64, format: Option<&Format>) -> String {
        let mut format = format.cloned().unwrap_or_default();
        let long = self.greatest.abs().max(self.least.abs()) >= LONG;
        match format.kind {
            FormatKind::Number | FormatKind::Currency if long && format.compact.is_none() => {
                (format.compact, format.digits) = (Some(true), None);
            }
            // Places that tell neighbours apart, and no more.
            FormatKind::Number | FormatKind::Currency | FormatKind::Percent if format.digits.is_none() => {
                let shown = self.width() * if format.kind == FormatKind::Percent { 100.0 } else { 1.0 };
                format.digits = Some(if shown >= 5.0 {
                    0
                } else if shown >= 0.5 {
                    1
                } else {
                    2
                });
            }
            FormatKind::Number
            | FormatKind::Currency
            | FormatKind::Percent
            | FormatKind::Duration
            | FormatKind::Bytes
            | FormatKind::Date
            | FormatKind::Text => {}
        }
        number_text(edge, Some(&format))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_is_in_the_first_step_and_the_greatest_in_the_last() {
        let theme = Theme::light();
        let steps = Steps::of(&theme, [0.0, 60.0, 15.0].into_iter()).unwrap();
        let colour = |number| steps.colour(&theme, number).unwrap();
        assert_eq!(colour(0.0), theme.steps[0]);
        assert_eq!(colour(9.9), theme.steps[0]);
        assert_eq!(colour(10.0), theme.steps[1]);
        assert_eq!(colour(60.0), theme.steps[5]);
        assert_eq!(steps.edges(), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);
        assert!(Steps::of(&theme, std::iter::empty()).is_none());
        let one = Steps::of(&theme, std::iter::once(7.0)).unwrap();
        assert_eq!(one.colour(&theme, 7.0), Some(theme.steps[4].as_str()));
        let huge = Steps::of(&theme, [-f64::MAX, f64::MAX].into_iter()).unwrap();
        assert_eq!(huge.colour(&theme, f64::MAX), Some(theme.steps[5].as_str()));
    }
}
