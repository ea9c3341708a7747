//! One participant of a chat under load: counts, checks the order, records delays.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use futures::StreamExt;
use hdrhistogram::Histogram;
use services::model::ChatMessage;
use services::{Error, Stream};
use tokio::time::{Instant, timeout_at};

/// What one participant heard.
#[derive(Debug)]
pub struct Heard {
    /// How many lines.
    pub lines: u64,
    /// A digest of all numbers in their order: equal where the order is.
    pub order: u64,
    /// Each line's delay from the moment when it was due to be sent, in microseconds.
    pub delays: Histogram<u64>,
    /// What was wrong first: a line missing, doubled, or the stream broken off.
    pub fault: Option<String>,
    /// When the last line came.
    pub last: Option<Instant>,
}

/// The text of a line: its number, then as many characters as make up that size.
#[must_use]
pub fn line(number: u64, bytes: usize) -> String {
    format!("{number:<bytes$}")
}

/// The schedule that all participants know: line `n` is due at `start` + `n` / `rate`.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// When line 0 is due.
    pub start: Instant,
    /// Lines a second.
    pub rate: u32,
    /// How many lines.
    pub lines: u64,
}

impl Schedule {
    /// When that line is due.
    #[must_use]
    // region: due
    pub fn due(&self, number: u64) -> Instant {
        let seconds = number as f64 / f64::from(self.rate);
        self.start + Duration::from_secs_f64(seconds)
    }
    // endregion: due
}

/// Reads until all lines have come, the stream breaks, or the time is up.
pub async fn listen(mut stream: Stream<ChatMessage>, schedule: Schedule, until: Instant) -> Heard {
    let mut heard = Heard {
        lines: 0,
        order: 0,
        delays: delays(),
        fault: None,
        last: None,
    };
    let mut order = DefaultHasher::new();
    let mut seen = vec![false; usize::try_from(schedule.lines).unwrap_or(usize::MAX)];
    let mut last_sequence = None;
    while heard.lines < schedule.lines {
        let item = timeout_at(until, stream.next()).await;
        let item = item.unwrap_or_else(|_| Some(Err(Error::deadline_exceeded())));
        let read = match item {
            Some(Ok(message)) => heed(&message, &mut last_sequence, &mut seen),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("the stream ended".into()),
        };
        match read {
            Ok(number) => {
                let now = Instant::now();
                let delay = now.saturating_duration_since(schedule.due(number));
                heard.delays.saturating_record(delay.as_micros() as u64);
                number.hash(&mut order);
                heard.lines += 1;
                heard.last = Some(now);
            }
            Err(fault) => {
                heard.fault = Some(format!("after {} lines: {fault}", heard.lines));
                break;
            }
        }
    }
    heard.order = order.finish();
    heard
}

/// No delays yet: up to ten minutes, to two digits.
#[must_use]
pub fn delays() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 600_000_000, 2).expect("these bounds are valid")
}

/// The number of a line that is in its place.
fn heed(
    message: &ChatMessage,
    last_sequence: &mut Option<u64>,
    seen: &mut [bool],
) -> Result<u64, String> {
    // A course's server does not number its lines.
    if message.sequence > 0 {
        let wanted = last_sequence.map_or(message.sequence, |last: u64| last + 1);
        if message.sequence != wanted {
            return Err(format!(
                "sequence {} came instead of {wanted}",
                message.sequence
            ));
        }
        *last_sequence = Some(message.sequence);
    }
    let number: u64 = message
        .text
        .trim()
        .parse()
        .map_err(|_| "a line of somebody else")?;
    let index = usize::try_from(number).map_err(|_| "a line of somebody else")?;
    match seen.get_mut(index) {
        None => Err(format!("line {number}, which nobody sent")),
        Some(true) => Err(format!("line {number} came twice")),
        Some(unseen) => {
            *unseen = true;
            Ok(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(sequence: u64, number: u64) -> Result<ChatMessage, Error> {
        Ok(ChatMessage {
            user: "p0".into(),
            text: line(number, 16),
            sequence,
            ..ChatMessage::default()
        })
    }

    async fn heard(messages: Vec<Result<ChatMessage, Error>>) -> Heard {
        let start = Instant::now();
        let schedule = Schedule {
            start,
            rate: 1_000,
            lines: 3,
        };
        let until = start + Duration::from_secs(10);
        listen(futures::stream::iter(messages).boxed(), schedule, until).await
    }

    #[tokio::test]
    async fn lines_in_order_are_without_fault() {
        let whole = heard(vec![message(5, 0), message(6, 2), message(7, 1)]).await;
        assert_eq!((whole.lines, whole.fault), (3, None));
        let other = heard(vec![message(5, 0), message(6, 1), message(7, 2)]).await;
        assert_ne!(whole.order, other.order);
    }

    #[tokio::test]
    async fn a_gap_a_double_and_an_end_are_faults() {
        let fault = async |messages| heard(messages).await.fault.expect("a fault");
        let gap = fault(vec![message(5, 0), message(7, 1)]).await;
        assert_eq!(gap, "after 1 lines: sequence 7 came instead of 6");
        let double = fault(vec![message(5, 0), message(6, 0)]).await;
        assert_eq!(double, "after 1 lines: line 0 came twice");
        assert_eq!(
            fault(vec![message(5, 0)]).await,
            "after 1 lines: the stream ended"
        );
    }
}
