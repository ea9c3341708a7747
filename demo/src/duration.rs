//! Durations on the command line: `200ms`, `1s`, `2m 30s`, and `none` where that has a meaning.

use std::str::FromStr;
use std::time::Duration;

/// A duration with its unit; plain `0` too.
///
/// # Errors
/// What is wanted instead.
pub fn parse(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|_| "give a time such as 200ms or 1s".to_owned())
}

/// How long to wait: `none` is for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout(pub Option<Duration>);

impl FromStr for Timeout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" {
            return Ok(Self(None));
        }
        let duration = humantime::parse_duration(text);
        let duration = duration.map_err(|_| "give a time such as 200ms or 10s, or none")?;
        Ok(Self(Some(duration)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit() {
        assert_eq!(parse("200ms"), Ok(Duration::from_millis(200)));
        assert_eq!(parse("1s"), Ok(Duration::from_secs(1)));
        assert_eq!(parse("0"), Ok(Duration::ZERO));
        let wanted = Err("give a time such as 200ms or 1s".to_owned());
        assert_eq!(
            [parse("5"), parse("-1s"), parse("none")],
            [(); 3].map(|()| wanted.clone())
        );
    }

    #[test]
    fn a_timeout_may_be_none() {
        assert_eq!("none".parse(), Ok(Timeout(None)));
        assert_eq!("1s".parse(), Ok(Timeout(Some(Duration::from_secs(1)))));
        assert!("soon".parse::<Timeout>().is_err());
    }
}
