//! Red, green, blue and opacity.

use super::names::NAMES;

/// Channels from 0 to 255, opacity from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rgb {
    pub r: f64,
    pub g: f64,
    pub b: f64,
    pub a: f64,
}

impl Rgb {
    pub const fn hex(value: u32) -> Rgb {
        Rgb {
            r: ((value >> 16) & 255) as f64,
            g: ((value >> 8) & 255) as f64,
            b: (value & 255) as f64,
            a: 1.0,
        }
    }

    /// Reads a CSS colour: a name, `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb()`, `hsl()`.
    pub fn parse(text: &str) -> Option<Rgb> {
        let text = text.trim().to_ascii_lowercase();
        if text == "transparent" {
            return Some(Rgb {
                r: 0.0,
                g: 0.0,
                b: 0.0,
                a: 0.0,
            });
        }
        if let Some(hex) = text.strip_prefix('#') {
            let value = u32::from_str_radix(hex, 16).ok()?;
            return match hex.len() {
                3 => Some(Rgb::hex(
                    ((value >> 8) & 15) * 0x11_0000 + ((value >> 4) & 15) * 0x1100 + (value & 15) * 0x11,
                )),
                6 => Some(Rgb::hex(value)),
                8 => Some(Rgb {
                    a: f64::from(value & 255) / 255.0,
                    ..Rgb::hex(value >> 8)
                }),
                _ => None,
            };
        }
        if let Ok(at) = NAMES.binary_search_by(|(name, _)| (*name).cmp(text.as_str())) {
            return NAMES.get(at).map(|(_, value)| Rgb::hex(*value));
        }
        let (kind, body) = text.strip_suffix(')')?.split_once('(')?;
        let parts: Vec<&str> = body.split([',', ' ', '/']).filter(|p| !p.is_empty()).collect();
        let number = |i: usize, scale: f64| -> Option<f64> {
            let part = *parts.get(i)?;
            match part.strip_suffix('%') {
                Some(p) => p.parse::<f64>().ok().map(|v| v * scale / 100.0),
                None => part.trim_end_matches("deg").parse().ok(),
            }
        };
        let a = number(3, 1.0).unwrap_or(1.0);
        match kind {
            "rgb" | "rgba" => Some(Rgb {
                r: number(0, 255.0)?,
                g: number(1, 255.0)?,
                b: number(2, 255.0)?,
                a,
            }),
            "hsl" | "hsla" => Some(Rgb {
                a,
                ..Rgb::from_hsl(number(0, 360.0)?, number(1, 1.0)?, number(2, 1.0)?)
            }),
            _ => None,
        }
    }

    /// Hue in degrees, saturation and lightness from 0 to 1.
    pub fn from_hsl(h: f64, s: f64, l: f64) -> Rgb {
        let h = h.rem_euclid(360.0);
        let m2 = l + (if l < 0.5 { l } else { 1.0 - l }) * s;
        let m1 = 2.0 * l - m2;
        let part = |h: f64| {
            let h = h.rem_euclid(360.0);
            255.0
                * if h < 60.0 {
                    m1 + (m2 - m1) * h / 60.0
                } else if h < 180.0 {
                    m2
                } else if h < 240.0 {
                    m1 + (m2 - m1) * (240.0 - h) / 60.0
                } else {
                    m1
                }
        };
        Rgb {
            r: part(h + 120.0),
            g: part(h),
            b: part(h - 120.0),
            a: 1.0,
        }
    }

    /// Hue in degrees (NaN for greys), saturation and lightness from 0 to 1.
    pub fn to_hsl(self) -> (f64, f64, f64) {
        let (r, g, b) = (self.r / 255.0, self.g / 255.0, self.b / 255.0);
        let (min, max) = (r.min(g).min(b), r.max(g).max(b));
        let (d, l) = (max - min, (max + min) / 2.0);
        if d == 0.0 {
            return (f64::NAN, if l > 0.0 && l < 1.0 { 0.0 } else { f64::NAN }, l);
        }
        let h = if r == max {
            (g - b) / d + if g < b { 6.0 } else { 0.0 }
        } else if g == max {
            (b - r) / d + 2.0
        } else {
            (r - g) / d + 4.0
        };
        (h * 60.0, d / if l < 0.5 { max + min } else { 2.0 - max - min }, l)
    }

    pub fn css(self) -> String {
        let part = |v: f64| crate::math::round(v.clamp(0.0, 255.0)) as u8;
        if self.a < 1.0 {
            format!(
                "rgba({}, {}, {}, {})",
                part(self.r),
                part(self.g),
                part(self.b),
                crate::value::number_label(self.a.max(0.0))
            )
        } else {
            let mut css = String::with_capacity(7);
            css.push('#');
            for part in [self.r, self.g, self.b].map(part) {
                css.extend([part >> 4, part & 15].map(hex));
            }
            css
        }
    }

    /// WCAG relative luminance from 0 to 1.
    pub fn luminance(self) -> f64 {
        let part = |v: f64| {
            let c = v / 255.0;
            if c <= 0.03928 {
                c / 12.92
            } else {
                crate::math::pow((c + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * part(self.r) + 0.7152 * part(self.g) + 0.0722 * part(self.b)
    }
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::Rgb;

    #[test]
    fn reads_css() {
        for (text, css) in [
            ("steelblue", "#4682b4"),
            ("#fa0", "#ffaa00"),
            ("rgb(1, 2, 3)", "#010203"),
            ("hsl(120, 100%, 25%)", "#008000"),
            ("rgba(10,20,30,0.5)", "rgba(10, 20, 30, 0.5)"),
        ] {
            assert_eq!(Rgb::parse(text).map(Rgb::css).as_deref(), Some(css), "{text}");
        }
        assert_eq!(Rgb::parse("var(--chart-1)"), None);
    }
}
