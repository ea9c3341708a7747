//! What the corpus is made of: calls through the tap.

use std::future::{Future, pending};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use demo::Program;
use services::conformance::{SCENARIOS, reference};
use services::{ClientOptions, ServeOptions};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use trivium::endpoint::Endpoint;
use trivium::rooms;
use wire::{Recording, Tap, TapOptions};

/// No step takes longer.
const PATIENCE: Duration = Duration::from_secs(120);
const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Every wire.
pub(crate) const SCHEMES: [&str; 5] = ["xmlrpc", "jsonrpc", "jsonrpc+ws", "grpc", "rest"];

/// What has gone through a tap.
pub(crate) struct Capture {
    pub(crate) title: String,
    pub(crate) recording: Recording,
    /// As the tap counted, up and down.
    pub(crate) size_bytes: [u64; 2],
}

/// A server behind a tap.
pub(crate) struct Tapped {
    pub(crate) tap: Tap,
    serving: AbortHandle,
}

impl Tapped {
    /// A server of ours.
    pub(crate) async fn start(room: Program) -> Self {
        Self::before(|listener| {
            let (options, never) = (ServeOptions::default(), Box::pin(pending()));
            (room.serve)(listener, reference(), options, never)
        })
        .await
    }

    /// Any server behind a tap.
    pub(crate) async fn before<S>(serve: impl FnOnce(TcpListener) -> S) -> Self
    where
        S: Future<Output = std::io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind(ANY_PORT).await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has one");
        let serving = tokio::spawn(serve(listener));
        Self {
            tap: Tap::start(ANY_PORT, address, TapOptions::default()).expect("a free port"),
            serving: serving.abort_handle(),
        }
    }

    /// Once all connections have ended.
    pub(crate) async fn capture(self, title: String) -> Capture {
        soon(self.tap.quiet()).await;
        Capture {
            title,
            recording: self.tap.recording(),
            size_bytes: self.tap.size_bytes(),
        }
    }
}

impl Drop for Tapped {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

pub(crate) async fn soon<T>(step: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, step).await;
    done.expect("the step is done in time")
}

fn room(scheme: &str) -> Program {
    let name = scheme.trim_end_matches("+ws");
    let mut rooms = rooms::ALL.into_iter();
    let room = rooms.find(|room| room.name == name);
    room.expect("a room of that name")
}

/// Every scenario over that wire, each on connections of its own: every operation, streams, uploads
/// and errors.
pub(crate) async fn scenarios(scheme: &str) -> Capture {
    let tapped = Tapped::start(room(scheme)).await;
    let endpoint: Endpoint = format!("{scheme}://{}", tapped.tap.address())
        .parse()
        .expect("an endpoint");
    for scenario in SCENARIOS {
        let client = endpoint.connect(ClientOptions::default()).await;
        let client = client.expect("the server runs");
        let verdict = soon(scenario.run(Arc::clone(&client))).await;
        verdict.unwrap_or_else(|failure| panic!("{scheme}: {failure}"));
    }
    tapped.capture(format!("our client, {scheme}")).await
}
