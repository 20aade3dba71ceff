//! Outlines as SVG path data, written as they are drawn.

use crate::format::digits::{digit, two_digits, write_whole};

/// Path data with coordinates of at most three decimals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    pub d: String,
}

impl Path {
    /// An empty outline with room for so many commands, which then is not made larger while it is written.
    pub fn with_room(commands: usize) -> Path {
        const COMMAND: usize = 12;
        Path {
            d: String::with_capacity(commands * COMMAND),
        }
    }

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
        self.d.push_str(match (large, clockwise) {
            (false, false) => ",0,0,0,",
            (false, true) => ",0,0,1,",
            (true, false) => ",0,1,0,",
            (true, true) => ",0,1,1,",
        });
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
    let scaled = rounded(value.clamp(-1e12, 1e12) * 1000.0);
    if scaled < 0 {
        out.push('-');
    }
    let thousandths = scaled.unsigned_abs();
    write_whole(out, thousandths / 1000, false);
    let fraction = thousandths % 1000;
    if fraction > 0 {
        out.push('.');
        // Without the zeros at the end.
        if fraction.is_multiple_of(100) {
            out.push(digit(fraction / 100));
        } else {
            out.push_str(two_digits(fraction / 10));
            if !fraction.is_multiple_of(10) {
                out.push(digit(fraction));
            }
        }
    }
}

/// [`crate::math::round`] of what a whole number holds, without a call where the processor has no instruction for it.
fn rounded(value: f64) -> i64 {
    let cut = value as i64;
    let floor = if cut as f64 > value { cut - 1 } else { cut };
    floor + i64::from(value - floor as f64 >= 0.5)
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
            (0.0, "0"),
            (10.0, "10"),
            (0.001, "0.001"),
            (-0.25, "-0.25"),
            (100.01, "100.01"),
            (1234567.125, "1234567.125"),
        ] {
            let mut out = String::new();
            number(&mut out, value);
            assert_eq!(out, text);
        }
    }
}
