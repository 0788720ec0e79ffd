//! Dates and spans as they are written in a search. Days are those of UTC.

use base::Timestamp;
use std::fmt;
use time::{Date, Duration, Month, OffsetDateTime, Time, Weekday};

/// A moment as it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// `Today`.
    Today,
    /// `Yesterday`.
    Yesterday,
    /// The last day of that name before today.
    Weekday(Weekday),
    /// A day.
    Day(Date),
    /// A second of a day; the flag tells whether seconds were written, else it is a minute.
    At(Date, Time, bool),
}

pub(crate) const FORMS: &str = "a date: Today, Yesterday, a weekday, \"2026-05-31\", \
    \"2026-05-31 14:00\", 5/31/26 or \"5/31/26 2:00 PM\" (in UTC)";

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The words among the dates.
pub(crate) const WORDS: &[&str] = &[
    "Today",
    "Yesterday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

impl When {
    /// Reads a date; `None` when it is none.
    pub(crate) fn parse(text: &str) -> Option<When> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("today") {
            return Some(When::Today);
        }
        if text.eq_ignore_ascii_case("yesterday") {
            return Some(When::Yesterday);
        }
        let named = |day: &&Weekday| text.eq_ignore_ascii_case(&day.to_string());
        if let Some(day) = WEEKDAYS.iter().find(named) {
            return Some(When::Weekday(*day));
        }
        let (date, time) = match text.split_once([' ', 'T', 't']) {
            Some((date, time)) => (date, Some(time.trim())),
            None => (text, None),
        };
        let date = parse_date(date)?;
        match time {
            None => Some(When::Day(date)),
            Some(time) => {
                let (time, seconds) = parse_time(time)?;
                Some(When::At(date, time, seconds))
            }
        }
    }

    /// Its first moment, and the first one after it.
    #[must_use]
    pub fn range(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let today = now.date().date();
        let day = |date: Date| (date.midnight().assume_utc(), Duration::DAY);
        let (from, span) = match self {
            When::Today => day(today),
            When::Yesterday => day(today.previous_day().unwrap_or(Date::MIN)),
            When::Weekday(weekday) => {
                let mut date = today.previous_day().unwrap_or(Date::MIN);
                for _ in 0..7 {
                    if date.weekday() == weekday {
                        break;
                    }
                    date = date.previous_day().unwrap_or(Date::MIN);
                }
                day(date)
            }
            When::Day(date) => day(date),
            When::At(date, time, seconds) => {
                let span = if seconds {
                    Duration::SECOND
                } else {
                    Duration::MINUTE
                };
                (OffsetDateTime::new_utc(date, time), span)
            }
        };
        let from = Timestamp::from(from);
        let micros = i64::try_from(span.whole_microseconds()).unwrap_or(i64::MAX);
        (from, Timestamp(from.0.saturating_add(micros)))
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let numbers = |separator: char| -> Option<[i32; 3]> {
        let mut parts = text.split(separator).map(|part| {
            let digits =
                !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<i32>().ok()).flatten()
        });
        let three = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(three)
    };
    if let Some([year, month, day]) = numbers('-') {
        return calendar(year, month, day).filter(|_| year >= 1000);
    }
    let [first, second, year] = numbers('/')?;
    let year = if year < 100 { 2000 + year } else { year };
    // Month first; a month above 12 can only be a day.
    calendar(year, first, second).or_else(|| calendar(year, second, first))
}

fn calendar(year: i32, month: i32, day: i32) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

/// A time of day, and whether it has seconds.
fn parse_time(text: &str) -> Option<(Time, bool)> {
    let upper = text.trim_end_matches(['Z', 'z']).to_ascii_uppercase();
    let (text, half) = if let Some(rest) = upper.strip_suffix("AM") {
        (rest.trim(), Some(0))
    } else if let Some(rest) = upper.strip_suffix("PM") {
        (rest.trim(), Some(12))
    } else {
        (upper.as_str(), None)
    };
    let parts: Option<Vec<u8>> = text.split(':').map(two_digits).collect();
    let parts = parts?;
    let (hour, minute, second) = match parts[..] {
        [hour, minute] => (hour, minute, None),
        [hour, minute, second] => (hour, minute, Some(second)),
        _ => return None,
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
    };
    let time = Time::from_hms(hour, minute, second.unwrap_or(0)).ok()?;
    Some((time, second.is_some()))
}

fn two_digits(text: &str) -> Option<u8> {
    ((1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ymd = |d: Date| (d.year(), u8::from(d.month()), d.day());
        match self {
            When::Today => f.write_str("Today"),
            When::Yesterday => f.write_str("Yesterday"),
            When::Weekday(day) => write!(f, "{day}"),
            When::Day(date) => {
                let (y, m, d) = ymd(*date);
                write!(f, "{y:04}-{m:02}-{d:02}")
            }
            When::At(date, time, seconds) => {
                let (y, m, d) = ymd(*date);
                let (hour, minute, second) = time.as_hms();
                write!(f, "{y:04}-{m:02}-{d:02} {hour:02}:{minute:02}")?;
                if *seconds {
                    write!(f, ":{second:02}")?;
                }
                Ok(())
            }
        }
    }
}

pub(crate) const SPAN_FORMS: &str =
    "a span of time: hh:mm, hh:mm:ss, d.hh:mm:ss, or a number with s, m, h or d";

/// Reads a span in seconds.
pub(crate) fn parse_span(text: &str) -> Option<u64> {
    let text = text.trim();
    let number = |t: &str| -> Option<u64> {
        (!t.is_empty() && t.len() <= 9 && t.bytes().all(|b| b.is_ascii_digit()))
            .then(|| t.parse().ok())
            .flatten()
    };
    if text.contains(':') {
        let (days, clock) = match text.split_once('.') {
            Some((days, clock)) => (number(days)?, clock),
            None => (0, text),
        };
        let parts: Option<Vec<u64>> = clock.split(':').map(number).collect();
        let (hours, minutes, seconds) = match parts?[..] {
            [hours, minutes] => (hours, minutes, 0),
            [hours, minutes, seconds] => (hours, minutes, seconds),
            _ => return None,
        };
        if minutes > 59 || seconds > 59 {
            return None;
        }
        return Some(((days * 24 + hours) * 60 + minutes) * 60 + seconds);
    }
    let last = text.chars().last()?;
    let unit = match last.to_ascii_lowercase() {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return number(text),
    };
    Some(number(&text[..text.len() - 1])? * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday, 2026-11-28, 12:00.
    const NOW: Timestamp = Timestamp(1_795_867_200_000_000);

    fn range(text: &str) -> (String, String) {
        let when = When::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(When::parse(&when.to_string()), Some(when), "{text}");
        let (from, to) = when.range(NOW);
        (
            from.to_string()[..19].to_owned(),
            to.to_string()[..19].to_owned(),
        )
    }

    #[test]
    fn dates_are_days_minutes_or_seconds() {
        for (text, from, to) in [
            ("today", "2026-11-28T00:00:00", "2026-11-29T00:00:00"),
            ("YESTERDAY", "2026-11-27T00:00:00", "2026-11-28T00:00:00"),
            ("Monday", "2026-11-23T00:00:00", "2026-11-24T00:00:00"),
            ("saturday", "2026-11-21T00:00:00", "2026-11-22T00:00:00"),
            ("2026-02-28", "2026-02-28T00:00:00", "2026-03-01T00:00:00"),
            ("5/31/26", "2026-05-31T00:00:00", "2026-06-01T00:00:00"),
            ("31/5/2026", "2026-05-31T00:00:00", "2026-06-01T00:00:00"),
            (
                "5/31/26 2:07 pm",
                "2026-05-31T14:07:00",
                "2026-05-31T14:08:00",
            ),
            (
                "5/31/26 12:00 AM",
                "2026-05-31T00:00:00",
                "2026-05-31T00:01:00",
            ),
            (
                "2026-05-31T14:07:09Z",
                "2026-05-31T14:07:09",
                "2026-05-31T14:07:10",
            ),
        ] {
            assert_eq!(range(text), (from.to_owned(), to.to_owned()), "{text}");
        }
        for wrong in [
            "",
            "soon",
            "2026-13-01",
            "2/30/26",
            "1/2",
            "2026-01-01 25:00",
            "1/2/3/4",
            "1/1/26 13:00 PM",
        ] {
            assert_eq!(When::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spans_are_seconds() {
        for (text, seconds) in [
            ("90", 90),
            ("5m", 300),
            ("2h", 7200),
            ("3d", 259_200),
            ("01:30", 5400),
            ("1.00:00:01", 86_401),
        ] {
            assert_eq!(parse_span(text), Some(seconds), "{text}");
        }
        for wrong in ["", "m", "1:60", "x", "1.2", "-1", "1:2:3:4", "é"] {
            assert_eq!(parse_span(wrong), None, "{wrong}");
        }
    }
}
