//! Dates as requests carry them.

use base::Timestamp;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// Reads `2026-11-22T05:00:00[.fraction][Z|+hh:mm]`; without a zone it is UTC. `None` when it is
/// no such date.
#[must_use]
pub fn date_parse(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_at_checked(10)?;
    let [year, month, day] = numbers(day, '-', [4, 2, 2])?;
    let rest = rest.strip_prefix('T').or_else(|| rest.strip_prefix(' '))?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let (micros, zone) = fraction(rest)?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::try_from(year).ok()?, month, byte(day)?).ok()?;
    let time = Time::from_hms_micro(byte(hour)?, byte(minute)?, byte(second)?, micros).ok()?;
    let moment: OffsetDateTime = PrimitiveDateTime::new(date, time).assume_offset(offset(zone)?);
    Some(Timestamp::from(moment))
}

fn byte(number: u32) -> Option<u8> {
    u8::try_from(number).ok()
}

fn numbers(text: &str, separator: char, widths: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut found = [0; 3];
    for (number, width) in found.iter_mut().zip(widths) {
        let part = parts.next()?;
        if part.len() != width || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// Microseconds and what follows them.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(rest) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = rest.split_at_checked(digits)?;
    if digits.is_empty() {
        return None;
    }
    let micros = digits
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(6)
        .fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    Some((micros, zone))
}

fn offset(zone: &str) -> Option<UtcOffset> {
    let (sign, rest) = match zone.as_bytes().first() {
        None => return Some(UtcOffset::UTC),
        Some(b'Z' | b'z') if zone.len() == 1 => return Some(UtcOffset::UTC),
        Some(b'+') => (1, &zone[1..]),
        Some(b'-') => (-1, &zone[1..]),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i8 = digits[..2].parse().ok()?;
    let minutes: i8 = digits[2..].parse().ok()?;
    UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_and_without_fraction_and_zone() {
        let moment = Some(Timestamp(1_763_787_600_000_000));
        for text in [
            "2025-11-22T05:00:00",
            "2025-11-22T05:00:00Z",
            "2025-11-22T05:00:00.000+00:00",
            "2025-11-22T07:30:00+02:30",
            "2025-11-22T07:30:00.0+0230",
            "2025-11-21T23:00:00-06:00",
        ] {
            assert_eq!(date_parse(text), moment, "{text}");
        }
        assert_eq!(
            date_parse("2025-11-22T05:00:00.1234567"),
            Some(Timestamp(1_763_787_600_123_456))
        );
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "today",
            "2025-11-22",
            "2025-13-22T05:00:00",
            "2025-02-30T05:00:00",
            "2025-11-22T25:00:00",
            "2025-11-22T05:00:00.",
            "2025-11-22T05:00:00+99:00",
            "2025-11-22T05:00:00é",
            "２025-11-22T05:00:00",
        ] {
            assert_eq!(date_parse(text), None, "{text}");
        }
    }
}
