//! The floors: what a transport costs when nothing is encoded or called. A floor's client sends a
//! body of another row's request size and gets one of its reply size. The servers do no more than
//! that, and the clients are as simple as can be: over HTTP/1.1 and TCP one connection for each
//! call in flight, over HTTP/2 one connection for all.

/// HTTP/1.1 and HTTP/2 on bare hyper.
pub mod http;

/// TCP with a head of two sizes.
pub mod tcp;

use std::collections::BTreeMap;

use bytes::Bytes;
use services::{Code, Error};

use crate::measurement::UpDown;
use crate::workload::Workload;

/// What bodies are made of. No reply of a workload comes near this size.
static FILLER: [u8; 64 * 1024] = [b'x'; 64 * 1024];

/// The body sizes that a floor uses, by the name of the workload.
pub type Sizes = BTreeMap<&'static str, UpDown>;

/// A floor's reply of that size; `None` where it is larger than any reply of a workload.
fn reply(size_bytes: usize) -> Option<Bytes> {
    FILLER.get(..size_bytes).map(Bytes::from_static)
}

/// A request and the size of its reply, ready to be sent again and again.
struct Exchange<T> {
    request: T,
    reply_bytes: u64,
}

/// The exchange of each workload, made once, so that no call pays for it.
struct Exchanges<T>(BTreeMap<&'static str, (UpDown, Exchange<T>)>);

impl<T> Exchanges<T> {
    fn new(sizes: &Sizes, request: impl Fn(UpDown) -> T) -> Self {
        let exchanges = sizes.iter().map(|(workload, size)| {
            let exchange = Exchange {
                request: request(*size),
                reply_bytes: size.down,
            };
            (*workload, (*size, exchange))
        });
        Self(exchanges.collect())
    }

    fn of(&self, workload: &Workload) -> Result<&Exchange<T>, Error> {
        self.entry(workload).map(|(_, exchange)| exchange)
    }

    fn size(&self, workload: &Workload) -> Result<UpDown, Error> {
        self.entry(workload).map(|(size, _)| *size)
    }

    fn entry(&self, workload: &Workload) -> Result<&(UpDown, Exchange<T>), Error> {
        self.0.get(workload.name).ok_or_else(|| {
            let text = format!("the body sizes of \"{}\" were not measured", workload.name);
            Error::new(Code::Internal, text)
        })
    }
}

/// A floor's connection broke.
fn broken(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::unavailable(format!("the echo broke off: {cause}"), cause)
}
