//! `balance`: a plain TCP balancer. It gives each *connection* to the next server in turn and looks
//! into none, which is what a class is to see: calls over HTTP/1.1 with several connections spread,
//! and all calls of one HTTP/2 connection stick to one server.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use demo::print::{note, printable, say};
use demo::{Signals, bind};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long a server may take to accept before the next one is tried.
const CONNECT: Duration = Duration::from_secs(1);

/// What `balance` is told.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:\n  \
    trivium balance --to 127.0.0.1:50051 --to 127.0.0.1:50052\n      \
    gives connections to 127.0.0.1:50050 to the two in turn\n  \
    grpc-demo call add 5 3 --url http://127.0.0.1:50050\n      \
    calls through it: each program is a connection of its own\n\nA connection stays with its \
    server, so all calls of one HTTP/2 connection do: a server\nthat is added later gets none of \
    them. `trivium gateway` with several --to balances calls.")]
pub struct BalanceArguments {
    /// Address to listen on; port 0 is any that is free, and is printed
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
    pub addr: String,
    /// A server; may be given several times
    #[arg(long, value_name = "HOST:PORT", required = true, value_parser = host_and_port)]
    pub to: Vec<String>,
    /// How long open connections have to end after Ctrl-C or SIGTERM
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = demo::duration::parse)]
    pub drain: Duration,
}

/// A server's address, which is not looked up before a connection goes there.
fn host_and_port(text: &str) -> Result<String, &'static str> {
    let wanted = "give HOST:PORT, such as 127.0.0.1:50051";
    let (host, port) = text.trim().rsplit_once(':').ok_or(wanted)?;
    // An IPv6 address has colons of its own, and stands in brackets.
    let bracketed = host.starts_with('[') && host.ends_with(']');
    let wrong = |letter: char| letter.is_whitespace() || "/@,".contains(letter);
    let is_host = !host.is_empty() && !host.contains(wrong) && (bracketed || !host.contains(':'));
    match port.parse::<u16>() {
        Ok(1..) if is_host => Ok(text.trim().to_owned()),
        _ => Err(wanted),
    }
}

/// The servers, and whose turn it is.
struct Turns {
    servers: Vec<String>,
    next: AtomicUsize,
}

impl Turns {
    /// Connects to the next server in turn that accepts.
    async fn connect(&self) -> io::Result<(TcpStream, &str)> {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let mut last = io::Error::from(io::ErrorKind::NotConnected);
        for step in 0..self.servers.len() {
            let server = &self.servers[first.wrapping_add(step) % self.servers.len()];
            let connecting = timeout(CONNECT, TcpStream::connect(server.as_str())).await;
            match connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
                Ok(stream) => return Ok((stream, server)),
                Err(error) => {
                    let server = printable(server);
                    note(&format!(
                        "{server} does not accept ({error}): trying the next"
                    ));
                    last = error;
                }
            }
        }
        Err(last)
    }
}

/// Balances until a signal, then waits for the open connections as long as `drain` says.
///
/// # Errors
/// An address that cannot be listened on, a lack of signals.
pub async fn run(arguments: &BalanceArguments) -> Result<ExitCode> {
    let mut signals = Signals::listen().context("signals cannot be waited for")?;
    let listener = bind(&arguments.addr).await?;
    let address = listener.local_addr().context("a bound socket has one")?;
    let servers = printable(&arguments.to.join(", "));
    say(&format!(
        "Connections to tcp://{address} go in turn to {servers}"
    ))?;
    let turns = Arc::new(Turns {
        servers: arguments.to.clone(),
        next: AtomicUsize::new(0),
    });
    let mut connections = JoinSet::new();
    tokio::select! {
        never = accept(&listener, &turns, &mut connections) => match never {},
        _ = signals.next() => {}
    }
    drop(listener);
    let drain = humantime::format_duration(arguments.drain);
    say(&format!(
        "Closing: open connections have {drain}. Ctrl-C again ends at once"
    ))?;
    let ended = timeout(arguments.drain, async {
        while connections.join_next().await.is_some() {}
    });
    tokio::select! {
        _ = ended => {}
        signal = signals.next() => return Ok(signal.exit_code()),
    }
    say("Closed")?;
    Ok(ExitCode::SUCCESS)
}

/// Accepts for as long as it is polled. An error of the listener, such as a lack of file
/// descriptors, passes when connections end.
async fn accept(
    listener: &TcpListener,
    turns: &Arc<Turns>,
    connections: &mut JoinSet<()>,
) -> std::convert::Infallible {
    let mut number = 0_u64;
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((client, peer)) => {
                    number += 1;
                    connections.spawn(carry(number, client, peer, Arc::clone(turns)));
                }
                Err(error) => {
                    note(&format!("a connection could not be accepted: {error}"));
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

/// One connection from its opening to its end, with a line for each.
async fn carry(number: u64, mut client: TcpStream, peer: SocketAddr, turns: Arc<Turns>) {
    let (mut server, name) = match turns.connect().await {
        Ok(connected) => connected,
        Err(error) => {
            note(&format!(
                "connection {number} from {peer}: no server accepts ({error})"
            ));
            return;
        }
    };
    let name = printable(name);
    tell(&format!("connection {number} from {peer} goes to {name}"));
    for stream in [&client, &server] {
        // Small calls would wait for acknowledgements otherwise.
        let _ = stream.set_nodelay(true);
    }
    let carried = copy_bidirectional(&mut client, &mut server).await;
    let ended = match carried {
        Ok((up, down)) => format!("{up} bytes up, {down} bytes down"),
        Err(error) => format!("broken off: {error}"),
    };
    tell(&format!("connection {number} to {name} has ended: {ended}"));
}

/// A line of a long run: whoever read it may be gone, and the balancer goes on.
fn tell(line: &str) {
    let _ = say(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_host_and_a_port() {
        for right in [
            "127.0.0.1:50051",
            "localhost:1",
            "[::1]:9",
            " a.example:80 ",
        ] {
            assert_eq!(host_and_port(right), Ok(right.trim().into()));
        }
        for wrong in [
            "",
            "9000",
            ":9000",
            "h:",
            "h:0",
            "h:65536",
            "::1:9",
            "http://h:9",
            "a:1,b:2",
            "a b:1",
            "u:p@h:1",
        ] {
            let error = host_and_port(wrong).expect_err(wrong);
            assert!(error.contains("HOST:PORT"), "{error}");
        }
    }
}
