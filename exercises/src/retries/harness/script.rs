//! A world that does what a script says, and keeps what was done in it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::retry;
use crate::world::{Failure, Request, World};

/// Past these a function would never end.
const MOST_SENDS: usize = 40;
const MOST_LOOKS: usize = 10_000;
const MOST_PAUSES: usize = 1_000;

/// A sentence in both languages.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) en: String,
    pub(crate) pt: String,
}

/// Both take the same values.
macro_rules! said {
    ($en:literal, $pt:literal) => {
        $crate::script::Said {
            en: format!($en),
            pt: format!($pt),
        }
    };
}
pub(crate) use said;

/// What the service does with one send: it answers or fails after that time.
#[derive(Clone, Copy)]
pub(crate) struct Reply {
    pub(crate) takes: Duration,
    pub(crate) outcome: Result<i32, Failure>,
}

pub(crate) struct Send {
    pub(crate) at: Duration,
    pub(crate) wait: Duration,
    pub(crate) request: Request,
}

pub(crate) struct Pause {
    pub(crate) at: Duration,
    pub(crate) time: Duration,
}

/// Replies in order, the last one for ever.
pub(crate) struct Script {
    now: Duration,
    replies: Vec<Reply>,
    chances: Vec<f64>,
    drawn: usize,
    looks: usize,
    pub(crate) sends: Vec<Send>,
    pub(crate) pauses: Vec<Pause>,
}

impl World for Script {
    fn now(&mut self) -> Duration {
        self.looks += 1;
        assert!(
            self.looks < MOST_LOOKS,
            "it asked for the time {MOST_LOOKS} times: sleep instead"
        );
        self.now
    }

    fn sleep(&mut self, time: Duration) {
        self.pauses.push(Pause { at: self.now, time });
        assert!(
            self.pauses.len() < MOST_PAUSES,
            "it slept {MOST_PAUSES} times"
        );
        self.now += time;
    }

    fn random(&mut self) -> f64 {
        self.drawn += 1;
        self.chances[(self.drawn - 1) % self.chances.len()]
    }

    fn send(&mut self, request: &Request, wait: Duration) -> Result<i32, Failure> {
        let reply = self.replies[self.sends.len().min(self.replies.len() - 1)];
        let request = request.clone();
        self.sends.push(Send {
            at: self.now,
            wait,
            request,
        });
        assert!(
            self.sends.len() < MOST_SENDS,
            "it sent {MOST_SENDS} times, and would not stop"
        );
        self.now += reply.takes.min(wait);
        match reply.takes > wait {
            true => Err(Failure::DeadlineExceeded),
            false => reply.outcome,
        }
    }
}

/// What came of one call.
pub(crate) struct Seen {
    pub(crate) script: Script,
    pub(crate) result: Result<i32, Failure>,
    /// When its time was up.
    pub(crate) end: Duration,
}

impl Seen {
    pub(crate) fn sends(&self) -> usize {
        self.script.sends.len()
    }

    pub(crate) fn pauses(&self) -> Vec<Duration> {
        self.script.pauses.iter().map(|pause| pause.time).collect()
    }
}

/// Calls once, with a service that replies so and chances that come round again. The clock does not
/// begin at zero, because no clock does.
pub(crate) fn run(
    request: &Request,
    replies: &[Reply],
    deadline: Duration,
    chances: &[f64],
) -> Result<Seen, Said> {
    let began = Duration::from_secs(7_200);
    let mut script = Script {
        now: began,
        replies: replies.to_vec(),
        chances: chances.to_vec(),
        drawn: 0,
        looks: 0,
        sends: Vec::new(),
        pauses: Vec::new(),
    };
    let called = catch_unwind(AssertUnwindSafe(|| {
        retry::call(&mut script, request, deadline)
    }));
    let result = called.map_err(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| cause.downcast_ref::<&str>().copied());
        let text = text.unwrap_or("…");
        said!(
            "Your function ended in a panic: {text}",
            "A sua função terminou em pânico: {text}"
        )
    })?;
    let end = began + deadline;
    Ok(Seen {
        script,
        result,
        end,
    })
}
