//! Days to dates and back, in the proleptic Gregorian calendar.

pub const SECOND: f64 = 1000.0;
pub const MINUTE: f64 = 60.0 * SECOND;
pub const HOUR: f64 = 60.0 * MINUTE;
pub const DAY: f64 = 24.0 * HOUR;
pub const WEEK: f64 = 7.0 * DAY;

/// The parts of a point in time. `month` counts from 0, `day` from 1, `weekday` from Sunday = 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub millisecond: i64,
    pub weekday: i64,
}

impl DateTime {
    pub fn from_ms(ms: f64) -> DateTime {
        let ms = if ms.is_finite() {
            ms.clamp(-8.64e15, 8.64e15) as i64
        } else {
            0
        };
        let days = ms.div_euclid(86_400_000);
        let rest = ms.rem_euclid(86_400_000);
        let (year, month, day) = civil(days);
        DateTime {
            year,
            month,
            day,
            hour: rest / 3_600_000,
            minute: rest / 60_000 % 60,
            second: rest / 1000 % 60,
            millisecond: rest % 1000,
            weekday: (days + 4).rem_euclid(7),
        }
    }

    /// Day of the year from 1.
    pub fn day_of_year(self) -> i64 {
        days(self.year, self.month, self.day) - days(self.year, 0, 1) + 1
    }

    /// Week of the year counted from the first Sunday; days before it are in week 0.
    pub fn week_sunday(self) -> i64 {
        let year_start = (days(self.year, 0, 1) + 4).rem_euclid(7);
        (self.day_of_year() - 1 + year_start).div_euclid(7) + i64::from(year_start == 0)
    }

    /// Week of the year counted from the first Monday; days before it are in week 0.
    pub fn week_monday(self) -> i64 {
        let year_start = (days(self.year, 0, 1) + 3).rem_euclid(7);
        (self.day_of_year() - 1 + year_start).div_euclid(7) + i64::from(year_start == 0)
    }

    /// ISO 8601 year and week.
    pub fn iso_week(self) -> (i64, i64) {
        let day = days(self.year, self.month, self.day);
        let thursday = day - (self.weekday + 6) % 7 + 3;
        let (year, _, _) = civil(thursday);
        (year, (thursday - days(year, 0, 1)) / 7 + 1)
    }
}

/// Days since 1970 of a date; month (from 0) and day may lie outside their range.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year + month.div_euclid(12);
    let month = month.rem_euclid(12) + 1;
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y - era * 400;
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5;
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    era * 146_097 + day_of_era - 719_468 + day - 1
}

fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    (year, month - 1, day)
}

/// Milliseconds of a date and time whose parts may lie outside their range.
pub fn ms(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64, millisecond: i64) -> f64 {
    days(year, month, day) as f64 * DAY
        + hour as f64 * HOUR
        + minute as f64 * MINUTE
        + second as f64 * SECOND
        + millisecond as f64
}

#[cfg(test)]
mod tests {
    use super::{DateTime, days, ms};

    #[test]
    fn there_and_back() {
        for day in (-800_000..800_000).step_by(37) {
            let t = DateTime::from_ms(day as f64 * super::DAY);
            assert_eq!(days(t.year, t.month, t.day), day);
        }
        assert_eq!(ms(2012, 0, 1, 0, 0, 0, 0), 1_325_376_000_000.0);
        assert_eq!(DateTime::from_ms(1_325_376_000_000.0).weekday, 0);
        assert_eq!(DateTime::from_ms(ms(2021, 0, 3, 0, 0, 0, 0)).iso_week(), (2020, 53));
    }
}
