//! An echo on bare hyper, without routing, checks or limits: the least that HTTP costs. The path
//! tells the size of the reply: a POST to `/190` is answered by 190 bytes.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use services::Error;
use tokio::net::{TcpListener, TcpStream};

use super::{Exchanges, Sizes, broken, reply};
use crate::caller::Caller;
use crate::measurement::UpDown;
use crate::workload::{Answer, Workload};

/// Serves HTTP/1.1 until the task is dropped; connections end with their clients.
///
/// # Errors
/// The listener's.
pub async fn serve_http1(listener: TcpListener) -> io::Result<()> {
    loop {
        let stream = accept(&listener).await?;
        let server = hyper::server::conn::http1::Builder::new();
        tokio::spawn(server.serve_connection(stream, service_fn(echo)));
    }
}

/// Serves HTTP/2 until the task is dropped; connections end with their clients.
///
/// # Errors
/// The listener's.
pub async fn serve_http2(listener: TcpListener) -> io::Result<()> {
    loop {
        let stream = accept(&listener).await?;
        let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        tokio::spawn(server.serve_connection(stream, service_fn(echo)));
    }
}

async fn accept(listener: &TcpListener) -> io::Result<TokioIo<TcpStream>> {
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok(TokioIo::new(stream))
}

async fn echo(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let size = request.uri().path().trim_start_matches('/').parse();
    let answer = size.ok().and_then(reply);
    request.into_body().collect().await?;
    let status = answer
        .as_ref()
        .map_or(StatusCode::BAD_REQUEST, |_| StatusCode::OK);
    let mut response = Response::new(Full::new(answer.unwrap_or_default()));
    *response.status_mut() = status;
    Ok(response)
}

/// A client over HTTP/1.1 with one connection for each call in flight.
pub struct Http1Client {
    address: SocketAddr,
    exchanges: Exchanges<Request<Full<Bytes>>>,
    idle: Mutex<Vec<http1::SendRequest<Full<Bytes>>>>,
}

impl Http1Client {
    /// A client that connects with its first call.
    #[must_use]
    pub fn new(address: SocketAddr, sizes: &Sizes) -> Self {
        // Over HTTP/1.1 the host is a header, over HTTP/2 it is part of the address.
        let request = |size: UpDown| {
            let mut request = request(&format!("/{}", size.down), size);
            let host = address.to_string().parse();
            let host = host.expect("an address is made of digits, dots and colons");
            request.headers_mut().insert(http::header::HOST, host);
            request
        };
        Self {
            address,
            exchanges: Exchanges::new(sizes, request),
            idle: Mutex::default(),
        }
    }

    async fn connection(&self) -> Result<http1::SendRequest<Full<Bytes>>, Error> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => {
                let stream = connect(self.address).await?;
                let (sender, driver) = http1::handshake(stream).await.map_err(broken)?;
                tokio::spawn(driver);
                sender
            }
        };
        connection.ready().await.map_err(broken)?;
        Ok(connection)
    }
}

#[async_trait]
impl Caller for Http1Client {
    async fn call(&self, workload: &Workload) -> Result<Answer, Error> {
        let exchange = self.exchanges.of(workload)?;
        let mut connection = self.connection().await?;
        let sent = connection.send_request(exchange.request.clone());
        let answer = echoed(sent.await.map_err(broken)?).await?;
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        Ok(answer)
    }

    async fn body(&self, workload: &Workload) -> Result<Option<UpDown>, Error> {
        self.call(workload).await?;
        self.exchanges.size(workload).map(Some)
    }
}

/// A client over HTTP/2 with one connection.
pub struct Http2Client {
    exchanges: Exchanges<Request<Full<Bytes>>>,
    connection: http2::SendRequest<Full<Bytes>>,
}

impl Http2Client {
    /// Connects.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn connect(address: SocketAddr, sizes: &Sizes) -> Result<Self, Error> {
        let stream = connect(address).await?;
        let handshake = http2::handshake(TokioExecutor::new(), stream);
        let (connection, driver) = handshake.await.map_err(broken)?;
        tokio::spawn(driver);
        let request = |size: UpDown| request(&format!("http://{address}/{}", size.down), size);
        Ok(Self {
            exchanges: Exchanges::new(sizes, request),
            connection,
        })
    }
}

#[async_trait]
impl Caller for Http2Client {
    async fn call(&self, workload: &Workload) -> Result<Answer, Error> {
        let exchange = self.exchanges.of(workload)?;
        let mut connection = self.connection.clone();
        connection.ready().await.map_err(broken)?;
        let sent = connection.send_request(exchange.request.clone());
        echoed(sent.await.map_err(broken)?).await
    }

    async fn body(&self, workload: &Workload) -> Result<Option<UpDown>, Error> {
        self.call(workload).await?;
        self.exchanges.size(workload).map(Some)
    }
}

async fn connect(address: SocketAddr) -> Result<TokioIo<TcpStream>, Error> {
    let stream = TcpStream::connect(address).await.map_err(broken)?;
    stream.set_nodelay(true).map_err(broken)?;
    Ok(TokioIo::new(stream))
}

fn request(uri: &str, size: UpDown) -> Request<Full<Bytes>> {
    let body = Bytes::from(vec![b'x'; size.up as usize]);
    let request = Request::post(uri).body(Full::new(body));
    request.expect("the address and the path are made of digits, dots, colons and slashes")
}

async fn echoed(response: Response<Incoming>) -> Result<Answer, Error> {
    let body = response.into_body().collect().await.map_err(broken)?;
    Ok(Answer::Echo(body.to_bytes().len() as u64))
}
