//! Stage 5a: units to marks. A mark asks for its channels as values and draws from scaled pixels.

mod arc;
mod brush;
mod curve;
mod encoder;
mod geoshape;
mod image;
mod label;
mod line;
mod position;
mod rect;
mod rule;
mod span;
mod style;
mod symbol;
mod text;
mod trail;

pub use brush::brushes;
pub use encoder::Encoder;
pub use label::{format_value, title_of};
pub use rect::rounded;
pub use style::legend_symbol;
pub use symbol::symbol_path;
pub use text::is_mono;

use crate::budget;
use crate::error::{ChartError, Problem};
use crate::scene::{HitPoint, Mark};
use crate::spec::MarkKind;

/// Draws a unit; its hit points are in the coordinates of the view. A mark with `aria: false` stands for no row.
pub fn draw(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    budget::spend(encoder.table.rows.len() * budget::MARK)?;
    encoder.check_places()?;
    if encoder.unit.style.get(|mark| mark.aria) == Some(false) {
        let mut marks = draw_mark(encoder, &mut Vec::new())?;
        marks.iter_mut().for_each(Mark::stands_for_no_row);
        return Ok(marks);
    }
    draw_mark(encoder, hits)
}

fn draw_mark(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    match encoder.unit.mark {
        MarkKind::Bar | MarkKind::Rect | MarkKind::Tick => rect::draw(encoder, hits),
        MarkKind::Line | MarkKind::Area | MarkKind::Trail => line::draw(encoder, hits),
        MarkKind::Point | MarkKind::Circle | MarkKind::Square => symbol::draw(encoder, hits),
        MarkKind::Rule => rule::draw(encoder, hits),
        MarkKind::Text => text::draw(encoder, hits),
        MarkKind::Arc => arc::draw(encoder, hits),
        MarkKind::Image => image::draw(encoder, hits),
        MarkKind::Geoshape => geoshape::draw(encoder, hits),
        MarkKind::Boxplot | MarkKind::Errorbar | MarkKind::Errorband => {
            let reason = format!("the mark `{}` is not supported", encoder.unit.mark.name());
            Err(ChartError::Unsupported(vec![Problem {
                path: format!("{}.mark", encoder.unit.path),
                reason,
            }]))
        }
    }
}
