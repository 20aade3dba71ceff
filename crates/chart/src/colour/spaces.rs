//! Mixing two colours in a colour space.

use super::rgb::Rgb;
use crate::math;

/// Where colours are mixed. The `long` forms go round the hue circle without taking the shorter way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Space {
    #[default]
    Rgb,
    Hsl,
    HslLong,
    Lab,
    Hcl,
    HclLong,
    Cubehelix,
    CubehelixLong,
}

impl Space {
    pub fn parse(name: &str) -> Option<Space> {
        Some(match name {
            "rgb" => Space::Rgb,
            "hsl" => Space::Hsl,
            "hsl-long" => Space::HslLong,
            "lab" => Space::Lab,
            "hcl" => Space::Hcl,
            "hcl-long" => Space::HclLong,
            "cubehelix" => Space::Cubehelix,
            "cubehelix-long" => Space::CubehelixLong,
            _ => return None,
        })
    }
}

/// The colour `t` (0 to 1) of the way from `a` to `b`.
pub fn mix(a: Rgb, b: Rgb, t: f64, space: Space) -> Rgb {
    let alpha = a.a + (b.a - a.a) * t;
    let out = match space {
        Space::Rgb => Rgb {
            r: lerp(a.r, b.r, t),
            g: lerp(a.g, b.g, t),
            b: lerp(a.b, b.b, t),
            a: 1.0,
        },
        Space::Hsl | Space::HslLong => {
            let (p, q) = (a.to_hsl(), b.to_hsl());
            Rgb::from_hsl(
                hue(p.0, q.0, t, space == Space::Hsl),
                lerp(p.1, q.1, t),
                lerp(p.2, q.2, t),
            )
        }
        Space::Lab => {
            let (p, q) = (to_lab(a), to_lab(b));
            from_lab(lerp(p.0, q.0, t), lerp(p.1, q.1, t), lerp(p.2, q.2, t))
        }
        Space::Hcl | Space::HclLong => {
            let (p, q) = (to_hcl(a), to_hcl(b));
            let h = hue(p.0, q.0, t, space == Space::Hcl);
            from_hcl(h, lerp(p.1, q.1, t), lerp(p.2, q.2, t))
        }
        Space::Cubehelix | Space::CubehelixLong => {
            let (p, q) = (to_cubehelix(a), to_cubehelix(b));
            let h = hue(p.0, q.0, t, space == Space::Cubehelix);
            from_cubehelix(h, lerp(p.1, q.1, t), lerp(p.2, q.2, t))
        }
    };
    Rgb { a: alpha, ..out }
}

fn lerp(a: f64, b: f64, t: f64) -> f64 {
    if a.is_nan() {
        b
    } else if b.is_nan() {
        a
    } else {
        a + (b - a) * t
    }
}

fn hue(a: f64, b: f64, t: f64, short: bool) -> f64 {
    let d = b - a;
    if d.is_nan() || d == 0.0 {
        return if a.is_nan() { b } else { a };
    }
    let d = if short && d.abs() > 180.0 {
        d - 360.0 * math::round(d / 360.0)
    } else {
        d
    };
    a + d * t
}

const XN: f64 = 0.96422;
const ZN: f64 = 0.82521;

fn to_lab(c: Rgb) -> (f64, f64, f64) {
    let linear = |v: f64| {
        let v = v / 255.0;
        if v <= 0.04045 {
            v / 12.92
        } else {
            math::pow((v + 0.055) / 1.055, 2.4)
        }
    };
    let f = |t: f64| {
        if t > 216.0 / 24389.0 {
            math::cbrt(t)
        } else {
            t / (108.0 / 841.0) + 4.0 / 29.0
        }
    };
    let (r, g, b) = (linear(c.r), linear(c.g), linear(c.b));
    let y = f(0.2225045 * r + 0.7168786 * g + 0.0606169 * b);
    let x = f((0.4360747 * r + 0.3850649 * g + 0.1430804 * b) / XN);
    let z = f((0.0139322 * r + 0.0971045 * g + 0.7141733 * b) / ZN);
    (116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z))
}

fn from_lab(l: f64, a: f64, b: f64) -> Rgb {
    let f = |t: f64| {
        if t > 6.0 / 29.0 {
            t * t * t
        } else {
            108.0 / 841.0 * (t - 4.0 / 29.0)
        }
    };
    let gamma = |v: f64| {
        255.0
            * if v <= 0.003_130_8 {
                12.92 * v
            } else {
                1.055 * math::pow(v, 1.0 / 2.4) - 0.055
            }
    };
    let y = (l + 16.0) / 116.0;
    let x = if a.is_nan() { y } else { y + a / 500.0 };
    let z = if b.is_nan() { y } else { y - b / 200.0 };
    let (x, y, z) = (XN * f(x), f(y), ZN * f(z));
    Rgb {
        r: gamma(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
        g: gamma(-0.9787684 * x + 1.9161415 * y + 0.033454 * z),
        b: gamma(0.0719453 * x - 0.2289914 * y + 1.4052427 * z),
        a: 1.0,
    }
}

fn to_hcl(c: Rgb) -> (f64, f64, f64) {
    let (l, a, b) = to_lab(c);
    if a == 0.0 && b == 0.0 {
        return (f64::NAN, if l > 0.0 && l < 100.0 { 0.0 } else { f64::NAN }, l);
    }
    (
        (math::atan2(b, a) * 180.0 / math::PI).rem_euclid(360.0),
        math::hypot(a, b),
        l,
    )
}

fn from_hcl(h: f64, c: f64, l: f64) -> Rgb {
    if h.is_nan() {
        return from_lab(l, 0.0, 0.0);
    }
    let h = h * math::PI / 180.0;
    from_lab(l, math::cos(h) * c, math::sin(h) * c)
}

const A: f64 = -0.14861;
const B: f64 = 1.78277;
const C: f64 = -0.29227;
const D: f64 = -0.90649;
const E: f64 = 1.97294;

fn to_cubehelix(c: Rgb) -> (f64, f64, f64) {
    let (r, g, b) = (c.r / 255.0, c.g / 255.0, c.b / 255.0);
    let (ed, eb, bcda) = (E * D, E * B, B * C - D * A);
    let l = (bcda * b + ed * r - eb * g) / (bcda + ed - eb);
    let bl = b - l;
    let k = (E * (g - l) - C * bl) / D;
    let s = (k * k + bl * bl).sqrt() / (E * l * (1.0 - l));
    let h = if s != 0.0 && !s.is_nan() {
        math::atan2(k, bl) * 180.0 / math::PI - 120.0
    } else {
        f64::NAN
    };
    (if h < 0.0 { h + 360.0 } else { h }, s, l)
}

fn from_cubehelix(h: f64, s: f64, l: f64) -> Rgb {
    let h = if h.is_nan() {
        0.0
    } else {
        (h + 120.0) * math::PI / 180.0
    };
    let a = if s.is_nan() { 0.0 } else { s * l * (1.0 - l) };
    let (cos, sin) = (math::cos(h), math::sin(h));
    Rgb {
        r: 255.0 * (l + a * (A * cos + B * sin)),
        g: 255.0 * (l + a * (C * cos + D * sin)),
        b: 255.0 * (l + a * (E * cos)),
        a: 1.0,
    }
}
