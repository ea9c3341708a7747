//! What the tap itself costs: the same small exchange, without it and through it, in turns.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::{Tap, TapOptions};

/// Bytes each way: about a call of gRPC.
const MESSAGE: [u8; 64] = [b'x'; 64];
/// Exchanges before any is timed.
const WARM_UP: usize = 20;

/// What one exchange takes on this machine, now: 64 bytes there and back over loopback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Median without the tap.
    pub direct: Duration,
    /// Median through the tap.
    pub tapped: Duration,
    /// Median of the differences between neighbours; zero where the tap was not slower.
    pub added: Duration,
    /// How many pairs were timed.
    pub exchanges: usize,
}

/// Times so many pairs of exchanges with a server of its own, in turns, so that both meet the same
/// machine. It keeps a socket open for a moment and runs on the caller's runtime, which is part of
/// the cost: the figure is another on another runtime.
///
/// # Errors
/// What the operating system says about sockets on loopback.
pub async fn cost(exchanges: usize) -> io::Result<Cost> {
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(any_port).await?;
    let server = listener.local_addr()?;
    let _echo = Echo::start(listener);
    let tap = Tap::start(any_port, server, TapOptions::default())?;
    let mut direct = connect(server).await?;
    let mut tapped = connect(tap.address()).await?;
    let mut pairs = Vec::with_capacity(exchanges);
    for turn in 0..WARM_UP + exchanges {
        let pair = (exchange(&mut direct).await?, exchange(&mut tapped).await?);
        if turn >= WARM_UP {
            pairs.push(pair);
        }
    }
    Ok(summary(&pairs))
}

fn summary(pairs: &[(Duration, Duration)]) -> Cost {
    Cost {
        direct: median(pairs.iter().map(|(direct, _)| *direct)),
        tapped: median(pairs.iter().map(|(_, tapped)| *tapped)),
        added: median(
            pairs
                .iter()
                .map(|(direct, tapped)| tapped.saturating_sub(*direct)),
        ),
        exchanges: pairs.len(),
    }
}

/// The upper one of the two in the middle; zero of nothing.
fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn exchange(stream: &mut TcpStream) -> io::Result<Duration> {
    let mut answer = [0; MESSAGE.len()];
    let began = Instant::now();
    stream.write_all(&MESSAGE).await?;
    stream.read_exact(&mut answer).await?;
    Ok(began.elapsed())
}

/// A server that sends back what it gets, until it is dropped.
struct Echo(JoinHandle<()>);

impl Echo {
    fn start(listener: TcpListener) -> Self {
        Self(tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                // A connection that fails is seen by its client.
                tokio::spawn(async move {
                    stream.set_nodelay(true)?;
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        }))
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_of_times_in_order() {
        let times = [5, 1, 9].map(Duration::from_micros);
        assert_eq!(median(times.into_iter()), Duration::from_micros(5));
        assert_eq!(median(std::iter::empty()), Duration::ZERO);
    }

    #[tokio::test]
    async fn as_many_pairs_are_timed_as_were_asked_for() {
        let cost = cost(10).await.expect("loopback works");
        assert_eq!(cost.exchanges, 10);
        assert!(!cost.direct.is_zero() && !cost.tapped.is_zero());
    }
}
