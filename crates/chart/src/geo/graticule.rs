//! Lines of equal longitude and latitude.

use super::budget::TooLarge;
use super::point::EPSILON;
use crate::value::Value;
use std::sync::Arc;

/// All in degrees: corners as (west, south) and (east, north), steps along longitude and latitude.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Graticule {
    /// Of the few lines that reach the poles.
    pub major_extent: [(f64, f64); 2],
    pub minor_extent: [(f64, f64); 2],
    pub major_step: (f64, f64),
    pub minor_step: (f64, f64),
    /// Between two points of a parallel.
    pub precision: f64,
}

impl Default for Graticule {
    fn default() -> Graticule {
        Graticule {
            major_extent: [(-180.0, -90.0 + EPSILON), (180.0, 90.0 - EPSILON)],
            minor_extent: [(-180.0, -80.0 - EPSILON), (180.0, 80.0 + EPSILON)],
            major_step: (90.0, 360.0),
            minor_step: (10.0, 10.0),
            precision: 2.5,
        }
    }
}

/// Points of a graticule; the usual one has some five thousand.
const MAX_POINTS: usize = 100_000;

impl Graticule {
    /// The lines as a GeoJSON geometry.
    ///
    /// # Errors
    /// [`TooLarge`] when the steps are too fine.
    pub fn lines(&self) -> Result<Value, TooLarge> {
        let mut left = MAX_POINTS;
        let [(west, south), (east, north)] = self.major_extent;
        let [(minor_west, minor_south), (minor_east, minor_north)] = self.minor_extent;
        let (across, up) = self.major_step;
        let not_major = |step: f64| move |at: &f64| (at % step).abs() > EPSILON;
        let mut lines = Vec::new();
        for x in range(first(west, across), east, across, &mut left)? {
            lines.push(meridian(x, south, north, &mut left)?);
        }
        for y in range(first(south, up), north, up, &mut left)? {
            lines.push(parallel(y, west, east, self.precision, &mut left)?);
        }
        let (dx, dy) = self.minor_step;
        for x in range(first(minor_west, dx), minor_east, dx, &mut left)?
            .into_iter()
            .filter(not_major(across))
        {
            lines.push(meridian(x, minor_south, minor_north, &mut left)?);
        }
        for y in range(first(minor_south, dy), minor_north, dy, &mut left)?
            .into_iter()
            .filter(not_major(up))
        {
            lines.push(parallel(y, minor_west, minor_east, self.precision, &mut left)?);
        }
        Ok(Value::Object(Arc::new(vec![
            (Arc::from("type"), Value::text("MultiLineString")),
            (Arc::from("coordinates"), Value::List(Arc::new(lines))),
        ])))
    }
}

fn first(start: f64, step: f64) -> f64 {
    (start / step).ceil() * step
}

fn range(start: f64, stop: f64, step: f64, left: &mut usize) -> Result<Vec<f64>, TooLarge> {
    let count = ((stop - start) / step).ceil().max(0.0);
    if count.is_nan() || count > *left as f64 {
        return Err(TooLarge);
    }
    let count = count as usize;
    *left -= count;
    Ok((0..count).map(|i| start + i as f64 * step).collect())
}

fn meridian(x: f64, south: f64, north: f64, left: &mut usize) -> Result<Value, TooLarge> {
    let mut ys = range(south, north - EPSILON, 90.0, left)?;
    ys.push(north);
    Ok(line(ys.into_iter().map(|y| (x, y))))
}

fn parallel(y: f64, west: f64, east: f64, step: f64, left: &mut usize) -> Result<Value, TooLarge> {
    let mut xs = range(west, east - EPSILON, step, left)?;
    xs.push(east);
    Ok(line(xs.into_iter().map(|x| (x, y))))
}

fn line(points: impl Iterator<Item = (f64, f64)>) -> Value {
    let position = |(x, y)| Value::List(Arc::new(vec![Value::Number(x), Value::Number(y)]));
    Value::List(Arc::new(points.map(position).collect()))
}
