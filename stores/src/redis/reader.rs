//! The task that reads Redis' stream into the hall of this server: one for each server, however
//! many take part. After an outage it goes on where it was, and the participants' streams with it.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult, Value};
use services::Error;
use tokio::time::sleep;

use super::entry::{Entry, Place};
use super::keys;
use super::link::{CONNECT, in_time};
use super::room::Shared;

/// How long Redis holds an answer back while there is nothing to tell.
const BLOCK: Duration = Duration::from_secs(1);
/// What Redis may take beyond that before the connection is taken for dead.
const GRACE: Duration = Duration::from_secs(1);
/// Messages of one answer: few enough that participants read between two.
const BATCH: usize = 100;
/// Between two attempts, for a Redis that takes connections and breaks them.
const PAUSE: Duration = Duration::from_millis(50);

/// What was read last: nothing yet, or an entry that must still be there.
type Last = Option<(Place, Entry)>;

/// Reads until the task is ended.
pub(super) async fn read(client: Client, shared: std::sync::Arc<Shared>) {
    let mut last = None;
    loop {
        shared.link.up().await;
        // The calls' own connection breaks with this one; whoever calls is told.
        let _broken = follow(&client, &shared, &mut last).await;
        sleep(PAUSE).await;
    }
}

/// Reads until the connection breaks.
async fn follow(client: &Client, shared: &Shared, last: &mut Last) -> RedisResult<()> {
    // Its own, for a command that waits holds back those behind it.
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(BLOCK + GRACE));
    let opening = client.get_multiplexed_async_connection_with_config(&config);
    let mut connection = in_time(CONNECT, opening).await?;
    look_for_loss(&mut connection, shared, last).await?;
    loop {
        let entries = next(&mut connection, last).await?;
        if entries.is_empty() {
            look_for_loss(&mut connection, shared, last).await?;
        }
        deliver(shared, entries, last);
        // The participants are on this runtime too, and a burst is not their fault.
        tokio::task::yield_now().await;
    }
}

async fn next(connection: &mut MultiplexedConnection, last: &Last) -> RedisResult<Vec<Entry>> {
    let place = last.as_ref().map_or(Place::default(), |(place, _)| *place);
    let mut command = redis::cmd("XREAD");
    command.arg("COUNT").arg(BATCH);
    command.arg("BLOCK").arg(BLOCK.as_millis() as usize);
    command.arg("STREAMS").arg(keys::CHAT).arg(place.text());
    Ok(Entry::of_one_stream(command.query_async(connection).await?))
}

fn deliver(shared: &Shared, entries: Vec<Entry>, last: &mut Last) {
    let epoch = shared.epoch();
    for entry in entries {
        let Some(place) = entry.place() else {
            continue;
        };
        // What somebody else has written into the stream is passed over.
        if let Some(message) = entry.message() {
            epoch.hall.deliver(message);
        }
        epoch.has_read(place.0);
        *last = Some((place, entry));
    }
}

/// Whether Redis still has what was read last. It has not where it was restarted without its
/// append-only file, was emptied, or was so long out of reach that more was said than it keeps.
async fn look_for_loss(
    connection: &mut MultiplexedConnection,
    shared: &Shared,
    last: &mut Last,
) -> RedisResult<()> {
    let Some((place, entry)) = last else {
        return Ok(());
    };
    let text = place.text();
    let same = range(connection, &text, &text).await?;
    if same.first() == Some(entry) {
        return Ok(());
    }
    let oldest = range(connection, "-", "+").await?;
    let oldest = oldest.first().and_then(Entry::place);
    let error = match oldest {
        Some(oldest) if oldest > *place => missed(*place),
        _ => lost(*place),
    };
    shared.begin_again(error);
    *last = None;
    Ok(())
}

/// The first entry of a range.
async fn range(
    connection: &mut MultiplexedConnection,
    from: &str,
    to: &str,
) -> RedisResult<Vec<Entry>> {
    let mut command = redis::cmd("XRANGE");
    command
        .arg(keys::CHAT)
        .arg(from)
        .arg(to)
        .arg("COUNT")
        .arg(1);
    Ok(Entry::list(command.query_async::<Value>(connection).await?))
}

fn missed(place: Place) -> Error {
    Error::OutOfRange(format!(
        "more was said than is kept while the server's Redis was out of its reach: the last that \
         you got is {}, join again after 0 for all that is kept",
        place.0
    ))
}

fn lost(place: Place) -> Error {
    Error::Unavailable {
        message: format!(
            "the server's Redis has lost messages, the one with the number {} among them: join \
             again without after",
            place.0
        ),
        source: None,
    }
}
