//! The floor of floors: bytes over TCP. A call is a head of two sizes (32 bits each, big-endian:
//! what follows, and what is wanted back) and that many bytes.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use services::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{Exchanges, Sizes, broken, reply};
use crate::caller::Caller;
use crate::measurement::UpDown;
use crate::workload::{Answer, Workload};

/// Accepts until the task is dropped; connections end with their clients.
///
/// # Errors
/// The listener's.
pub async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(echo(stream));
    }
}

/// Answers until the client goes, which is not worth a word.
async fn echo(stream: TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut request = Vec::new();
    loop {
        let up = stream.read_u32().await? as usize;
        let down = stream.read_u32().await? as usize;
        request.resize(up, 0);
        stream.read_exact(&mut request).await?;
        let answer = reply(down).ok_or(io::ErrorKind::InvalidInput)?;
        stream.write_all(&answer).await?;
    }
}

/// A client with one connection for each call in flight.
pub struct Client {
    address: SocketAddr,
    exchanges: Exchanges<Vec<u8>>,
    idle: Mutex<Vec<TcpStream>>,
}

impl Client {
    /// A client that connects with its first call.
    #[must_use]
    pub fn new(address: SocketAddr, sizes: &Sizes) -> Self {
        Self {
            address,
            exchanges: Exchanges::new(sizes, request),
            idle: Mutex::default(),
        }
    }

    async fn connection(&self) -> io::Result<TcpStream> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(stream) => Ok(stream),
            None => {
                let stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
                Ok(stream)
            }
        }
    }

    async fn exchange(&self, request: &[u8], reply_bytes: u64) -> io::Result<()> {
        let mut stream = self.connection().await?;
        stream.write_all(request).await?;
        let mut answer = vec![0; reply_bytes as usize];
        stream.read_exact(&mut answer).await?;
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(stream);
        Ok(())
    }
}

fn request(size: UpDown) -> Vec<u8> {
    let mut request = (size.up as u32).to_be_bytes().to_vec();
    request.extend((size.down as u32).to_be_bytes());
    request.resize(request.len() + size.up as usize, b'x');
    request
}

#[async_trait]
impl Caller for Client {
    async fn call(&self, workload: &Workload) -> Result<Answer, Error> {
        let exchange = self.exchanges.of(workload)?;
        let exchanged = self.exchange(&exchange.request, exchange.reply_bytes);
        exchanged.await.map_err(broken)?;
        Ok(Answer::Echo(exchange.reply_bytes))
    }

    async fn body(&self, workload: &Workload) -> Result<Option<UpDown>, Error> {
        self.call(workload).await?;
        self.exchanges.size(workload).map(Some)
    }
}
