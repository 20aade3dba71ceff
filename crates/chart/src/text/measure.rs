//! Advance widths and cutting to a limit.

use crate::theme::WidthTable;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What decides a text's width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Font {
    pub table: WidthTable,
    pub size_px: f64,
    pub bold: bool,
    pub mono: bool,
}

/// Thousandths of the font size by character: a list for ASCII, a map for the rest.
struct Table {
    regular: Widths,
    bold: Widths,
}

struct Widths {
    ascii: [u16; 128],
    other: HashMap<char, u16>,
}

fn widths(json: &serde_json::Value, weight: &str) -> Widths {
    let mut table = Widths {
        ascii: [556; 128],
        other: HashMap::new(),
    };
    for (key, value) in json.get(weight).and_then(|v| v.as_object()).into_iter().flatten() {
        let (Some(c), Some(w)) = (key.chars().next(), value.as_f64()) else {
            continue;
        };
        match table.ascii.get_mut(c as usize) {
            Some(slot) => *slot = w as u16,
            None => {
                table.other.insert(c, w as u16);
            }
        }
    }
    table
}

fn load(text: &str) -> Table {
    let json = serde_json::from_str(text).unwrap_or_default();
    Table {
        regular: widths(&json, "regular"),
        bold: widths(&json, "bold"),
    }
}

fn table(which: WidthTable) -> &'static Table {
    static SANS: OnceLock<Table> = OnceLock::new();
    static INTER: OnceLock<Table> = OnceLock::new();
    match which {
        WidthTable::SansSerif => SANS.get_or_init(|| load(include_str!("sans_serif_widths.json"))),
        WidthTable::Inter => INTER.get_or_init(|| load(include_str!("inter_widths.json"))),
    }
}

/// Width of one line in px.
pub fn width(text: &str, font: Font) -> f64 {
    let table = table(font.table);
    let widths = if font.bold { &table.bold } else { &table.regular };
    let mut sum: u32 = 0;
    for c in text.chars() {
        sum += if font.mono {
            600
        } else if let Some(w) = widths.ascii.get(c as usize) {
            u32::from(*w)
        } else if let Some(w) = widths.other.get(&c) {
            u32::from(*w)
        } else if c as u32 >= 0x2e80 {
            1000
        } else {
            556
        };
    }
    f64::from(sum) * font.size_px / 1000.0
}

/// Cuts lines to a limit in px (0 = no limit) and says how wide the widest is.
pub fn cut_lines(lines: &mut [String], font: Font, limit: f64) -> f64 {
    let widths = lines.iter_mut().map(|line| cut_line(line, font, limit));
    widths.fold(0.0, f64::max)
}

/// Cuts a text to a limit in px (0 = no limit) with `…` at its end, and gives the width that counts in layout.
pub fn cut_line(text: &mut String, font: Font, limit: f64) -> f64 {
    let full = width(text, font);
    if limit <= 0.0 || full < limit {
        return full;
    }
    let room = limit - width("…", font);
    let chars: Vec<char> = text.chars().collect();
    let (mut lo, mut hi) = (0, chars.len());
    while lo < hi {
        let mid = 1 + (lo + hi) / 2;
        let head: String = chars.iter().take(mid).collect();
        if width(&head, font) < room {
            lo = mid
        } else {
            hi = mid - 1
        }
    }
    let head: String = chars.iter().take(lo).collect();
    *text = format!("{head}…");
    limit
}

#[cfg(test)]
mod tests {
    use super::{Font, cut_line, width};
    use crate::theme::WidthTable;

    const FONT: Font = Font {
        table: WidthTable::SansSerif,
        size_px: 10.0,
        bold: false,
        mono: false,
    };

    #[test]
    fn measures_and_cuts() {
        assert_eq!(width("A1", FONT), 12.23);
        let mut short = "short".to_owned();
        cut_line(&mut short, FONT, 100.0);
        assert_eq!(short, "short");
        let mut long = "a rather long label that does not fit".to_owned();
        assert_eq!(cut_line(&mut long, FONT, 60.0), 60.0);
        assert!(long.ends_with('…') && width(&long, FONT) <= 60.0);
    }
}
