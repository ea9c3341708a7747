//! The body of a reply, which holds its connection until it ends.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use services::{ByteCount, Code, Context, Error};

use super::pool::{Pool, Pooled};
use super::request::Sent;

/// The body of a reply as it comes. Dropping it before its end closes the connection.
#[derive(Debug)]
pub struct ReplyBody {
    incoming: Incoming,
    received: u64,
    held: Option<Held>,
}

/// The connection that a reply comes on, and what its context is to learn.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) pool: Arc<Pool>,
    pub(super) pooled: Pooled,
    pub(super) before: ByteCount,
    pub(super) sent: Sent,
    pub(super) context: Context,
}

impl ReplyBody {
    pub(super) fn new(incoming: Incoming, held: Held) -> Self {
        Self {
            incoming,
            received: 0,
            held: Some(held),
        }
    }

    /// The next bytes; `None` at the end, after which the connection is free for other calls.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the connection breaks.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        if self.held.is_some() && !self.incoming.is_end_stream() {
            while let Some(frame) = self.incoming.frame().await {
                let frame = frame.map_err(|cause| self.failed(cause))?;
                if let Ok(data) = frame.into_data() {
                    self.received += data.len() as u64;
                    return Ok(Some(data));
                }
            }
        }
        self.ended();
        Ok(None)
    }

    /// All of it, at most `limit_bytes`; one that comes in a piece is not copied.
    ///
    /// # Errors
    /// As [`next`](Self::next), and [`Error::ResourceExhausted`] past the limit.
    pub async fn whole(mut self, limit_bytes: usize) -> Result<Bytes, Error> {
        if self.incoming.size_hint().lower() > limit_bytes as u64 {
            return Err(too_large(limit_bytes));
        }
        let first = self.next().await?.unwrap_or_default();
        let Some(mut data) = self.next().await? else {
            return within(first, limit_bytes);
        };
        let mut whole = BytesMut::from(first);
        loop {
            if whole.len() + data.len() > limit_bytes {
                return Err(too_large(limit_bytes));
            }
            whole.extend_from_slice(&data);
            match self.next().await? {
                Some(next) => data = next,
                None => return Ok(whole.freeze()),
            }
        }
    }

    fn failed(&mut self, cause: hyper::Error) -> Error {
        match self.learnt() {
            Some(held) => held.pool.failed(cause),
            None => Error::unavailable("the reply broke off: call again where that is safe", cause),
        }
    }

    fn ended(&mut self) {
        if let Some(held) = self.learnt()
            && held.sent.leaves_connection_free()
        {
            held.pool.put(held.pooled);
        }
    }

    /// Tells the context what passed, once, and gives the connection up.
    fn learnt(&mut self) -> Option<Held> {
        let held = self.held.take()?;
        let after = held.pooled.bytes();
        let body = ByteCount {
            up: held.sent.bytes(),
            down: self.received,
        };
        held.context.learn(|exchange| {
            exchange.body = body;
            exchange.wire = ByteCount {
                up: after.up - held.before.up,
                down: after.down - held.before.down,
            };
        });
        Some(held)
    }
}

impl Drop for ReplyBody {
    fn drop(&mut self) {
        drop(self.learnt());
    }
}

fn within(data: Bytes, limit_bytes: usize) -> Result<Bytes, Error> {
    if data.len() > limit_bytes {
        return Err(too_large(limit_bytes));
    }
    Ok(data)
}

fn too_large(limit_bytes: usize) -> Error {
    let text = format!("the reply has more than {limit_bytes} bytes: ask for less, or allow more");
    Error::new(Code::ResourceExhausted, text)
}
