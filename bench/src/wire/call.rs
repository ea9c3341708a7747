//! What is called: any operation of the table, an upload, or a few lines of the chat.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use demo::print::Usage;
use demo::upload::source::Source;
use demo::value::{self, Sender, Value};
use demo::{Outcome, invoke};
use futures::{StreamExt, TryStreamExt, stream};
use services::model::{ChatMessage, Join};
use services::operation::{CHAT, Repeat, UPLOAD_FILE};
use services::{Backend, Context, Error, Operation};

/// A call that can be made as often as one likes.
#[derive(Debug, Clone)]
pub struct Call {
    /// The operation.
    pub operation: &'static Operation,
    given: Given,
}

/// What it is called with.
#[derive(Debug, Clone)]
enum Given {
    Values(Vec<Value>),
    File(PathBuf),
    Lines { user: String, lines: Vec<String> },
}

impl Call {
    /// The call that these words of a command line ask for, as `call` of a room's program reads
    /// them. Two operations have commands of their own there: `upload_file FILE` sends a file here,
    /// `chat USER LINE…` takes part, says these lines and leaves.
    ///
    /// # Errors
    /// [`Usage`] for a wrong operation or argument; a file that is not there.
    pub fn read(operation: &str, words: &[String], sender: &Sender) -> Result<Self> {
        let operation = value::operation(operation)?;
        let given = match operation.name {
            "upload_file" => file(words)?,
            "chat" => lines(words)?,
            name => Given::Values(demo::call::read(name, words, sender)?.1),
        };
        Ok(Self { operation, given })
    }

    /// Makes it over that backend and gives all that it answered: one value, or a stream's.
    ///
    /// # Errors
    /// The call's own.
    pub async fn make(&self, backend: &dyn Backend) -> Result<Vec<Value>, Error> {
        let context = Context::new();
        let outcome = match &self.given {
            Given::Values(values) => invoke(backend, &context, self.operation, values).await?,
            Given::File(path) => upload(backend, &context, path).await?,
            Given::Lines { user, lines } => talk(backend, &context, user, lines).await?,
        };
        match outcome {
            Outcome::Value(value) => Ok(vec![value]),
            Outcome::Stream(items) => items.try_collect().await,
        }
    }

    /// Whether making it again does no more than making it once.
    #[must_use]
    pub fn may_repeat(&self) -> bool {
        self.operation.repeat == Repeat::Safe
    }

    /// As one would write it: `add(5, 3)`.
    #[must_use]
    pub fn title(&self) -> String {
        let arguments: Vec<_> = match &self.given {
            Given::Values(values) => values.iter().map(argument).collect(),
            Given::File(path) => vec![path.display().to_string()],
            Given::Lines { user, lines } => {
                let words = std::iter::once(user).chain(lines);
                words.map(|word| format!("{word:?}")).collect()
            }
        };
        let arguments: Vec<_> = arguments.into_iter().filter(|it| it != "–").collect();
        format!("{}({})", self.operation.name, arguments.join(", "))
    }
}

/// A value on one line; a text has quotes.
fn argument(value: &Value) -> String {
    match value {
        Value::Text(_) => format!("\"{value}\""),
        Value::List(_) => format!("[{}]", value.to_string().replace(' ', ", ")),
        Value::Record(_) => format!("{{{value}}}"),
        other => other.to_string(),
    }
}

fn file(words: &[String]) -> Result<Given> {
    let [path] = words else {
        let count = words.len();
        bail!(Usage(format!(
            "upload_file takes one argument, FILE: {count} came"
        )));
    };
    let path = PathBuf::from(path);
    let metadata = std::fs::metadata(&path).with_context(|| unreadable(&path))?;
    if !metadata.is_file() {
        // What can be read only once cannot be sent over each wire.
        bail!("{}: give a plain file", unreadable(&path));
    }
    Ok(Given::File(path))
}

fn unreadable(path: &Path) -> String {
    format!("{} cannot be read", path.display())
}

fn lines(words: &[String]) -> Result<Given> {
    match words {
        [user, lines @ ..] if !lines.is_empty() => Ok(Given::Lines {
            user: user.clone(),
            lines: lines.to_vec(),
        }),
        _ => bail!(Usage(format!(
            "chat takes a name and at least one line, as in chat Ana \"good morning\": {} came",
            words.len()
        ))),
    }
}

async fn upload(backend: &dyn Backend, context: &Context, path: &Path) -> Result<Outcome, Error> {
    let opened = Source::open(path).await;
    let source =
        opened.map_err(|cause| Error::InvalidArgument(format!("{}: {cause}", unreadable(path))))?;
    let (chunks, _) = source.chunks();
    let report = backend.upload_file(context, chunks).await?;
    Ok(Outcome::Value(report.into()))
}

/// Says the lines and leaves; what is said until then comes down, the own lines among it.
async fn talk(
    backend: &dyn Backend,
    context: &Context,
    user: &str,
    lines: &[String],
) -> Result<Outcome, Error> {
    let join = Join {
        user: user.to_owned(),
        after: None,
    };
    let said = lines.iter().map(|line| {
        Ok(ChatMessage {
            user: user.to_owned(),
            text: line.clone(),
            ..ChatMessage::default()
        })
    });
    let said = stream::iter(said.collect::<Vec<_>>()).boxed();
    let heard = backend.chat(context, &join, said).await?;
    Ok(Outcome::Stream(heard.map_ok(Value::from).boxed()))
}

/// The operations that are called here and not by `call`.
pub const OWN: [&Operation; 2] = [&UPLOAD_FILE, &CHAT];

#[cfg(test)]
mod tests {
    use super::*;
    use services::conformance::reference;

    fn read(words: &[&str]) -> Result<Call> {
        let sender = Sender {
            hostname: "web-1".into(),
            metric_type: "cpu".into(),
            timestamp: 7,
        };
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        Call::read(&words[0], &words[1..], &sender)
    }

    #[test]
    fn a_title_reads_like_a_call() {
        let title = |words: &[&str]| read(words).expect("it is a call").title();
        assert_eq!(title(&["add", "5", "-3"]), "add(5, -3)");
        assert_eq!(title(&["uppercase", "a b"]), "uppercase(\"a b\")");
        assert_eq!(
            title(&["calculate_metrics", "1,2.5", "3"]),
            "calculate_metrics([1, 2.5], [3])"
        );
        assert_eq!(title(&["list_users", "limit=2"]), "list_users(2)");
        assert_eq!(title(&["chat", "Ana", "olá"]), "chat(\"Ana\", \"olá\")");
    }

    #[test]
    fn what_is_wrong_is_told_with_what_is_wanted() {
        let error = |words: &[&str]| read(words).expect_err("it is wrong").to_string();
        assert!(error(&["sub"]).contains("use one of add, "));
        assert_eq!(
            error(&["add", "5"]),
            "add takes 2 arguments, a and b: 1 came"
        );
        assert_eq!(
            error(&["upload_file"]),
            "upload_file takes one argument, FILE: 0 came"
        );
        assert!(error(&["upload_file", "/none"]).contains("/none cannot be read"));
        assert!(error(&["upload_file", "/"]).contains("give a plain file"));
        assert!(error(&["chat", "Ana"]).contains("at least one line"));
    }

    #[tokio::test]
    async fn who_chats_hears_the_own_lines() {
        let chat = read(&["chat", "Ana", "one", "two"]).expect("it is a call");
        let heard = chat.make(&*reference()).await.expect("the chat is open");
        let heard: Vec<_> = heard.iter().map(Value::to_string).collect();
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert!(heard[0].starts_with("Ana  one"), "{heard:?}");
    }
}
