//! Users and the chat in Redis, for any number of servers. What is where, in the words of
//! `redis-cli`, stands in the README.
//!
//! Everything that has to be atomic is one Lua script, which Redis runs alone. While Redis does not
//! answer, calls are refused at once and a task tries to reach it again.

mod entry;
mod epoch;
mod keys;
mod link;
mod presence;
mod reader;
mod room;
mod users;

use std::sync::Arc;

use ::redis::{Client, IntoConnectionInfo};
use services::error::excerpt;
use services::{ChatRoom, UserStore};

use crate::Error;
use link::Link;

pub use room::RedisRoom;
pub use users::Redis;

/// The format of what is under our keys; another one has another number.
const FORMAT: i64 = 1;

/// What one Redis gives a server.
#[derive(Debug)]
pub struct Connected {
    /// The users.
    pub users: Arc<dyn UserStore>,
    /// The chat's room, which all servers of that Redis share.
    pub chat: Arc<dyn ChatRoom>,
    /// A line about what this Redis does not promise, for whoever started the server.
    pub warning: Option<String>,
}

/// Connects to the Redis at that URL, `redis://[user:password@]host[:port][/database]`. The tasks
/// that keep the connection and read the chat end when both stores are dropped.
///
/// # Errors
/// [`Error::Url`]; [`Error::Unreachable`], within about a second; [`Error::Refused`] and
/// [`Error::RedisFormat`].
pub async fn connect(url: &str) -> Result<Connected, Error> {
    let client = client(url)?;
    let address = address(&client);
    let unreachable = |source| failed(&address, source);
    let link = Arc::new(Link::open(client.clone()).await.map_err(unreachable)?);
    let mut connection = link.first_connection().await;
    check_format(&address, &mut connection).await?;
    let persistence = ::redis::cmd("INFO")
        .arg("persistence")
        .query_async::<String>(&mut connection)
        .await;
    Ok(Connected {
        users: Arc::new(Redis::new(link.clone())),
        chat: Arc::new(RedisRoom::start(client, link)),
        warning: warning(&address, persistence.ok().as_deref()),
    })
}

fn client(url: &str) -> Result<Client, Error> {
    let parsed = url.into_connection_info().and_then(Client::open);
    parsed.map_err(|source| Error::Url {
        url: excerpt(without_password(url)),
        source: source.into(),
    })
}

/// Whatever comes before the host may be secret.
fn without_password(url: &str) -> &str {
    url.rsplit_once('@').map_or(url, |(_, host)| host)
}

/// The URL as it is printed: without user and password.
fn address(client: &Client) -> String {
    let info = client.get_connection_info();
    let database = match info.redis_settings().db() {
        0 => String::new(),
        database => format!("/{database}"),
    };
    excerpt(format!("redis://{}{database}", info.addr()))
}

fn failed(address: &str, source: ::redis::RedisError) -> Error {
    let url = address.to_owned();
    // A code says that somebody is there and does not want us.
    match source.code().map(excerpt) {
        Some(code) => Error::Refused {
            url,
            code,
            source: source.into(),
        },
        None => Error::Unreachable {
            url,
            source: source.into(),
        },
    }
}

async fn check_format(
    address: &str,
    connection: &mut impl ::redis::aio::ConnectionLike,
) -> Result<(), Error> {
    let (found,): (String,) = ::redis::pipe()
        .cmd("SETNX")
        .arg(keys::FORMAT)
        .arg(FORMAT)
        .ignore()
        .cmd("GET")
        .arg(keys::FORMAT)
        .query_async(connection)
        .await
        .map_err(|source| failed(address, source))?;
    if found == FORMAT.to_string() {
        return Ok(());
    }
    Err(Error::RedisFormat {
        url: address.to_owned(),
        found: excerpt(found),
        wanted: FORMAT,
    })
}

/// `persistence` is what `INFO persistence` says, which a Redis may forbid.
fn warning(address: &str, persistence: Option<&str>) -> Option<String> {
    let mut lines = persistence.unwrap_or_default().lines();
    let finding = match lines.find_map(|line| line.strip_prefix("aof_enabled:")) {
        Some("1") => return None,
        Some(_) => "has no append-only file",
        None => "does not tell whether it has an append-only file",
    };
    Some(format!(
        "Redis at {address} {finding}, without which a kill of it loses acknowledged writes: \
         switch it on with redis-cli CONFIG SET appendonly yes, and in its redis.conf"
    ))
}
