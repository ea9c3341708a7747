//! The command line of a program, with its name and addresses in the help.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Args, FromArgMatches};
use services::operation::{ALL, Kind, Operation};

use crate::call::CallArguments;
use crate::chat::ChatArguments;
use crate::print::COLUMNS;
use crate::program::Program;
use crate::script::DemoArguments;
use crate::serve::ServeArguments;
use crate::upload::UploadArguments;

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Command {
    Demo(DemoArguments),
    Serve(ServeArguments),
    Call(CallArguments),
    Chat(ChatArguments),
    Upload(UploadArguments),
}

/// Reads this process's command line; help and errors end the process, with 0 and 2.
pub(crate) fn read(program: &Program) -> Command {
    parse(program, std::env::args_os()).unwrap_or_else(|error| error.exit())
}

fn parse(
    program: &Program,
    words: impl IntoIterator<Item = OsString>,
) -> Result<Command, clap::Error> {
    let matches = command(program).try_get_matches_from(words)?;
    match matches.subcommand() {
        Some(("serve", matches)) => {
            let mut arguments = ServeArguments::from_arg_matches(matches)?;
            arguments.course = has_course(program) && matches.get_flag("course");
            Ok(Command::Serve(arguments))
        }
        Some(("call", matches)) => CallArguments::from_arg_matches(matches).map(Command::Call),
        Some(("chat", matches)) => ChatArguments::from_arg_matches(matches).map(Command::Chat),
        Some(("upload", matches)) => {
            UploadArguments::from_arg_matches(matches).map(Command::Upload)
        }
        Some((_, matches)) => DemoArguments::from_arg_matches(matches).map(Command::Demo),
        None => DemoArguments::from_arg_matches(&matches).map(Command::Demo),
    }
}

fn command(program: &Program) -> clap::Command {
    let protocol = program.protocol;
    // The help texts come last: augment_args takes those of the struct, which are for rustdoc.
    DemoArguments::augment_args(clap::Command::new(program.name))
        .version(env!("CARGO_PKG_VERSION"))
        .max_term_width(COLUMNS)
        .about(format!(
            "{protocol}: shows it, serves it, calls it. Without a command: demo"
        ))
        .after_help(examples(program))
        .args_conflicts_with_subcommands(true)
        .subcommands([
            demo(program),
            serve(program),
            call(program),
            chat(program),
            upload(program),
        ])
}

fn examples(program: &Program) -> String {
    let Program {
        name,
        scheme,
        address,
        ..
    } = program;
    format!(
        "Examples:\n  \
         {name}\n      starts a server on a free port, calls it, shows what happens\n  \
         {name} serve\n      serves at {scheme}://{address} until Ctrl-C\n  \
         {name} call add 5 3\n      calls the server there\n  \
         {name} call --help\n      tells what else can be called"
    )
}

fn demo(program: &Program) -> clap::Command {
    let Program { name, protocol, .. } = program;
    DemoArguments::augment_args(clap::Command::new("demo"))
        .about("Start a server on a free port, call it through a real socket, show what happens")
        .after_help(format!(
            "Each line is one {protocol} call: what it gave, how long it took, and the bytes of \
             request \
             (up) and reply (down), first the encoded body, then all that the socket carried.\n\nExamples:\n  {name} demo\n  {name} demo --slow"
        ))
}

fn serve(program: &Program) -> clap::Command {
    let Program {
        name,
        address,
        scheme,
        ..
    } = program;
    let mut command = ServeArguments::augment_args(clap::Command::new("serve"))
        .about("Serve until Ctrl-C or SIGTERM, then finish the calls in flight")
        .after_help(format!(
            "When it closes, calls in flight are finished within --drain. Open streams \
             end at once, as Unavailable, so that their callers can go on at another server.\n\n\
             Examples:\n  \
             {name} serve\n  \
             {name} serve --addr 127.0.0.1:0\n      any free port, which is printed\n  \
             {name} serve --addr 0.0.0.0:{port} --verbose\n      for other machines too, with a \
             line for each call\n  \
             {name} serve --pace 0 --interval 0\n      streams as fast as they are read\n  \
             {name} serve --data ./data\n      users are still there after a restart\n  \
             {name} serve --redis redis://127.0.0.1:6379\n      one of several servers that share \
             users and chat\n  \
             {name} serve --metrics-addr 127.0.0.1:9464\n      metrics for Prometheus at /metrics",
            port = address.rsplit(':').next().unwrap_or_default(),
        ))
        .mut_arg("addr", |addr| {
            addr.help(format!(
                "Address to listen on, {address} unless given; may be given several times. \
                 Port 0 is any that is free, and {scheme}://… with its number is printed"
            ))
        });
    if has_course(program) {
        let addresses = program.course_addresses.join(" and ");
        command = command.arg(
            Arg::new("course")
                .long("course")
                .action(ArgAction::SetTrue)
                .help(format!(
                    "Listen on {addresses} too, where the courses' clients dial"
                )),
        );
    }
    command
}

fn has_course(program: &Program) -> bool {
    !program.course_addresses.is_empty()
}

fn call(program: &Program) -> clap::Command {
    let Program {
        name,
        protocol,
        address,
        scheme,
        ..
    } = program;
    let default = format!("The server; {scheme}://{address} unless given");
    CallArguments::augment_args(clap::Command::new("call"))
        .about(format!(
            "Call an operation on any {protocol} server that has it"
        ))
        .after_help(format!(
            "Operations:\n{operations}\n\nExamples:\n  \
             {name} call add 5 3\n  \
             {name} call uppercase straße --url {scheme}://{address}\n  \
             {name} call calculate_metrics 45,67,89,34,56 2.1,2.3,2.5,2.2,2.4 --json\n  \
             {name} call record_metrics 1.5 2.5 4 --hostname web-1 --type memory\n  \
             {name} call stream_numbers 1 10 --timeout 5s",
            operations = operations(),
        ))
        .mut_arg("url", |url| url.help(default))
}

fn chat(program: &Program) -> clap::Command {
    let Program {
        name,
        address,
        scheme,
        ..
    } = program;
    let default = format!(
        "The server, {scheme}://{address} unless given; several with commas between are tried in turn"
    );
    ChatArguments::augment_args(clap::Command::new("chat"))
        .about("Talk to everybody who is at the server, whatever their protocol")
        .after_help(format!(
            "In the chat /who tells who takes part, /quit leaves, /help tells more. When the \
             connection is lost, the next server is tried, and nothing is lost that servers keep. \
             Without a terminal the lines of standard input are said, and it ends when the last of \
             them has come back.\n\nExamples:\n  \
             {name} chat Ana\n  \
             {name} chat Ana --url 127.0.0.1:9001,127.0.0.1:9002\n      \
             two servers that share a room: where one is gone, the other goes on\n  \
             echo 'The build is done' | {name} chat Robot\n  \
             {name} chat Ana --after 0\n      \
             with all that was said before",
        ))
        .mut_arg("url", |url| url.help(default))
}

fn upload(program: &Program) -> clap::Command {
    let Program {
        name,
        address,
        scheme,
        ..
    } = program;
    let default = format!("The server; {scheme}://{address} unless given");
    UploadArguments::augment_args(clap::Command::new("upload"))
        .about("Send a file in chunks; the server counts and hashes it, and keeps nothing")
        .after_help(format!(
            "Prints the size, the chunks that the server saw, and a line such as sha256sum prints. \
             It succeeds only if the server has seen what was read here, to the last bit.\n\n\
             Examples:\n  \
             {name} upload notes.txt\n  \
             {name} upload disk.img --url {scheme}://{address} --json\n  \
             head -c 1G /dev/zero | {name} upload -",
        ))
        .mut_arg("url", |url| url.help(default))
}

/// The table of operations as the command line writes them.
fn operations() -> String {
    let lines = ALL.iter().map(|operation| {
        let usage = format!("{} {}", operation.name, parameters(operation));
        format!("  {}\n      {}", usage.trim_end(), operation.summary)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn parameters(operation: &Operation) -> String {
    if operation.kind == Kind::ClientStream {
        return "VALUE…".to_owned();
    }
    let names = operation.parameters.iter();
    let names: Vec<_> = names.map(|field| field.name.to_uppercase()).collect();
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const PROGRAM: Program = Program {
        name: "test-demo",
        protocol: "Test",
        scheme: "http",
        address: "127.0.0.1:9",
        course_addresses: &[],
        serve: |_, _, _, _| Box::pin(async { Ok(()) }),
        connect: |_, _| Box::pin(std::future::pending()),
    };

    fn parsed(line: &str) -> Result<Command, clap::Error> {
        parse(&PROGRAM, line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_command_line_is_sound() {
        command(&PROGRAM).debug_assert();
    }

    #[test]
    fn no_command_is_the_demo() {
        assert!(matches!(parsed("test-demo"), Ok(Command::Demo(demo)) if !demo.slow));
        assert!(matches!(parsed("test-demo --slow"), Ok(Command::Demo(demo)) if demo.slow));
        assert!(matches!(parsed("test-demo demo --slow"), Ok(Command::Demo(demo)) if demo.slow));
    }

    #[test]
    fn serve_paces_as_the_courses_do() {
        let Ok(Command::Serve(serve)) = parsed("test-demo serve --addr a:1 --addr b:2") else {
            panic!("this is serve");
        };
        assert_eq!(serve.addr, ["a:1", "b:2"]);
        assert_eq!(serve.serving.pace, Duration::from_millis(200));
        assert_eq!(serve.serving.interval, Duration::from_secs(1));
        assert!(parsed("test-demo serve --course").is_err());
    }

    #[test]
    fn course_is_known_where_the_program_has_course_addresses() {
        let program = Program {
            course_addresses: &["127.0.0.1:7"],
            ..PROGRAM
        };
        let words = ["test-demo", "serve", "--course"].map(OsString::from);
        let command = parse(&program, words);
        assert!(matches!(command, Ok(Command::Serve(serve)) if serve.course));
    }

    #[test]
    fn a_call_takes_negative_numbers_and_flags_in_any_place() {
        let Ok(Command::Call(call)) = parsed("test-demo call add -5 3 --json --timeout none")
        else {
            panic!("this is call");
        };
        assert_eq!((call.operation.as_str(), call.json), ("add", true));
        assert_eq!(call.arguments, ["-5", "3"]);
    }

    #[test]
    fn help_names_the_program_its_address_and_every_operation() {
        let error = parsed("test-demo call --help").unwrap_err();
        let help = error.to_string();
        for operation in ALL {
            assert!(
                help.contains(operation.name),
                "{} is missing",
                operation.name
            );
        }
        assert!(
            help.starts_with("Call an operation on any Test server"),
            "{help}"
        );
        assert!(help.contains("test-demo call add 5 3"));
        assert!(help.contains("http://127.0.0.1:9 unless given"), "{help}");
    }

    #[test]
    fn help_tells_what_closing_does_to_calls_and_to_streams() {
        let help = parsed("test-demo serve --help").unwrap_err().to_string();
        let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("calls in flight are finished"), "{help}");
        assert!(words.contains("Open streams end at once, as"), "{help}");
    }

    #[test]
    fn help_fits_in_80_columns() {
        for line in [
            "test-demo --help",
            "test-demo serve --help",
            "test-demo call --help",
        ] {
            let help = parsed(line).unwrap_err().to_string();
            for line in help.lines() {
                assert!(line.chars().count() <= COLUMNS, "{line}");
            }
        }
    }
}
