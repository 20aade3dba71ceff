//! Where the dial of a gauge or bullet begins and ends, and what a value should reach.

use shared::{
    semantic::{Answer, FormatKind},
    table::Cell,
    visual::{Dial, Visual, WellName},
};

use super::{MeasureColumn, Parts};

/// From and to of a dial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ends {
    pub from: f64,
    pub to: f64,
}

impl Ends {
    /// As the builder says, else from zero (or below the least) to a round number above the greatest. `None`: there is
    /// neither a number nor a builder's word.
    pub fn of(dial: &Dial, numbers: impl Iterator<Item = f64>, kind: FormatKind) -> Option<Self> {
        let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
        for number in numbers {
            (least, greatest) = (least.min(number), greatest.max(number));
        }
        if !least.is_finite() && dial.from.zip(dial.to).is_none() {
            return None;
        }
        let to = if greatest > 0.0 {
            // A share is measured against the whole.
            if kind == FormatKind::Percent && greatest <= 1.0 {
                1.0
            } else {
                round_above(greatest)
            }
        } else if least < 0.0 {
            0.0
        } else {
            1.0
        };
        let chosen = Self {
            from: if least < 0.0 { -round_above(-least) } else { 0.0 },
            to,
        };
        let said = Self {
            from: dial.from.unwrap_or(chosen.from),
            to: dial.to.unwrap_or(chosen.to),
        };
        // Ends that are the wrong way round, as when the numbers have left a dial of one end, are no dial.
        Some(if said.from < said.to && (said.to - said.from).is_finite() {
            said
        } else {
            chosen
        })
    }

    /// From 0 to 1 along the dial; what lies outside is at its end.
    pub fn share(self, number: f64) -> f64 {
        ((number - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}

/// The next number that people count in with some room above `number`, which is above zero.
fn round_above(number: f64) -> f64 {
    const STEPS: [f64; 10] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
    let wanted = number * 1.02;
    let power = crate::math::pow10(crate::math::log10(wanted).floor() as i32);
    STEPS
        .into_iter()
        .map(|step| step * power)
        .find(|round| *round >= wanted)
        .unwrap_or(10.0 * power)
}

/// What a row's value should reach: the field in the target well, else the builder's number.
pub(super) fn target(visual: &Visual, measure: Option<&MeasureColumn>, row: &[Cell]) -> Option<f64> {
    match measure {
        Some(measure) => row.get(measure.column).and_then(Cell::as_f64),
        None => visual.format.target,
    }
    .filter(|number| number.is_finite())
}

/// The measures of the value and of its target.
pub(super) fn measures(parts: &Parts) -> (Option<&MeasureColumn>, Option<&MeasureColumn>) {
    let first = |well: WellName| parts.measures_of(well).into_iter().next();
    (first(WellName::Values), first(WellName::Target))
}

pub(super) fn format_kind(visual: &Visual, answer: &Answer, measure: &MeasureColumn) -> FormatKind {
    measure
        .format(visual, answer.columns.get(measure.column))
        .map_or(FormatKind::Number, |format| format.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(from: Option<f64>, to: Option<f64>, numbers: &[f64]) -> Option<(f64, f64)> {
        let ends = Ends::of(&Dial { from, to }, numbers.iter().copied(), FormatKind::Number)?;
        Some((ends.from, ends.to))
    }

    #[test]
    fn a_dial_ends_at_round_numbers_around_what_it_shows() {
        assert_eq!(ends(None, None, &[88.0, 113.0]), Some((0.0, 120.0)));
        assert_eq!(ends(None, None, &[-30.0, 70.0]), Some((-40.0, 80.0)));
        assert_eq!(ends(None, None, &[-30.0]), Some((-40.0, 0.0)));
        assert_eq!(ends(None, None, &[0.0]), Some((0.0, 1.0)));
        assert_eq!(ends(None, None, &[]), None);
        assert_eq!(ends(Some(50.0), Some(60.0), &[]), Some((50.0, 60.0)));
        let share = Ends::of(&Dial::default(), [0.42].into_iter(), FormatKind::Percent).unwrap();
        assert_eq!(share.to, 1.0);
    }

    #[test]
    fn ends_the_wrong_way_round_are_no_dial() {
        assert_eq!(ends(Some(200.0), None, &[88.0]), Some((0.0, 100.0)));
        assert_eq!(ends(Some(5.0), Some(5.0), &[3.0]), Some((0.0, 4.0)));
    }

    #[test]
    fn what_lies_outside_is_at_the_end() {
        let dial = Ends { from: 50.0, to: 100.0 };
        assert_eq!([dial.share(75.0), dial.share(500.0), dial.share(0.0)], [0.5, 1.0, 0.0]);
    }
}
