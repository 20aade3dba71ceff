//! How a number in a table looks beside being written.

use chart::visual::CellLook;

use super::tone_class;

/// Classes and the place of a bar: where its picture stands and how wide it is, as shares of the cell.
pub struct Dressed {
    pub class: String,
    pub bar: Option<(String, String)>,
}

pub fn dressed(look: &CellLook) -> Dressed {
    let mut classes: Vec<String> = Vec::new();
    if let Some(tone) = look.tone {
        classes.push(tone_class(tone).to_owned());
    }
    if let Some(step) = look.shade {
        classes.push(format!("cell--step-{step}"));
    }
    let bar = look.bar.as_ref().map(|bar| {
        classes.push("cell--bar".to_owned());
        if bar.negative {
            classes.push("cell--below".to_owned());
        }
        let width = (bar.to - bar.from).clamp(0.0, 1.0);
        // A background stands at a share of the room that it leaves.
        let at = if width < 1.0 {
            bar.from.min(bar.to) / (1.0 - width)
        } else {
            0.0
        };
        (format!("{at:.4}"), format!("{width:.4}"))
    });
    Dressed {
        class: classes.join(" "),
        bar,
    }
}
