//! Between any client and any server: what passes is printed as it passes, until Ctrl-C.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use demo::Signals;
use demo::print::{Usage, note, printable, say};
use wire::recording::{Event, EventKind, Recording};
use wire::tap::{Tap, TapOptions};
use wire::view::live::{Form, Live};
use wire::view::{Colour, View};
use wire::{Dissector, Knowledge, Limits};

use super::arguments::{Show, WireArguments};
use super::export::Exports;
use super::{address, knowledge};
use crate::report::table::thousands;

/// Listens there until a signal, then writes the files that were asked for.
///
/// # Errors
/// [`Usage`] for options that calls alone have, an address that does not serve, a file that cannot
/// be written.
pub async fn run(listen: &str, arguments: &WireArguments, exports: Exports) -> Result<ExitCode> {
    if !arguments.protocol.is_empty() {
        let text = "--protocol is for calls: with --listen whatever passes is recognised";
        bail!(Usage(text.into()));
    }
    let to = address::resolve(without_protocol(&arguments.to)?).await?;
    let at = address::resolve(listen).await?;
    if at == to {
        let text = "--listen and --to are the same address: it would call itself for ever";
        bail!(Usage(text.into()));
    }
    let knowledge = knowledge::read(arguments)?;
    let mut signals = Signals::listen().context("signals cannot be waited for")?;
    let options = TapOptions {
        link: arguments.link.link(),
    };
    let (tap, mut events) = Tap::watched(at, to, options).with_context(|| refused(listen))?;
    let listening = format!("Listening on {}, everything goes on to {to}", tap.address());
    match exports.takes_stdout() {
        true => note(&listening),
        false => say(&listening)?,
    }
    let view = View {
        columns: arguments.columns(),
        // What prints it strips the colours where they have no place.
        colour: Colour::Always,
    };
    let mut watch = Watch {
        dissector: Dissector::new(knowledge.clone(), limits(arguments)),
        live: Live::new(view, form(arguments)?),
        is_silent: exports.takes_stdout(),
        kept: Kept::new(&exports, arguments.memory),
    };
    loop {
        tokio::select! {
            biased;
            _ = signals.next() => break,
            event = events.recv() => match event {
                Some(event) => watch.saw(event)?,
                None => break,
            },
        }
        if let Some(cause) = tap.take_refusal() {
            note(&format!(
                "{to} refuses: {cause}; the next client may find it"
            ));
        }
    }
    drop(tap);
    // What has passed and was not looked at yet: at most what waits for a watcher.
    while let Some(event) = events.recv().await {
        watch.saw(event)?;
    }
    watch.finish()?;
    watch.kept.write(exports, &knowledge)?;
    Ok(ExitCode::SUCCESS)
}

/// What is told of an address that cannot be listened on.
fn refused(listen: &str) -> String {
    format!(
        "cannot listen on {}: choose another address with --listen, such as 127.0.0.1:0 for any \
         port that is free",
        printable(listen)
    )
}

/// The one server that everything goes to, whatever is spoken there.
fn without_protocol(to: &[String]) -> Result<&str> {
    let [to] = to else {
        bail!(Usage(
            "--listen takes one --to: everything goes there".into()
        ));
    };
    let (_, place) = to.split_once("://").unwrap_or(("", to));
    Ok(place.split('/').next().unwrap_or(place))
}

/// What of one message is kept until it is whole: a part of the memory, for there may be many at once.
fn limits(arguments: &WireArguments) -> Limits {
    /// With 64 MiB in all this is 1 MiB a message, the dissectors' own default.
    const MESSAGES: usize = 64;
    Limits {
        message_bytes: (arguments.memory / MESSAGES).max(1),
        inflated_bytes: arguments.memory,
        ..Limits::default()
    }
}

fn form(arguments: &WireArguments) -> Result<Form> {
    match arguments.view {
        None => Ok(Form::Lines),
        Some(Show::Hex) => Ok(Form::Hex),
        Some(Show::Tree) => Ok(Form::Tree),
        Some(Show::Ledger | Show::Raw) => bail!(Usage(
            "--listen prints a line a unit, or each unit with --view hex or tree".into()
        )),
    }
}

/// All that looks at what passes.
struct Watch {
    dissector: Dissector,
    live: Live,
    /// Standard output is for a file's sake.
    is_silent: bool,
    kept: Kept,
}

impl Watch {
    /// # Errors
    /// Where stdout fails.
    fn saw(&mut self, event: Event) -> Result<()> {
        let (dissector, connection) = (&mut self.dissector, event.connection);
        match &event.kind {
            EventKind::Opened { client, server } => dissector.opened(connection, *client, *server),
            EventKind::Bytes { direction, bytes } => dissector.feed(connection, *direction, bytes),
            EventKind::Ended { direction, .. } => dissector.ended(connection, *direction),
        }
        let mut text = Vec::new();
        self.live.came(&dissector.take(), event.at, &mut text)?;
        if let EventKind::Ended { direction, broken } = event.kind {
            let way = (connection, direction);
            self.live.ended(way, broken, event.at, &mut text)?;
        }
        self.kept.push(event);
        self.print(&text)
    }

    /// # Errors
    /// Where stdout fails.
    fn finish(&mut self) -> Result<()> {
        let mut text = Vec::new();
        self.live.finish(&mut text)?;
        self.print(&text)
    }

    fn print(&self, text: &[u8]) -> Result<()> {
        if !self.is_silent && !text.is_empty() {
            let mut out = anstream::stdout();
            out.write_all(text)?;
            out.flush()?;
        }
        Ok(())
    }
}

/// What the files get at the end: the beginning, as much as memory is granted for.
struct Kept {
    /// `None` where no file was asked for.
    recording: Option<Recording>,
    size_bytes: usize,
    most_bytes: usize,
    /// Bytes that came when no more could be kept.
    left_out_bytes: usize,
}

/// What an event takes beside its bytes, roughly.
const EVENT_BYTES: usize = 128;

impl Kept {
    fn new(exports: &Exports, most_bytes: usize) -> Self {
        Self {
            recording: (!exports.is_empty()).then(Recording::begin),
            size_bytes: 0,
            most_bytes,
            left_out_bytes: 0,
        }
    }

    fn push(&mut self, event: Event) {
        let Some(recording) = &mut self.recording else {
            return;
        };
        let bytes = match &event.kind {
            EventKind::Bytes { bytes, .. } => bytes.len(),
            EventKind::Opened { .. } | EventKind::Ended { .. } => 0,
        };
        self.size_bytes += bytes + EVENT_BYTES;
        // Once something is missing, what comes later would stand in its place.
        if self.size_bytes > self.most_bytes {
            self.left_out_bytes += bytes;
        } else {
            recording.push(event);
        }
    }

    fn write(self, exports: Exports, knowledge: &Knowledge) -> Result<()> {
        let Some(recording) = self.recording else {
            return Ok(());
        };
        if self.left_out_bytes > 0 {
            note(&format!(
                "the files lack the last {} bytes: for more give --memory more than {} bytes",
                thousands(self.left_out_bytes as u64),
                thousands(self.most_bytes as u64)
            ));
        }
        exports.write_recording(&recording, knowledge)
    }
}
