//! A backend made of backends: each call goes to the next server in turn. A server that cannot be
//! reached is out of turn until a health check finds it again. It balances calls, whatever the
//! protocol; [`balance`](crate::balance) balances connections.

mod health;
mod services;
mod target;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::services::operation::Repeat;
use ::services::{Backend, Code, Context, DeadlineScope, Error, Operation, Stream};
use futures::StreamExt;
use futures::future::BoxFuture;
use tokio::task::JoinHandle;

pub use target::{Dial, Standing};

use target::Target;

/// How a balancer treats its servers.
#[derive(Debug, Clone, Copy)]
pub struct BalancerOptions {
    /// Between two health checks of a server.
    pub check_every: Duration,
    /// How long a health check may take before it has failed.
    pub check_timeout: Duration,
    /// Whether a call that failed is sent to another server.
    pub retry: Retry,
    /// How long the opening of a stream may take that comes without a deadline; `None` waits for
    /// ever. The clients of the servers have a timeout for all other calls.
    pub open_timeout: Option<Duration>,
}

impl Default for BalancerOptions {
    fn default() -> Self {
        Self {
            check_every: Duration::from_secs(1),
            check_timeout: Duration::from_secs(1),
            retry: Retry::Off,
            open_timeout: None,
        }
    }
}

/// What happens to a call whose server turns out to be Unavailable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Retry {
    /// The caller is told: only the caller knows what a second try would mean.
    #[default]
    Off,
    /// An operation that is safe to repeat goes to the other servers, each once, within its
    /// deadline. Any other is told, and so is a stream that breaks after it opened.
    Safe,
}

/// Servers that take calls in turn: itself a [`Backend`].
#[derive(Debug)]
pub struct RoundRobin {
    targets: Arc<[Target]>,
    next: AtomicUsize,
    retry: Retry,
    open_timeout: Option<Duration>,
    checks: JoinHandle<()>,
}

/// Ends the health checks.
impl Drop for RoundRobin {
    fn drop(&mut self) {
        self.checks.abort();
    }
}

impl RoundRobin {
    /// Dials every server; one that is not there is out of turn until it is.
    ///
    /// # Errors
    /// The last failure, where no server can be reached. [`Error::InvalidArgument`] without servers.
    pub async fn connect(
        servers: impl IntoIterator<Item = (String, Dial)>,
        options: BalancerOptions,
    ) -> Result<Self, Error> {
        let targets = servers.into_iter();
        let targets: Arc<[Target]> = targets
            .map(|(name, dial)| Target::new(name, dial))
            .collect();
        let dials = targets.iter().map(Target::client);
        let dialled = futures::future::join_all(dials).await;
        let reached = dialled.iter().filter(|client| client.is_ok()).count();
        if reached == 0 {
            let nobody = Error::InvalidArgument("there is no server to balance: name one".into());
            let failures = dialled.into_iter().filter_map(Result::err);
            return Err(failures.last().unwrap_or(nobody));
        }
        let checks = tokio::spawn(health::watch(Arc::clone(&targets), options));
        Ok(Self {
            targets,
            next: AtomicUsize::new(0),
            retry: options.retry,
            open_timeout: options.open_timeout,
            checks,
        })
    }

    /// The servers in the order of their turns, and whether each is in turn.
    #[must_use]
    pub fn standings(&self) -> Vec<Standing> {
        self.targets.iter().map(Target::standing).collect()
    }

    /// The servers in the order in which this call tries them: those in turn, from the next one on.
    /// Where none is, all of them, since one may be back before its health check says so.
    fn turn(&self) -> Vec<usize> {
        let count = self.targets.len();
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let order = (0..count).map(|step| first.wrapping_add(step) % count);
        let (healthy, ejected): (Vec<_>, Vec<_>) =
            order.partition(|&index| self.targets[index].is_healthy());
        if healthy.is_empty() { ejected } else { healthy }
    }

    /// The context of a call that opens a stream. Our deadline ends with the opening, whatever a
    /// deadline of the caller's would have meant: an endless stream goes on.
    fn opening(&self, context: &Context) -> Context {
        let mut opening = context.or_timeout(self.open_timeout);
        if context.deadline.is_none() {
            opening.scope = DeadlineScope::Opening;
        }
        opening
    }

    /// How many servers a call may be sent to.
    // region: tries
    fn tries(&self, operation: &Operation) -> usize {
        match (self.retry, operation.repeat) {
            (Retry::Safe, Repeat::Safe) => self.targets.len(),
            (Retry::Off, _) | (Retry::Safe, Repeat::Unsafe) => 1,
        }
    }
    // endregion: tries

    /// A call that can be made again. A server that could not be dialled has not seen it, so that
    /// the next one is tried whatever the operation.
    async fn call<'a, T: 'a>(
        &self,
        operation: &Operation,
        context: &'a Context,
        call: impl Fn(Arc<dyn Backend>) -> BoxFuture<'a, Result<T, Error>>,
    ) -> Result<(T, usize), Error> {
        let mut tries = self.tries(operation);
        let mut last = None;
        for index in self.turn() {
            let target = &self.targets[index];
            let client = match context.within(target.client()).await {
                Ok(client) => client,
                Err(error) => {
                    last = Some(error);
                    continue;
                }
            };
            match call(client).await {
                Err(error) if error.code() == Code::Unavailable => {
                    target.eject();
                    tries -= 1;
                    last = Some(error);
                    if tries == 0 {
                        break;
                    }
                }
                other => return other.map(|answer| (answer, index)),
            }
        }
        Err(last.expect("there is at least one server, and each that was tried left its error"))
    }

    /// A call that takes a stream of the caller's, which cannot be sent twice.
    async fn client(&self, context: &Context) -> Result<(Arc<dyn Backend>, usize), Error> {
        let mut last = None;
        for index in self.turn() {
            match context.within(self.targets[index].client()).await {
                Ok(client) => return Ok((client, index)),
                Err(error) => last = Some(error),
            }
        }
        Err(last.expect("there is at least one server, and each that was dialled left its error"))
    }

    /// What came of a call to that server: one that is Unavailable is out of turn.
    fn judged<T>(&self, index: usize, result: Result<T, Error>) -> Result<T, Error> {
        if matches!(&result, Err(error) if error.code() == Code::Unavailable) {
            self.targets[index].eject();
        }
        result
    }

    /// That server's stream: where it breaks, the server is out of turn.
    fn watched<T: Send + 'static>(&self, index: usize, stream: Stream<T>) -> Stream<T> {
        let targets = Arc::clone(&self.targets);
        let eject = move |item: &Result<T, Error>| {
            if matches!(item, Err(error) if error.code() == Code::Unavailable) {
                targets[index].eject();
            }
        };
        stream.inspect(eject).boxed()
    }
}
