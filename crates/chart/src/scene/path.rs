//! Outlines as SVG path data, written as they are drawn.

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
    let scaled = crate::math::round(value.clamp(-1e12, 1e12) * 1000.0) as i64;
    if scaled < 0 {
        out.push('-');
    }
    let thousandths = scaled.unsigned_abs();
    whole_number(out, thousandths / 1000);
    let fraction = thousandths % 1000;
    if fraction > 0 {
        out.push('.');
        // Without the zeros at the end.
        out.push(digit(fraction / 100));
        if !fraction.is_multiple_of(100) {
            out.push(digit(fraction / 10 % 10));
        }
        if !fraction.is_multiple_of(10) {
            out.push(digit(fraction % 10));
        }
    }
}

/// Most coordinates have up to three digits before the point.
fn whole_number(out: &mut String, whole: u64) {
    if whole >= 1000 {
        whole_number(out, whole / 1000);
    }
    if whole >= 100 {
        out.push(digit(whole / 100 % 10));
    }
    if whole >= 10 {
        out.push(digit(whole / 10 % 10));
    }
    out.push(digit(whole % 10));
}

fn digit(digit: u64) -> char {
    char::from(b'0' + (digit % 10) as u8)
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
