//! What is written to files: a capture for Wireshark, a page for a browser, JSON.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use demo::print::{note, printable};
use services::Operation;
use services::operation::{Kind, Shape};
use wire::dissection::Dissection;
use wire::page::{self, FieldNames, Page};
use wire::recording::Recording;
use wire::{Dissector, Knowledge};

use super::arguments::WireArguments;
use super::capture::{Capture, Plan, State};
use super::{cut, json};

/// The name of a file that means standard output.
const STDOUT: &str = "-";

/// Connections beside each other on a page: more are not compared by anybody.
const MOST_COLUMNS: usize = 12;

/// The files that were asked for, opened before anything is called: a wrong path costs no call.
#[derive(Debug)]
pub struct Exports {
    pcap: Option<Output>,
    html: Option<Output>,
    json: Option<Output>,
}

#[derive(Debug)]
struct Output {
    path: PathBuf,
    /// `None` is standard output.
    file: Option<File>,
}

impl Output {
    fn open(path: &Path) -> Result<Self> {
        let open =
            || File::create(path).with_context(|| format!("{} cannot be written", path.display()));
        Ok(Self {
            path: path.to_owned(),
            file: (path != Path::new(STDOUT)).then(open).transpose()?,
        })
    }

    fn write(self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
        let mut out: Box<dyn Write> = match self.file {
            Some(file) => Box::new(BufWriter::new(file)),
            None => Box::new(BufWriter::new(std::io::stdout())),
        };
        let written = write(&mut out).and_then(|()| out.flush());
        written.with_context(|| {
            format!(
                "{} cannot be written",
                printable(&self.path.display().to_string())
            )
        })
    }
}

impl Exports {
    /// Opens what the command line names.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn open(arguments: &WireArguments) -> Result<Self> {
        let open = |path: &Option<PathBuf>| path.as_deref().map(Output::open).transpose();
        Ok(Self {
            pcap: open(&arguments.pcap)?,
            html: open(&arguments.html)?,
            json: open(&arguments.json)?,
        })
    }

    /// Whether there is anything to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pcap.is_none() && self.html.is_none() && self.json.is_none()
    }

    /// Whether JSON goes to standard output, which then has nothing else.
    #[must_use]
    pub fn takes_stdout(&self) -> bool {
        self.json.as_ref().is_some_and(|json| json.file.is_none())
    }

    /// Writes the calls.
    ///
    /// # Errors
    /// The system's.
    pub fn write(self, plan: &Plan, captured: &Capture) -> Result<()> {
        if let Some(pcap) = self.pcap {
            write_pcap(pcap, &captured.recording)?;
        }
        if let Some(html) = self.html {
            write_page(html, plan, captured)?;
        }
        if let Some(json) = self.json {
            json.write(|out| json::of_calls(plan, captured, out))?;
        }
        Ok(())
    }
}

impl Exports {
    /// Writes what a tap between any two programs has recorded.
    ///
    /// # Errors
    /// The system's.
    pub fn write_recording(self, recording: &Recording, knowledge: &Knowledge) -> Result<()> {
        if let Some(pcap) = self.pcap {
            write_pcap(pcap, recording)?;
        }
        if self.html.is_none() && self.json.is_none() {
            return Ok(());
        }
        let dissection = Dissector::dissect(recording, knowledge);
        if let Some(html) = self.html {
            write_page_of_recording(html, recording, &dissection)?;
        }
        if let Some(json) = self.json {
            json.write(|out| json::of_recording(&dissection, out))?;
        }
        Ok(())
    }
}

fn write_pcap(output: Output, recording: &Recording) -> Result<()> {
    output.write(|out| wire::pcapng::write(recording, out))
}

fn write_page(output: Output, plan: &Plan, captured: &Capture) -> Result<()> {
    let title = plan.call.title();
    let names = names(plan.call.operation);
    let calls = captured.wires.iter().flat_map(|observed| {
        let states = [
            (State::Cold, page::State::Cold),
            (State::Warm, page::State::Warm),
        ];
        states.into_iter().filter_map(|(state, shown)| {
            Some(page::Call {
                protocol: observed.wire.title.to_owned(),
                state: shown,
                dissection: &captured.dissection,
                excerpt: observed.part(state)?.excerpt.clone(),
            })
        })
    });
    let calls: Vec<_> = calls.collect();
    let page = Page {
        title: &title,
        calls: &calls,
        names: &names,
    };
    output.write(|mut out| page::write(&page, &mut out))
}

/// A column a connection, with all that passed on it.
fn write_page_of_recording(
    output: Output,
    recording: &Recording,
    dissection: &Dissection,
) -> Result<()> {
    let call = |number: usize| {
        let pieces = cut::cut(recording, dissection, number..number + 1, &[]);
        let protocol = format!("connection {number}");
        page::Call {
            state: page::State::Whole,
            dissection,
            excerpt: cut::excerpt(protocol.clone(), pieces.into_iter().flatten().collect()),
            protocol,
        }
    };
    let connections = recording.connections.len();
    if connections > MOST_COLUMNS {
        note(&format!(
            "the page has the first {MOST_COLUMNS} of {connections} connections; --json and --pcap \
             have all"
        ));
    }
    let calls: Vec<_> = (0..connections.min(MOST_COLUMNS)).map(call).collect();
    let page = Page {
        title: "what passed",
        calls: &calls,
        names: &FieldNames::default(),
    };
    output.write(|mut out| page::write(&page, &mut out))
}

/// What the parameters are called, so that a page finds them where a protocol leaves names out.
fn names(operation: &Operation) -> FieldNames {
    let parameters = operation.parameters.iter();
    // An item of a stream is one record over every wire; so is what a record's fields are in.
    let is_flat = operation.kind != Kind::ClientStream
        && !parameters
            .clone()
            .any(|field| matches!(field.shape, Shape::Record(_)));
    let names = parameters.map(|field| field.name.to_owned());
    FieldNames {
        parameters: if is_flat { names.collect() } else { Vec::new() },
    }
}
