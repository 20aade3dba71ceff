//! d3-format: `[[fill]align][sign][symbol][0][width][,][.precision][~][type]`.

use super::decimal::Decimal;
use crate::math;
use crate::value::number_label;

/// A parsed format specifier.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberFormat {
    fill: char,
    align: char,
    sign: char,
    symbol: Option<char>,
    zero: bool,
    width: usize,
    comma: bool,
    pub precision: Option<usize>,
    trim: bool,
    pub kind: Option<char>,
}

/// Digits up to which a decimal is the number.
const EXACT: usize = 15;
const TYPES: &str = "e%gfrpsdbocxX";
const PREFIXES: [&str; 17] = [
    "y", "z", "a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y",
];

impl NumberFormat {
    /// Reads a specifier; `None` when it is not one.
    pub fn parse(text: &str) -> Option<NumberFormat> {
        let mut chars: Vec<char> = text.chars().collect();
        let mut f = NumberFormat {
            fill: ' ',
            align: '>',
            sign: '-',
            symbol: None,
            zero: false,
            width: 0,
            comma: false,
            precision: None,
            trim: false,
            kind: None,
        };
        let is_align = |c: Option<&char>| c.is_some_and(|c| "<>=^".contains(*c));
        if is_align(chars.get(1)) {
            f.fill = *chars.first()?;
            f.align = *chars.get(1)?;
            chars.drain(..2);
        } else if is_align(chars.first()) {
            f.align = *chars.first()?;
            chars.remove(0);
        }
        let mut rest = chars.into_iter().peekable();
        if let Some(c) = rest.next_if(|c| "+-( ".contains(*c)) {
            f.sign = c;
        }
        f.symbol = rest.next_if(|c| "$#".contains(*c));
        f.zero = rest.next_if_eq(&'0').is_some();
        while let Some(d) = rest.next_if(char::is_ascii_digit) {
            f.width = (f.width * 10 + d.to_digit(10)? as usize).min(200);
        }
        f.comma = rest.next_if_eq(&',').is_some();
        if rest.next_if_eq(&'.').is_some() {
            let mut precision = 0;
            let mut digits = 0;
            while let Some(d) = rest.next_if(char::is_ascii_digit) {
                precision = (precision * 10 + d.to_digit(10)? as usize).min(100);
                digits += 1;
            }
            if digits == 0 {
                return None;
            }
            f.precision = Some(precision);
        }
        f.trim = rest.next_if_eq(&'~').is_some();
        f.kind = rest.next();
        if rest.next().is_some() || f.kind.is_some_and(|c| !TYPES.contains(c) && c != 'n') {
            return None;
        }
        match f.kind {
            Some('n') => {
                f.comma = true;
                f.kind = Some('g');
            }
            None => {
                f.precision = f.precision.or(Some(12));
                f.trim = true;
                f.kind = Some('g');
            }
            Some(_) => {}
        }
        if f.zero || (f.fill == '0' && f.align == '=') {
            f.zero = true;
            f.fill = '0';
            f.align = '=';
        }
        Some(f)
    }

    /// A number as text; NaN is `NaN`.
    pub fn format(&self, value: f64) -> String {
        let mut out = String::with_capacity(EXACT);
        self.write(&mut out, value);
        out
    }

    /// Writes a number at the end of a text.
    pub fn write(&self, out: &mut String, value: f64) {
        match self.places_of(value.abs()) {
            Some((decimal, places)) => {
                if value < 0.0 {
                    out.push('−');
                }
                if self.symbol.is_some() {
                    out.push('$');
                }
                decimal.write(out, places, self.comma);
                if self.kind == Some('%') {
                    out.push('%');
                }
            }
            None => out.push_str(&self.format_any(value)),
        }
    }

    /// The digits and the places of what needs neither rounding, nor padding, nor an exponent: most numbers in most formats.
    fn places_of(&self, value: f64) -> Option<(Decimal, usize)> {
        if self.width > 0 || self.zero || self.sign != '-' || self.symbol == Some('#') {
            return None;
        }
        let decimal = Decimal::of(if self.kind == Some('%') { value * 100.0 } else { value })?;
        let precision = self.precision.unwrap_or(6);
        let places = match self.kind {
            Some('f' | '%') => precision,
            Some('d') => 0,
            Some('g') if self.trim && decimal.length() <= precision.clamp(1, EXACT) => decimal.places,
            _ => return None,
        };
        let fits = decimal.places <= places && decimal.length() + places - decimal.places <= EXACT;
        // Beyond, digits of the binary number appear that are not in the shortest decimal.
        let exact = fits && (self.kind != Some('g') || precision <= EXACT);
        exact.then_some((decimal, if self.trim { decimal.places } else { places }))
    }

    /// The general way.
    fn format_any(&self, value: f64) -> String {
        let kind = self.kind.unwrap_or('g');
        let mut precision = self.precision.unwrap_or(6);
        precision = if "gprs".contains(kind) {
            precision.clamp(1, 21)
        } else {
            precision.min(20)
        };
        let mut prefix = String::new();
        let mut suffix = String::new();
        match self.symbol {
            Some('$') => prefix.push('$'),
            Some('#') if "boxX".contains(kind) => {
                prefix.push('0');
                prefix.push(kind.to_ascii_lowercase());
            }
            _ => {}
        }
        if "%p".contains(kind) {
            suffix.push('%');
        }
        let body = if kind == 'c' {
            suffix = format!("{}{suffix}", number_label(value));
            String::new()
        } else {
            let mut negative = value < 0.0 || (value == 0.0 && value.is_sign_negative());
            let mut exponent = 0;
            let mut text = if value.is_nan() {
                "NaN".to_owned()
            } else {
                digits(kind, value.abs(), precision, &mut exponent)
            };
            if self.trim {
                text = trim_zeros(&text);
            }
            if negative && text.parse::<f64>() == Ok(0.0) && self.sign != '+' {
                negative = false;
            }
            let sign = match (negative, self.sign) {
                (true, '(') => Some('('),
                (true, _) => Some('−'),
                (false, '-' | '(') => None,
                (false, sign) => Some(sign),
            };
            if let Some(sign) = sign {
                prefix.insert(0, sign);
            }
            if kind == 's' {
                suffix.insert_str(
                    0,
                    PREFIXES
                        .get(usize::try_from(8 + exponent).unwrap_or(8))
                        .copied()
                        .unwrap_or(""),
                );
            }
            if negative && self.sign == '(' {
                suffix.push(')');
            }
            // Only the digits are grouped; the fraction and exponent belong to the suffix.
            if "defgprs%".contains(kind) {
                let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
                suffix.insert_str(0, &text.split_off(end));
            }
            text
        };
        self.pad(&prefix, body, &suffix)
    }

    fn pad(&self, prefix: &str, mut body: String, suffix: &str) -> String {
        if self.comma && !self.zero {
            body = group(&body, usize::MAX);
        }
        let length = prefix.chars().count() + body.chars().count() + suffix.chars().count();
        let mut padding = if length < self.width {
            self.fill.to_string().repeat(self.width - length)
        } else {
            String::new()
        };
        if self.comma && self.zero {
            let room = if padding.is_empty() {
                usize::MAX
            } else {
                self.width.saturating_sub(suffix.chars().count())
            };
            body = group(&format!("{padding}{body}"), room);
            padding.clear();
        }
        match self.align {
            '<' => format!("{prefix}{body}{suffix}{padding}"),
            '=' => format!("{prefix}{padding}{body}{suffix}"),
            '^' => {
                let half = padding.chars().count() / 2;
                let (left, right): (String, String) = (
                    padding.chars().take(half).collect(),
                    padding.chars().skip(half).collect(),
                );
                format!("{left}{prefix}{body}{suffix}{right}")
            }
            _ => format!("{padding}{prefix}{body}{suffix}"),
        }
    }
}

/// Formats with a specifier, or as plain text when it is not one.
pub fn format(specifier: &str, value: f64) -> String {
    NumberFormat::parse(specifier).map_or_else(|| number_label(value), |f| f.format(value))
}

fn digits(kind: char, x: f64, p: usize, prefix_exponent: &mut i32) -> String {
    match kind {
        '%' => fixed(x * 100.0, p),
        'f' => fixed(x, p),
        'e' => exponential(x, p),
        'd' => {
            if x.is_infinite() {
                "∞".to_owned()
            } else if x.abs() >= 1e21 {
                fixed(x, 0)
            } else {
                number_label(math::round(x))
            }
        }
        'p' => rounded(x * 100.0, p),
        'r' => rounded(x, p),
        's' => si(x, p, prefix_exponent),
        'b' => format!("{:b}", math::round(x) as u64),
        'o' => format!("{:o}", math::round(x) as u64),
        'x' => format!("{:x}", math::round(x) as u64),
        'X' => format!("{:X}", math::round(x) as u64),
        _ => to_precision(x, p),
    }
}

/// `Number.toFixed`: ties away from zero, which only matters for values that are exactly halfway.
pub fn fixed(x: f64, places: usize) -> String {
    if !x.is_finite() {
        return number_label(x);
    }
    let text = format!("{x:.places$}");
    // Only what is written with one place more, and a 5 there, can be halfway.
    let short = format!("{x}");
    let decimals = short.split_once('.').map_or(0, |(_, d)| d.len());
    if decimals != places + 1 || !short.ends_with('5') {
        return text;
    }
    let long = format!("{x:.*}", places + 25);
    let cut = long.len() - 25;
    let tail = long.get(cut..).unwrap_or("");
    if tail.starts_with('5') && tail.get(1..).is_some_and(|t| t.bytes().all(|b| b == b'0')) {
        // Exactly halfway: the last digit must not have been rounded down to even.
        let head = long.get(..cut).unwrap_or("").trim_end_matches('.');
        if head == text {
            return bump(head);
        }
    }
    text
}

/// Adds one to the last digit of a decimal text.
fn bump(text: &str) -> String {
    let mut out: Vec<u8> = text.bytes().collect();
    let mut carry = true;
    for b in out.iter_mut().rev() {
        if !carry || *b == b'.' || *b == b'-' {
            continue;
        }
        if *b == b'9' {
            *b = b'0';
        } else {
            *b += 1;
            carry = false;
        }
    }
    let mut text = String::from_utf8(out).unwrap_or_default();
    if carry {
        let at = usize::from(text.starts_with('-'));
        text.insert(at, '1');
    }
    text
}

/// The digits (without a point) and the decimal exponent, to `p` significant digits or as many as needed.
fn parts(x: f64, p: Option<usize>) -> Option<(String, i32)> {
    if !x.is_finite() {
        return None;
    }
    let text = match p {
        Some(p) => exponential_raw(x, p.max(1) - 1),
        None => format!("{x:e}"),
    };
    let (mantissa, exponent) = text.split_once('e')?;
    Some((mantissa.replace('.', ""), exponent.parse().ok()?))
}

/// `{:.*e}` with ties away from zero.
fn exponential_raw(x: f64, places: usize) -> String {
    let short = format!("{x:e}");
    let (digits, exponent) = short.split_once('e').unwrap_or((&short, "0"));
    let decimals = digits.split_once('.').map_or(0, |(_, d)| d.len());
    // Up to 15 digits, what is written with fewer is only filled up.
    if decimals <= places && places < 15 {
        let point = if decimals == 0 && places > 0 { "." } else { "" };
        return format!("{digits}{point}{:0<1$}e{exponent}", "", places - decimals);
    }
    let text = format!("{x:.places$e}");
    if decimals != places + 1 || !digits.ends_with('5') {
        return text;
    }
    let long = format!("{x:.*e}", places + 25);
    if let (Some((a, e)), Some((b, f))) = (text.split_once('e'), long.split_once('e')) {
        let (head, tail) = b.split_at(b.len() - 25);
        let half = tail.starts_with('5') && tail.get(1..).is_some_and(|t| t.bytes().all(|c| c == b'0'));
        if e == f && half && head.trim_end_matches('.') == a {
            return format!("{}e{e}", bump(a));
        }
    }
    text
}

fn exponential(x: f64, p: usize) -> String {
    if !x.is_finite() {
        return number_label(x);
    }
    let text = exponential_raw(x, p);
    match text.split_once('e') {
        Some((m, e)) if !e.starts_with('-') => format!("{m}e+{e}"),
        _ => text,
    }
}

fn to_precision(x: f64, p: usize) -> String {
    let Some((digits, exponent)) = parts(x, Some(p)) else {
        return number_label(x);
    };
    if exponent < -6 || exponent >= i32::try_from(p).unwrap_or(21) {
        return exponential(x, p - 1);
    }
    place(&digits, exponent)
}

fn rounded(x: f64, p: usize) -> String {
    parts(x, Some(p)).map_or_else(|| number_label(x), |(digits, exponent)| place(&digits, exponent))
}

/// Puts the point into digits, filling with zeros.
fn place(digits: &str, exponent: i32) -> String {
    let length = i32::try_from(digits.len()).unwrap_or(0);
    if exponent < 0 {
        format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize))
    } else if length > exponent + 1 {
        let (a, b) = digits.split_at((exponent + 1) as usize);
        format!("{a}.{b}")
    } else {
        format!("{digits}{}", "0".repeat((exponent + 1 - length) as usize))
    }
}

fn si(x: f64, p: usize, prefix_exponent: &mut i32) -> String {
    let Some((digits, exponent)) = parts(x, Some(p)) else {
        return number_label(x);
    };
    *prefix_exponent = exponent.div_euclid(3).clamp(-8, 8);
    let i = exponent - *prefix_exponent * 3 + 1;
    let n = i32::try_from(digits.len()).unwrap_or(0);
    if i == n {
        digits
    } else if i > n {
        format!("{digits}{}", "0".repeat((i - n) as usize))
    } else if i > 0 {
        let (a, b) = digits.split_at(i as usize);
        format!("{a}.{b}")
    } else {
        let keep = i32::try_from(p).unwrap_or(1) + i - 1;
        let d = parts(x, Some(usize::try_from(keep.max(0)).unwrap_or(0))).map_or_else(String::new, |d| d.0);
        format!("0.{}{d}", "0".repeat((-i) as usize))
    }
}

fn trim_zeros(text: &str) -> String {
    let (number, exponent) = text.find('e').map_or((text, ""), |at| text.split_at(at));
    if !number.contains('.') {
        return text.to_owned();
    }
    format!("{}{exponent}", number.trim_end_matches('0').trim_end_matches('.'))
}

fn group(digits: &str, width: usize) -> String {
    let mut out: Vec<char> = Vec::new();
    let mut used = 0;
    for (i, c) in digits.chars().rev().enumerate() {
        if i > 0 && i % 3 == 0 {
            if used + 1 >= width {
                break;
            }
            out.push(',');
            used += 1;
        }
        if used >= width {
            break;
        }
        out.push(c);
        used += 1;
    }
    out.iter().rev().collect()
}

/// The power of ten of a number's first digit.
fn exponent(x: f64) -> i32 {
    match Decimal::of(x.abs()) {
        Some(decimal) => decimal.length() as i32 - 1 - decimal.places as i32,
        None => parts(x.abs(), None).map_or(0, |p| p.1),
    }
}

/// The format of tick labels of a linear scale: enough digits to tell neighbours apart.
pub fn span_format(start: f64, stop: f64, count: f64, specifier: Option<&str>) -> NumberFormat {
    let step = crate::scales::ticks::tick_step(start, stop, count);
    let mut f = NumberFormat::parse(specifier.unwrap_or(",f")).unwrap_or(NumberFormat {
        fill: ' ',
        align: '>',
        sign: '-',
        symbol: None,
        zero: false,
        width: 0,
        comma: true,
        precision: None,
        trim: false,
        kind: Some('f'),
    });
    // Only a kind written in the specifier takes its precision from the step.
    let implicit = specifier.is_some_and(|s| !s.chars().last().is_some_and(|c| TYPES.contains(c) || c == 'n'));
    if f.precision.is_some() && !implicit {
        return f;
    }
    let step_exponent = if step.is_finite() && step != 0.0 {
        Some(exponent(step))
    } else {
        None
    };
    match (f.kind, step_exponent) {
        (Some('s'), Some(step_exponent)) => {
            let value = start.abs().max(stop.abs());
            let prefix = exponent(value).div_euclid(3).clamp(-8, 8) * 3;
            f.precision = Some((prefix - step_exponent).max(0) as usize);
            f
        }
        (Some('e' | 'g' | 'p' | 'r'), Some(_)) => {
            let top = start.abs().max(stop.abs()) - step.abs();
            let significant = (exponent(top) - exponent(step)).max(0) + 1;
            f.precision = Some((significant - i32::from(f.kind == Some('e'))).max(0) as usize);
            f
        }
        (Some('f' | '%'), Some(step_exponent)) => {
            let places = (-step_exponent).max(0) - 2 * i32::from(f.kind == Some('%'));
            f.precision = Some(places.max(0) as usize);
            f
        }
        _ => f,
    }
}

impl NumberFormat {
    /// Formats a tick label; the SI form uses one prefix for the whole axis.
    pub fn format_tick(&self, value: f64, largest: f64) -> String {
        if self.kind == Some('s') && largest != 0.0 && largest.is_finite() {
            let exponent = exponent(largest).div_euclid(3).clamp(-8, 8);
            let plain = NumberFormat {
                kind: Some('f'),
                ..self.clone()
            };
            let unit = PREFIXES
                .get(usize::try_from(8 + exponent).unwrap_or(8))
                .copied()
                .unwrap_or("");
            return format!("{}{unit}", plain.format(value * math::pow10(-exponent * 3)));
        }
        self.format(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{fixed, format};

    #[test]
    fn formats_like_d3() {
        for (specifier, value, text) in [
            (",.2f", 1234567.891, "1,234,567.89"),
            ("s", 1500.0, "1.50000k"),
            (".2s", 42e6, "42M"),
            ("~s", 1500.0, "1.5k"),
            ("+.1%", 0.1234, "+12.3%"),
            ("d", 12.6, "13"),
            ("", 0.1 + 0.2, "0.3"),
            ("$,.0f", -1234.0, "−$1,234"),
            ("(.1f", -3.0, "(3.0)"),
            ("08.2f", 5.24159, "00005.24"),
            (".3g", 0.00001234, "0.0000123"),
            (".3~e", 1500.0, "1.5e+3"),
            (".1r", 0.049, "0.05"),
            ("x", 255.0, "ff"),
            ("*^9d", 5.0, "****5****"),
            (".2s", 0.0042, "4.2m"),
        ] {
            assert_eq!(format(specifier, value), text, "{specifier} of {value}");
        }
    }

    #[test]
    fn the_short_way_writes_what_the_general_one_does() {
        let numbers = [
            0.0,
            -0.0,
            0.5,
            -12.25,
            100.0,
            1234.5,
            0.0004,
            0.1,
            99.995,
            123456.7,
            1e12,
            123_456_789_012.5,
            -7e14,
        ];
        let mut state = 7_u64;
        let random = (0..5000).map(|at| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 40) as f64 / 10_f64.powi(at % 8) - 100.0
        });
        let numbers: Vec<f64> = numbers.into_iter().chain(random).collect();
        for specifier in [
            "", ",", ".2f", ",.0f", "$,.2f", ".0%", ".1~%", "d", ",d", ".3~g", ".18~g", ".14f", ".3~f", "~g",
        ] {
            let format = super::NumberFormat::parse(specifier).expect(specifier);
            for number in &numbers {
                assert_eq!(
                    format.format(*number),
                    format.format_any(*number),
                    "{specifier} of {number}"
                );
            }
        }
    }

    #[test]
    fn rounds_ties_away_from_zero() {
        assert_eq!(fixed(2.5, 0), "3");
        assert_eq!(fixed(0.125, 2), "0.13");
        assert_eq!(fixed(1.005, 2), "1.00");
        assert_eq!(fixed(9.5, 0), "10");
        assert_eq!(fixed(1.0, 2), "1.00");
        assert_eq!(format(".3e", 1.5), "1.500e+0");
        assert_eq!(format(".2e", 1.125), "1.13e+0");
        assert_eq!(format(".3g", 2.0), "2.00");
        assert_eq!(format("", 123456789012345.0), "1.23456789012e+14");
    }
}
