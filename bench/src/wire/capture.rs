//! Makes the call over each wire through a tap, first on a fresh connection, then on a warm one, and
//! explains what was recorded.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use demo::Value;
use futures::future::try_join_all;
use services::{ByteCount, ClientOptions, Error, Traffic};
use tokio::time::timeout;
use wire::dissection::{Dissection, Excerpt};
use wire::recording::{RecordedConnection, Recording};
use wire::tap::{Link, Tap, TapOptions};
use wire::{Dissector, Knowledge};

use super::address;
use super::call::Call;
use super::cut::{Mark, cut, excerpt};
use super::server::Server;
use super::wires::Wire;
use crate::endpoint::Endpoint;

/// Calls on one connection: the first is cold; what it set up may still be on its way while the
/// second is made; the third is warm.
pub const CALLS: usize = 3;

/// How long a connection may take to end once its client has gone.
const FAREWELL: Duration = Duration::from_secs(2);

/// What is to be looked at, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is called.
    pub call: Call,
    /// Over what, in the order of the tables.
    pub lanes: Vec<Lane>,
    /// The link between client and server.
    pub link: Link,
    /// For unary calls.
    pub timeout: Option<Duration>,
    /// Protobuf's names.
    pub knowledge: Knowledge,
}

/// One wire, and the server behind it: one in this process where none is named.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Which wire.
    pub wire: Wire,
    /// The server that runs already.
    pub server: Option<Endpoint>,
}

/// Everything that was recorded, explained.
#[derive(Debug)]
pub struct Capture {
    /// The connections of all wires, those of the first wire first.
    pub recording: Recording,
    /// Of all of them.
    pub dissection: Dissection,
    /// In the order of the plan.
    pub wires: Vec<Observed>,
}

/// One wire's calls.
#[derive(Debug)]
pub struct Observed {
    /// Which wire.
    pub wire: Wire,
    /// The calls in order, and at last what came after them. Every byte is in just one of them.
    pub parts: Vec<Part>,
    /// What the tap's sockets carried, up and down.
    pub socket_bytes: [u64; 2],
    /// What the client counted at its own sockets, by itself: as much up, and down all but what the
    /// server said when the client had gone.
    pub client: ByteCount,
}

/// A call, or what came after the last one.
#[derive(Debug)]
pub struct Part {
    /// Which of them.
    pub state: State,
    /// Its bytes.
    pub excerpt: Excerpt,
    /// What came of it; `None` after the last call.
    pub answer: Option<Answered>,
}

/// What came of a call.
#[derive(Debug)]
pub struct Answered {
    /// From the call's start to its answer's end; the first one's connection is part of it.
    pub elapsed: Duration,
    /// One value, or all of a stream; or the failure.
    pub result: Result<Vec<Value>, Error>,
}

/// What a connection had behind it when a part began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing: the first call, with all that sets the connection up.
    Cold,
    /// One call.
    Second,
    /// Two calls: nothing that a connection learns is new any more.
    Warm,
    /// All calls.
    After,
}

impl State {
    /// As it is told.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Second => "second",
            Self::Warm => "warm",
            Self::After => "after",
        }
    }
}

impl Observed {
    /// That part, if there is one: a call that may not be repeated is only cold.
    #[must_use]
    pub fn part(&self, state: State) -> Option<&Part> {
        self.parts.iter().find(|part| part.state == state)
    }

    /// The part that shows best what a call takes: the warm one, if there is one.
    #[must_use]
    pub fn settled(&self) -> Option<&Part> {
        self.part(State::Warm).or(self.part(State::Cold))
    }

    /// The first failure of its calls.
    #[must_use]
    pub fn failure(&self) -> Option<&Error> {
        let answers = self.parts.iter().filter_map(|part| part.answer.as_ref());
        answers
            .filter_map(|answer| answer.result.as_ref().err())
            .next()
    }
}

/// What one wire's tap recorded.
struct Taped {
    recording: Recording,
    marks: Vec<Mark>,
    answers: Vec<Answered>,
    socket_bytes: [u64; 2],
    client: ByteCount,
}

/// Makes the calls and explains the bytes.
///
/// # Errors
/// Where a server or a tap does not start. A call that fails is part of what was seen.
pub async fn capture(plan: &Plan) -> Result<Capture> {
    let taped = try_join_all(plan.lanes.iter().map(|lane| tape(plan, lane))).await?;
    let (recording, connections) = merged(&taped);
    let dissection = Dissector::dissect(&recording, &plan.knowledge);
    let lanes = plan.lanes.iter().zip(taped).zip(connections);
    let observed = lanes.map(|((lane, taped), connections)| {
        let parts = cut(&recording, &dissection, connections, &taped.marks);
        let states = states(taped.answers.len());
        let answers = taped.answers.into_iter().map(Some).chain([None]);
        let parts = states.zip(parts).zip(answers);
        let parts = parts.map(|((state, pieces), answer)| Part {
            state,
            excerpt: excerpt(format!("{}, {}", lane.wire.title, state.title()), pieces),
            answer,
        });
        Observed {
            wire: lane.wire,
            parts: parts.collect(),
            socket_bytes: taped.socket_bytes,
            client: taped.client,
        }
    });
    let wires = observed.collect();
    Ok(Capture {
        recording,
        dissection,
        wires,
    })
}

fn states(calls: usize) -> impl Iterator<Item = State> {
    let calls = [State::Cold, State::Second, State::Warm]
        .into_iter()
        .take(calls);
    calls.chain([State::After])
}

/// How often a call is made: what changes somebody else's server is done once.
fn calls(call: &Call, lane: &Lane) -> usize {
    match lane.server {
        Some(_) if !call.may_repeat() => 1,
        _ => CALLS,
    }
}

async fn tape(plan: &Plan, lane: &Lane) -> Result<Taped> {
    let calls = calls(&plan.call, lane);
    let (endpoint, server) = match &lane.server {
        Some(endpoint) => (endpoint.clone(), None),
        None => {
            let anywhere = format!("{}://{}", lane.wire.scheme, address::LOOPBACK);
            let anywhere: Endpoint = anywhere.parse().map_err(anyhow::Error::msg)?;
            let server = Server::start(anywhere.room(), plan.call.operation, calls).await?;
            (anywhere.through(server.address), Some(server))
        }
    };
    let to = address::resolve(endpoint.host_port()).await?;
    let options = TapOptions {
        link: plan.link.clone(),
    };
    let tap = Tap::start(address::LOOPBACK, to, options);
    let tap = tap.context("no port is free for the tap")?;
    let (marks, mut answers, traffic) =
        through(plan, &endpoint.through(tap.address()), &tap, calls).await;
    if let Some(cause) = tap.take_refusal() {
        // The client only knows the tap.
        let refused = || Error::Unavailable {
            message: format!("{} cannot be reached: {cause}", endpoint.host_port()),
            source: None,
        };
        let failed = answers.iter_mut().filter(|answer| answer.result.is_err());
        failed.for_each(|answer| answer.result = Err(refused()));
    }
    if let Some(server) = server {
        server.close().await;
    }
    // What has not ended by then stays open in the recording.
    let _ = timeout(FAREWELL, tap.quiet()).await;
    Ok(Taped {
        recording: tap.recording(),
        marks,
        answers,
        socket_bytes: tap.size_bytes(),
        client: traffic.as_client(),
    })
}

/// Makes the calls through the tap. The client is gone at the end.
async fn through(
    plan: &Plan,
    endpoint: &Endpoint,
    tap: &Tap,
    calls: usize,
) -> (Vec<Mark>, Vec<Answered>, Arc<Traffic>) {
    let traffic = Arc::<Traffic>::default();
    let options = ClientOptions {
        timeout: plan.timeout,
        traffic: Arc::clone(&traffic),
        ..ClientOptions::default()
    };
    let (mut marks, mut answers) = (Vec::new(), Vec::new());
    let mut start = Instant::now();
    let client = match endpoint.connect(options).await {
        Ok(client) => client,
        Err(error) => {
            let elapsed = start.elapsed();
            let result = Err(error);
            answers.push(Answered { elapsed, result });
            marks.push(Mark::of(&tap.recording()));
            return (marks, answers, traffic);
        }
    };
    for _ in 0..calls {
        let result = plan.call.make(&*client).await;
        let elapsed = start.elapsed();
        marks.push(Mark::of(&tap.recording()));
        answers.push(Answered { elapsed, result });
        start = Instant::now();
    }
    (marks, answers, traffic)
}

/// One recording of all, and where each one's connections are in it.
fn merged(taped: &[Taped]) -> (Recording, Vec<Range<usize>>) {
    let began = taped.iter().map(|taped| taped.recording.began).min();
    let mut all = Recording::begin();
    all.began = began.unwrap_or(all.began);
    let mut places = Vec::new();
    for Taped { recording, .. } in taped {
        let later = recording.began.duration_since(all.began);
        // A clock that was set back in between makes it no earlier than the first.
        let later = later.unwrap_or_default();
        let first = all.connections.len();
        let connections = recording.connections.iter();
        all.connections
            .extend(connections.map(|it| delayed(it, later)));
        places.push(first..all.connections.len());
    }
    (all, places)
}

fn delayed(connection: &RecordedConnection, by: Duration) -> RecordedConnection {
    let mut connection = connection.clone();
    connection.opened += by;
    for chunk in &mut connection.chunks {
        chunk.at += by;
    }
    for ending in connection.ended.iter_mut().flatten() {
        ending.at += by;
    }
    connection
}
