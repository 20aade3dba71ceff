//! CSS colours as numbers.

use std::borrow::Cow;

use crate::ExportError;

/// Red, green and blue from 0 to 255, opacity from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
    pub opacity: f32,
}

/// Reads a CSS colour by the rules that the pixels are painted by; `None` paints nothing, as an unreadable colour does in a browser.
pub fn read(css: &str) -> Option<Colour> {
    let colour = match svgtypes::Paint::from_str(css).ok()? {
        svgtypes::Paint::Color(colour) => colour,
        svgtypes::Paint::CurrentColor => svgtypes::Color::black(),
        svgtypes::Paint::None
        | svgtypes::Paint::Inherit
        | svgtypes::Paint::FuncIRI(..)
        | svgtypes::Paint::ContextFill
        | svgtypes::Paint::ContextStroke => return None,
    };
    Some(Colour {
        red: colour.red,
        green: colour.green,
        blue: colour.blue,
        opacity: f32::from(colour.alpha) / 255.0,
    })
}

/// Whether a page has to say what the colour is.
pub fn is_variable(css: &str) -> bool {
    css.contains("var(")
}

/// The colour without variables: what `var(--name, colour)` falls back to.
///
/// # Errors
/// [`ExportError::Variable`] when there is nothing to fall back to.
pub fn literal(css: &str) -> Result<Cow<'_, str>, ExportError> {
    if !is_variable(css) {
        return Ok(Cow::Borrowed(css));
    }
    let mut rest = css.trim();
    while let Some(inside) = rest.strip_prefix("var(").and_then(|text| text.strip_suffix(')')) {
        let Some((_, fall_back)) = inside.split_once(',') else {
            break;
        };
        rest = fall_back.trim();
    }
    if is_variable(rest) {
        return Err(ExportError::Variable(css.to_owned()));
    }
    Ok(Cow::Borrowed(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_css_writes() {
        let full = |red, green, blue| {
            Some(Colour {
                red,
                green,
                blue,
                opacity: 1.0,
            })
        };
        assert_eq!(read("steelblue"), full(70, 130, 180));
        assert_eq!(read(" #fa0 "), full(255, 170, 0));
        assert_eq!(read("rgb(1, 2, 3)"), full(1, 2, 3));
        assert_eq!(read("hsl(120, 100%, 25%)"), full(0, 128, 0));
        assert_eq!(read("rgba(10, 20, 30, 0.2)").map(|c| c.opacity), Some(0.2));
        assert_eq!(read("transparent").map(|c| c.opacity), Some(0.0));
        assert_eq!(read("none"), None);
        assert_eq!(read("no colour at all"), None);
        assert_eq!(read("url(https://example.org/x#a)"), None);
    }

    #[test]
    fn variables_fall_back() {
        assert_eq!(literal("var(--chart-1, #3b74d9)").unwrap(), "#3b74d9");
        assert_eq!(literal("var(--a, var(--b, rgb(1, 2, 3)))").unwrap(), "rgb(1, 2, 3)");
        assert_eq!(literal("red").unwrap(), "red");
        for bare in ["var(--chart-1)", "var(--a, var(--b))", "rgb(var(--a), 0, 0)"] {
            assert!(matches!(literal(bare), Err(ExportError::Variable(_))), "{bare}");
        }
    }
}
