//! Colours with a meaning, as classes.

use shared::visual::Tone;

pub const fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "tone--good",
        Tone::Warning => "tone--warning",
        Tone::Bad => "tone--bad",
        Tone::Accent => "tone--accent",
        Tone::Muted => "tone--muted",
    }
}
