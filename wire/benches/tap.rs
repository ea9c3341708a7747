//! What the tap costs: one exchange of 64 bytes each way with an echo, direct, through a proxy that
//! only copies, and through the tap. Prints the ratios of a run in turns at the end.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use criterion::{Criterion, criterion_group, criterion_main};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use wire::tap::cost::cost;
use wire::{Tap, TapOptions};

const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// Bytes each way.
const MESSAGE: [u8; 64] = [b'x'; 64];
/// Pairs of exchanges in turns, for the ratio.
const PAIRS: usize = 5_000;

async fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(ANY_PORT).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Sends back what it gets.
async fn echo() -> io::Result<SocketAddr> {
    let (listener, address) = listen().await?;
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await?;
            tokio::spawn(async move {
                stream.set_nodelay(true)?;
                let (mut from, mut to) = stream.split();
                tokio::io::copy(&mut from, &mut to).await
            });
        }
        #[expect(unreachable_code, reason = "it gives the block its type")]
        io::Result::Ok(())
    });
    Ok(address)
}

/// The least that a proxy does.
async fn copying_proxy(to: SocketAddr) -> io::Result<SocketAddr> {
    let (listener, address) = listen().await?;
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await?;
            tokio::spawn(async move {
                client.set_nodelay(true)?;
                let mut server = TcpStream::connect(to).await?;
                server.set_nodelay(true)?;
                copy_bidirectional(&mut client, &mut server).await
            });
        }
        #[expect(unreachable_code, reason = "it gives the block its type")]
        io::Result::Ok(())
    });
    Ok(address)
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn exchange(stream: &mut TcpStream) -> io::Result<()> {
    let mut answer = [0; MESSAGE.len()];
    stream.write_all(&MESSAGE).await?;
    stream.read_exact(&mut answer).await?;
    assert_eq!(answer, MESSAGE);
    Ok(())
}

fn exchanges(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("threads are to be had");
    let server = runtime.block_on(echo()).expect("loopback works");
    let copying = runtime
        .block_on(copying_proxy(server))
        .expect("loopback works");
    let tap = {
        let _entered = runtime.enter();
        Tap::start(ANY_PORT, server, TapOptions::default()).expect("loopback works")
    };
    let mut group = criterion.benchmark_group("wire/exchange");
    for (name, address) in [
        ("direct", server),
        ("copying proxy", copying),
        ("tap", tap.address()),
    ] {
        let mut stream = runtime.block_on(connect(address)).expect("it listens");
        group.bench_function(name, |bencher| {
            bencher.iter(|| runtime.block_on(exchange(&mut stream)).expect("it echoes"));
        });
    }
    group.finish();
    let cost = runtime.block_on(cost(PAIRS)).expect("loopback works");
    let ratio = cost.tapped.as_secs_f64() / cost.direct.as_secs_f64();
    println!(
        "in turns, medians of {}: direct {:?}, tap {:?}, {ratio:.2} times; it adds {:?}",
        cost.exchanges, cost.direct, cost.tapped, cost.added
    );
}

criterion_group!(benches, exchanges);
criterion_main!(benches);
