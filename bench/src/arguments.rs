//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, builder::PossibleValuesParser};
use demo::print::COLUMNS;
use slides::talk::TalkArguments;

use crate::balance::BalanceArguments;
use crate::chat::ChatArguments;
use crate::exercise::ExerciseArguments;
use crate::gateway::GatewayArguments;
use crate::payload::PayloadArguments;
use crate::protobuf::ProtobufArguments;
use crate::runtime::Flavor;
use crate::serve::ServeArguments;
use crate::soak::SoakArguments;
use crate::target::Protocol;
use crate::wire::WireArguments;
use crate::workload;

/// The same calls over XML-RPC, JSON-RPC, gRPC and REST, timed and weighed side by side.
#[derive(Debug, Parser)]
#[command(
    name = "trivium",
    version,
    max_term_width = COLUMNS,
    args_conflicts_with_subcommands = true,
    after_help = "Without a command: compare\n\nExamples:\n  \
        trivium\n      compares everything, within 30 seconds\n  \
        trivium --quick --protocol grpc --workload add\n      one of them, within 5 seconds\n  \
        trivium wire add 5 3\n      shows every byte of one call over each of them\n  \
        trivium serve\n      serves all four protocols until Ctrl-C\n  \
        trivium gateway --from rest://127.0.0.1:8000 --to grpc://127.0.0.1:50051\n      \
        puts REST in front of a gRPC server"
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What `compare` is told where no command is given.
    #[command(flatten)]
    pub compare: CompareArguments,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prove that all wires give the same answers, then measure them side by side
    Compare(CompareArguments),
    /// Serve all four protocols over one backend until Ctrl-C or SIGTERM
    Serve(ServeArguments),
    /// Serve one protocol and pass every call on to a server of another
    Gateway(GatewayArguments),
    /// Give TCP connections to servers in turn, as a balancer without knowledge of HTTP/2 does
    Balance(BalanceArguments),
    /// Call over every protocol and show where each byte goes, or listen between any two programs
    Wire(WireArguments),
    /// Bring your own message: its schema, its size and its cost over each protocol
    Payload(PayloadArguments),
    /// A message of protobuf byte by byte, and what readers with another schema make of it
    Protobuf(ProtobufArguments),
    /// Four people on four protocols talk in one room, by a script
    Chat(ChatArguments),
    /// Load a chat or an upload for a while; tell what was lost, how late, with which memory
    Soak(SoakArguments),
    /// Give a class from decks that run the real programs
    Talk(TalkArguments),
    /// Exercises: what to do, and what is wrong with what you did
    Exercise(ExerciseArguments),
    /// The servers of a comparison, in a process of their own
    #[command(hide = true, name = crate::child::SUBCOMMAND)]
    Child {
        /// The runtime of the servers
        #[arg(long, value_enum, default_value_t)]
        runtime: Flavor,
    },
}

/// What `compare` is told.
#[derive(Debug, Clone, Args)]
pub struct CompareArguments {
    /// Only this protocol and its references; may be given several times
    #[arg(long, value_name = "PROTOCOL", value_enum, value_delimiter = ',')]
    pub protocol: Vec<Protocol>,
    /// Only this workload; may be given several times
    #[arg(
        long,
        value_name = "WORKLOAD",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(workload::NAMES)
    )]
    pub workload: Vec<String>,
    /// Answers, bytes and p50 only, within 5 seconds instead of 30
    #[arg(long)]
    pub quick: bool,
    /// Tokio's runtime at both ends
    #[arg(long, value_enum, default_value_t)]
    pub runtime: Flavor,
    /// Write everything to this file as JSON too; - is stdout, instead of the tables
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Print Markdown
    #[arg(long)]
    pub markdown: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_fits_in_80_columns() {
        for command in [
            "", "compare", "serve", "gateway", "balance", "wire", "payload", "protobuf", "chat",
            "soak", "talk", "exercise",
        ] {
            let words = ["trivium", command, "--help"];
            let words = words.into_iter().filter(|word| !word.is_empty());
            let help = Arguments::try_parse_from(words).unwrap_err().to_string();
            for line in help.lines() {
                assert!(line.chars().count() <= COLUMNS, "{command}: {line}");
            }
        }
    }
}
