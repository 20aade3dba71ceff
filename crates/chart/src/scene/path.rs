//! Outlines as SVG path data, written as they are drawn.

use std::fmt::Write as _;

/// Path data with coordinates of at most three decimals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    pub d: String,
}

impl Path {
    pub fn move_to(&mut self, x: f64, y: f64) -> &mut Self {
        self.point('M', x, y)
    }

    pub fn line_to(&mut self, x: f64, y: f64) -> &mut Self {
        self.point('L', x, y)
    }

    pub fn horizontal(&mut self, dx: f64) -> &mut Self {
        self.d.push('h');
        number(&mut self.d, dx);
        self
    }

    pub fn vertical(&mut self, dy: f64) -> &mut Self {
        self.d.push('v');
        number(&mut self.d, dy);
        self
    }

    pub fn curve_to(&mut self, a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> &mut Self {
        self.point('C', a.0, a.1);
        self.d.push(',');
        pair(&mut self.d, b);
        self.d.push(',');
        pair(&mut self.d, c);
        self
    }

    /// A circular arc to a point.
    pub fn arc_to(&mut self, radius: f64, large: bool, clockwise: bool, x: f64, y: f64) -> &mut Self {
        self.d.push('A');
        pair(&mut self.d, (radius, radius));
        let _ = write!(self.d, ",0,{},{},", u8::from(large), u8::from(clockwise));
        pair(&mut self.d, (x, y));
        self
    }

    pub fn close(&mut self) -> &mut Self {
        self.d.push('Z');
        self
    }

    pub fn is_empty(&self) -> bool {
        self.d.is_empty()
    }

    fn point(&mut self, command: char, x: f64, y: f64) -> &mut Self {
        self.d.push(command);
        pair(&mut self.d, (x, y));
        self
    }
}

fn pair(out: &mut String, (x, y): (f64, f64)) {
    number(out, x);
    out.push(',');
    number(out, y);
}

/// Writes a coordinate: at most three decimals, no exponent, no negative zero.
pub fn number(out: &mut String, value: f64) {
    if !value.is_finite() {
        out.push('0');
        return;
    }
    let scaled = crate::math::round(value.clamp(-1e12, 1e12) * 1000.0);
    let mut whole = scaled as i64;
    if whole < 0 {
        out.push('-');
        whole = -whole;
    }
    let _ = write!(out, "{}", whole / 1000);
    let mut rest = whole % 1000;
    if rest > 0 {
        out.push('.');
        let mut unit = 100;
        while rest > 0 {
            out.push(char::from(b'0' + u8::try_from(rest / unit).unwrap_or(0)));
            rest %= unit;
            unit /= 10;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn writes_short_numbers() {
        for (value, text) in [
            (1.0, "1"),
            (-0.0001, "0"),
            (0.5, "0.5"),
            (-12.3456, "-12.346"),
            (1e20, "1000000000000"),
            (3.05, "3.05"),
        ] {
            let mut out = String::new();
            number(&mut out, value);
            assert_eq!(out, text);
        }
    }
}
