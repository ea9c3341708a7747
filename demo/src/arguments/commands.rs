//! The commands with their help: each names the program, its addresses, and examples.

use clap::{Arg, ArgAction, Args};

use super::operations::table;
use crate::call::CallArguments;
use crate::chat::ChatArguments;
use crate::program::Program;
use crate::script::DemoArguments;
use crate::serve::ServeArguments;
use crate::upload::UploadArguments;

pub(super) fn examples(program: &Program) -> String {
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

pub(super) fn demo(program: &Program) -> clap::Command {
    let Program { name, protocol, .. } = program;
    DemoArguments::augment_args(clap::Command::new("demo"))
        .about("Start a server on a free port, call it through a real socket, show what happens")
        .after_help(format!(
            "Each line is one {protocol} call: what it gave, how long it took, and the bytes of \
             request \
             (up) and reply (down), first the encoded body, then all that the socket carried.\n\nExamples:\n  {name} demo\n  {name} demo --slow"
        ))
}

pub(super) fn serve(program: &Program) -> clap::Command {
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

pub(super) fn has_course(program: &Program) -> bool {
    !program.course_addresses.is_empty()
}

pub(super) fn call(program: &Program) -> clap::Command {
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
             {name} call stream_numbers 1 10 --timeout 5s\n  \
             {name} call add 5 3 --times 6\n      \
             six calls with one client; behind a balancer, who answered how many\n  \
             {name} call create_user Ana ana@example.org admin,reader\n  \
             {name} call list_users limit=10\n  \
             {name} call update_user 1 'name=Ana Lima' roles=\n      \
             a new name, and no roles any more\n  \
             {name} call criar_usuario Duda duda@example.org -\n      \
             the password is read from standard input, - stands for it",
            operations = table(),
        ))
        .mut_arg("url", |url| url.help(default))
}

pub(super) fn chat(program: &Program) -> clap::Command {
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

pub(super) fn upload(program: &Program) -> clap::Command {
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
