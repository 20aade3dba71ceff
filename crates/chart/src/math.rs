//! The transcendental functions, so that native and WebAssembly builds agree to the last bit (std's differ by platform).

pub const TAU: f64 = std::f64::consts::TAU;
pub const PI: f64 = std::f64::consts::PI;

pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}
pub fn tan(x: f64) -> f64 {
    libm::tan(x)
}
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}
pub fn acos(x: f64) -> f64 {
    libm::acos(x)
}
pub fn atan(x: f64) -> f64 {
    libm::atan(x)
}
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}
/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}
pub fn pow(x: f64, exponent: f64) -> f64 {
    if exponent == 2.0 {
        x * x
    } else if exponent == 1.0 {
        x
    } else if exponent == 0.5 && x.is_finite() {
        x.sqrt()
    } else {
        libm::pow(x, exponent)
    }
}
pub fn cbrt(x: f64) -> f64 {
    libm::cbrt(x)
}
pub fn hypot(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}
/// Ten to a whole power, exact where a double can be.
pub fn pow10(exponent: i32) -> f64 {
    const SMALL: [f64; 31] = [
        1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2,
        1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    let known = usize::try_from(exponent.saturating_add(15)).ok();
    if let Some(power) = known.and_then(|at| SMALL.get(at)) {
        return *power;
    }
    let text = format!("1e{exponent}");
    text.parse().unwrap_or(f64::NAN)
}
/// Rounds half towards positive infinity, as JavaScript's `Math.round`.
pub fn round(x: f64) -> f64 {
    let floor = x.floor();
    if x - floor >= 0.5 { floor + 1.0 } else { floor }
}
