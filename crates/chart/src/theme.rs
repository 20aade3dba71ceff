//! The look of a drawing: colours, type and line weights.

use crate::scene::Paint;
use crate::spec::{Axis, Config, MarkDef, MarkKind, Overlap, RangeChoice};
use crate::value::Value;
use std::sync::{Arc, LazyLock};

/// Which embedded table of character widths measures text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WidthTable {
    /// Vega-Lite's default `sans-serif`.
    #[default]
    SansSerif,
    /// Inter, the typeface of the product.
    Inter,
}

/// A look that takes the place of Vega-Lite's defaults. Paints are CSS colours and are passed through as they are, so
/// `var(--chart-1)` works; ramps must be literal colours because they are interpolated.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Colours for categories, in order of use (ten).
    pub categorical: Vec<String>,
    /// Literal colours of the ramp from low to high.
    pub sequential: Vec<String>,
    /// Literal colours of the ramp with a neutral middle.
    pub diverging: Vec<String>,
    /// Colours from least to greatest (six), for cells and areas. Text on the first half is `ink`, on the second `surface`.
    pub steps: Vec<String>,
    /// What a rule calls good.
    pub good: String,
    /// What a rule warns of.
    pub warning: String,
    /// What a rule calls bad.
    pub bad: String,
    /// Text that must be read: titles, data labels.
    pub ink: String,
    /// Text beside the data: axis and legend labels.
    pub ink_muted: String,
    /// Grid lines and hairlines.
    pub grid: String,
    /// What the chart stands on: gaps between slices, halos.
    pub surface: String,
    /// Marks of the rest of a top-N.
    pub rest: String,
    /// The single colour of marks without a colour encoding, and of emphasis.
    pub accent: String,
    /// Paint behind the whole drawing; `None` leaves the page's own surface.
    pub background: Option<String>,
    /// CSS `font-family` of all text.
    pub font: String,
    /// Widths that measure the text.
    pub widths: WidthTable,
    /// Axis and legend labels, in px.
    pub label_size_px: f64,
    /// Axis and legend titles, in px.
    pub title_size_px: f64,
    /// The chart's own title, in px.
    pub heading_size_px: f64,
    /// Rounding of the value end of bars, in px.
    pub bar_radius_px: f64,
}

impl Theme {
    /// Literal colours on a light surface, for exports.
    pub fn light() -> Theme {
        Theme {
            ink: "#1c2024".into(),
            ink_muted: "#60646c".into(),
            grid: "#e4e6ea".into(),
            surface: "#ffffff".into(),
            rest: "#8b929d".into(),
            background: Some("#ffffff".into()),
            sequential: list(&["#e3eefb", "#b3d0f2", "#7eaee6", "#4a8ad4", "#2566b3", "#12437f"]),
            steps: list(&["#e3eefb", "#b3d0f2", "#7eaee6", "#3f7fcc", "#2566b3", "#12437f"]),
            good: "#1f7a47".into(),
            warning: "#b45309".into(),
            bad: "#c2313a".into(),
            diverging: list(&[
                "#b3471d", "#df8a54", "#f3cdb0", "#f1f1ef", "#b3d0f2", "#5b95d8", "#1f5aa3",
            ]),
            ..Theme::base(
                CATEGORICAL.iter().map(|c| (*c).to_owned()).collect(),
                CATEGORICAL[0].to_owned(),
            )
        }
    }

    /// Literal colours on a dark surface, for exports.
    pub fn dark() -> Theme {
        Theme {
            ink: "#edeef0".into(),
            ink_muted: "#a0a4ad".into(),
            grid: "#2f333a".into(),
            surface: "#16181d".into(),
            rest: "#7d8591".into(),
            background: Some("#16181d".into()),
            sequential: list(&["#16304f", "#1d4a80", "#2a6bb5", "#4a8ad4", "#7eaee6", "#c2daf6"]),
            steps: list(&["#16304f", "#1d4a80", "#2463a8", "#5e9ae0", "#8fbaf0", "#c2daf6"]),
            good: "#4fbf83".into(),
            warning: "#e0a13f".into(),
            bad: "#f0727a".into(),
            diverging: list(&[
                "#f0a574", "#c9703a", "#7d4526", "#363a41", "#2b4f7e", "#4a8ad4", "#a6c8f0",
            ]),
            ..Theme::base(
                CATEGORICAL.iter().map(|c| (*c).to_owned()).collect(),
                CATEGORICAL[0].to_owned(),
            )
        }
    }

    /// CSS variables (`--chart-1` to `--chart-10`, `--chart-ink`, `--chart-ink-muted`, `--chart-grid`, `--chart-surface`,
    /// `--chart-rest`, `--chart-accent`, `--chart-step-1` to `--chart-step-6`, `--chart-good`, `--chart-warning`,
    /// `--chart-bad`) with the light values as fall-back, so that a page switches its look without drawing again.
    pub fn css() -> Theme {
        let light = Theme::light();
        let token = |name: &str, fall_back: &str| format!("var(--chart-{name}, {fall_back})");
        let categorical = light
            .categorical
            .iter()
            .enumerate()
            .map(|(i, c)| token(&(i + 1).to_string(), c))
            .collect();
        Theme {
            categorical,
            steps: light
                .steps
                .iter()
                .enumerate()
                .map(|(i, c)| token(&format!("step-{}", i + 1), c))
                .collect(),
            good: token("good", &light.good),
            warning: token("warning", &light.warning),
            bad: token("bad", &light.bad),
            ink: token("ink", &light.ink),
            ink_muted: token("ink-muted", &light.ink_muted),
            grid: token("grid", &light.grid),
            surface: token("surface", &light.surface),
            rest: token("rest", &light.rest),
            accent: token("accent", &light.accent),
            background: None,
            ..light
        }
    }

    fn base(categorical: Vec<String>, accent: String) -> Theme {
        Theme {
            categorical,
            accent,
            sequential: Vec::new(),
            diverging: Vec::new(),
            steps: Vec::new(),
            good: String::new(),
            warning: String::new(),
            bad: String::new(),
            ink: String::new(),
            ink_muted: String::new(),
            grid: String::new(),
            surface: String::new(),
            rest: String::new(),
            background: None,
            font: "Inter, system-ui, sans-serif".into(),
            widths: WidthTable::Inter,
            label_size_px: 12.0,
            title_size_px: 12.0,
            heading_size_px: 14.0,
            bar_radius_px: 2.0,
        }
    }
}

/// Ten hues whose contrast is at least 3:1 on white and on the dark surface.
const CATEGORICAL: [&str; 10] = [
    "#3b74d9", "#d9622b", "#159f8c", "#b0529f", "#8f8a12", "#8b6be0", "#d2476a", "#3f9c46", "#2a93c4", "#8a7768",
];

/// The configuration a specification is read over: Vega-Lite's defaults, or the theme's.
pub(crate) fn config(theme: Option<&Theme>) -> Box<Config> {
    let mut config = Box::new(DEFAULTS.clone());
    config.strays_in_corner = theme.is_none();
    config.numbered_entries = theme.is_some();
    if let Some(theme) = theme {
        theme.apply(&mut config);
    }
    config
}

/// What Vega-Lite says of all drawings; it never changes, so that they share it.
static DEFAULTS: LazyLock<Config> = LazyLock::new(|| {
    let rect = MarkDef {
        bin_spacing: Some(0.0),
        continuous_band_size: Some(5.0),
        min_band_size: Some(0.25),
        time_unit_band_position: Some(0.5),
        ..MarkDef::default()
    };
    let bar = MarkDef {
        bin_spacing: Some(1.0),
        ..rect.clone()
    };
    let tick = MarkDef {
        thickness: Some(1.0),
        ..rect.clone()
    };
    let black = Arc::new(MarkDef {
        color: Some(Paint::css("black")),
        ..MarkDef::default()
    });
    Config {
        background: Some(Paint::css("white")),
        mark: Arc::new(MarkDef {
            color: Some(Paint::css("#4c78a8")),
            time_unit_band_size: Some(1.0),
            ..MarkDef::default()
        }),
        marks: vec![
            (MarkKind::Bar, Arc::new(bar)),
            (MarkKind::Rect, Arc::new(rect)),
            (MarkKind::Tick, Arc::new(tick)),
            (MarkKind::Rule, black.clone()),
            (MarkKind::Text, black),
        ],
        ..Config::default()
    }
});

impl Theme {
    fn apply(&self, config: &mut Config) {
        let text = |css: &str| Some(Paint::css(css));
        let font: Arc<str> = Arc::from(self.font.as_str());
        let letters = |size: f64, bold: bool, color: &str| {
            Arc::new(MarkDef {
                font: Some(font.clone()),
                font_size: Some(size),
                font_weight: Some(bold),
                fill: text(color),
                ..MarkDef::default()
            })
        };
        config.background = Some(self.background.as_deref().map_or(Paint::None, Paint::css));
        config.font = Some(font.clone());
        config.widths = self.widths;
        Arc::make_mut(&mut config.mark).color = text(&self.accent);
        config.set_mark(
            MarkKind::Bar,
            MarkDef {
                corner_radius_end: Some(self.bar_radius_px),
                ..MarkDef::default()
            },
        );
        config.set_mark(
            MarkKind::Text,
            MarkDef {
                color: text(&self.ink),
                font_size: Some(self.label_size_px),
                ..MarkDef::default()
            },
        );
        config.set_mark(
            MarkKind::Rule,
            MarkDef {
                color: text(&self.ink_muted),
                ..MarkDef::default()
            },
        );
        config.set_mark(
            MarkKind::Arc,
            MarkDef {
                stroke: text(&self.surface),
                stroke_width: Some(1.0),
                ..MarkDef::default()
            },
        );
        config.styles = vec![
            (
                Arc::from("guide-label"),
                letters(self.label_size_px, false, &self.ink_muted),
            ),
            (
                Arc::from("guide-title"),
                letters(self.title_size_px, true, &self.ink_muted),
            ),
            (Arc::from("group-title"), letters(self.heading_size_px, true, &self.ink)),
            (
                Arc::from("group-subtitle"),
                letters(self.label_size_px, false, &self.ink_muted),
            ),
        ];
        config.view.stroke = Some(Paint::None);
        let axis = Axis {
            domain: Some(false),
            ticks: Some(false),
            label_padding: Some(6.0),
            grid_color: text(&self.grid),
            title_padding: Some(8.0),
            ..Axis::default()
        };
        // Names are left out where they would lie over each other.
        let names = Axis {
            label_overlap: Some(Overlap::Parity),
            ..Axis::default()
        };
        config.axes = vec![(Arc::from("axis"), axis), (Arc::from("axisDiscrete"), names)];
        let values = |list: &[String]| Some(RangeChoice::Values(list.iter().map(|c| Value::text(c)).collect()));
        config.range.category = values(&self.categorical);
        config.range.ordinal = values(&self.sequential);
        config.range.ramp = values(&self.sequential);
        config.range.heatmap = values(&self.sequential);
        config.range.diverging = values(&self.diverging);
    }
}

fn list(colours: &[&str]) -> Vec<String> {
    colours.iter().map(|c| (*c).to_owned()).collect()
}
