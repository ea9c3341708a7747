//! `call`: one operation on any server of the protocol.

mod answered;
mod secret;

use std::io::Write;
use std::num::NonZeroU32;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use futures::StreamExt;
use services::local::Clock;
use services::{ClientOptions, Context, DeadlineScope, Error, Operation};

use crate::duration::Timeout;
use crate::invoke::{Outcome, invoke};
use crate::print::{FAILURE, QUIET, described, note, say};
use crate::program::Connect;
use crate::signals::Signals;
use crate::value::{self, Json, Sender, Value};
use answered::Answered;

/// What `call` is told.
#[derive(Debug, Clone, Args)]
pub struct CallArguments {
    /// The operation; the list is below
    pub operation: String,
    /// Its arguments, in order. A list has commas between; before a list that begins with a minus
    /// write --. What stands in brackets may be left out. Each may be given by name, as limit=10
    #[arg(allow_negative_numbers = true)]
    pub arguments: Vec<String>,
    /// The server
    #[arg(long, value_parser = given_url)]
    pub url: Option<String>,
    /// How long to wait: a time, or none. Without it calls have 10s, streams any time
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<Timeout>,
    /// Print JSON, one document a line
    #[arg(long)]
    pub json: bool,
    /// Call so often, one call after the other with one client, and tell which servers answered
    #[arg(long, value_name = "COUNT")]
    pub times: Option<NonZeroU32>,
    /// The machine that record_metrics names as the source of its values
    #[arg(long, value_name = "NAME", default_value = "localhost")]
    pub hostname: String,
    /// The type of metric that record_metrics sends: cpu, memory or disk
    #[arg(long = "type", value_name = "TYPE", default_value = "cpu")]
    pub metric_type: String,
}

impl CallArguments {
    fn options(&self) -> ClientOptions {
        let default = ClientOptions::default();
        ClientOptions {
            timeout: self.timeout.map_or(default.timeout, |timeout| timeout.0),
            ..default
        }
    }

    /// Who asks for a timeout means it for all of a stream, too.
    fn context(&self) -> Context {
        match self.timeout {
            Some(Timeout(Some(timeout))) => {
                let mut context = Context::with_timeout(timeout);
                context.scope = DeadlineScope::Whole;
                context
            }
            _ => Context::new(),
        }
    }

    fn sender(&self) -> Sender {
        Sender {
            hostname: self.hostname.clone(),
            metric_type: self.metric_type.clone(),
            timestamp: Clock::System.now(),
        }
    }
}

/// One URL of the command line, without the blanks around it.
pub(crate) fn given_url(word: &str) -> Result<String, &'static str> {
    match word.trim() {
        "" => Err("give a URL, such as http://127.0.0.1:9000, or HOST:PORT"),
        url => Ok(url.to_owned()),
    }
}

/// A server's URL: a scheme that was left out is the program's.
pub(crate) fn url(scheme: &str, given: &str) -> String {
    if given.contains("://") {
        given.to_owned()
    } else {
        format!("{scheme}://{given}")
    }
}

/// Calls and prints: 0 when the call succeeded, 1 when it failed. Ctrl-C gives the call up.
///
/// # Errors
/// [`Usage`](crate::print::Usage) for a wrong operation or argument, and failures to print.
pub async fn run(
    connect: Connect,
    scheme: &str,
    address: &str,
    arguments: &CallArguments,
) -> anyhow::Result<ExitCode> {
    let (operation, values) = read(
        &arguments.operation,
        &arguments.arguments,
        &arguments.sender(),
    )?;
    let mut signals = Signals::listen().context("signals cannot be waited for")?;
    let url = url(scheme, arguments.url.as_deref().unwrap_or(address));
    tokio::select! {
        ended = call(connect, url, operation, &values, arguments) => match ended? {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => {
                note(&format!("{FAILURE}error:{FAILURE:#} {}", described(&error)));
                Ok(ExitCode::FAILURE)
            }
        },
        signal = signals.next() => Ok(signal.exit_code()),
    }
}

/// The operation of that name, and its arguments out of those words; a password is read from
/// standard input where a `-` stands for it.
///
/// # Errors
/// [`Usage`](crate::print::Usage) for a wrong operation or argument, and a standard input without
/// the password.
pub fn read(
    operation: &str,
    words: &[String],
    sender: &Sender,
) -> anyhow::Result<(&'static Operation, Vec<Value>)> {
    let operation = value::operation(operation)?;
    let values = value::arguments(operation, words, sender)?;
    Ok((operation, secret::filled_in(operation, values)?))
}

/// The outer result is ours, the inner one is the call's.
async fn call(
    connect: Connect,
    url: String,
    operation: &Operation,
    values: &[Value],
    arguments: &CallArguments,
) -> anyhow::Result<Result<(), Error>> {
    let client = match connect(url, arguments.options()).await {
        Ok(client) => client,
        Err(error) => return Ok(Err(error)),
    };
    let mut answered = Answered::default();
    for _ in 0..arguments.times.map_or(1, NonZeroU32::get) {
        let context = arguments.context();
        let outcome = invoke(&*client, &context, operation, values).await;
        if let Err(error) = print(outcome, arguments.json).await? {
            return Ok(Err(error));
        }
        answered.by(context.exchange().server);
    }
    if arguments.times.is_some() && !arguments.json {
        say(&format!("{QUIET}{answered}{QUIET:#}"))?;
    }
    Ok(Ok(()))
}

/// Prints what a call gives, as it comes.
async fn print(outcome: Result<Outcome, Error>, json: bool) -> anyhow::Result<Result<(), Error>> {
    let mut out = anstream::stdout();
    match outcome {
        Err(error) => return Ok(Err(error)),
        Ok(Outcome::Value(value)) if json => writeln!(out, "{}", Json(&value))?,
        Ok(Outcome::Value(value)) => writeln!(out, "{}", value.lines())?,
        Ok(Outcome::Stream(mut items)) => {
            while let Some(item) = items.next().await {
                match item {
                    Err(error) => return Ok(Err(error)),
                    Ok(value) if json => writeln!(out, "{}", Json(&value))?,
                    Ok(value) => writeln!(out, "{value}")?,
                }
                out.flush()?;
            }
        }
    }
    Ok(Ok(()))
}
