//! The rows: what is compared, and what stands beside it for reference.

/// The list of them.
mod rows;

use std::sync::Arc;

use clap::ValueEnum;
use demo::Program;
use serde::{Deserialize, Serialize};
use services::conformance::reference;
use services::{Backend, ClientOptions, Error};

use crate::caller::{BackendCaller, Caller};
use crate::floor::Sizes;
use crate::host::Addresses;
use crate::measurement::Kind;
use crate::{floor, stock};

pub use rows::ALL;

/// Calls in flight in the second phase.
pub const IN_FLIGHT: usize = 16;

/// A protocol, as `--protocol` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Protocol {
    /// XML-RPC.
    Xmlrpc,
    /// JSON-RPC 2.0, over HTTP and over WebSocket.
    Jsonrpc,
    /// gRPC.
    Grpc,
    /// REST/JSON.
    Rest,
}

/// A server of the child process. Some serve several rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    missing_docs,
    reason = "each is a row's server, explained in the list of rows"
)]
pub enum Server {
    Xmlrpc,
    Jsonrpc,
    Grpc,
    Rest,
    StockDxr,
    StockJsonrpsee,
    Http1Echo,
    Http2Echo,
    TcpEcho,
}

/// How a row's client connects.
#[derive(Debug, Clone, Copy)]
enum Client {
    Local,
    /// A room's, by the scheme that it expects.
    Room(Program, &'static str),
    StockDxr,
    StockJsonrpseeHttp,
    StockJsonrpseeWebSocket,
    Http1Echo,
    Http2Echo,
    TcpEcho,
}

/// A row.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its name in the tables: at most 25 columns; a star marks what is there for reference.
    pub title: &'static str,
    /// What it is there for.
    pub kind: Kind,
    /// What it needs running; `None` for the service in this process.
    pub server: Option<Server>,
    /// Connections that carry the calls of the second phase.
    pub connections: Option<usize>,
    /// The row that shows what its transport costs by itself.
    pub floor: Option<&'static str>,
    /// For a floor: the row whose body sizes it sends.
    pub sizes_of: Option<&'static str>,
    protocol: Option<Protocol>,
    client: Client,
}

/// The rows of those protocols, or of all where none is named. `Local` is always there.
#[must_use]
pub fn selected(protocols: &[Protocol]) -> Vec<Target> {
    let wanted = |target: &Target| match target.protocol {
        None => true,
        Some(protocol) => protocols.is_empty() || protocols.contains(&protocol),
    };
    ALL.into_iter().filter(wanted).collect()
}

impl Target {
    /// The row's client as a backend; `None` for references, which know only the workloads.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn backend(&self, addresses: &Addresses) -> Result<Option<Arc<dyn Backend>>, Error> {
        match self.client {
            Client::Local => Ok(Some(reference())),
            Client::Room(room, scheme) => {
                let url = format!("{scheme}://{}", addresses.of(self)?);
                (room.connect)(url, ClientOptions::default())
                    .await
                    .map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Connects the row's client. Floors send bodies of those sizes; others do not look at them.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn connect(
        &self,
        addresses: &Addresses,
        sizes: &Sizes,
    ) -> Result<Arc<dyn Caller>, Error> {
        if let Some(backend) = self.backend(addresses).await? {
            return Ok(Arc::new(BackendCaller(backend)));
        }
        let address = addresses.of(self)?;
        Ok(match self.client {
            Client::StockDxr => Arc::new(stock::dxr::Client::new(address)),
            Client::StockJsonrpseeHttp => Arc::new(stock::jsonrpsee::http(address)?),
            Client::StockJsonrpseeWebSocket => {
                Arc::new(stock::jsonrpsee::websocket(address).await?)
            }
            Client::Http2Echo => Arc::new(floor::http::Http2Client::connect(address, sizes).await?),
            Client::TcpEcho => Arc::new(floor::tcp::Client::new(address, sizes)),
            _ => Arc::new(floor::http::Http1Client::new(address, sizes)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_floor_that_a_row_names_is_a_row() {
        let names: Vec<_> = ALL.iter().map(|target| target.name).collect();
        for target in ALL {
            for named in target.floor.iter().chain(&target.sizes_of) {
                assert!(names.contains(named), "{named}");
            }
        }
    }

    #[test]
    fn a_protocol_brings_its_references_and_floors() {
        let names: Vec<_> = selected(&[Protocol::Xmlrpc])
            .iter()
            .map(|target| target.name)
            .collect();
        assert_eq!(names, ["local", "xmlrpc", "stock-dxr", "http1-echo-xmlrpc"]);
    }

    #[test]
    fn titles_fit_their_column() {
        for target in ALL {
            assert!(target.title.len() <= 25, "{}", target.title);
        }
    }
}
