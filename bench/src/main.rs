//! The command `trivium`.

use std::process::ExitCode;

use clap::Parser;
use trivium::arguments::{Arguments, Command};
use trivium::prove::Different;
use trivium::{
    balance, chat, child, compare, exercise, gateway, payload, protobuf, serve, soak, wire,
};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let command = arguments
        .command
        .unwrap_or(Command::Compare(arguments.compare));
    match command {
        Command::Compare(arguments) => reported(compare::run(&arguments)),
        Command::Child { runtime } => reported(child::run(runtime).map(|()| ExitCode::SUCCESS)),
        Command::Serve(arguments) => {
            demo::program::finish(async move { serve::run(&arguments).await })
        }
        Command::Gateway(arguments) => {
            demo::program::finish(async move { gateway::run(&arguments).await })
        }
        Command::Balance(arguments) => {
            demo::program::finish(async move { balance::run(&arguments).await })
        }
        Command::Wire(arguments) => {
            demo::program::finish(async move { wire::run(&arguments).await })
        }
        Command::Talk(arguments) => reported(slides::talk::run(&arguments)),
        Command::Payload(arguments) => reported(payload::run(&arguments)),
        Command::Protobuf(arguments) => reported(protobuf::run(&arguments)),
        Command::Chat(arguments) => {
            demo::program::finish(async move { chat::run(&arguments).await })
        }
        Command::Exercise(arguments) => reported(exercise::run(&arguments)),
        Command::Soak(arguments) => {
            demo::program::finish(async move { soak::run(&arguments).await })
        }
    }
}

/// `compare` and its child build their own runtime, since its kind is an argument; `payload` needs
/// none.
fn reported(ended: anyhow::Result<ExitCode>) -> ExitCode {
    ended.unwrap_or_else(|error| {
        if demo::print::is_closed_pipe(&error) {
            return ExitCode::SUCCESS;
        }
        demo::print::failure(&error);
        let different = error.downcast_ref::<Different>();
        for failure in different.map_or(&[][..], Different::failures) {
            demo::print::note(&format!("  {failure}"));
        }
        ExitCode::FAILURE
    })
}
