//! The connection that all calls share, and whether there is one. While there is none a call fails
//! at once instead of waiting, and a task tries to get one.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ScriptInvocation};
use services::Error;
use services::error::excerpt;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

/// How long Redis may take for an answer: it takes well under a millisecond, so that a second one
/// would not come sooner.
const RESPONSE: Duration = Duration::from_millis(500);

/// How long it may take until a connection stands.
pub(super) const CONNECT: Duration = Duration::from_secs(1);

/// Between two attempts to get a connection: the first is soon, for Redis may restart in no time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause, reached by doubling.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Commands that wait for being written: one for each call in flight.
const WAITING_COMMANDS: usize = 1_024;

/// What Redis answers while it cannot serve, though nothing is wrong with the command.
const UNABLE: [&str; 9] = [
    "BUSY",
    "CLUSTERDOWN",
    "LOADING",
    "MASTERDOWN",
    "MISCONF",
    "NOAUTH",
    "NOREPLICAS",
    "OOM",
    "READONLY",
];

/// One connection, known by its number so that an old one's failure does not end a new one.
#[derive(Clone)]
struct Connection {
    number: u64,
    manager: ConnectionManager,
}

type Current = watch::Sender<Option<Connection>>;

/// The connection, and the task that gets a new one when it breaks; the task ends with this.
pub(super) struct Link {
    current: Current,
    _keeper: AbortOnDropHandle<()>,
}

impl Link {
    /// # Errors
    /// Where the first connection does not come about, within [`CONNECT`] and [`RESPONSE`].
    pub(super) async fn open(client: Client) -> RedisResult<Self> {
        let current = watch::Sender::new(Some(connection(&client).await?));
        let keeper = tokio::spawn(keep(client, current.clone()));
        Ok(Self {
            current,
            _keeper: AbortOnDropHandle::new(keeper),
        })
    }

    /// Waits until Redis can be reached.
    pub(super) async fn up(&self) {
        // Fails only when the sender is gone, and this holds it.
        let _ = self.current.subscribe().wait_for(Option::is_some).await;
    }

    /// The connection that there is, or the next that there will be.
    pub(super) async fn first_connection(&self) -> ConnectionManager {
        let mut current = self.current.subscribe();
        let connection = current.wait_for(Option::is_some).await;
        let connection = connection.expect("this holds the sender");
        let connection = connection.as_ref().expect("it was waited for");
        connection.manager.clone()
    }

    /// Does one command.
    ///
    /// # Errors
    /// [`Error::Unavailable`], at once while there is no connection; [`Error::Internal`] for an
    /// answer that is not as expected.
    pub(super) async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Error> {
        let mut connection = self.connection()?;
        let answer = command.query_async(&mut connection.manager).await;
        answer.map_err(|cause| self.failed(&connection, cause))
    }

    /// Runs one script.
    ///
    /// # Errors
    /// As of [`query`](Self::query).
    pub(super) async fn run<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, Error> {
        let mut connection = self.connection()?;
        let answer = script.invoke_async(&mut connection.manager).await;
        answer.map_err(|cause| self.failed(&connection, cause))
    }

    fn connection(&self) -> Result<Connection, Error> {
        let current = self.current.borrow();
        current.clone().ok_or_else(unreachable)
    }

    /// Tells what a failure means, and has the connection replaced where it is broken.
    fn failed(&self, connection: &Connection, cause: RedisError) -> Error {
        if let Some(code) = cause.code().filter(|code| UNABLE.contains(code)) {
            let message = format!("the server's Redis cannot serve ({code}): try again later");
            return Error::unavailable(message, cause);
        }
        if cause.kind() != ErrorKind::Io {
            let code = cause.code().map_or_else(String::new, |code| {
                let code = excerpt(code);
                format!(" ({code})")
            });
            let message = format!("Redis did not answer as expected{code}: see its log");
            return Error::internal(message, cause);
        }
        self.lose(connection.number);
        let message = "the server's Redis broke off or did not answer in time: whether it was \
                       done is unknown, look before you try again";
        Error::unavailable(message, cause)
    }

    fn lose(&self, number: u64) {
        self.current.send_if_modified(|current| {
            let lost = current.as_ref().is_some_and(|it| it.number == number);
            if lost {
                *current = None;
            }
            lost
        });
    }
}

/// Shows no address, for a password can be in it.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let up = self.current.borrow().is_some();
        f.debug_struct("Link")
            .field("up", &up)
            .finish_non_exhaustive()
    }
}

fn unreachable() -> Error {
    Error::Unavailable {
        message: "the server's Redis cannot be reached: nothing was done, try again later".into(),
        source: None,
    }
}

/// Gets a new connection whenever there is none.
async fn keep(client: Client, current: Current) {
    let mut changes = current.subscribe();
    while changes.wait_for(Option::is_none).await.is_ok() {
        let mut pause = FIRST_PAUSE;
        let connection = loop {
            match connection(&client).await {
                Ok(connection) => break connection,
                Err(_) => sleep(pause).await,
            }
            pause = LONGEST_PAUSE.min(pause * 2);
        };
        current.send_replace(Some(connection));
    }
}

/// A connection that Redis answers on. After an outage it is a new manager: the old one would wait
/// for its TCP connection's end, which after a cut cable comes a quarter of an hour later.
async fn connection(client: &Client) -> RedisResult<Connection> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(RESPONSE))
        .set_pipeline_buffer_size(WAITING_COMMANDS)
        .set_number_of_retries(0);
    let opening = ConnectionManager::new_with_config(client.clone(), config);
    let mut manager = in_time(CONNECT, opening).await?;
    // One that is still loading its file accepts connections and no commands.
    redis::cmd("PING").exec_async(&mut manager).await?;
    Ok(Connection {
        number: NUMBER.fetch_add(1, Ordering::Relaxed),
        manager,
    })
}

/// What Redis' own timeouts do not cover, such as finding the address of a name.
pub(super) async fn in_time<T>(
    limit: Duration,
    doing: impl Future<Output = RedisResult<T>>,
) -> RedisResult<T> {
    let late = |_| std::io::Error::from(std::io::ErrorKind::TimedOut).into();
    timeout(limit, doing).await.map_err(late).flatten()
}
