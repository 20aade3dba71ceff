//! Numbers that people write with few digits, without the general and slow way to their digits.

use super::digits::{digit, write_whole};

/// A number as its decimal digits and where the point stands: `1250` and 2 for 12.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Without zeros at the end of the fraction.
    pub digits: u64,
    /// How many of the digits stand after the point.
    pub places: usize,
}

/// Any decimal of so many digits is another floating point number, so that the one found is the shortest there is.
const LIMIT: i64 = 1_000_000_000_000_000;
const POWERS: [u32; 5] = [1, 10, 100, 1000, 10_000];

impl Decimal {
    /// The shortest decimal that reads as this number. `None` for negative numbers, and where it takes more than four places or
    /// fifteen digits.
    pub fn of(value: f64) -> Option<Decimal> {
        if !(0.0..LIMIT as f64).contains(&value) {
            return None;
        }
        for (places, power) in POWERS.into_iter().enumerate() {
            let power = f64::from(power);
            // Rounded without a call; halves do not matter, as no decimal of so few digits comes out as one.
            let scaled = (value * power + 0.5) as i64;
            if scaled >= LIMIT {
                return None;
            }
            // Both are whole and exact: their quotient is the floating point number next to the decimal.
            if scaled as f64 / power == value {
                return Some(Decimal {
                    digits: scaled as u64,
                    places,
                });
            }
        }
        None
    }

    /// How many digits there are from the first that is not zero; one for zero itself.
    pub fn length(self) -> usize {
        self.digits.checked_ilog10().map_or(1, |exponent| exponent as usize + 1)
    }

    /// Writes it with at least so many places, and groups of three before the point where wanted.
    pub fn write(self, out: &mut String, places: usize, grouped: bool) {
        if self.places == 0 {
            write_whole(out, self.digits, grouped);
            if places > 0 {
                out.push('.');
                (0..places).for_each(|_| out.push('0'));
            }
            return;
        }
        let power = 10_u64.pow(self.places as u32);
        let (whole, fraction) = (self.digits / power, self.digits % power);
        write_whole(out, whole, grouped);
        out.push('.');
        let mut rest = fraction;
        let mut unit = power / 10;
        while unit > 0 {
            out.push(digit(rest / unit));
            rest %= unit;
            unit /= 10;
        }
        for _ in self.places..places {
            out.push('0');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn it_is_the_shortest_decimal() {
        for value in [
            0.0,
            1.0,
            0.1,
            12.5,
            0.0625,
            1234567.25,
            99_999_999_999_999.0,
            3.5e-3,
            70_000.0,
        ] {
            let mut text = String::new();
            Decimal::of(value).expect("few digits").write(&mut text, 0, false);
            assert_eq!(text, format!("{value}"));
        }
        let mut state = 1_u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let value = (state >> 33) as f64 / 10_f64.powi((state % 7) as i32);
            if let Some(decimal) = Decimal::of(value) {
                let mut text = String::new();
                decimal.write(&mut text, 0, false);
                assert_eq!(text, format!("{value}"));
            }
        }
        for value in [0.1 + 0.2, 1.0 / 3.0, 1e15, -1.0, f64::NAN, f64::INFINITY, 1.00001] {
            assert_eq!(Decimal::of(value), None);
        }
    }

    #[test]
    fn places_are_filled_and_digits_grouped() {
        let written = |value: f64, places, grouped| {
            let mut text = String::new();
            Decimal::of(value)
                .expect("few digits")
                .write(&mut text, places, grouped);
            text
        };
        assert_eq!(written(1_234_567.5, 2, true), "1,234,567.50");
        assert_eq!(written(1000.0, 0, true), "1,000");
        assert_eq!(written(100.0, 1, true), "100.0");
        assert_eq!(written(0.05, 0, true), "0.05");
    }
}
