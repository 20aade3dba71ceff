//! Rectangles by size that are as square as they can be, after Bruls, Huizing and van Wijk (2000).

use super::plane::Frame;

/// One rectangle per size, in their order. Sizes are above zero and sorted from the greatest on.
pub(super) fn squarify(sizes: &[f64], frame: Frame) -> Vec<Frame> {
    let mut frames = Vec::with_capacity(sizes.len());
    let mut rest = frame;
    let mut left = sizes;
    while !left.is_empty() {
        let whole: f64 = left.iter().sum();
        let scale = rest.width * rest.height / whole;
        let count = row_length(left, scale, rest.width.min(rest.height));
        let (row, after) = left.split_at(count.clamp(1, left.len()));
        rest = lay(row, scale, rest, &mut frames);
        left = after;
    }
    frames
}

/// How many of the next sizes stand in one row along the shorter side: as long as the worst of them gets squarer.
fn row_length(sizes: &[f64], scale: f64, side: f64) -> usize {
    let (mut sum, mut worst) = (0.0, f64::INFINITY);
    let greatest = sizes.first().copied().unwrap_or_default() * scale;
    for (index, size) in sizes.iter().enumerate() {
        let area = size * scale;
        sum += area;
        let ratio = (side * side * greatest / (sum * sum)).max(sum * sum / (side * side * area));
        if ratio > worst {
            return index;
        }
        worst = ratio;
    }
    sizes.len()
}

/// Lays a row along the shorter side and gives what is left of the frame.
fn lay(row: &[f64], scale: f64, rest: Frame, frames: &mut Vec<Frame>) -> Frame {
    let sum: f64 = row.iter().sum();
    let upright = rest.width >= rest.height;
    let side = if upright { rest.height } else { rest.width };
    let depth = if side > 0.0 { sum * scale / side } else { 0.0 };
    let mut along = 0.0;
    for size in row {
        let length = side * size / sum;
        frames.push(if upright {
            Frame {
                x: rest.x,
                y: rest.y + along,
                width: depth,
                height: length,
            }
        } else {
            Frame {
                x: rest.x + along,
                y: rest.y,
                width: length,
                height: depth,
            }
        });
        along += length;
    }
    if upright {
        Frame {
            x: rest.x + depth,
            width: (rest.width - depth).max(0.0),
            ..rest
        }
    } else {
        Frame {
            y: rest.y + depth,
            height: (rest.height - depth).max(0.0),
            ..rest
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the paper: 6, 6, 4, 3, 2, 2, 1 in a rectangle of 6 by 4.
    #[test]
    fn the_papers_example_comes_out() {
        let frame = Frame {
            x: 0.0,
            y: 0.0,
            width: 6.0,
            height: 4.0,
        };
        let frames = squarify(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], frame);
        let sizes: Vec<(f64, f64)> = frames
            .iter()
            .map(|frame| {
                let round = |number: f64| (number * 100.0).round() / 100.0;
                (round(frame.width), round(frame.height))
            })
            .collect();
        assert_eq!(
            sizes,
            [
                (3.0, 2.0),
                (3.0, 2.0),
                (1.71, 2.33),
                (1.29, 2.33),
                (1.2, 1.67),
                (1.2, 1.67),
                (0.6, 1.67)
            ]
        );
    }
}
