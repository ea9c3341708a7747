//! A protocol and an address in one word: `grpc://127.0.0.1:50051`.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Result;
use demo::Program;
use demo::print::masked;
use demo::serve::Door;
use services::{Backend, ClientOptions, Error};

use crate::balancer::Dial;
use crate::rooms;

/// Every scheme, the room that speaks it, and the scheme that this room's client expects.
const SCHEMES: [(&str, Program, &str); 6] = [
    ("xmlrpc", rooms::XMLRPC, "http"),
    ("jsonrpc", rooms::JSONRPC, "http"),
    ("jsonrpc+ws", rooms::JSONRPC, "ws"),
    ("ws", rooms::JSONRPC, "ws"),
    ("grpc", rooms::GRPC, "http"),
    ("rest", rooms::REST, "http"),
];

/// Where a protocol is spoken.
#[derive(Debug, Clone)]
pub struct Endpoint {
    scheme: &'static str,
    room: Program,
    client_scheme: &'static str,
    /// Host, port, and perhaps a path.
    place: String,
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = "give PROTOCOL://HOST:PORT with one of xmlrpc, jsonrpc, jsonrpc+ws, grpc and \
                      rest, such as grpc://127.0.0.1:50051";
        let (scheme, place) = text.split_once("://").ok_or(wanted)?;
        let known = SCHEMES.iter().find(|(name, _, _)| *name == scheme);
        let (scheme, room, client_scheme) = known.ok_or(wanted)?;
        let host_port = place.split('/').next().unwrap_or_default();
        let (host, port) = host_port.rsplit_once(':').ok_or(wanted)?;
        if host.is_empty() || port.parse::<u16>().is_err() {
            return Err(wanted.into());
        }
        Ok(Self {
            scheme,
            room: *room,
            client_scheme,
            place: place.into(),
        })
    }
}

impl Endpoint {
    /// Listens there for that protocol; that option of the command line gave the address.
    ///
    /// # Errors
    /// Where the address cannot be listened on.
    pub async fn open(&self, option: &str) -> Result<Door> {
        Door::open(&self.room, option, self.host_port()).await
    }

    /// Its scheme, as it was written: `jsonrpc+ws`.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// The room that speaks its protocol.
    #[must_use]
    pub fn room(&self) -> &Program {
        &self.room
    }

    /// Where it is, without protocol and path: `127.0.0.1:50051`.
    #[must_use]
    pub fn host_port(&self) -> &str {
        self.place.split('/').next().unwrap_or_default()
    }

    /// The same behind another address: that of a proxy before it.
    #[must_use]
    pub fn through(&self, address: SocketAddr) -> Self {
        let path = &self.place[self.host_port().len()..];
        Self {
            place: format!("{address}{path}"),
            ..self.clone()
        }
    }

    /// Connects to the server of that protocol there.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn connect(&self, options: ClientOptions) -> Result<Arc<dyn Backend>, Error> {
        self.dial(options)().await
    }

    /// What connects to the server there, again and again if need be.
    #[must_use]
    pub fn dial(&self, options: ClientOptions) -> Dial {
        let (connect, url) = (
            self.room.connect,
            format!("{}://{}", self.client_scheme, self.place),
        );
        Box::new(move || connect(url.clone(), options.clone()))
    }
}

/// As it was written, but for a password.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = format!("{}://{}", self.scheme, self.place);
        f.write_str(&masked(&url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheme_has_its_client() {
        let client = |text: &str| {
            let endpoint = text.parse::<Endpoint>().expect(text);
            format!("{} {}", endpoint.room.name, endpoint.client_scheme)
        };
        assert_eq!(client("xmlrpc://127.0.0.1:9000/RPC2"), "xmlrpc http");
        assert_eq!(client("jsonrpc://localhost:8001"), "jsonrpc http");
        assert_eq!(client("jsonrpc+ws://localhost:8001"), "jsonrpc ws");
        assert_eq!(client("ws://localhost:8001"), "jsonrpc ws");
        assert_eq!(client("grpc://[::1]:0"), "grpc http");
        assert_eq!(client("rest://127.0.0.1:8000"), "rest http");
    }

    #[test]
    fn a_proxy_takes_the_place_of_the_address_and_leaves_the_path() {
        let endpoint = "xmlrpc://localhost:9000/RPC2".parse::<Endpoint>();
        let proxy = SocketAddr::from(([127, 0, 0, 1], 7));
        let through = endpoint.expect("it is one").through(proxy);
        assert_eq!(through.to_string(), "xmlrpc://127.0.0.1:7/RPC2");
    }

    #[test]
    fn a_password_is_not_shown() {
        let endpoint = "rest://ana:s3cret@h:1".parse::<Endpoint>();
        assert_eq!(endpoint.expect("it is one").to_string(), "rest://***@h:1");
    }

    #[test]
    fn what_is_no_endpoint_is_told_the_form_of_one() {
        for wrong in [
            "127.0.0.1:1",
            "http://a:1",
            "grpc://a",
            "grpc://:1",
            "grpc://a:99999",
            "",
        ] {
            let error = wrong.parse::<Endpoint>().expect_err(wrong);
            assert!(error.contains("grpc://127.0.0.1:50051"), "{error}");
        }
    }
}
