//! The command line of a program, with its name and addresses in the help.

mod commands;
mod operations;

use std::ffi::OsString;

use clap::{Args, FromArgMatches};

use crate::call::CallArguments;
use crate::chat::ChatArguments;
use crate::print::COLUMNS;
use crate::program::Program;
use crate::script::DemoArguments;
use crate::serve::ServeArguments;
use crate::upload::UploadArguments;
use commands::{call, chat, demo, examples, has_course, serve, upload};

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

#[cfg(test)]
mod tests {
    use super::*;
    use services::operation::ALL;
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
        assert_eq!(serve.service.pace, Duration::from_millis(200));
        assert_eq!(serve.service.interval, Duration::from_secs(1));
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
    fn help_writes_parameters_as_they_are_given() {
        let help = parsed("test-demo call --help").unwrap_err().to_string();
        for usage in [
            "  create_user NAME EMAIL [ROLES] [EXTERNAL_ID]\n",
            "  list_users [AFTER] [LIMIT]\n",
            "  update_user ID [name=…] [email=…] [roles=…]\n",
            "  chat\n      Not one call: see the command chat.\n",
        ] {
            assert!(help.contains(usage), "{usage} is not in {help}");
        }
    }

    #[test]
    fn a_directory_and_a_redis_exclude_each_other() {
        let error = parsed("test-demo serve --data here --redis redis://h").unwrap_err();
        assert_eq!(error.kind(), clap::error::ErrorKind::ArgumentConflict);
    }

    #[test]
    fn a_chat_has_a_name_and_its_urls_have_commas_between() {
        let Ok(Command::Chat(chat)) = parsed("test-demo chat Ana --url h:1,h:2 --after 5") else {
            panic!("this is chat");
        };
        assert_eq!((chat.name.as_str(), chat.after), ("Ana", Some(5)));
        assert_eq!(chat.url, ["h:1", "h:2"]);
        assert!(parsed("test-demo chat").is_err());
    }

    #[test]
    fn an_empty_url_is_a_usage_error_and_blanks_around_one_are_nothing() {
        for wrong in [",", "h:1,", "h:1,\t,h:2", ""] {
            let words = ["test-demo", "chat", "Ana", "--url", wrong].map(OsString::from);
            let error = parse(&PROGRAM, words).expect_err(wrong);
            assert_eq!(error.exit_code(), 2, "{error}");
            assert!(error.to_string().contains("give a URL"), "{error}");
        }
        let words = ["test-demo", "chat", "Ana", "--url", " h:1 , h:2"].map(OsString::from);
        let Ok(Command::Chat(chat)) = parse(&PROGRAM, words) else {
            panic!("this is chat");
        };
        assert_eq!(chat.url, ["h:1", "h:2"]);
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
            "test-demo chat --help",
            "test-demo upload --help",
        ] {
            let help = parsed(line).unwrap_err().to_string();
            for line in help.lines() {
                assert!(line.chars().count() <= COLUMNS, "{line}");
            }
        }
    }
}
