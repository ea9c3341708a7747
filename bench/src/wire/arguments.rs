//! What `wire` is told.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use demo::duration::{self, Timeout};
use demo::print::COLUMNS;

use wire::tap::{Link, Stall};

use super::size::{self, Rate};
use crate::target::Protocol;

/// What `wire` is told.
#[derive(Debug, Clone, Args)]
#[command(
    // On one line, as clap writes it, it is wider than a terminal.
    override_usage = "trivium wire [OPTIONS] <OPERATION> [ARGUMENTS]...\n       \
                      trivium wire [OPTIONS] --listen <HOST:PORT> --to <HOST:PORT>",
    after_help = "Operations and their arguments are those that xmlrpc-demo call --help tells; two more \
    are upload_file FILE, and chat USER LINE..., which says the lines and leaves.\n\
    Without --to the servers are in this process, and know one user with the id 1.\n\n\
    Examples:\n  \
    trivium wire add 5 3\n      where the bytes of an addition go, over five wires\n  \
    trivium wire add 5 3 --view hex --protocol grpc\n      every byte of gRPC's calls, explained\n  \
    trivium wire add 5 3 --html add.html --pcap add.pcapng\n      a page for a browser, a capture for \
    Wireshark\n  \
    trivium wire stream_numbers 1 5 --link satellite\n      the same over a slow link, with the \
    times\n  \
    trivium wire add 5 3 --to xmlrpc://127.0.0.1:9000/RPC2\n      calls a server that runs already\n  \
    trivium wire --listen 127.0.0.1:9100 --to 127.0.0.1:9000\n      prints what any client and any \
    server say, as it passes"
)]
pub struct WireArguments {
    /// The operation to call over each wire
    #[arg(required_unless_present = "listen", conflicts_with = "listen")]
    pub operation: Option<String>,
    /// Its arguments, in order or by name, as call of the rooms' programs takes them
    #[arg(allow_negative_numbers = true)]
    pub arguments: Vec<String>,
    /// Only this protocol; may be given several times
    #[arg(long, value_name = "PROTOCOL", value_enum, value_delimiter = ',')]
    pub protocol: Vec<Protocol>,
    /// What to show, instead of one screen that tells where the bytes go; with --listen instead of
    /// a line for each unit
    #[arg(long, value_name = "VIEW", value_enum)]
    pub view: Option<Show>,
    /// Columns of what is shown, from 60 on [default: the terminal's, else 80]
    #[arg(long, value_name = "COLUMNS", value_parser = width)]
    pub width: Option<usize>,
    /// Call the server of that protocol there; one for each protocol. With --listen HOST:PORT,
    /// whatever is spoken there
    #[arg(long, value_name = "PROTOCOL://HOST:PORT", value_delimiter = ',')]
    pub to: Vec<String>,
    /// Listen there, pass everything on to --to, and print it as it passes, until Ctrl-C
    #[arg(long, value_name = "HOST:PORT", requires = "to")]
    pub listen: Option<String>,
    /// How the link between client and server is.
    #[command(flatten)]
    pub link: LinkArguments,
    /// For unary calls: a time, or none
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub timeout: Timeout,
    /// Write what was recorded for Wireshark; the TCP and IP headers in it are made up
    #[arg(long, value_name = "FILE")]
    pub pcap: Option<PathBuf>,
    /// Write a page for a browser in which every byte explains itself
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write everything as JSON too; - is stdout, instead of the rest
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Protobuf's names, as protoc -o or buf build -o writes them: for servers that are not ours
    #[arg(long, value_name = "FILE")]
    pub descriptors: Vec<PathBuf>,
    /// The same from a .proto file
    #[arg(long, value_name = "FILE")]
    pub proto: Vec<PathBuf>,
    /// With --listen: what is kept of the past for --pcap, --html and --json, and 64 times what is
    /// kept of one message until it is whole; what goes past it is told
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = size::bytes)]
    pub memory: usize,
}

/// How the link is shaped.
#[derive(Debug, Clone, Args)]
pub struct LinkArguments {
    /// A link that everybody knows
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Link::NAMES))]
    pub link: Option<String>,
    /// Round-trip time; half of it each way
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub rtt: Option<Duration>,
    /// Bits a second each way, such as 10mbit
    #[arg(long, value_name = "RATE")]
    pub rate: Option<Rate>,
    /// How far a delay may be from the usual one
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub jitter: Option<Duration>,
    /// Where the jitter's chance begins: the same seed, the same delays
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// Nothing passes for a time: 10KiB:2s after so many bytes, 1s:2s so long after the beginning
    #[arg(long, value_name = "WHEN:TIME", value_parser = size::stall)]
    pub stall: Option<Stall>,
}

impl LinkArguments {
    /// The link of that name, or one that delays nothing, with what else was asked for.
    #[must_use]
    pub fn link(&self) -> Link {
        let named = self.link.as_deref().and_then(Link::named);
        let known = named.unwrap_or_default();
        Link {
            rtt: self.rtt.unwrap_or(known.rtt),
            rate_bits_per_second: self
                .rate
                .map(|Rate(rate)| rate)
                .or(known.rate_bits_per_second),
            jitter: self.jitter.unwrap_or(known.jitter),
            seed: self.seed.unwrap_or(known.seed),
            stall: self.stall.or(known.stall),
        }
    }
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Show {
    /// Where the bytes went: the first screen's table and bars, for every call
    Ledger,
    /// Every byte, annotated
    Hex,
    /// What the bytes say, folded to a tree
    Tree,
    /// The bytes as they are, what is no text as hex
    Raw,
}

impl WireArguments {
    /// Columns of what is shown: a terminal's own where it has more than 60, else 80.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.width.or_else(terminal).unwrap_or(COLUMNS)
    }
}

/// Columns below which nothing is readable any more.
const NARROWEST: usize = 60;

/// A line longer than that is not read; more would only cost memory.
const WIDEST: usize = 1_000;

fn terminal() -> Option<usize> {
    use std::io::IsTerminal;
    let stdout = std::io::stdout();
    let size = stdout
        .is_terminal()
        .then(|| crossterm::terminal::size().ok());
    let (columns, _) = size.flatten()?;
    Some(usize::from(columns).clamp(NARROWEST, WIDEST))
}

fn width(word: &str) -> Result<usize, String> {
    let columns = word.parse().ok();
    let columns = columns.filter(|columns| (NARROWEST..=WIDEST).contains(columns));
    columns.ok_or_else(|| format!("give a number from {NARROWEST} to {WIDEST}"))
}
