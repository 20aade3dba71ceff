//! The digits of whole numbers, without the general way to them.

/// Writes a whole number, with commas between groups of three where wanted.
#[inline]
pub fn write_whole(out: &mut String, number: u64, grouped: bool) {
    // Most numbers have up to three digits.
    match number {
        0..10 => out.push(digit(number)),
        10..100 => out.push_str(two_digits(number)),
        100..1000 => {
            out.push(digit(number / 100));
            out.push_str(two_digits(number));
        }
        1000.. => write_long(out, number, grouped),
    }
}

fn write_long(out: &mut String, number: u64, grouped: bool) {
    write_whole(out, number / 1000, grouped);
    if grouped {
        out.push(',');
    }
    out.extend([number / 100, number / 10, number].map(digit));
}

/// The last two digits of a number; written in one go.
pub fn two_digits(number: u64) -> &'static str {
    const ALL: &str = "\
        0001020304050607080910111213141516171819\
        2021222324252627282930313233343536373839\
        4041424344454647484950515253545556575859\
        6061626364656667686970717273747576777879\
        8081828384858687888990919293949596979899";
    let at = (number % 100) as usize * 2;
    ALL.get(at..at + 2).unwrap_or_default()
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
