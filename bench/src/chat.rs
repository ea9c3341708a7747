//! `chat`: four people on four protocols talk in one room, by a script. Everything between them is
//! real: a server of each protocol over one backend, a client of each, and sockets.

mod hall;
mod lines;
mod person;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use demo::duration;
use demo::print::{GOOD, HEADING, QUIET, say};
use futures::future::try_join_all;
use services::model::ChatMessage;

use hall::Hall;
use lines::LINES;
use person::Person;

/// What `chat` is told.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Each line is said when the one before has reached everybody. It fails where two of \
    the four did not see the same lines in the same order. To talk yourself: trivium serve, and \
    in other terminals xmlrpc-demo chat Ana, grpc-demo chat Carla.\n\nExamples:\n  \
    trivium chat\n      the whole talk at once\n  \
    trivium chat --pace 1s\n      for a class to watch"
)]
pub struct ChatArguments {
    /// Time between two lines
    #[arg(long, value_name = "TIME", default_value = "0", value_parser = duration::parse)]
    pub pace: Duration,
}

/// Opens the room, has the talk, tells what everybody saw.
///
/// # Errors
/// A port that is not free, a line that does not reach somebody, or two who saw different talks.
pub async fn run(arguments: &ChatArguments) -> Result<ExitCode> {
    let hall = Hall::open().await?;
    let mut people = try_join_all(hall.doors.iter().map(Person::join)).await?;
    let name = people[0].name();
    let title = "One room, four protocols.";
    say(&format!(
        "{HEADING}{title}{HEADING:#} {QUIET}What {name} sees:{QUIET:#}"
    ))?;
    for (number, (speaker, text)) in LINES.iter().enumerate() {
        if number > 0 {
            tokio::time::sleep(arguments.pace).await;
        }
        say_to_all(&mut people, *speaker, text).await?;
        say(&shown(&people, people[0].last()))?;
    }
    say(&verdict(&people)?)?;
    try_join_all(people.into_iter().map(Person::leave)).await?;
    hall.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Returns when everybody has heard that line.
async fn say_to_all(people: &mut [Person], speaker: usize, text: &str) -> Result<()> {
    people[speaker].say(text)?;
    try_join_all(people.iter_mut().map(Person::hear)).await?;
    Ok(())
}

/// `[Carla, gRPC] text`, in the colour of her protocol.
fn shown(people: &[Person], line: &ChatMessage) -> String {
    let speaker = people.iter().find(|person| person.name() == line.user);
    let (style, title) = match speaker {
        Some(person) => (person.style(), person.title()),
        None => (QUIET, line.user.clone()),
    };
    let text = demo::print::printable(&line.text);
    format!("{style}[{title}]{style:#} {text}")
}

/// How many lines each has seen, once it is proved that they are the same.
fn verdict(people: &[Person]) -> Result<String> {
    let mut text = String::new();
    for person in people {
        let (style, title) = (person.style(), person.title());
        ensure!(
            person.heard() == people[0].heard(),
            "{title} saw another talk than {}: {:?}",
            people[0].title(),
            person.heard()
        );
        let count = person.heard().len();
        let _ = write!(text, "{style}{title}{style:#} saw {count}  ");
    }
    let same = "Everybody saw the same lines in the same order.";
    Ok(format!("{}\n{GOOD}{same}{GOOD:#}", text.trim_end()))
}
