//! All servers of a comparison, in whatever process calls this: each room's, the stock ones and
//! the echoes. Each is over a `Local` of its own, all with the same fixed readings: the rows are
//! proved all at once, and in one chat a row that reads slowly would fall behind what the others say
//! and be put out.

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use demo::Program;
use serde::{Deserialize, Serialize};
use services::conformance::reference;
use services::{Code, Error, ServeOptions};
use tokio::net::TcpListener;

use crate::target::{Server, Target};
use crate::{floor, rooms, stock};

/// Where the servers listen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Addresses(BTreeMap<Server, SocketAddr>);

impl Addresses {
    /// Where that row's server listens.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where it has none that runs.
    pub fn of(&self, target: &Target) -> Result<SocketAddr, Error> {
        let address = target.server.and_then(|server| self.0.get(&server));
        address.copied().ok_or_else(|| {
            let text = format!("no server of {} runs", target.name);
            Error::new(Code::Unavailable, text)
        })
    }

    /// The same with another address for that row's server: that of a proxy before it.
    #[must_use]
    pub fn with(&self, target: &Target, address: SocketAddr) -> Self {
        let mut addresses = self.clone();
        addresses
            .0
            .extend(target.server.map(|server| (server, address)));
        addresses
    }
}

/// Starts every server on a free loopback port. They run until the runtime ends: draining them
/// would only keep their reader waiting.
///
/// # Errors
/// The system's, where it has no port left.
pub async fn start() -> io::Result<Addresses> {
    let rooms = rooms().await?;
    let stock = stock().await?;
    let floors = floors().await?;
    Ok(Addresses(
        [rooms, stock, floors].into_iter().flatten().collect(),
    ))
}

type Started = Vec<(Server, SocketAddr)>;

async fn rooms() -> io::Result<Started> {
    let serve = |room: Program| {
        let options = ServeOptions::default();
        spawn(move |listener| (room.serve)(listener, reference(), options, Box::pin(pending())))
    };
    Ok(vec![
        (Server::Xmlrpc, serve(rooms::XMLRPC).await?),
        (Server::Jsonrpc, serve(rooms::JSONRPC).await?),
        (Server::Grpc, serve(rooms::GRPC).await?),
        (Server::Rest, serve(rooms::REST).await?),
    ])
}

async fn stock() -> io::Result<Started> {
    Ok(vec![
        (
            Server::StockDxr,
            spawn(|listener| stock::dxr::serve(listener, reference())).await?,
        ),
        (
            Server::StockJsonrpsee,
            spawn(|listener| stock::jsonrpsee::serve(listener, reference())).await?,
        ),
    ])
}

async fn floors() -> io::Result<Started> {
    Ok(vec![
        (Server::Http1Echo, spawn(floor::http::serve_http1).await?),
        (Server::Http2Echo, spawn(floor::http::serve_http2).await?),
        (Server::TcpEcho, spawn(floor::tcp::serve).await?),
    ])
}

/// Binds a free loopback port and serves it in a task of the runtime, which owns it.
async fn spawn<F>(serve: impl FnOnce(TcpListener) -> F) -> io::Result<SocketAddr>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener));
    Ok(address)
}

#[cfg(test)]
mod tests {
    use services::Context;
    use services::model::ChatMessage;

    use super::*;
    use crate::target;

    #[tokio::test]
    async fn what_is_said_at_one_server_is_not_heard_at_another() {
        let addresses = start().await.expect("ports are free");
        let mut servers = Vec::new();
        for target in target::selected(&[]) {
            let of_this_process = target.server.is_none();
            if of_this_process || servers.contains(&target.server) {
                continue;
            }
            let backend = target.backend(&addresses).await.expect("it connects");
            let Some(backend) = backend else { continue };
            servers.push(target.server);
            let said = ChatMessage {
                user: "Ana".into(),
                text: "first".into(),
                ..ChatMessage::default()
            };
            let posted = backend.post_message(&Context::new(), &said).await;
            assert_eq!(posted.expect("it is posted").sequence, 1, "{}", target.name);
        }
        assert_eq!(servers.len(), 4, "all rooms were asked");
    }
}
