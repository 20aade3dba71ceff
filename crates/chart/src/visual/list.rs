//! Lines of a list: a name at the left, a picture in the middle, figures at the right. What has no room is left out: figures
//! from the last on, then lines, whose number is told instead.

use super::{
    bands::text_px,
    plane::{Plane, Word, shortened},
};
use crate::Theme;

/// Lines are never lower, in px: less cannot be read.
const LEAST_LINE_PX: f64 = 14.0;
/// Room between a name, the picture and figures, in px.
const GAP_PX: f64 = 12.0;
const LONGEST_NAME_PX: f64 = 180.0;
/// What a name may take of the width, and what the picture keeps of it beside figures.
const NAME_SHARE: f64 = 0.34;
const PICTURE_SHARE: f64 = 0.4;
/// Lines of at least this height leave room for words above the figures, in px.
const HEADED_LINE_PX: f64 = 22.0;
const HEAD_PX: f64 = 18.0;
const HEAD_LETTERS_PX: f64 = 11.0;

pub(super) struct Line {
    pub name: String,
    /// From the most to the least important; the first is the value itself.
    pub figures: Vec<String>,
}

/// Where everything is, in px.
pub(super) struct List {
    /// Lines that are drawn, from the first on.
    pub shown: usize,
    pub line_px: f64,
    pub picture: (f64, f64),
    top_px: f64,
    name_px: f64,
    letters_px: f64,
    /// Right ends of the figures that are drawn.
    figures: Vec<f64>,
    headed: bool,
}

impl List {
    /// `heads` are words above the figures; lines are never higher than `most_px`.
    pub fn of(plane: &Plane, lines: &[Line], heads: &[&str], most_px: f64) -> Self {
        let count = lines.len();
        let fitting = (plane.height_px / LEAST_LINE_PX).floor().max(1.0) as usize;
        let shown = if count > fitting {
            fitting.saturating_sub(1).max(1)
        } else {
            count
        };
        let drawn = (shown + usize::from(shown < count)).max(1) as f64;
        let roomy = (plane.height_px - HEAD_PX) / drawn >= HEADED_LINE_PX;
        let letters_px = if plane.height_px / drawn < LEAST_LINE_PX + 2.0 {
            11.0
        } else {
            12.0
        };
        let visible = || lines.iter().take(shown);
        let longest = visible()
            .map(|line| text_px(&line.name, letters_px))
            .fold(0.0, f64::max);
        let name_px = longest.min(LONGEST_NAME_PX).min(plane.width_px * NAME_SHARE);
        let from = if name_px > 0.0 { name_px + GAP_PX } else { 0.0 };
        let widths = (0..visible().map(|line| line.figures.len()).max().unwrap_or_default()).map(|index| {
            let widest = visible()
                .filter_map(|line| line.figures.get(index))
                .map(|figure| text_px(figure, letters_px))
                .fold(0.0, f64::max);
            let head = heads.get(index).filter(|_| roomy && widest > 0.0);
            head.map_or(widest, |head| widest.max(text_px(head, HEAD_LETTERS_PX)))
        });
        let mut room = plane.width_px - from;
        let kept: Vec<f64> = widths
            .take_while(|width| {
                room -= width + GAP_PX;
                *width > 0.0 && room >= plane.width_px * PICTURE_SHARE
            })
            .collect();
        // Room above is for the words of figures that are drawn.
        let headed = roomy && heads.iter().zip(&kept).any(|(head, _)| !head.is_empty());
        let head_px = if headed { HEAD_PX } else { 0.0 };
        let line_px = ((plane.height_px - head_px) / drawn).min(most_px);
        let taken: f64 = kept.iter().map(|width| width + GAP_PX).sum();
        let picture = (from, (plane.width_px - taken).max(from + 1.0));
        let mut right = picture.1;
        let figures = kept
            .iter()
            .map(|width| {
                right += GAP_PX + width;
                right
            })
            .collect();
        Self {
            shown,
            line_px,
            picture,
            top_px: head_px + (plane.height_px - head_px - line_px * drawn) / 2.0,
            name_px,
            letters_px,
            figures,
            headed,
        }
    }

    /// The middle of a line.
    pub fn middle(&self, index: usize) -> f64 {
        self.top_px + self.line_px * (index as f64 + 0.5)
    }

    pub fn words(&self, theme: &Theme, lines: &[Line], heads: &[&str]) -> Vec<Word> {
        let mut words = Vec::new();
        for (index, line) in lines.iter().take(self.shown).enumerate() {
            let y = self.middle(index);
            let name = shortened(&line.name, self.letters_px, false, self.name_px);
            words.push(Word::new(0.0, y, name, &theme.ink_muted).size(self.letters_px));
            for (position, (right, figure)) in self.figures.iter().zip(&line.figures).enumerate() {
                let color = if position == 0 { &theme.ink } else { &theme.ink_muted };
                words.push(Word::new(*right, y, figure, color).align("right").size(self.letters_px));
            }
        }
        if self.headed {
            words.extend(self.figures.iter().zip(heads).map(|(right, head)| {
                Word::new(*right, self.top_px - HEAD_PX / 2.0, *head, &theme.ink_muted)
                    .align("right")
                    .size(HEAD_LETTERS_PX)
            }));
        }
        if self.shown < lines.len() {
            let rest = format!("and {} more", lines.len() - self.shown);
            words.push(Word::new(0.0, self.middle(self.shown), rest, &theme.ink_muted).size(self.letters_px));
        }
        words
    }
}
