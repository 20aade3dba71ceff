//! d3-time-format in the en-US locale, and the default labels of a time axis.

use crate::time::calendar::{self, DateTime};

pub const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Formats a time by a specifier such as `%b %d, %Y`.
pub fn format(specifier: &str, ms: f64) -> String {
    let mut out = String::with_capacity(specifier.len() + 8);
    write(&mut out, specifier, ms);
    out
}

/// Writes a time at the end of a text.
pub fn write(out: &mut String, specifier: &str, ms: f64) {
    if !ms.is_finite() {
        out.push_str("Invalid Date");
        return;
    }
    let date = DateTime::from_ms(ms);
    let mut chars = specifier.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let Some(mut directive) = chars.next() else { break };
        let mut pad = if directive == 'e' { Some(' ') } else { Some('0') };
        match directive {
            '-' => pad = None,
            '_' => pad = Some(' '),
            '0' => pad = Some('0'),
            _ => {}
        }
        if matches!(directive, '-' | '_' | '0') {
            match chars.next() {
                Some(d) => directive = d,
                None => break,
            }
        }
        write_directive(out, directive, pad, date, ms);
    }
}

fn write_directive(out: &mut String, directive: char, pad: Option<char>, d: DateTime, ms: f64) {
    let name = |names: &[&'static str], i: i64| {
        usize::try_from(i)
            .ok()
            .and_then(|i| names.get(i).copied())
            .unwrap_or("")
    };
    let short = |text: &'static str| text.get(..3).unwrap_or(text);
    let hour12 = if d.hour % 12 == 0 { 12 } else { d.hour % 12 };
    match directive {
        'a' => out.push_str(short(name(&DAYS, d.weekday))),
        'A' => out.push_str(name(&DAYS, d.weekday)),
        'b' | 'h' => out.push_str(short(name(&MONTHS, d.month))),
        'B' => out.push_str(name(&MONTHS, d.month)),
        'c' => out.push_str(&format("%-m/%-d/%Y, %-I:%M:%S %p", ms)),
        'x' => out.push_str(&format("%-m/%-d/%Y", ms)),
        'X' => out.push_str(&format("%-I:%M:%S %p", ms)),
        'd' | 'e' => padded(out, d.day, 2, pad),
        'f' => {
            padded(out, d.millisecond, 3, pad);
            out.push_str("000");
        }
        'g' => padded(out, d.iso_week().0.rem_euclid(100), 2, pad),
        'G' => padded(out, d.iso_week().0, 4, pad),
        'H' => padded(out, d.hour, 2, pad),
        'I' => padded(out, hour12, 2, pad),
        'j' => padded(out, d.day_of_year(), 3, pad),
        'L' => padded(out, d.millisecond, 3, pad),
        'm' => padded(out, d.month + 1, 2, pad),
        'M' => padded(out, d.minute, 2, pad),
        'p' => out.push_str(if d.hour >= 12 { "PM" } else { "AM" }),
        'q' => out.push_str(&(d.month / 3 + 1).to_string()),
        'Q' => out.push_str(&crate::value::number_label(ms)),
        's' => out.push_str(&crate::value::number_label((ms / 1000.0).floor())),
        'S' => padded(out, d.second, 2, pad),
        'u' => out.push_str(&(if d.weekday == 0 { 7 } else { d.weekday }).to_string()),
        'w' => out.push_str(&d.weekday.to_string()),
        'U' => padded(out, d.week_sunday(), 2, pad),
        'V' => padded(out, d.iso_week().1, 2, pad),
        'W' => padded(out, d.week_monday(), 2, pad),
        'y' => padded(out, d.year.rem_euclid(100), 2, pad),
        'Y' => padded(out, d.year, 4, pad),
        'Z' => out.push_str("+0000"),
        '%' => out.push('%'),
        other => out.push(other),
    }
}

fn padded(out: &mut String, value: i64, width: usize, pad: Option<char>) {
    if value < 0 {
        out.push('-');
    }
    let size = value.unsigned_abs();
    let mut place = size.checked_ilog10().unwrap_or(0);
    if let Some(pad) = pad {
        for _ in place as usize + 1..width {
            out.push(pad);
        }
    }
    loop {
        out.push(char::from(b'0' + (size / 10_u64.pow(place) % 10) as u8));
        match place.checked_sub(1) {
            Some(next) => place = next,
            None => return,
        }
    }
}

/// The label of a tick without a format: the coarsest part that changes there.
pub fn format_default(ms: f64) -> String {
    if !ms.is_finite() {
        return "Invalid Date".into();
    }
    let d = DateTime::from_ms(ms);
    let at = |specifier| format(specifier, ms);
    if d.millisecond != 0 {
        at(".%L")
    } else if d.second != 0 {
        at(":%S")
    } else if d.minute != 0 {
        at("%I:%M")
    } else if d.hour != 0 {
        at("%I %p")
    } else if d.day != 1 {
        if d.weekday == 0 { at("%b %d") } else { at("%a %d") }
    } else if d.month != 0 {
        at("%B")
    } else {
        at("%Y")
    }
}

/// The coarsest part of a date that changes at a tick, by its name in a format object.
pub fn changing_part(ms: f64) -> &'static str {
    let d = DateTime::from_ms(ms);
    if d.millisecond != 0 {
        "milliseconds"
    } else if d.second != 0 {
        "seconds"
    } else if d.minute != 0 {
        "minutes"
    } else if d.hour != 0 {
        "hours"
    } else if d.day != 1 {
        if d.weekday == 0 { "week" } else { "date" }
    } else if d.month % 3 != 0 {
        "month"
    } else if d.month != 0 {
        "quarter"
    } else {
        "year"
    }
}

/// Milliseconds at the start of a year.
pub fn year_start(year: i64) -> f64 {
    calendar::ms(year, 0, 1, 0, 0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::{format, format_default};
    use crate::time::calendar::ms;

    #[test]
    fn formats_like_d3() {
        let t = ms(2024, 1, 3, 15, 4, 5, 67);
        assert_eq!(format("%Y-%m-%d %H:%M:%S.%L", t), "2024-02-03 15:04:05.067");
        assert_eq!(format("%b %-d, %y %I %p Q%q W%U %a", t), "Feb 3, 24 03 PM Q1 W04 Sat");
        assert_eq!(format_default(ms(2024, 0, 1, 0, 0, 0, 0)), "2024");
        assert_eq!(format_default(ms(2024, 3, 1, 0, 0, 0, 0)), "April");
        assert_eq!(format_default(ms(2024, 3, 2, 0, 0, 0, 0)), "Tue 02");
        assert_eq!(format_default(ms(2024, 3, 2, 13, 0, 0, 0)), "01 PM");
    }
}
