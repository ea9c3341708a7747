//! One direction of one connection: reads, writes down, passes on; over a link, with bytes in flight
//! on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Instant;

use super::schedule::{READ_BYTES, cost_bytes, in_flight_bytes, read_bytes};
use super::shared::Shared;
use crate::recording::{Direction, EventKind};

/// One direction of one connection.
#[derive(Debug)]
pub(super) struct Flow<'a> {
    shared: &'a Shared,
    number: usize,
    direction: Direction,
    /// Whether a receiver of this connection has gone, so that the end of what it sends is no good
    /// one either. The kernel tells it only once, to whoever asks first.
    torn: &'a AtomicBool,
    /// Whether its end has been told.
    ended: bool,
}

/// The sender has broken off: nothing that goes to it is of use any more.
#[derive(Debug)]
pub(super) struct SourceGone;

/// Why a direction stops before its end.
#[derive(Debug)]
enum Stop {
    Source,
    Receiver,
}

/// What is on the line.
#[derive(Debug)]
struct InFlight {
    /// When it comes out.
    due: Instant,
    /// As it was read.
    read: Result<Option<Bytes>, SourceGone>,
    /// The room that it takes on the line until it has been passed on.
    _room: OwnedSemaphorePermit,
}

impl<'a> Flow<'a> {
    pub(super) fn new(
        shared: &'a Shared,
        number: usize,
        direction: Direction,
        torn: &'a AtomicBool,
    ) -> Self {
        Self {
            shared,
            number,
            direction,
            torn,
            ended: false,
        }
    }

    /// Relays until this direction has ended and that has been passed on.
    ///
    /// A receiver that has gone is no error: what it sent before it went is still on its way in the
    /// other direction, which will find its end by itself.
    pub(super) async fn run(
        &mut self,
        from: ReadHalf<'_>,
        to: WriteHalf<'_>,
    ) -> Result<(), SourceGone> {
        let relayed = match self.shared.link.is_clear() {
            true => self.directly(from, to).await,
            false => self.delayed(from, to).await,
        };
        match relayed {
            Ok(()) => Ok(()),
            Err(Stop::Source) => Err(SourceGone),
            Err(Stop::Receiver) => {
                self.torn.store(true, Ordering::Relaxed);
                self.end(true).await;
                Ok(())
            }
        }
    }

    /// Tells that this direction has ended, unless that has been told.
    pub(super) async fn end(&mut self, broken: bool) {
        if !self.ended {
            self.shared.ended(self.number, self.direction, broken).await;
            self.ended = true;
        }
    }

    /// A receiver that does not read holds up the write, and thereby the next read.
    async fn directly(
        &mut self,
        mut from: ReadHalf<'_>,
        mut to: WriteHalf<'_>,
    ) -> Result<(), Stop> {
        let mut buffer = vec![0; READ_BYTES];
        while pass_on(self.read(&mut from, &mut buffer).await, &mut to).await? {}
        Ok(())
    }

    /// As if a line lay between reading and writing.
    async fn delayed(&mut self, from: ReadHalf<'_>, to: WriteHalf<'_>) -> Result<(), Stop> {
        let (line, end_of_line) = mpsc::unbounded_channel();
        let shared = self.shared;
        let entering = self.enter(from, line);
        tokio::try_join!(entering, leave(shared, end_of_line, to))?;
        Ok(())
    }

    /// Reads what enters the line, which is bounded by the room that is on it.
    async fn enter(
        &mut self,
        mut from: ReadHalf<'_>,
        line: mpsc::UnboundedSender<InFlight>,
    ) -> Result<(), Stop> {
        let room = Arc::new(Semaphore::new(in_flight_bytes(&self.shared.link)));
        let mut buffer = vec![0; read_bytes(&self.shared.link)];
        loop {
            let read = self.read(&mut from, &mut buffer).await;
            let bytes = read.as_ref().ok().and_then(Option::as_ref);
            let (size, over) = (bytes.map_or(0, Bytes::len), bytes.is_none());
            let due = self.due(size);
            let room = Arc::clone(&room).acquire_many_owned(cost_bytes(size));
            let _room = room.await.expect("nobody closes this semaphore");
            if line.send(InFlight { due, read, _room }).is_err() || over {
                return Ok(());
            }
        }
    }

    /// When so many bytes that enter the line now come out of it.
    fn due(&self, size: usize) -> Instant {
        let direction = self.direction;
        let leaves =
            |now| move |schedule: &mut super::Schedule| schedule.leaves(direction, now, size);
        self.shared.scheduled(leaves(Instant::now()))
    }

    /// One read, written down before anybody else gets it; `None` at the end.
    async fn read(
        &mut self,
        from: &mut ReadHalf<'_>,
        buffer: &mut [u8],
    ) -> Result<Option<Bytes>, SourceGone> {
        match from.read(buffer).await {
            Ok(0) => {
                self.end(self.torn.load(Ordering::Relaxed)).await;
                Ok(None)
            }
            Ok(size) => {
                let bytes = Bytes::copy_from_slice(&buffer[..size]);
                let direction = self.direction;
                let kind = EventKind::Bytes {
                    direction,
                    bytes: bytes.clone(),
                };
                self.shared.log.write(self.number, kind).await;
                Ok(Some(bytes))
            }
            Err(_) => {
                self.end(true).await;
                Err(SourceGone)
            }
        }
    }
}

/// Passes on what comes out of the line, when it is due.
async fn leave(
    shared: &Shared,
    mut line: mpsc::UnboundedReceiver<InFlight>,
    mut to: WriteHalf<'_>,
) -> Result<(), Stop> {
    while let Some(InFlight { due, read, _room }) = line.recv().await {
        shared.wait_until(due).await;
        pass_on(read, &mut to).await?;
    }
    Ok(())
}

/// Passes on what was read; whether more may follow.
async fn pass_on(
    read: Result<Option<Bytes>, SourceGone>,
    to: &mut WriteHalf<'_>,
) -> Result<bool, Stop> {
    match read {
        Ok(Some(bytes)) => match to.write_all(&bytes).await {
            Ok(()) => Ok(true),
            Err(_) => Err(Stop::Receiver),
        },
        Ok(None) => {
            // It fails when the receiver has gone, and what it sent tells that better.
            drop(to.shutdown().await);
            Ok(false)
        }
        Err(SourceGone) => Err(Stop::Source),
    }
}
