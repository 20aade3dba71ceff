//! The digits of whole numbers, without the general way to them.

/// Writes a whole number, with commas between groups of three where wanted.
pub fn write_whole(out: &mut String, number: u64, grouped: bool) {
    let (before, three) = (number / 1000, number % 1000);
    if before > 0 {
        write_whole(out, before, grouped);
        if grouped {
            out.push(',');
        }
    }
    // Most numbers have up to three digits.
    if before > 0 || three >= 100 {
        out.push(digit(three / 100));
    }
    if before > 0 || three >= 10 {
        out.push(digit(three / 10));
    }
    out.push(digit(three));
}

/// The last digit of a number.
pub fn digit(number: u64) -> char {
    char::from(b'0' + (number % 10) as u8)
}

#[cfg(test)]
mod tests {
    use super::write_whole;

    #[test]
    fn digits_are_those_of_the_number() {
        for number in (0..20_000).chain([999_999, 1_000_000, 1_002_003, u64::MAX]) {
            let mut out = String::new();
            write_whole(&mut out, number, false);
            assert_eq!(out, number.to_string());
        }
        let mut out = String::new();
        write_whole(&mut out, 1_002_034, true);
        assert_eq!(out, "1,002,034");
    }
}
