//! Lines through points: straight, stepped and curved, as d3-shape.

use crate::scene::Path;
use crate::spec::Interpolate;

type Point = (f64, f64);

/// Adds a line to a path; `joined` continues an open outline instead of starting one.
pub fn line(path: &mut Path, points: &[Point], kind: Interpolate, tension: f64, joined: bool) {
    let Some(first) = points.first().copied() else { return };
    let start = |path: &mut Path| {
        if joined {
            path.line_to(first.0, first.1);
        } else {
            path.move_to(first.0, first.1);
        }
    };
    if points.len() == 1 {
        start(path);
        if !joined {
            path.close();
        }
        return;
    }
    match kind {
        Interpolate::Linear | Interpolate::LinearClosed => {
            start(path);
            for p in &points[1..] {
                path.line_to(p.0, p.1);
            }
            if kind == Interpolate::LinearClosed && !joined {
                path.close();
            }
        }
        Interpolate::Step => steps(path, points, 0.5, &start),
        Interpolate::StepBefore => steps(path, points, 0.0, &start),
        Interpolate::StepAfter => steps(path, points, 1.0, &start),
        Interpolate::Monotone => monotone(path, points, &start),
        Interpolate::Natural => natural(path, points, &start),
        Interpolate::Basis => basis(path, points, &start),
        Interpolate::Cardinal => cardinal(path, points, tension, &start),
        Interpolate::CatmullRom => catmull_rom(path, points, if tension == 0.0 { 0.5 } else { tension }, &start),
    }
}

fn steps(path: &mut Path, points: &[Point], t: f64, start: &dyn Fn(&mut Path)) {
    start(path);
    for pair in points.windows(2) {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        if t == 0.0 {
            path.line_to(x0, y1).line_to(x1, y1);
        } else {
            let x = x0 * (1.0 - t) + x1 * t;
            path.line_to(x, y0).line_to(x, y1);
        }
    }
    if t > 0.0
        && t < 1.0
        && let Some(last) = points.last()
    {
        path.line_to(last.0, last.1);
    }
}

fn sign(x: f64) -> f64 {
    if x < 0.0 { -1.0 } else { 1.0 }
}

fn monotone(path: &mut Path, p: &[Point], start: &dyn Fn(&mut Path)) {
    start(path);
    let n = p.len();
    if n == 2 {
        path.line_to(p[1].0, p[1].1);
        return;
    }
    let secant = |i: usize| {
        let h = p[i + 1].0 - p[i].0;
        (p[i + 1].1 - p[i].1) / if h != 0.0 { h } else { 0.0 }
    };
    let slope3 = |i: usize| {
        let (h0, h1) = (p[i].0 - p[i - 1].0, p[i + 1].0 - p[i].0);
        let zero = |a: f64, b: f64| {
            if a != 0.0 {
                a
            } else if b < 0.0 {
                -0.0
            } else {
                0.0
            }
        };
        let s0 = (p[i].1 - p[i - 1].1) / zero(h0, h1);
        let s1 = (p[i + 1].1 - p[i].1) / zero(h1, h0);
        let mid = (s0 * h1 + s1 * h0) / (h0 + h1);
        let t = (sign(s0) + sign(s1)) * s0.abs().min(s1.abs()).min(0.5 * mid.abs());
        if t.is_nan() { 0.0 } else { t }
    };
    let slope2 = |i: usize, t: f64| {
        let h = p[i + 1].0 - p[i].0;
        if h != 0.0 { (3.0 * secant(i) - t) / 2.0 } else { t }
    };
    let mut slopes = vec![0.0; n];
    for (i, slope) in slopes.iter_mut().enumerate().take(n - 1).skip(1) {
        *slope = slope3(i);
    }
    slopes[0] = slope2(0, slopes[1]);
    slopes[n - 1] = slope2(n - 2, slopes[n - 2]);
    for i in 0..n - 1 {
        let dx = (p[i + 1].0 - p[i].0) / 3.0;
        path.curve_to(
            (p[i].0 + dx, p[i].1 + dx * slopes[i]),
            (p[i + 1].0 - dx, p[i + 1].1 - dx * slopes[i + 1]),
            p[i + 1],
        );
    }
}

fn natural(path: &mut Path, p: &[Point], start: &dyn Fn(&mut Path)) {
    start(path);
    if p.len() == 2 {
        path.line_to(p[1].0, p[1].1);
        return;
    }
    let controls = |v: Vec<f64>| -> (Vec<f64>, Vec<f64>) {
        let n = v.len() - 1;
        let (mut a, mut b, mut r) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        (a[0], b[0], r[0]) = (0.0, 2.0, v[0] + 2.0 * v[1]);
        for i in 1..n - 1 {
            (a[i], b[i], r[i]) = (1.0, 4.0, 4.0 * v[i] + 2.0 * v[i + 1]);
        }
        (a[n - 1], b[n - 1], r[n - 1]) = (2.0, 7.0, 8.0 * v[n - 1] + v[n]);
        for i in 1..n {
            let m = a[i] / b[i - 1];
            b[i] -= m;
            r[i] -= m * r[i - 1];
        }
        a[n - 1] = r[n - 1] / b[n - 1];
        for i in (0..n - 1).rev() {
            a[i] = (r[i] - a[i + 1]) / b[i];
        }
        b[n - 1] = (v[n] + a[n - 1]) / 2.0;
        for i in 0..n - 1 {
            b[i] = 2.0 * v[i + 1] - a[i + 1];
        }
        (a, b)
    };
    let (xa, xb) = controls(p.iter().map(|q| q.0).collect());
    let (ya, yb) = controls(p.iter().map(|q| q.1).collect());
    for i in 0..p.len() - 1 {
        path.curve_to((xa[i], ya[i]), (xb[i], yb[i]), p[i + 1]);
    }
}

fn basis(path: &mut Path, p: &[Point], start: &dyn Fn(&mut Path)) {
    start(path);
    let n = p.len();
    let mix = |a: Point, b: Point, s: f64, t: f64| ((a.0 * s + b.0 * t) / 3.0, (a.1 * s + b.1 * t) / 3.0);
    if n == 2 {
        path.line_to(p[1].0, p[1].1);
        return;
    }
    let sixth = |a: Point, b: Point, c: Point| ((a.0 + 4.0 * b.0 + c.0) / 6.0, (a.1 + 4.0 * b.1 + c.1) / 6.0);
    let (a, b) = (p[0], p[1]);
    path.line_to((5.0 * a.0 + b.0) / 6.0, (5.0 * a.1 + b.1) / 6.0);
    for i in 2..=n {
        let (q0, q1) = (p[i - 2], p[i - 1]);
        let q2 = if i < n { p[i] } else { p[n - 1] };
        path.curve_to(mix(q0, q1, 2.0, 1.0), mix(q0, q1, 1.0, 2.0), sixth(q0, q1, q2));
    }
    path.line_to(p[n - 1].0, p[n - 1].1);
}

fn cardinal(path: &mut Path, p: &[Point], tension: f64, start: &dyn Fn(&mut Path)) {
    start(path);
    let n = p.len();
    if n == 2 {
        path.line_to(p[1].0, p[1].1);
        return;
    }
    let k = (1.0 - tension) / 6.0;
    let at = |i: isize| p[i.clamp(0, n as isize - 1) as usize];
    for i in 0..n - 1 {
        let i = i as isize;
        let (before, from, to, after) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        let before = if i == 0 { to } else { before };
        let before = if i == 0 { p[1] } else { before };
        let first = if i == 0 {
            from
        } else {
            (from.0 + k * (to.0 - before.0), from.1 + k * (to.1 - before.1))
        };
        let second = if i as usize + 2 >= n {
            (to.0 - k * (to.0 - from.0), to.1 - k * (to.1 - from.1))
        } else {
            (to.0 + k * (from.0 - after.0), to.1 + k * (from.1 - after.1))
        };
        let first = if i == 0 {
            (from.0 + k * (from.0 - before.0) * 0.0, first.1)
        } else {
            first
        };
        path.curve_to(first, second, to);
    }
}

fn catmull_rom(path: &mut Path, p: &[Point], alpha: f64, start: &dyn Fn(&mut Path)) {
    start(path);
    let n = p.len();
    if n == 2 {
        path.line_to(p[1].0, p[1].1);
        return;
    }
    let distance = |a: Point, b: Point| crate::math::pow((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2), alpha);
    for i in 0..n - 1 {
        let (p1, p2) = (p[i], p[i + 1]);
        let p0 = if i == 0 { p1 } else { p[i - 1] };
        let p3 = if i + 2 < n { p[i + 2] } else { p2 };
        let (l01_2, l12_2, l23_2) = (distance(p0, p1), distance(p1, p2), distance(p2, p3));
        let (l01, l12, l23) = (l01_2.sqrt(), l12_2.sqrt(), l23_2.sqrt());
        let (mut c1, mut c2) = (p1, p2);
        if l01 > 1e-12 {
            let a = 2.0 * l01_2 + 3.0 * l01 * l12 + l12_2;
            let m = 3.0 * l01 * (l01 + l12);
            c1 = (
                (p1.0 * a - p0.0 * l12_2 + p2.0 * l01_2) / m,
                (p1.1 * a - p0.1 * l12_2 + p2.1 * l01_2) / m,
            );
        }
        if l23 > 1e-12 {
            let b = 2.0 * l23_2 + 3.0 * l23 * l12 + l12_2;
            let m = 3.0 * l23 * (l23 + l12);
            c2 = (
                (p2.0 * b + p1.0 * l23_2 - p3.0 * l12_2) / m,
                (p2.1 * b + p1.1 * l23_2 - p3.1 * l12_2) / m,
            );
        }
        path.curve_to(c1, c2, p2);
    }
}
