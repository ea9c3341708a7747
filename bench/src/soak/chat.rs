//! One run of a chat under load: everybody joins, lines are sent by a schedule that waits for
//! nobody (an open loop), everybody listens.

use std::time::Duration;

use anyhow::{Context as _, Result};
use futures::{StreamExt, TryStreamExt, stream};
use hdrhistogram::Histogram;
use services::model::{ChatMessage, Join};
use services::{ClientOptions, Context, Error, Stream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::memory;
use super::participant::{self, Heard, Schedule, listen};
use crate::endpoint::Endpoint;

/// How many join at a time.
const JOINING: usize = 32;

/// How long a participant may take to join.
const JOIN: Duration = Duration::from_secs(30);

/// How long the last lines may take to arrive before the chat has fallen behind.
pub const GRACE: Duration = Duration::from_secs(5);

/// What a run is to be.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many take part and read.
    pub participants: usize,
    /// Lines a second.
    pub rate: u32,
    /// How long lines are sent.
    pub time: Duration,
    /// Bytes of a line.
    pub line_bytes: usize,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Lines that were sent.
    pub lines: u64,
    /// Delays of all lines at all participants, in microseconds.
    pub delays: Histogram<u64>,
    /// What was wrong first.
    pub fault: Option<String>,
    /// The server's memory for each participant, in bytes, once all had joined.
    pub memory_each: Option<u64>,
}

/// Somebody in the room: says lines by the one, hears by the other.
pub struct Seat {
    says: mpsc::UnboundedSender<ChatMessage>,
    hears: Stream<ChatMessage>,
}

impl Seat {
    /// Reads until the stream ends; gives how many lines came, and the error that ended it. Who
    /// takes the seat is in the room meanwhile: leaving would end the stream, too.
    pub async fn end(mut self) -> (usize, Option<Error>) {
        let mut lines = 0;
        while let Some(heard) = self.hears.next().await {
            match heard {
                Ok(_) => lines += 1,
                Err(error) => return (lines, Some(error)),
            }
        }
        drop(self.says);
        (lines, None)
    }
}

/// Takes a seat under that name.
///
/// # Errors
/// Where the server is not there, refuses, or does not answer in time.
pub async fn take_seat(endpoint: &Endpoint, name: &str) -> Result<Seat> {
    let (says, said) = mpsc::unbounded_channel();
    let said = stream::unfold(said, |mut said| async move {
        let message = said.recv().await?;
        Some((Ok(message), said))
    });
    let join = Join {
        user: name.into(),
        after: None,
    };
    let joining = async {
        let client = endpoint.connect(ClientOptions::default()).await?;
        let context = Context::new();
        client.chat(&context, &join, said.boxed()).await
    };
    let hears = timeout(JOIN, joining).await;
    let hears = hears.with_context(|| format!("{name} did not get in within {JOIN:?}"))?;
    let hears = hears.with_context(|| format!("{name} cannot take part"))?;
    Ok(Seat { says, hears })
}

/// Runs that plan. `server` is the process whose memory is told.
///
/// # Errors
/// Where not everybody can join.
pub async fn run(plan: Plan, endpoint: &Endpoint, server: Option<u32>) -> Result<Outcome> {
    let resident = || Some(memory::of(server?)?.resident);
    let before = resident();
    let seats: Vec<Seat> = stream::iter(0..plan.participants)
        .map(|number| async move { take_seat(endpoint, &format!("p{number}")).await })
        .buffered(JOINING)
        .try_collect()
        .await?;
    let joined = resident().zip(before);
    let memory_each = joined
        .map(|(after, before)| after.saturating_sub(before) / plan.participants.max(1) as u64);
    let schedule = Schedule {
        // Everybody is at its stream by then.
        start: Instant::now() + Duration::from_millis(200),
        rate: plan.rate,
        lines: (plan.time.as_secs_f64() * f64::from(plan.rate)).ceil() as u64,
    };
    let heard = talk(seats, plan, schedule).await;
    Ok(Outcome {
        memory_each,
        ..judged(heard, schedule)
    })
}

/// Sends by the schedule while everybody listens.
async fn talk(seats: Vec<Seat>, plan: Plan, schedule: Schedule) -> Vec<Heard> {
    let until = schedule.due(schedule.lines) + GRACE;
    let mut listeners = JoinSet::new();
    let mut speakers = Vec::new();
    for seat in seats {
        speakers.push(seat.says);
        listeners.spawn(listen(seat.hears, schedule, until));
    }
    // A second run says the same lines, and they are not to be taken for those of the first.
    let run = fastrand::u64(..);
    for number in 0..schedule.lines {
        sleep_until(schedule.due(number)).await;
        let message = ChatMessage {
            text: participant::line(number, plan.line_bytes),
            id: format!("{run:x}-{number}"),
            user: format!("p{}", number as usize % speakers.len()),
            ..ChatMessage::default()
        };
        // A speaker whose stream broke is told by its listener.
        let _ = speakers[number as usize % speakers.len()].send(message);
    }
    listeners.join_all().await
}

fn judged(heard: Vec<Heard>, schedule: Schedule) -> Outcome {
    let mut delays = participant::delays();
    let order = heard.first().map(|first| first.order);
    let mut fault = None;
    for (index, heard) in heard.into_iter().enumerate() {
        delays.add(&heard.delays).expect("all have the same bounds");
        let other_order = || {
            let other = Some(heard.order) != order;
            other.then(|| "another order than the first participant's".to_owned())
        };
        let wrong = heard.fault.clone().or_else(other_order);
        fault = fault.or(wrong.map(|wrong| format!("p{index} {wrong}")));
    }
    Outcome {
        lines: schedule.lines,
        delays,
        fault,
        memory_each: None,
    }
}
