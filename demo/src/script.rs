//! `demo`: own server, the courses' calls through a real socket, one error, one deadline.

mod calls;
mod page;
mod people;
mod server;
mod talk;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use services::local::{Local, LocalConfig, MetricType};
use services::{Backend, ClientOptions};

use crate::program::Program;
use crate::signals::Signals;
use page::Page;
use server::Server;

/// What `demo` is told.
#[derive(Debug, Clone, Copy, Args)]
pub struct DemoArguments {
    /// Pace streams as serve does, for a class to watch
    #[arg(long)]
    pub slow: bool,
}

pub(crate) async fn run(program: &Program, arguments: &DemoArguments) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen().context("signals cannot be waited for")?;
    let mut out = anstream::stdout();
    tokio::select! {
        shown = show(program, arguments, &mut out) => shown.map(|()| ExitCode::SUCCESS),
        signal = signals.next() => Ok(signal.exit_code()),
    }
}

/// Runs the demo and writes it, with the escape sequences of styles.
///
/// # Errors
/// Where the server, a call that should succeed, or `out` fails.
pub async fn show(
    program: &Program,
    arguments: &DemoArguments,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut page = Page::new(out);
    let server = Server::start(program, local(arguments).await?).await?;
    page.opening(program, &server.url)?;
    let client = (program.connect)(server.url.clone(), ClientOptions::default());
    let client = client
        .await
        .context("the demo's own server is not reached")?;
    play(&*client, &mut page).await?;
    drop(client);
    page.closing(program)?;
    server.stop().await
}

/// The calls, in the order of the courses.
async fn play(client: &dyn Backend, page: &mut Page<'_, impl Write>) -> anyhow::Result<()> {
    page.heading("One call, one answer")?;
    calls::calculator(client, page).await?;
    calls::greeter(client, page).await?;
    calls::metrics(client, page).await?;
    page.heading("Streams")?;
    calls::numbers(client, page).await?;
    calls::readings(client, page).await?;
    calls::upload(client, page).await?;
    talk::talk(client, page).await?;
    page.heading("Users, kept by the server")?;
    people::users(client, page).await?;
    page.heading("Several calls at once")?;
    calls::at_once(client, page).await?;
    page.heading("Errors arrive as errors")?;
    calls::overflow(client, page).await?;
    calls::unknown_type(client, page).await?;
    people::taken_email(client, page).await?;
    page.heading("A deadline passes")?;
    calls::deadline(client, page).await
}

/// The service, with a first reading of the CPU taken, so that no call has to wait for it.
async fn local(arguments: &DemoArguments) -> anyhow::Result<Arc<Local>> {
    let (pace, interval) = if arguments.slow {
        (Duration::from_millis(200), Duration::from_secs(1))
    } else {
        (Duration::ZERO, Duration::ZERO)
    };
    let config = LocalConfig {
        pace,
        interval,
        ..LocalConfig::default()
    };
    let reading = config.readings.read(MetricType::Cpu).await;
    reading.context("this machine tells nothing of its CPU")?;
    Ok(Arc::new(Local::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::conformance::reference;

    /// A program without a wire: its client is the reference itself.
    const PROGRAM: Program = Program {
        name: "test-demo",
        protocol: "Test",
        scheme: "http",
        address: "127.0.0.1:9",
        course_addresses: &[],
        serve: |_, _, _, shutdown| {
            Box::pin(async {
                shutdown.await;
                Ok(())
            })
        },
        connect: |_, _| Box::pin(async { Ok(reference() as Arc<dyn Backend>) }),
    };

    async fn shown() -> String {
        let mut written = Vec::new();
        show(&PROGRAM, &DemoArguments { slow: false }, &mut written)
            .await
            .unwrap();
        let written = String::from_utf8(written).unwrap();
        anstream::adapter::strip_str(&written).to_string()
    }

    /// The page without what differs from run to run: times and the port.
    fn steady(page: &str) -> String {
        let lines = page.lines().map(|line| match line.rfind(" ms") {
            Some(end) => {
                let start = line[..end].rfind(' ').map_or(0, |space| space + 1);
                let width = end - start;
                format!("{}{:>width$}{}", &line[..start], "T", &line[end..])
            }
            None => line.to_owned(),
        });
        let lines: Vec<_> = lines.filter(|line| !line.contains("127.0.0.1:")).collect();
        lines.join("\n")
    }

    #[tokio::test]
    async fn the_demo_shows_every_call_with_its_result() {
        insta::assert_snapshot!(steady(&shown().await), @r#"
        Bytes of request and reply: the encoded body, and all that the socket carried.

                                                                      body        socket
                                                        time     up   down     up   down
        One call, one answer
          5 + 3 = 8                                     T ms      –      –      –      –
          4 × 7 = 28                                    T ms      –      –      –      –
          'hello' → 'HELLO'                             T ms      –      –      –      –
          5³ = 125                                      T ms      –      –      –      –
          Hello, 42!                                    T ms      –      –      –      –
          Hello again, 42!                              T ms      –      –      –      –
          cpu 45 67 89 34 56, memory 2.1 2.3 2.5        T ms      –      –      –      –
            2.2 2.4 → average 58.2%, at most 89.0%,
            2.3 GB, alert!
          MetricsServer 1.0 is running                  T ms      –      –      –      –
          memory of web-1: 7.3 GB                       T ms      –      –      –      –
          Service api is running                        T ms      –      –      –      –
        Streams
          the numbers 1 to 10, as they come:
            1²=1 2²=4 3²=9 4²=16 5²=25 6²=36 7²=49 8²=64 9²=81 10²=100
          10 items                                      T ms      –      –      –      –
          the cpu of web-1 in percent, as it comes:
            42.5 42.5 42.5 42.5 42.5 42.5 42.5 42.5 42.5 42.5
          10 items                                      T ms      –      –      –      –
          1.5 2.5 4 sent one by one → 3 values,         T ms      –      –      –      –
            1.5 to 4, mean 2.67
          two people say a line each, and hear both:
            [Ana] hi Bob [Bob] hi Ana
          2 lines, in one order for both                T ms      –      –      –      –
        Users, kept by the server
          Ana is user 1                                 T ms      –      –      –      –
          Bob is user 2                                 T ms      –      –      –      –
          all: ana@example.org bob@example.org          T ms      –      –      –      –
        Several calls at once
          8 calls: 1 4 9 16 25 36 49 64                 T ms      –      –      –      –
        Errors arrive as errors
          2147483647 + 1                                T ms      –      –      –      –
            OutOfRange: add(2147483647, 1) is 2147483648, which does not fit in 32 bits:
            use smaller numbers
          the fan of web-1                              T ms      –      –      –      –
            InvalidArgument: metric_type is "fan": use cpu, memory or disk
          Eva takes Ana's address                       T ms      –      –      –      –
            AlreadyExists: email is "ANA@example.org": another user has it, take another
            one
        A deadline passes
          an upload that stalls, given 150 ms           T ms      –      –      –      –
            DeadlineExceeded: the deadline passed before the call was done: allow it
            more time

        –: calls at once on one connection share its bytes; a call given up counts none

        Next: test-demo serve, and in another terminal test-demo call add 5 3
        "#);
    }

    #[tokio::test]
    async fn the_demo_fits_in_80_columns() {
        for line in shown().await.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}
