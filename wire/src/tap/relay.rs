//! One connection through the tap: both directions, until both have ended or one breaks off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::TcpStream;
use tokio::time::Instant;

use super::flow::{Flow, SourceGone};
use super::shared::Shared;
use crate::recording::{Direction, EventKind};

/// Connects to the server and relays until the connection is over.
pub(super) async fn relay(shared: Arc<Shared>, number: usize, client: TcpStream) {
    let mut client = Cutting::new(client);
    let opens = shared.scheduled(|schedule| schedule.opens(Instant::now()));
    shared.wait_until(opens).await;
    let connected = async {
        client.stream.set_nodelay(true)?;
        let server = TcpStream::connect(shared.to).await?;
        server.set_nodelay(true)?;
        Ok(server)
    };
    match connected.await {
        Ok(server) => {
            let mut server = Cutting::new(server);
            let whole = both(&shared, number, &mut client.stream, &mut server.stream).await;
            client.spared = whole;
            server.spared = whole;
        }
        Err(error) => {
            shared.log.refuse(error);
            for direction in Direction::BOTH {
                shared.ended(number, direction, true).await;
            }
        }
    }
}

/// Whether both directions came to a good end.
async fn both(
    shared: &Shared,
    number: usize,
    client: &mut TcpStream,
    server: &mut TcpStream,
) -> bool {
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let torn = AtomicBool::new(false);
    let mut up = Flow::new(shared, number, Direction::Up, &torn);
    let mut down = Flow::new(shared, number, Direction::Down, &torn);
    let relayed: Result<_, SourceGone> = tokio::try_join!(
        up.run(from_client, to_server),
        down.run(from_server, to_client)
    );
    for flow in [&mut up, &mut down] {
        flow.end(true).await;
    }
    relayed.is_ok() && !torn.load(Ordering::Relaxed)
}

impl Shared {
    /// Tells that a direction has ended.
    pub(super) async fn ended(&self, number: usize, direction: Direction, broken: bool) {
        let kind = EventKind::Ended { direction, broken };
        self.log.write(number, kind).await;
    }
}

/// A stream that is reset when it is dropped, so that its peer sees a connection cut off and not
/// one that has ended well; unless it has.
#[derive(Debug)]
struct Cutting {
    stream: TcpStream,
    spared: bool,
}

impl Cutting {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            spared: false,
        }
    }
}

impl Drop for Cutting {
    fn drop(&mut self) {
        if !self.spared {
            // It fails on a socket that is gone already, which is as well.
            drop(self.stream.set_zero_linger());
        }
    }
}
