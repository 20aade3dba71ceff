//! Numbers in the ways people write them.

/// How a number is written: which sign is the decimal point, and whether thousands are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// `1234.5`
    Point,
    /// `1234,5`
    Comma,
    /// `1,234.5`; every number of four digits or more is grouped.
    GroupedPoint,
    /// `1.234,5`; likewise.
    GroupedComma,
}

impl Style {
    pub const ALL: [Self; 4] = [Self::Point, Self::Comma, Self::GroupedPoint, Self::GroupedComma];

    const fn point(self) -> u8 {
        match self {
            Self::Point | Self::GroupedPoint => b'.',
            Self::Comma | Self::GroupedComma => b',',
        }
    }

    const fn group(self) -> Option<u8> {
        match self {
            Self::Point | Self::Comma => None,
            Self::GroupedPoint => Some(b','),
            Self::GroupedComma => Some(b'.'),
        }
    }
}

/// What a number looks like in one style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub sign: Option<u8>,
    /// Digits before the point, group signs not counted.
    pub whole_digits: u32,
    /// Digits after the point.
    pub fraction_digits: u32,
    pub has_point: bool,
    pub has_exponent: bool,
    pub has_groups: bool,
    /// `007`, `00.5`: an identifier, whose zeros a number would lose.
    pub has_leading_zeros: bool,
}

/// The shape of `text` in `style`, or `None` when it is no such number. Neither `NaN` nor `inf` is one.
pub fn shape(text: &str, style: Style) -> Option<Shape> {
    let bytes = text.as_bytes();
    let (sign, digits) = match bytes {
        [sign @ (b'-' | b'+'), rest @ ..] => (Some(*sign), rest),
        rest => (None, rest),
    };
    let mut shape = Shape {
        sign,
        whole_digits: 0,
        fraction_digits: 0,
        has_point: false,
        has_exponent: false,
        has_groups: false,
        has_leading_zeros: starts_with_zeros(digits, style),
    };
    let mut since_group: Option<u32> = None;
    let mut places = digits.iter().enumerate();
    for (place, byte) in places.by_ref() {
        match *byte {
            b'0'..=b'9' if shape.has_point => shape.fraction_digits += 1,
            b'0'..=b'9' => {
                shape.whole_digits += 1;
                since_group = since_group.map(|count| count + 1);
            }
            byte if byte == style.point() && !shape.has_point => {
                if since_group.is_some_and(|count| count != 3) {
                    return None;
                }
                shape.has_point = true;
            }
            byte if Some(byte) == style.group() && !shape.has_point => {
                let well_placed = match since_group {
                    None => (1..=3).contains(&shape.whole_digits),
                    Some(count) => count == 3,
                };
                if !well_placed {
                    return None;
                }
                shape.has_groups = true;
                since_group = Some(0);
            }
            b'e' | b'E' if style.group().is_none() => {
                let exponent = digits.get(place + 1..)?;
                let exponent = exponent
                    .strip_prefix(b"-")
                    .or_else(|| exponent.strip_prefix(b"+"))
                    .unwrap_or(exponent);
                let is_number = !exponent.is_empty() && exponent.len() <= 4 && exponent.iter().all(u8::is_ascii_digit);
                shape.has_exponent = true;
                return (is_number && shape.whole_digits + shape.fraction_digits > 0).then_some(shape);
            }
            _ => return None,
        }
    }
    let groups_end_well = since_group.is_none_or(|count| count == 3 || shape.has_point);
    let grouped_enough = style.group().is_none() || shape.has_groups || shape.whole_digits <= 3;
    (shape.whole_digits + shape.fraction_digits > 0 && groups_end_well && grouped_enough).then_some(shape)
}

/// `00…` or `0` followed by a digit or group; `0.5` does not count.
fn starts_with_zeros(digits: &[u8], style: Style) -> bool {
    match digits {
        [b'0', next, ..] => next.is_ascii_digit() || Some(*next) == style.group(),
        _ => false,
    }
}

/// A whole number that fits 64 bits; `digits` may have a sign and, in a grouped style, group signs.
pub fn parse_integer(text: &str, style: Style) -> Option<i64> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut value: i64 = 0;
    let mut seen = false;
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                seen = true;
                // Counted downwards, since the negative range is one larger.
                value = value.checked_mul(10)?.checked_sub(i64::from(byte - b'0'))?;
            }
            byte if Some(*byte) == style.group() => {}
            _ => return None,
        }
    }
    match (seen, negative) {
        (false, _) => None,
        (true, true) => Some(value),
        (true, false) => value.checked_neg(),
    }
}

/// A finite floating-point number.
pub fn parse_number(text: &str, style: Style) -> Option<f64> {
    let value: f64 = match style {
        Style::Point => text.parse().ok()?,
        Style::Comma | Style::GroupedPoint | Style::GroupedComma => plain(text, style).parse().ok()?,
    };
    value.is_finite().then_some(value)
}

/// The number times 10^`scale`, exact; `None` when it has more places or does not fit 38 digits.
pub fn parse_decimal(text: &str, style: Style, scale: u32) -> Option<i128> {
    let mut value: i128 = 0;
    let mut places: Option<u32> = None;
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                if places == Some(scale) {
                    // A place more than the scale is only welcome when it is 0.
                    if *byte != b'0' {
                        return None;
                    }
                    continue;
                }
                value = value.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
                places = places.map(|count| count + 1);
            }
            byte if *byte == style.point() && places.is_none() => places = Some(0),
            byte if Some(*byte) == style.group() => {}
            _ => return None,
        }
    }
    if !digits.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let missing = scale - places.unwrap_or(0);
    value = value.checked_mul(10_i128.checked_pow(missing)?)?;
    const LARGEST: i128 = 99_999_999_999_999_999_999_999_999_999_999_999_999;
    (value <= LARGEST).then_some(if negative { -value } else { value })
}

/// Does a floating-point number give the same digits back? Up to 15 significant ones always do.
pub fn survives_floating_point(text: &str, style: Style, shape: Shape) -> bool {
    if shape.whole_digits + shape.fraction_digits <= 15 {
        return true;
    }
    let plain = plain(text, style);
    let significant = |text: &str| -> String {
        let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        digits.trim_start_matches('0').trim_end_matches('0').to_owned()
    };
    plain
        .parse::<f64>()
        .is_ok_and(|value| significant(&format!("{value:e}")) == significant(&plain))
}

/// With a point and without groups.
fn plain(text: &str, style: Style) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if u8::try_from(letter).is_ok_and(|byte| Some(byte) == style.group()) {
            continue;
        }
        plain.push(if u8::try_from(letter) == Ok(style.point()) {
            '.'
        } else {
            letter
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers() {
        for text in ["0", "-5", "+5", "12.5", ".5", "5.", "1e5", "-1.5E-3"] {
            assert!(shape(text, Style::Point).is_some(), "{text}");
        }
        for text in [
            "", "-", ".", "1.2.3", "1e", "e5", "NaN", "inf", "0x10", "1 000", "1_000", "5-", "--5", "1,5", "٣",
        ] {
            assert!(shape(text, Style::Point).is_none(), "{text}");
        }
    }

    #[test]
    fn leading_zeros_are_told_apart() {
        for (text, zeros) in [
            ("007", true),
            ("00", true),
            ("-01.5", true),
            ("0", false),
            ("0.5", false),
            ("-0.05", false),
            ("10", false),
        ] {
            assert_eq!(shape(text, Style::Point).unwrap().has_leading_zeros, zeros, "{text}");
        }
    }

    #[test]
    fn groups_must_be_consistent() {
        for text in ["1,234", "12,345.67", "999", "1,234,567", "0.5", "-1,000"] {
            assert!(shape(text, Style::GroupedPoint).is_some(), "{text}");
        }
        for text in ["1234", "1,23", ",123", "12,34,567", "1,234,", "1234,567"] {
            assert!(shape(text, Style::GroupedPoint).is_none(), "{text}");
        }
        assert_eq!(parse_number("1.234.567,25", Style::GroupedComma), Some(1_234_567.25));
        assert_eq!(parse_integer("1.234.567", Style::GroupedComma), Some(1_234_567));
        assert_eq!(parse_number("-0,5", Style::Comma), Some(-0.5));
    }

    #[test]
    fn integers_keep_64_bits() {
        assert_eq!(parse_integer("9223372036854775807", Style::Point), Some(i64::MAX));
        assert_eq!(parse_integer("-9223372036854775808", Style::Point), Some(i64::MIN));
        assert_eq!(parse_integer("9223372036854775808", Style::Point), None);
        assert_eq!(parse_integer("-", Style::Point), None);
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(parse_decimal("-12.30", Style::Point, 2), Some(-1230));
        assert_eq!(parse_decimal("12", Style::Point, 2), Some(1200));
        assert_eq!(parse_decimal("12.345", Style::Point, 2), None);
        assert_eq!(parse_decimal("12.3400", Style::Point, 2), Some(1234));
        assert_eq!(
            parse_decimal("123456789012345678.123456789", Style::Point, 9),
            Some(123_456_789_012_345_678_123_456_789)
        );
        assert_eq!(parse_decimal(&"9".repeat(39), Style::Point, 0), None);
    }

    #[test]
    fn digits_that_floating_point_keeps() {
        let survives = |text: &str| survives_floating_point(text, Style::Point, shape(text, Style::Point).unwrap());
        assert!(survives("0.1"));
        assert!(survives("-73.98765432101234"));
        assert!(survives("0.30000000000000004"));
        assert!(!survives("12345678901234567.89"));
        assert!(!survives("0.123456789012345678901"));
    }
}
