//! Numbers as the theme's colour steps, from least to greatest, and the legend that explains them.

use serde_json::{Value, json};
use shared::visual::{LegendPosition, Visual};

use super::{Size, bands, palette};
use crate::Theme;

/// A step in the legend, and the gap after it, in px.
const SWATCH_PX: f64 = 12.0;
const SWATCH_GAP_PX: f64 = 1.0;
/// Letters of the legend, in px, and the gap between them and the swatches.
const WORDS_PX: f64 = 12.0;
const WORDS_GAP_PX: f64 = 6.0;
/// Between the legend and the picture, in px.
const OFFSET_PX: f64 = 10.0;
/// Smaller pictures have no room for a legend, in px.
const LEAST_WIDTH_PX: f64 = 180.0;
const LEAST_HEIGHT_PX: f64 = 120.0;

/// How much of its colour each step below zero has, from the least on; above zero the other way round.
const SIDE_SHARES: [f64; 3] = [1.0, 0.6, 0.28];

/// Equal steps between two numbers. Of numbers on both sides of zero those below have another colour than those above, and
/// both sides reach as far.
pub(super) struct Steps {
    least: f64,
    greatest: f64,
    colours: Vec<String>,
}

impl Steps {
    /// `None` without numbers.
    pub fn of(numbers: impl Iterator<Item = f64>, theme: &Theme) -> Option<Self> {
        let (least, greatest) = numbers
            .filter(|number| number.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, greatest), number| {
                (least.min(number), greatest.max(number))
            });
        if least < 0.0 && greatest > 0.0 {
            let farthest = greatest.max(-least);
            let side = |index: usize, share: f64| palette::tint(theme, &palette::category(theme, index), share);
            let below = SIDE_SHARES.map(|share| side(1, share));
            let above = SIDE_SHARES.map(|share| side(0, share));
            return Some(Self {
                least: -farthest,
                greatest: farthest,
                colours: below.into_iter().chain(above.into_iter().rev()).collect(),
            });
        }
        (least <= greatest).then(|| Self {
            least,
            greatest,
            colours: theme.steps.clone(),
        })
    }

    fn count(&self) -> usize {
        self.colours.len().max(1)
    }

    fn is_two_sided(&self) -> bool {
        self.least < 0.0 && self.greatest > 0.0
    }

    /// From the least on. Numbers that are all the same have the middle one.
    pub fn step(&self, number: f64) -> usize {
        // Halves, because the way from the least to the greatest double has no length.
        let whole = self.greatest / 2.0 - self.least / 2.0;
        if whole <= 0.0 {
            return self.count() / 2;
        }
        let share = (number / 2.0 - self.least / 2.0) / whole;
        ((share * self.count() as f64) as usize).min(self.count() - 1)
    }

    /// The colour of a number's step; `None` in a theme without steps.
    pub fn colour(&self, number: f64) -> Option<&str> {
        self.colours.get(self.step(number)).map(String::as_str)
    }

    /// From the least step on.
    pub fn colours(&self) -> &[String] {
        &self.colours
    }

    /// Where each step begins, and the end of the last.
    pub fn edges(&self) -> Vec<f64> {
        let width = self.greatest / self.count() as f64 - self.least / self.count() as f64;
        (0..=self.count())
            .map(|step| self.least + step as f64 * width)
            .collect()
    }

    /// The colour channel of rows whose field `b` is their step.
    pub fn color(&self, legend: Value) -> Value {
        json!({
            "field": "b", "type": "nominal", "sort": null,
            "scale": { "domain": (0..self.count()).collect::<Vec<_>>(), "range": self.colours },
            "legend": legend,
        })
    }

    /// The colour channel of text on such marks.
    pub fn ink(&self, theme: &Theme) -> Value {
        let strong = if self.is_two_sided() {
            format!("datum.b == 0 || datum.b == {}", self.count() - 1)
        } else {
            format!("datum.b >= {}", self.count() / 2)
        };
        json!({ "condition": { "test": strong, "value": theme.surface }, "value": theme.ink })
    }

    /// `12 ▪▪▪▪▪▪ 180`; nothing where it has no room or nothing to tell apart. Above a picture it starts at `from_px`.
    pub fn legend(&self, visual: &Visual, size: Size, from_px: f64, words: impl Fn(f64) -> String) -> StepsLegend {
        let (least, greatest) = (words(self.least), words(self.greatest));
        let [least_px, greatest_px] = [&least, &greatest].map(|text| bands::text_px(text, WORDS_PX) + WORDS_GAP_PX);
        let row_px = least_px + greatest_px + self.count() as f64 * (SWATCH_PX + SWATCH_GAP_PX);
        let column_px = least_px.max(greatest_px) + SWATCH_PX;
        let upright = match visual.format.legend.position {
            LegendPosition::Top | LegendPosition::Bottom => false,
            LegendPosition::Left | LegendPosition::Right => true,
        };
        let needed_px = if upright { column_px * 3.0 } else { from_px + row_px };
        let room = size.width_px >= needed_px.max(LEAST_WIDTH_PX) && size.height_px >= LEAST_HEIGHT_PX;
        if !visual.format.legend.show || !room || self.least >= self.greatest {
            return StepsLegend::default();
        }
        let mut steps: Vec<usize> = (0..self.count()).collect();
        let only_at = |step: usize, text: &str| format!("datum.value == {step} ? {} : ", json!(text));
        let mut words = only_at(self.count() - 1, &greatest) + "''";
        if upright {
            // The greatest stands above.
            steps.reverse();
            words = only_at(0, &least) + &words;
        }
        StepsLegend {
            beside_px: if upright { column_px + OFFSET_PX } else { 0.0 },
            above_px: if upright { 0.0 } else { SWATCH_PX + OFFSET_PX + 2.0 },
            spec: json!({
                "orient": match visual.format.legend.position {
                    LegendPosition::Top => "top",
                    LegendPosition::Bottom => "bottom",
                    LegendPosition::Left => "left",
                    LegendPosition::Right => "right",
                },
                "direction": if upright { "vertical" } else { "horizontal" },
                "offset": OFFSET_PX,
                "columns": if upright { 1 } else { self.count() },
                "columnPadding": SWATCH_GAP_PX,
                "rowPadding": SWATCH_GAP_PX,
                "title": (!upright).then_some(least),
                "titleOrient": "left",
                "titleFontWeight": "normal",
                "titlePadding": WORDS_GAP_PX,
                "values": steps,
                "symbolType": "square",
                "symbolSize": SWATCH_PX * SWATCH_PX,
                "symbolStrokeWidth": 0,
                "labelOffset": WORDS_GAP_PX,
                "labelExpr": words,
            }),
        }
    }
}

/// A legend, `null` for none, and what it takes of the picture's width and height.
#[derive(Default)]
pub(super) struct StepsLegend {
    pub spec: Value,
    pub beside_px: f64,
    pub above_px: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fall_into_equal_steps() {
        let theme = Theme::light();
        let steps = Steps::of([-60.0, f64::NAN, 60.0, 0.0].into_iter(), &theme).unwrap();
        let found: Vec<_> = [-60.0, -41.0, -39.0, 0.0, 39.0, 41.0, 60.0]
            .map(|number| steps.step(number))
            .into();
        assert_eq!(found, [0, 0, 1, 3, 4, 5, 5]);
        assert_eq!(steps.step(-0.1), 2, "no step holds numbers on both sides of zero");
        assert!(Steps::of(std::iter::empty(), &theme).is_none());
        assert_eq!(Steps::of([7.0, 7.0].into_iter(), &theme).unwrap().step(7.0), 3);
        let widest = Steps::of([f64::MIN, f64::MAX].into_iter(), &theme).unwrap();
        assert_eq!((widest.step(f64::MIN), widest.step(f64::MAX)), (0, 5));
    }

    #[test]
    fn both_sides_of_zero_reach_as_far_and_differ() {
        let steps = Steps::of([-10.0, 90.0].into_iter(), &Theme::light()).unwrap();
        assert_eq!([-10.0, 0.0, 20.0, 90.0].map(|number| steps.step(number)), [2, 3, 3, 5]);
        let light = Theme::light();
        assert_eq!(
            (&steps.colours[0], &steps.colours[5]),
            (&"#d9622b".to_owned(), &"#3b74d9".to_owned())
        );
        assert_ne!(steps.colours[2], steps.colours[3]);
        let page = Steps::of([-1.0, 1.0].into_iter(), &Theme::css()).unwrap();
        assert!(page.colours[1].starts_with("color-mix(in srgb, var(--chart-2"));
        let above = Steps::of([0.0, 9.0].into_iter(), &light).unwrap();
        assert_eq!(above.colours, light.steps);
    }

    #[test]
    fn a_legend_needs_room_and_two_numbers() {
        let visual = Visual::new(shared::visual::VisualKind::Heatmap);
        let legend = |numbers: [f64; 2], width_px: f64| {
            let steps = Steps::of(numbers.into_iter(), &Theme::light()).unwrap();
            let size = Size {
                width_px,
                height_px: 200.0,
            };
            steps.legend(&visual, size, 0.0, |number| number.to_string())
        };
        let shown = legend([1.0, 9.0], 400.0);
        assert_eq!(shown.spec["title"], "1");
        assert!(shown.spec["labelExpr"].as_str().unwrap().contains("\"9\""));
        assert!(shown.above_px > 0.0);
        assert!(legend([1.0, 9.0], 150.0).spec.is_null());
        assert!(legend([9.0, 9.0], 400.0).spec.is_null());
    }
}
