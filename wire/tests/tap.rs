//! The tap between real sockets: what it keeps of TCP, and what it writes down.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
use proptest::test_runner::{Config, TestCaseError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use wire::{Direction, EventKind, Link, Recording, Stall, StallAt, Tap, TapOptions};

const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// No step of a test takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fails the test where the future is not done in time.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    // On a thread of its own, since the clock of some of these tests stands still, and would while
    // the runtime's own threads are busy.
    let (_running, ended) = mpsc::channel::<()>();
    let (tell, late) = oneshot::channel();
    thread::spawn(move || {
        if ended.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
            tell.send(()).ok();
        }
    });
    tokio::select! {
        biased;
        done = future => done,
        Ok(()) = late => panic!("the step is not done in time"),
    }
}

fn over(link: Link) -> TapOptions {
    TapOptions { link }
}

/// A tap and the two ends of a connection through it.
struct Connected {
    tap: Tap,
    client: TcpStream,
    server: TcpStream,
}

async fn connected(link: Link) -> Connected {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let tap = Tap::start(ANY_PORT, listener.local_addr().unwrap(), over(link)).unwrap();
    let client = TcpStream::connect(tap.address()).await.unwrap();
    let (server, _) = soon(listener.accept()).await.unwrap();
    Connected {
        tap,
        client,
        server,
    }
}

async fn read_all(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.map(|_| all)
}

/// Sends a RST instead of a FIN.
fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
}

/// Whether each direction of the first connection broke off.
fn broken(recording: &Recording) -> [Option<bool>; 2] {
    recording.connections[0]
        .ended
        .map(|ending| ending.map(|ending| ending.broken))
}

#[tokio::test]
async fn an_end_of_one_direction_leaves_the_other_open() {
    let Connected {
        tap,
        mut client,
        mut server,
    } = connected(Link::default()).await;
    client.write_all(b"all that I ask").await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(
        soon(read_all(&mut server)).await.unwrap(),
        b"all that I ask"
    );
    assert_eq!(broken(&tap.recording()), [Some(false), None]);

    server.write_all(b"long after").await.unwrap();
    drop(server);
    assert_eq!(soon(read_all(&mut client)).await.unwrap(), b"long after");
    soon(tap.quiet()).await;
    assert_eq!(broken(&tap.recording()), [Some(false); 2]);
    assert_eq!(tap.size_bytes(), [14, 10]);
}

#[tokio::test]
async fn a_client_that_has_its_answer_finds_all_of_it_recorded() {
    let Connected {
        tap,
        mut client,
        mut server,
    } = connected(Link::default()).await;
    for turn in 0..200_u8 {
        let mut byte = [turn];
        client.write_all(&byte).await.unwrap();
        soon(server.read_exact(&mut byte)).await.unwrap();
        server.write_all(&byte).await.unwrap();
        soon(client.read_exact(&mut byte)).await.unwrap();
        let recording = tap.recording();
        let sizes = Direction::BOTH.map(|direction| recording.size_bytes(direction));
        assert_eq!(sizes, [usize::from(turn) + 1; 2]);
    }
    let recording = tap.recording();
    let connection = &recording.connections[0];
    assert_eq!(connection.client, client.local_addr().unwrap());
    assert_eq!(connection.server, server.local_addr().unwrap());
    assert!(connection.chunks.is_sorted_by_key(|chunk| chunk.at));
}

#[tokio::test]
async fn a_receiver_that_does_not_read_stops_its_sender() {
    for link in [Link::default(), Link::named("lan").unwrap()] {
        let Connected {
            tap,
            mut client,
            server,
        } = connected(link).await;
        // What both sockets' buffers and the tap hold at most; without backpressure it would all go.
        let most = 256 * 1024 * 1024;
        let mut sent = 0;
        let block = vec![7; 1024 * 1024];
        let mut recorded = 0;
        let stopped = loop {
            let patience = Duration::from_millis(500);
            match tokio::time::timeout(patience, client.write(&block)).await {
                Ok(written) => sent += written.unwrap(),
                // Nothing went for a while: it is stopped if nothing entered the tap meanwhile.
                Err(_) if tap.size_bytes()[0] == recorded => break true,
                Err(_) => recorded = tap.size_bytes()[0],
            }
            if sent > most {
                break false;
            }
        };
        assert!(stopped, "{sent} bytes have gone and nobody has read one");
        drop(server);
    }
}

#[tokio::test]
async fn a_connection_cut_off_is_cut_off_on_the_other_side() {
    for link in [Link::default(), Link::named("wifi").unwrap()] {
        let mut ends = connected(link.clone()).await;
        ends.client.write_all(b"half a req").await.unwrap();
        let mut half = [0; 10];
        soon(ends.server.read_exact(&mut half)).await.unwrap();
        reset(ends.client);
        let error = soon(read_all(&mut ends.server)).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        soon(ends.tap.quiet()).await;
        assert_eq!(broken(&ends.tap.recording()), [Some(true); 2]);

        let mut ends = connected(link).await;
        ends.server.write_all(b"half an answer").await.unwrap();
        let mut half = [0; 14];
        soon(ends.client.read_exact(&mut half)).await.unwrap();
        reset(ends.server);
        let error = soon(read_all(&mut ends.client)).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        soon(ends.tap.quiet()).await;
        assert_eq!(broken(&ends.tap.recording()), [Some(true); 2]);
    }
}

#[tokio::test]
async fn a_server_that_refuses_an_upload_is_heard_although_it_has_gone() {
    let mut ends = connected(Link::default()).await;
    ends.server.write_all(b"413").await.unwrap();
    // Unread bytes make it a RST.
    ends.client.write_all(b"more than it wants").await.unwrap();
    soon(ends.server.peek(&mut [0])).await.unwrap();
    drop(ends.server);
    let mut answer = [0; 3];
    soon(ends.client.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"413");
    assert!(soon(read_all(&mut ends.client)).await.is_err());
}

#[tokio::test]
async fn a_server_that_is_not_there_closes_the_client_and_is_told() {
    let nobody = TcpListener::bind(ANY_PORT).await.unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let tap = Tap::start(ANY_PORT, address, TapOptions::default()).unwrap();
    let mut client = TcpStream::connect(tap.address()).await.unwrap();
    let error = soon(read_all(&mut client)).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    soon(tap.quiet()).await;
    let refusal = tap.take_refusal().unwrap();
    assert_eq!(refusal.kind(), io::ErrorKind::ConnectionRefused);
    assert!(tap.take_refusal().is_none());
    assert_eq!(broken(&tap.recording()), [Some(true); 2]);
    assert_eq!(tap.size_bytes(), [0, 0]);
}

#[tokio::test]
async fn a_dropped_tap_cuts_its_connections() {
    let mut ends = connected(Link::default()).await;
    let address = ends.tap.address();
    drop(ends.tap);
    for stream in [&mut ends.client, &mut ends.server] {
        let error = soon(read_all(stream)).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_connections_at_once_are_kept_apart() {
    const COUNT: usize = 50;
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let to = listener.local_addr().unwrap();
    let tap = Tap::start(ANY_PORT, to, TapOptions::default()).unwrap();
    let echo = tokio::spawn(async move {
        let mut echoes = tokio::task::JoinSet::new();
        for _ in 0..COUNT {
            let (mut stream, _) = listener.accept().await.unwrap();
            echoes.spawn(async move {
                let all = read_all(&mut stream).await.unwrap();
                stream.write_all(&all).await.unwrap();
            });
        }
        echoes.join_all().await;
    });
    let mut clients = tokio::task::JoinSet::new();
    let message = |number: usize| format!("I am {number}. ").repeat(number * 100).into_bytes();
    for number in 0..COUNT {
        let mut client = TcpStream::connect(tap.address()).await.unwrap();
        clients.spawn(async move {
            client.write_all(&message(number)).await.unwrap();
            client.shutdown().await.unwrap();
            assert_eq!(read_all(&mut client).await.unwrap(), message(number));
            (client.local_addr().unwrap(), message(number))
        });
    }
    let sent = soon(clients.join_all()).await;
    soon(echo).await.unwrap();
    soon(tap.quiet()).await;
    let recording = tap.recording();
    assert_eq!(recording.connections.len(), COUNT);
    for (client, message) in sent {
        let of_client = |it: &&wire::RecordedConnection| it.client == client;
        let connection = recording.connections.iter().find(of_client).unwrap();
        for direction in Direction::BOTH {
            assert_eq!(connection.bytes(direction), message);
        }
    }
    let sizes = Direction::BOTH.map(|direction| recording.size_bytes(direction) as u64);
    assert_eq!(tap.size_bytes(), sizes);
}

#[tokio::test]
async fn a_watcher_is_told_what_a_recording_holds_and_slows_what_it_does_not_read() {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let to = listener.local_addr().unwrap();
    let (tap, mut events) = Tap::watched(ANY_PORT, to, TapOptions::default()).unwrap();
    let mut client = TcpStream::connect(tap.address()).await.unwrap();
    let (mut server, _) = soon(listener.accept()).await.unwrap();
    // More than the channel holds, and than the sockets would.
    let upload = vec![5; 64 * 1024 * 1024];
    let size = upload.len();
    let sending = tokio::spawn(async move {
        client.write_all(&upload).await.unwrap();
        client.shutdown().await.unwrap();
        read_all(&mut client).await.unwrap()
    });
    let receiving = tokio::spawn(async move { read_all(&mut server).await.unwrap().len() });
    let mut recording = tap.recording();
    while broken(&recording_of(&mut recording, soon(events.recv()).await)) != [Some(false); 2] {
        assert!(events.len() <= events.max_capacity());
    }
    assert_eq!(soon(receiving).await.unwrap(), size);
    assert!(soon(sending).await.unwrap().is_empty());
    assert_eq!(recording.size_bytes(Direction::Up), size);
    assert_eq!(tap.size_bytes(), [size as u64, 0]);
}

/// The ends alone: what the loop above asks for.
fn recording_of(recording: &mut Recording, event: Option<wire::Event>) -> Recording {
    recording.push(event.unwrap());
    let mut ends = recording.clone();
    ends.connections[0].chunks.clear();
    ends
}

#[tokio::test]
async fn a_watcher_who_has_gone_leaves_the_traffic_alone() {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let to = listener.local_addr().unwrap();
    let (tap, mut events) = Tap::watched(ANY_PORT, to, TapOptions::default()).unwrap();
    let mut client = TcpStream::connect(tap.address()).await.unwrap();
    let opened = soon(events.recv()).await.unwrap();
    assert!(matches!(opened.kind, EventKind::Opened { .. }));
    drop(events);
    let (mut server, _) = soon(listener.accept()).await.unwrap();
    client.write_all(b"still here").await.unwrap();
    drop(client);
    assert_eq!(soon(read_all(&mut server)).await.unwrap(), b"still here");
}

/// The time that an exchange of two bytes takes on a new connection, and on an open one.
async fn round_trips(link: Link) -> [Duration; 2] {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let tap = Tap::start(ANY_PORT, listener.local_addr().unwrap(), over(link)).unwrap();
    let began = tokio::time::Instant::now();
    let mut client = TcpStream::connect(tap.address()).await.unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut byte = [0];
        while stream.read_exact(&mut byte).await.is_ok() {
            stream.write_all(&byte).await.unwrap();
        }
    });
    let mut times = [began; 2];
    for time in &mut times {
        client.write_all(b"?").await.unwrap();
        let mut byte = [0];
        soon(client.read_exact(&mut byte)).await.unwrap();
        *time = tokio::time::Instant::now();
    }
    drop(client);
    soon(server).await.unwrap();
    [times[0] - began, times[1] - times[0]]
}

#[tokio::test(start_paused = true)]
async fn a_cold_call_takes_two_round_trips_and_a_warm_one_takes_one() {
    let rtt = Duration::from_millis(600);
    let times = round_trips(Link {
        rtt,
        ..Link::default()
    });
    // The clock stands still but for the link's waiting, so this is arithmetic and no measurement.
    assert_eq!(times.await, [2 * rtt, rtt]);
}

#[tokio::test(start_paused = true)]
async fn nothing_passes_during_a_stall() {
    let (rtt, lasts) = (Duration::from_millis(10), Duration::from_secs(5));
    let at = StallAt::Bytes(2);
    let stall = Some(Stall { at, lasts });
    let times = round_trips(Link {
        rtt,
        stall,
        ..Link::default()
    });
    assert_eq!(times.await, [2 * rtt, rtt + lasts]);
}

/// What one side sends, cut into writes.
fn writes() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let write = proptest::collection::vec(any::<u8>(), 1..3_000);
    proptest::collection::vec(write, 0..12)
}

async fn write_each(stream: TcpStream, writes: Vec<Vec<u8>>) -> Vec<u8> {
    let (mut from, mut to) = stream.into_split();
    let sending = async move {
        for write in writes {
            to.write_all(&write).await.unwrap();
        }
        to.shutdown().await.unwrap();
    };
    let mut received = Vec::new();
    let (_, read) = tokio::join!(sending, from.read_to_end(&mut received));
    read.unwrap();
    received
}

async fn comes_out_unchanged(
    link: Link,
    up: Vec<Vec<u8>>,
    down: Vec<Vec<u8>>,
) -> Result<(), TestCaseError> {
    let Connected {
        tap,
        client,
        server,
    } = connected(link).await;
    let (at_client, at_server) = soon(async {
        tokio::join!(
            write_each(client, up.clone()),
            write_each(server, down.clone())
        )
    })
    .await;
    soon(tap.quiet()).await;
    let connection = &tap.recording().connections[0];
    for (direction, sent, received) in [
        (Direction::Up, up.concat(), at_server),
        (Direction::Down, down.concat(), at_client),
    ] {
        prop_assert_eq!(&connection.bytes(direction), &sent);
        prop_assert_eq!(&received, &sent);
        prop_assert_eq!(tap.size_bytes()[direction.index()], sent.len() as u64);
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config::with_cases(24))]

    #[test]
    fn random_writes_come_out_unchanged_over_every_link(
        name in proptest::sample::select(&Link::NAMES[..]),
        seed in any::<u64>(),
        up in writes(),
        down in writes(),
    ) {
        let link = Link { seed, ..Link::named(name).unwrap() };
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        runtime.block_on(comes_out_unchanged(link, up, down))?;
    }
}
