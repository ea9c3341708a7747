//! Any operation over any backend, by its entry in the table of operations.

mod given;

use std::fmt::{self, Debug};

use futures::{StreamExt, TryStreamExt, stream};
use services::model::NumberRange;
use services::{Backend, Context, Error, Operation, Stream};

use crate::value::{Value, own_command};
use given::Given;

/// What an operation gives.
pub enum Outcome {
    /// One value.
    Value(Value),
    /// Values as they come.
    Stream(Stream<Value>),
}

impl Outcome {
    fn stream<T: Into<Value> + 'static>(items: Stream<T>) -> Self {
        Self::Stream(items.map_ok(Into::into).boxed())
    }
}

impl<T: Into<Value>> From<T> for Outcome {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

impl Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => f.debug_tuple("Value").field(value).finish(),
            Self::Stream(_) => f.write_str("Stream(…)"),
        }
    }
}

/// Calls that operation. The items of `record_metrics` are its arguments, each a record.
///
/// # Errors
/// The operation's own, and [`Error::InvalidArgument`] where an argument is missing or has another
/// shape than the table says, or where the program has a command of its own for the operation.
pub async fn invoke(
    backend: &dyn Backend,
    context: &Context,
    operation: &Operation,
    arguments: &[Value],
) -> Result<Outcome, Error> {
    if let Some(command) = own_command(operation) {
        let name = operation.name;
        let text = format!("{name} is not one call: use the command {command}");
        return Err(Error::InvalidArgument(text));
    }
    let given = Given {
        operation,
        arguments,
    };
    match operation.service {
        "calculator" => calculator(backend, context, &given).await,
        "greeter" => greeter(backend, context, &given).await,
        "metrics" => metrics(backend, context, &given).await,
        "numbers" => numbers(backend, context, &given).await,
        "users" => users(backend, context, &given).await,
        "usuarios" => usuarios(backend, context, &given).await,
        "chat" => chat(backend, context, &given).await,
        _ => Err(given.unknown()),
    }
}

async fn calculator(
    backend: &dyn Backend,
    context: &Context,
    given: &Given<'_>,
) -> Result<Outcome, Error> {
    match given.operation.name {
        "add" => {
            let (a, b) = (given.integer(0)?, given.integer(1)?);
            Ok(backend.add(context, a, b).await?.into())
        }
        "multiply" => {
            let (a, b) = (given.integer(0)?, given.integer(1)?);
            Ok(backend.multiply(context, a, b).await?.into())
        }
        "uppercase" => Ok(backend.uppercase(context, given.text(0)?).await?.into()),
        "cube" => Ok(backend.cube(context, given.integer(0)?).await?.into()),
        _ => Err(given.unknown()),
    }
}

async fn greeter(
    backend: &dyn Backend,
    context: &Context,
    given: &Given<'_>,
) -> Result<Outcome, Error> {
    let pid = given.integer(0)?;
    match given.operation.name {
        "say_hello" => Ok(backend.say_hello(context, pid).await?.into()),
        "say_hello_again" => Ok(backend.say_hello_again(context, pid).await?.into()),
        _ => Err(given.unknown()),
    }
}

async fn metrics(
    backend: &dyn Backend,
    context: &Context,
    given: &Given<'_>,
) -> Result<Outcome, Error> {
    match given.operation.name {
        "calculate_metrics" => {
            let usage = given.usage()?;
            Ok(backend.calculate_metrics(context, &usage).await?.into())
        }
        "get_system_info" => Ok(backend.get_system_info(context).await?.into()),
        "get_metric" => {
            let request = given.request()?;
            Ok(backend.get_metric(context, &request).await?.into())
        }
        "stream_metrics" => {
            let metrics = backend.stream_metrics(context, &given.request()?).await?;
            Ok(Outcome::stream(metrics))
        }
        "record_metrics" => {
            let metrics = stream::iter(given.metrics()?).map(Ok).boxed();
            Ok(backend.record_metrics(context, metrics).await?.into())
        }
        "check_health" => Ok(backend.check_health(context, given.text(0)?).await?.into()),
        _ => Err(given.unknown()),
    }
}

async fn numbers(
    backend: &dyn Backend,
    context: &Context,
    given: &Given<'_>,
) -> Result<Outcome, Error> {
    let (start, end) = (given.integer(0)?, given.integer(1)?);
    let range = NumberRange { start, end };
    Ok(Outcome::stream(
        backend.stream_numbers(context, range).await?,
    ))
}

async fn users(
    backend: &dyn Backend,
    context: &Context,
    given: &Given<'_>,
) -> Result<Outcome, Error> {
    match given.operation.name {
        "create_user" => {
            let user = given.new_user()?;
            Ok(backend.create_user(context, &user).await?.into())
        }
        "get_user" => Ok(backend.get_user(context, given.integer(0)?).await?.into()),
        "list_users" => {
            let users = backend.list_users(context, given.page()?).await?;
            Ok(Outcome::stream(users))
        }
        "update_user" => {
            let (id, changes) = (given.integer(0)?, given.changes()?);
            Ok(backend.update_user(context, id, &changes).await?.into())
        }
        "delete_user" => {
            let id = given.integer(0)?;
            Ok(backend.delete_user(context, id).await?.into())
        }
        _ => Err(given.unknown()),
    }
}

async fn usuarios(
    backend: &dyn Backend,
    context: &Context,
    given: &Given<'_>,
) -> Result<Outcome, Error> {
    match given.operation.name {
        "criar_usuario" => {
            let usuario = given.new_usuario()?;
            Ok(backend.criar_usuario(context, &usuario).await?.into())
        }
        "obter_usuarios" => Ok(backend.obter_usuarios(context).await?.into()),
        _ => Err(given.unknown()),
    }
}

async fn chat(
    backend: &dyn Backend,
    context: &Context,
    given: &Given<'_>,
) -> Result<Outcome, Error> {
    match given.operation.name {
        "post_message" => {
            let message = given.message()?;
            Ok(backend.post_message(context, &message).await?.into())
        }
        "list_participants" => Ok(backend.list_participants(context).await?.into()),
        _ => Err(given.unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{self, Sender};
    use services::conformance::reference;
    use services::operation::{ALL, Shape};

    /// Words that suit each operation, where the ones before it have been called.
    fn words(operation: &Operation) -> Vec<String> {
        let words: &[&str] = match operation.name {
            "get_metric" | "stream_metrics" => &["web-1", "cpu"],
            "record_metrics" => &["1.5", "4"],
            "stream_numbers" => &["3", "3"],
            "create_user" => &["Ana", "ana@example.org", "admin,reader", "external_id=u-1"],
            "update_user" => &["1", "name=Ana Lima", "roles="],
            "get_user" | "delete_user" => &["1"],
            "list_users" => &["limit=1"],
            "criar_usuario" => &["Duda", "duda@example.org", "secret", "u-2"],
            "post_message" => &["Ana", "olá", "id=m-1"],
            _ => {
                let word = |shape| match shape {
                    Shape::List(_) => "1,2".to_owned(),
                    _ => "5".to_owned(),
                };
                return operation
                    .parameters
                    .iter()
                    .map(|field| word(field.shape))
                    .collect();
            }
        };
        words.iter().map(|&word| word.to_owned()).collect()
    }

    async fn invoked(backend: &dyn Backend, operation: &'static Operation) -> String {
        let sender = Sender {
            hostname: "web-1".into(),
            metric_type: "cpu".into(),
            timestamp: 7,
        };
        let arguments = value::arguments(operation, &words(operation), &sender).unwrap();
        let context = Context::new();
        let outcome = invoke(backend, &context, operation, &arguments)
            .await
            .unwrap();
        let shown = match outcome {
            Outcome::Value(value) => value.to_string(),
            Outcome::Stream(mut items) => items.next().await.unwrap().unwrap().to_string(),
        };
        format!("{}: {shown}", operation.name)
    }

    #[tokio::test]
    async fn every_operation_of_the_table_can_be_called() {
        let backend = reference();
        let mut lines = Vec::new();
        let called = ALL
            .into_iter()
            .filter(|operation| own_command(operation).is_none());
        for operation in called {
            lines.push(invoked(&*backend, operation).await);
        }
        insta::assert_snapshot!(lines.join("\n"), @r"
        add: 10
        multiply: 25
        uppercase: 5
        cube: 125
        say_hello: Hello, 5!
        say_hello_again: Hello again, 5!
        calculate_metrics: 1.5  2  1.5  false
        get_system_info: MetricsServer  1.0  running
        get_metric: web-1  cpu  42.5  2025-11-21T05:30:00Z  percent
        stream_metrics: web-1  cpu  42.5  2025-11-21T05:30:00Z  percent
        record_metrics: 2  1.5  4  2.75
        check_health: true  Service 5 is running
        stream_numbers: 3  The square of 3 is 9
        create_user: 1  Ana  ana@example.org  admin reader  u-1
        get_user: 1  Ana  ana@example.org  admin reader  u-1
        list_users: 1  Ana  ana@example.org  admin reader  u-1
        update_user: 1  Ana Lima  ana@example.org    u-1
        delete_user: 1  Ana Lima  ana@example.org    u-1
        criar_usuario: u-2  Duda  duda@example.org
        obter_usuarios: u-2  Duda  duda@example.org
        post_message: Ana  olá  2025-11-21T05:30:00Z  1  m-1
        list_participants: 
        ");
    }

    #[tokio::test]
    async fn what_has_a_command_of_its_own_is_not_called() {
        let context = Context::new();
        let chat = &services::operation::CHAT;
        let error = invoke(&*reference(), &context, chat, &[])
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "chat is not one call: use the command chat"
        );
    }

    #[tokio::test]
    async fn a_missing_argument_is_told_by_name() {
        let arguments = [Value::Integer(1)];
        let context = Context::new();
        let add = &services::operation::ADD;
        let error = invoke(&*reference(), &context, add, &arguments)
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "b of add is missing or of another kind");
    }
}
