//! `dateTime.iso8601`. The specification shows `19980717T14:08:55` and says nothing of zones: this
//! room writes UTC in that form, and reads a zone, dashes or a fraction where a peer sends them.

use dxr::DateTime;

const SECONDS_PER_DAY: i64 = 86_400;

/// That many seconds since 1970-01-01T00:00:00Z as a date and time in UTC; `None` outside of the
/// years 1 to 9999.
///
/// ```
/// let time = xmlrpc::codec::date_time_from_unix(900_684_535).expect("a year of four digits");
/// assert_eq!(time.to_string(), "19980717T14:08:55");
/// assert_eq!(xmlrpc::codec::unix_from_date_time(&time), 900_684_535);
/// ```
#[must_use]
pub fn date_time_from_unix(seconds: i64) -> Option<DateTime> {
    let (year, month, day) = civil_from_days(seconds.div_euclid(SECONDS_PER_DAY));
    let second = seconds.rem_euclid(SECONDS_PER_DAY);
    if !(1..=9999).contains(&year) {
        return None;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let text = format!("{year:04}{month:02}{day:02}T{hour:02}:{minute:02}:{second:02}");
    text.parse().ok()
}

/// A date and time in UTC as seconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn unix_from_date_time(time: &DateTime) -> i64 {
    let days = days_from_civil(time.year().into(), time.month().into(), time.day().into());
    let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(i64::from);
    days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second
}

/// `YYYYMMDDThh:mm:ss` or `YYYY-MM-DDThh:mm:ss`, perhaps with a fraction, which is dropped, and
/// perhaps with `Z` or an offset from UTC.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    let (date, rest) = text.split_once('T')?;
    let date = match date.len() {
        10 if date.get(4..5)? == "-" && date.get(7..8)? == "-" => date.replace('-', ""),
        _ => date.to_owned(),
    };
    let (time, rest) = rest.split_at_checked("hh:mm:ss".len())?;
    let digits = date.bytes().all(|byte| byte.is_ascii_digit());
    if date.len() != 8 || !digits || !time.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b':')) {
        return None;
    }
    let local: DateTime = format!("{date}T{time}").parse().ok()?;
    let ahead = offset(without_fraction(rest)?)?;
    date_time_from_unix(unix_from_date_time(&local) - ahead)
}

fn without_fraction(rest: &str) -> Option<&str> {
    let Some(fraction) = rest.strip_prefix('.') else {
        return Some(rest);
    };
    let zone = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
    (zone.len() < fraction.len()).then_some(zone)
}

/// How many seconds that zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.bytes().next() {
        None => return Some(0),
        Some(b'Z') => return (zone.len() == 1).then_some(0),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) => return None,
    };
    let digits = match zone.len() {
        6 if zone.get(3..4)? == ":" => zone[1..].replace(':', ""),
        _ => zone[1..].to_owned(),
    };
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = digits[..2].parse().ok()?;
    let minutes: i64 = digits[2..].parse().ok()?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Days since 1970-01-01 of a day in the proleptic Gregorian calendar: Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms".
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The reverse of [`days_from_civil`]: year, month and day.
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_peers_send_is_the_same_instant() {
        for text in [
            "19980717T14:08:55",
            "1998-07-17T14:08:55",
            "1998-07-17T14:08:55Z",
            "19980717T14:08:55.250Z",
            "19980717T11:08:55-0300",
            "1998-07-17T16:38:55+02:30",
        ] {
            let time = parse(text).expect(text);
            assert_eq!(unix_from_date_time(&time), 900_684_535, "{text}");
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "",
            "T",
            "20230230T00:00:00",
            "20230229T00:00:00",
            "00000101T00:00:00",
            "20231301T00:00:00",
            "20230101T24:00:00",
            "20230101T00:00:60",
            "20230101 00:00:00",
            "+1980717T14:08:55",
            "1998-0717T14:08:55",
            "19980717T14:08:55.",
            "19980717T14:08:55X",
            "19980717T14:08:55+25:00",
            "19980717T14:08",
            "1998071é14:08:55",
            "00010101T00:00:00+0100",
        ] {
            assert!(parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn the_years_1_to_9999_go_there_and_back() {
        for seconds in [
            -62_135_596_800,
            -1,
            0,
            951_782_400,
            1_700_000_000,
            253_402_300_799,
        ] {
            let time = date_time_from_unix(seconds).expect("within the years");
            assert_eq!(unix_from_date_time(&time), seconds);
        }
        for seconds in [-62_135_596_801, 253_402_300_800, i64::MIN, i64::MAX] {
            assert!(date_time_from_unix(seconds).is_none());
        }
    }
}
