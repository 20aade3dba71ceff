//! What the values seen so far allow a column to be. Evidence of parts of a file adds up in any order.

use super::{Field, Origin};
use crate::ingest::value::{
    boolean::{self, Pair},
    calendar::Order,
    clock, moment,
    null::is_null_word,
    number::{self, Style},
};

/// Readings that are still possible, one bit each.
pub type Candidates = u32;

pub const fn boolean_bit(pair: Pair) -> Candidates {
    match pair {
        Pair::TrueFalse => 1,
        Pair::YesNo => 1 << 1,
        Pair::TF => 1 << 2,
        Pair::YN => 1 << 3,
    }
}

pub const fn style_place(style: Style) -> usize {
    match style {
        Style::Point => 0,
        Style::Comma => 1,
        Style::GroupedPoint => 2,
        Style::GroupedComma => 3,
    }
}

pub const fn integer_bit(style: Style) -> Candidates {
    1 << (4 + style_place(style))
}

pub const fn number_bit(style: Style) -> Candidates {
    1 << (8 + style_place(style))
}

pub const fn moment_bit(order: Order) -> Candidates {
    match order {
        Order::YearFirst => 1 << 12,
        Order::DayFirst => 1 << 13,
        Order::MonthFirst => 1 << 14,
        Order::MonthNamed => 1 << 15,
    }
}

pub const TIME_BIT: Candidates = 1 << 16;
const BOOLEAN_BITS: Candidates = 0xF;
const NUMBER_BITS: Candidates = 0xFF0;
const MOMENT_BITS: Candidates = 0xF000;
const BITS: usize = 17;

/// Peculiarities of the values that no candidate bit shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peculiarities {
    pub has_true: bool,
    pub has_false: bool,
    pub has_minus: bool,
    /// A `+` before a whole number: perhaps a telephone number.
    pub has_whole_with_plus: bool,
    pub has_exponent: bool,
    pub has_time: bool,
    pub has_offset: bool,
    pub lacks_offset: bool,
}

#[derive(Clone, Debug)]
pub struct Evidence {
    /// Fields with nothing in them, or (in quotes) empty.
    pub empty: u64,
    /// Spellings of NULL.
    pub null_words: u64,
    /// Everything else.
    pub values: u64,
    /// Of them JSON of nested values.
    pub nested: u64,
    pub candidates: Candidates,
    pub peculiarities: Peculiarities,
    /// Most digits before and after the point, by style.
    pub whole_digits: [u32; 4],
    pub fraction_digits: [u32; 4],
    /// A number that floating point would damage, by style.
    pub inexact: [bool; 4],
    /// Per candidate bit, how many values it fits; only kept for columns whose type is given.
    tally: Option<Box<[u64; BITS]>>,
}

impl Evidence {
    /// `tally`: count what fits, instead of giving up candidates that do not.
    pub fn new(tally: bool) -> Self {
        Self {
            empty: 0,
            null_words: 0,
            values: 0,
            nested: 0,
            candidates: (1 << BITS) - 1,
            peculiarities: Peculiarities::default(),
            whole_digits: [0; 4],
            fraction_digits: [0; 4],
            inexact: [false; 4],
            tally: tally.then(|| Box::new([0; BITS])),
        }
    }

    pub fn observe(&mut self, field: &Field<'_>) {
        if field.origin == Origin::Missing {
            self.empty += 1;
            return;
        }
        // Text alone is left: nothing can change that any more, except that it must be counted.
        if self.candidates == 0 && self.values > 0 {
            self.values += 1;
            self.nested += u64::from(field.origin == Origin::Nested);
            return;
        }
        let text = field.text.trim_ascii();
        if text.is_empty() {
            self.empty += 1;
            return;
        }
        if is_null_word(text) && field.origin != Origin::Nested {
            self.null_words += 1;
            return;
        }
        self.values += 1;
        let fits = match field.origin {
            Origin::Nested => {
                self.nested += 1;
                0
            }
            Origin::Text => self.fits(text, self.wanted() & (MOMENT_BITS | TIME_BIT)),
            Origin::Bare | Origin::Quoted | Origin::Missing => self.fits(text, self.wanted()),
        };
        match &mut self.tally {
            None => self.candidates &= fits,
            Some(tally) => {
                for (place, count) in tally.iter_mut().enumerate() {
                    *count += u64::from(fits >> place & 1);
                }
            }
        }
    }

    const fn wanted(&self) -> Candidates {
        self.candidates
    }

    /// The bits among `wanted` that fit the text.
    fn fits(&mut self, text: &str, wanted: Candidates) -> Candidates {
        let mut fits = 0;
        let starts_like_number = text
            .as_bytes()
            .first()
            .is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b','));
        if wanted & NUMBER_BITS != 0 && starts_like_number {
            fits |= self.fits_numbers(text, wanted);
        }
        if wanted & BOOLEAN_BITS != 0
            && let Some((truth, pair)) = boolean::parse(text)
        {
            fits |= boolean_bit(pair);
            self.peculiarities.has_true |= truth;
            self.peculiarities.has_false |= !truth;
        }
        if wanted & MOMENT_BITS != 0 && text.len() >= 8 {
            fits |= self.fits_moments(text, wanted);
        }
        if wanted & TIME_BIT != 0 && clock::parse_prefix(text).is_some_and(|(_, rest)| rest.is_empty()) {
            fits |= TIME_BIT;
        }
        fits & wanted
    }

    fn fits_numbers(&mut self, text: &str, wanted: Candidates) -> Candidates {
        if let Some(fits) = self.fits_digits(text) {
            return fits;
        }
        let mut fits = 0;
        for style in Style::ALL {
            if wanted & (number_bit(style) | integer_bit(style)) == 0 {
                continue;
            }
            let Some(shape) = number::shape(text, style) else {
                continue;
            };
            if shape.has_leading_zeros {
                continue;
            }
            let is_whole = !shape.has_point && !shape.has_exponent;
            if is_whole {
                // More digits than 64 bits hold make an identifier, not a quantity.
                if shape.whole_digits > 18 && number::parse_integer(text, style).is_none() {
                    continue;
                }
                fits |= integer_bit(style);
            }
            fits |= number_bit(style);
            let place = style_place(style);
            if let (Some(whole), Some(fraction), Some(inexact)) = (
                self.whole_digits.get_mut(place),
                self.fraction_digits.get_mut(place),
                self.inexact.get_mut(place),
            ) {
                *whole = (*whole).max(shape.whole_digits);
                *fraction = (*fraction).max(shape.fraction_digits);
                if !*inexact && shape.whole_digits + shape.fraction_digits > 15 {
                    *inexact = !number::survives_floating_point(text, style, shape);
                }
            }
            self.peculiarities.has_minus |= shape.sign == Some(b'-');
            self.peculiarities.has_whole_with_plus |= is_whole && shape.sign == Some(b'+');
            self.peculiarities.has_exponent |= shape.has_exponent;
        }
        fits
    }

    /// Digits alone, the most frequent number there is, without a look at each way of writing; `None` for anything else.
    fn fits_digits(&mut self, text: &str) -> Option<Candidates> {
        /// Fewer than a floating-point number keeps.
        const FEW: usize = 15;
        const UNGROUPED: Candidates =
            integer_bit(Style::Point) | number_bit(Style::Point) | integer_bit(Style::Comma) | number_bit(Style::Comma);
        let bytes = text.as_bytes();
        if bytes.len() > FEW || !bytes.iter().all(u8::is_ascii_digit) {
            return None;
        }
        if matches!(bytes, [b'0', _, ..]) {
            return Some(0);
        }
        let digits = u32::try_from(bytes.len()).ok()?;
        self.whole_digits.iter_mut().for_each(|most| *most = digits.max(*most));
        // Groups begin at four digits.
        Some(if digits <= 3 { NUMBER_BITS } else { UNGROUPED })
    }

    fn fits_moments(&mut self, text: &str, wanted: Candidates) -> Candidates {
        let mut fits = 0;
        for order in Order::ALL {
            if wanted & moment_bit(order) == 0 {
                continue;
            }
            let Some(moment) = moment::parse(text, order) else {
                continue;
            };
            fits |= moment_bit(order);
            self.peculiarities.has_time |= moment.has_time;
            self.peculiarities.has_offset |= moment.offset_seconds.is_some();
            self.peculiarities.lacks_offset |= moment.offset_seconds.is_none();
        }
        fits
    }

    /// Adds what another part of the file showed.
    pub fn merge(&mut self, other: &Self) {
        self.empty += other.empty;
        self.null_words += other.null_words;
        self.values += other.values;
        self.nested += other.nested;
        self.candidates &= other.candidates;
        let (mine, theirs) = (&mut self.peculiarities, other.peculiarities);
        mine.has_true |= theirs.has_true;
        mine.has_false |= theirs.has_false;
        mine.has_minus |= theirs.has_minus;
        mine.has_whole_with_plus |= theirs.has_whole_with_plus;
        mine.has_exponent |= theirs.has_exponent;
        mine.has_time |= theirs.has_time;
        mine.has_offset |= theirs.has_offset;
        mine.lacks_offset |= theirs.lacks_offset;
        self.whole_digits
            .iter_mut()
            .zip(other.whole_digits)
            .for_each(|(mine, theirs)| *mine = (*mine).max(theirs));
        self.fraction_digits
            .iter_mut()
            .zip(other.fraction_digits)
            .for_each(|(mine, theirs)| *mine = (*mine).max(theirs));
        self.inexact
            .iter_mut()
            .zip(other.inexact)
            .for_each(|(mine, theirs)| *mine |= theirs);
        if let (Some(mine), Some(theirs)) = (&mut self.tally, &other.tally) {
            mine.iter_mut()
                .zip(theirs.iter())
                .for_each(|(mine, theirs)| *mine += theirs);
        }
    }

    /// How many values fit the reading of `bit`; 0 unless a tally is kept.
    pub fn fitting(&self, bit: Candidates) -> u64 {
        let place = usize::try_from(bit.trailing_zeros()).unwrap_or(BITS);
        self.tally
            .as_ref()
            .and_then(|tally| tally.get(place).copied())
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_alone_fit_what_a_look_at_each_way_of_writing_says() {
        for text in ["0", "7", "12", "999", "1000", "00", "007", "0100", "123456789012345"] {
            let expected = Style::ALL
                .into_iter()
                .filter(|style| number::shape(text, *style).is_some_and(|shape| !shape.has_leading_zeros))
                .fold(0, |bits, style| bits | integer_bit(style) | number_bit(style));
            let mut evidence = Evidence::new(false);
            assert_eq!(evidence.fits_digits(text), Some(expected), "{text}");
        }
        for text in ["", "-1", "1.5", "1234567890123456", "٣"] {
            let found = Evidence::new(false).fits_digits(text);
            assert_eq!(found.filter(|_| !text.is_empty()), None, "{text}");
        }
    }
}
