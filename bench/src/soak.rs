//! `soak`: load that goes on for a while, against servers in a process of their own, and what came
//! of it: lost and doubled lines, delays, memory.

/// A server in a process of its own.
pub mod server;

/// Memory of a process.
pub mod memory;

/// One participant of a chat under load: counts, checks the order, records delays.
pub mod participant;

/// One run of a chat under load.
pub mod chat;

/// The highest rate at which a chat loses nothing and does not fall behind.
pub mod rate;

/// What one participant who never reads does to everybody else.
pub mod silent;

/// A large file up, and the memory of both ends.
pub mod upload;

/// A Redis server of the soak's own.
pub mod redis;

/// `kill -9` under load.
pub mod kills;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Subcommand};
use demo::duration;

use crate::endpoint::Endpoint;

/// What `soak` is told.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:\n  \
    trivium soak chat\n      1,000 participants and 200 messages a second for 60 s over each \
    protocol\n  \
    trivium soak chat --protocol grpc --participants 100 --rate 50 --time 5s\n      a short one\n  \
    trivium soak silent\n      rounds with and without a participant who never reads\n  \
    trivium soak upload --size 1073741824\n      1 GiB over each protocol\n  \
    trivium soak kills\n      20 kills each of a server, of Redis, and of servers before Redis")]
pub struct SoakArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: SoakCommand,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum SoakCommand {
    /// A chat: everybody has every line once, in one order, at which rate, with which memory
    Chat(ChatArguments),
    /// The same chat with and without a participant who never reads
    Silent(SilentArguments),
    /// A large file, hashed at both ends, with the memory of both
    Upload(UploadArguments),
    /// Users written while servers and Redis are killed: nothing acknowledged may be lost
    Kills(KillsArguments),
}

/// What `soak chat` is told.
#[derive(Debug, Clone, Args)]
pub struct ChatArguments {
    /// Which of them to load
    #[command(flatten)]
    pub wires: Wires,
    /// Participants, each with a connection of its own
    #[arg(long, value_name = "COUNT", default_value_t = 1_000)]
    pub participants: usize,
    /// Messages a second, all senders together; halved until it is held
    #[arg(long, value_name = "RATE", default_value_t = 200)]
    pub rate: u32,
    /// How long to send
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    pub time: Duration,
    /// A server that runs already, instead of one a protocol
    #[arg(long, value_name = "PROTOCOL://HOST:PORT")]
    pub to: Option<Endpoint>,
}

/// What `soak silent` is told.
#[derive(Debug, Clone, Args)]
pub struct SilentArguments {
    /// Which of them to load
    #[command(flatten)]
    pub wires: Wires,
    /// Participants who read
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub participants: usize,
    /// Messages a second
    #[arg(long, value_name = "RATE", default_value_t = 500)]
    pub rate: u32,
    /// Bytes of a message: large ones fill the sockets of the silent one soon
    #[arg(long, value_name = "BYTES", default_value_t = 2_000)]
    pub message_bytes: usize,
    /// How long to send in a round
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration::parse)]
    pub time: Duration,
    /// Pairs of rounds: one with the silent participant, one without
    #[arg(long, value_name = "COUNT", default_value_t = 6)]
    pub rounds: usize,
}

/// What `soak upload` is told.
#[derive(Debug, Clone, Args)]
pub struct UploadArguments {
    /// Which of them to load
    #[command(flatten)]
    pub wires: Wires,
    /// Bytes of the file
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 30)]
    pub size: u64,
}

/// What `soak kills` is told.
#[derive(Debug, Clone, Args)]
pub struct KillsArguments {
    /// Kills of each kind
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub kills: usize,
}

/// Which protocols are loaded.
#[derive(Debug, Clone, Args)]
pub struct Wires {
    /// Only this protocol; may be given several times
    #[arg(long, value_name = "PROTOCOL", value_delimiter = ',',
          value_parser = ["xmlrpc", "jsonrpc", "grpc", "rest"])]
    pub protocol: Vec<String>,
}

impl Wires {
    /// Schemes of endpoints, in the order of every table.
    fn schemes(&self) -> impl Iterator<Item = &'static str> {
        ["xmlrpc", "jsonrpc", "grpc", "rest"]
            .into_iter()
            .filter(|scheme| self.protocol.is_empty() || self.protocol.iter().any(|p| p == scheme))
    }
}

/// Runs it; 1 where something was lost, doubled or out of order.
///
/// # Errors
/// A server that does not start or breaks off.
pub async fn run(arguments: &SoakArguments) -> Result<ExitCode> {
    match &arguments.command {
        SoakCommand::Chat(arguments) => rate::run(arguments).await,
        SoakCommand::Silent(arguments) => silent::run(arguments).await,
        SoakCommand::Upload(arguments) => upload::run(arguments).await,
        SoakCommand::Kills(arguments) => kills::run(arguments).await,
    }
}
