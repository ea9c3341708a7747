//! What one protocol's program hands in, and `main`.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use futures::future::BoxFuture;
use services::{Backend, ClientOptions, Error, ServeOptions};
use tokio::net::TcpListener;

use crate::arguments::{self, Command};
use crate::print::{self, Usage};
use crate::{call, chat, script, serve, upload};

/// The future whose end tells a server to close.
pub type Shutdown = BoxFuture<'static, ()>;

/// A room's `serve`.
pub type Serve =
    fn(TcpListener, Arc<dyn Backend>, ServeOptions, Shutdown) -> BoxFuture<'static, io::Result<()>>;

/// A room's `connect`, to a URL.
pub type Connect = fn(String, ClientOptions) -> BoxFuture<'static, Result<Arc<dyn Backend>, Error>>;

/// One protocol's program.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// Its command, `xmlrpc-demo`.
    pub name: &'static str,
    /// The protocol as people write it, `XML-RPC`.
    pub protocol: &'static str,
    /// The scheme of its URLs.
    pub scheme: &'static str,
    /// Where it serves unless told otherwise.
    pub address: &'static str,
    /// Where the courses' clients dial beside that: `serve --course` listens there too.
    pub course_addresses: &'static [&'static str],
    /// Serves a backend.
    pub serve: Serve,
    /// Connects to a server.
    pub connect: Connect,
}

/// The whole program: reads the command line, runs what it says, tells failures in a line.
///
/// Exit codes: 0 done, 1 failed, 2 wrong command line, 130 interrupted, 143 terminated.
#[must_use]
pub fn main(program: &Program) -> ExitCode {
    let command = arguments::read(program);
    finish(async {
        match command {
            Command::Demo(arguments) => script::run(program, &arguments).await,
            Command::Serve(arguments) => serve::run(program, &arguments).await,
            Command::Call(arguments) => {
                call::run(program.connect, program.scheme, program.address, &arguments).await
            }
            Command::Upload(arguments) => upload::run(program, &arguments).await,
            Command::Chat(arguments) => chat::run(program, &arguments).await,
        }
    })
}

/// Runs a program's work on a multi-thread runtime and turns its failure into a line on stderr.
pub fn finish(work: impl Future<Output = anyhow::Result<ExitCode>>) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().context("the runtime does not start");
    let ended = runtime.and_then(|runtime| {
        let ended = runtime.block_on(work);
        // What still runs belongs to calls that nobody waits for.
        runtime.shutdown_background();
        ended
    });
    ended.unwrap_or_else(|error| failed(&error))
}

fn failed(error: &anyhow::Error) -> ExitCode {
    if print::is_closed_pipe(error) {
        // Whoever reads has seen enough, as in `demo | head`.
        return ExitCode::SUCCESS;
    }
    print::failure(error);
    ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
}
