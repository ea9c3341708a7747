//! The accept loop: first byte, limit, shutdown.

mod support;

use std::time::Duration;

use services::{Limits, ServeOptions};
use support::{accepting, soon};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::unbounded_channel;

/// Reads the server's end of the connection.
async fn closed(mut stream: TcpStream) {
    let mut rest = Vec::new();
    // A reset is an end as well.
    let _ = soon(stream.read_to_end(&mut rest)).await;
    assert!(rest.is_empty());
}

#[tokio::test]
async fn a_silent_connection_is_closed_before_it_is_handled() {
    let options = ServeOptions {
        request_timeout: Duration::from_millis(10),
        ..ServeOptions::default()
    };
    let server = accepting(options, |_, _| async { panic!("nothing was sent") }).await;
    closed(TcpStream::connect(server.address).await.unwrap()).await;
}

#[tokio::test]
async fn past_the_limit_connections_wait() {
    let (handled, mut handlers) = unbounded_channel();
    let options = ServeOptions {
        limits: Limits {
            connections: 2,
            ..Limits::default()
        },
        ..ServeOptions::default()
    };
    let server = accepting(options, move |mut connection, _| {
        handled.send(connection.peer).unwrap();
        async move {
            let mut all = Vec::new();
            let _ = connection.socket.read_to_end(&mut all).await;
        }
    })
    .await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(b"x").await.unwrap();
        streams.push(stream);
    }
    let first = soon(handlers.recv()).await.unwrap();
    soon(handlers.recv()).await.unwrap();
    assert!(handlers.try_recv().is_err());
    streams.retain(|stream| stream.local_addr().unwrap() != first);
    soon(handlers.recv()).await.expect("a place is free");
}

#[tokio::test]
async fn a_handler_that_panics_costs_its_connection_only() {
    let server = accepting(ServeOptions::default(), |mut connection, _| async move {
        let byte = connection.socket.read_u8().await.unwrap();
        assert_ne!(byte, b'!', "this one panics");
        connection.socket.write_u8(byte).await.unwrap();
    })
    .await;
    for (byte, answer) in [(b'!', None), (b'a', Some(b'a'))] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_u8(byte).await.unwrap();
        assert_eq!(soon(stream.read_u8()).await.ok(), answer);
    }
}

#[tokio::test]
async fn shutdown_closes_the_listener_and_waits_for_handlers() {
    let (began, mut begins) = unbounded_channel();
    let mut server = accepting(ServeOptions::default(), move |mut connection, closing| {
        let began = began.clone();
        async move {
            connection.socket.read_u8().await.unwrap();
            began.send(()).unwrap();
            closing.cancelled().await;
            connection.socket.write_u8(b'.').await.unwrap();
        }
    })
    .await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_u8(b'x').await.unwrap();
    soon(begins.recv()).await.unwrap();
    server.shutdown.cancel();
    server.ended().await;
    assert_eq!(soon(stream.read_u8()).await.unwrap(), b'.');
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn handlers_that_outlast_the_drain_are_aborted() {
    let (began, mut begins) = unbounded_channel();
    let options = ServeOptions {
        drain: Duration::from_millis(10),
        ..ServeOptions::default()
    };
    let mut server = accepting(options, move |connection, _| {
        let began = began.clone();
        async move {
            began.send(()).unwrap();
            std::future::pending::<()>().await;
            drop(connection);
        }
    })
    .await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_u8(b'x').await.unwrap();
    soon(begins.recv()).await.unwrap();
    server.shutdown.cancel();
    server.ended().await;
    closed(stream).await;
}

#[tokio::test]
async fn a_connection_that_was_never_used_does_not_hold_a_shutdown_up() {
    let options = ServeOptions {
        drain: Duration::from_secs(3_600),
        request_timeout: Duration::from_secs(3_600),
        ..ServeOptions::default()
    };
    let mut server = accepting(options, |_, _| async { panic!("nothing was sent") }).await;
    let silent = TcpStream::connect(server.address).await.unwrap();
    server.shutdown.cancel();
    server.ended().await;
    closed(silent).await;
}

/// Without the limit Linux takes some 4 MiB.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_a_peer_does_not_read_is_not_piled_up_by_the_system() {
    let (stuck, mut written) = unbounded_channel();
    let server = accepting(ServeOptions::default(), move |mut connection, _| {
        let stuck = stuck.clone();
        async move {
            let mut sent = 0;
            let silence = Duration::from_millis(500);
            let chunk = [0; 8_192];
            loop {
                let write = connection.socket.write(&chunk);
                match tokio::time::timeout(silence, write).await {
                    Ok(Ok(bytes)) => sent += bytes,
                    Ok(Err(_)) | Err(_) => break,
                }
            }
            stuck.send(sent).unwrap();
        }
    })
    .await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    silent.write_all(b"x").await.unwrap();
    let sent = soon(written.recv()).await.unwrap();
    assert!(sent < 1024 * 1024, "{sent} bytes wait for nobody");
}
