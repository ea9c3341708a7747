//! Any operation over any backend, by its entry in the table of operations.

use std::fmt::{self, Debug};

use futures::{StreamExt, TryStreamExt, stream};
use services::model::{Metric, MetricRequest, NumberRange, Usage};
use services::{Backend, Context, Error, Operation, Stream};

use crate::value::Value;

/// What an operation gives.
pub enum Outcome {
    /// One value.
    Value(Value),
    /// Values as they come.
    Stream(Stream<Value>),
}

impl Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => f.debug_tuple("Value").field(value).finish(),
            Self::Stream(_) => f.write_str("Stream(…)"),
        }
    }
}

/// Calls that operation. A client stream's arguments are its items, each a record.
///
/// # Errors
/// The operation's own, and [`Error::InvalidArgument`] where an argument is missing or has another
/// shape than the table says.
pub async fn invoke(
    backend: &dyn Backend,
    context: &Context,
    operation: &Operation,
    arguments: &[Value],
) -> Result<Outcome, Error> {
    let given = Given {
        operation,
        arguments,
    };
    let value = match operation.name {
        "add" => backend
            .add(context, given.integer(0)?, given.integer(1)?)
            .await?
            .into(),
        "multiply" => {
            let (a, b) = (given.integer(0)?, given.integer(1)?);
            backend.multiply(context, a, b).await?.into()
        }
        "uppercase" => backend.uppercase(context, given.text(0)?).await?.into(),
        "cube" => backend.cube(context, given.integer(0)?).await?.into(),
        "say_hello" => backend.say_hello(context, given.integer(0)?).await?.into(),
        "say_hello_again" => {
            let pid = given.integer(0)?;
            backend.say_hello_again(context, pid).await?.into()
        }
        "calculate_metrics" => {
            let usage = given.usage()?;
            backend.calculate_metrics(context, &usage).await?.into()
        }
        "get_system_info" => backend.get_system_info(context).await?.into(),
        "get_metric" => {
            let request = given.request()?;
            backend.get_metric(context, &request).await?.into()
        }
        "stream_metrics" => {
            let metrics = backend.stream_metrics(context, &given.request()?).await?;
            return Ok(Outcome::Stream(metrics.map_ok(Value::from).boxed()));
        }
        "record_metrics" => {
            let metrics = stream::iter(given.metrics()?).map(Ok).boxed();
            backend.record_metrics(context, metrics).await?.into()
        }
        "check_health" => backend.check_health(context, given.text(0)?).await?.into(),
        "stream_numbers" => {
            let (start, end) = (given.integer(0)?, given.integer(1)?);
            let range = NumberRange { start, end };
            let numbers = backend.stream_numbers(context, range).await?;
            return Ok(Outcome::Stream(numbers.map_ok(Value::from).boxed()));
        }
        unknown => return Err(Error::unknown_operation(unknown)),
    };
    Ok(Outcome::Value(value))
}

/// The arguments of one call.
struct Given<'a> {
    operation: &'a Operation,
    arguments: &'a [Value],
}

impl Given<'_> {
    /// The argument at that place, where it is of the kind that `read` takes.
    fn get<'a, T>(
        &'a self,
        place: usize,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<T, Error> {
        let value = self.arguments.get(place).and_then(read);
        value.ok_or_else(|| {
            let field = self.operation.parameters.get(place);
            let name = field.map_or("an argument", |field| field.name);
            let operation = self.operation.name;
            Error::InvalidArgument(format!(
                "{name} of {operation} is missing or of another kind"
            ))
        })
    }

    fn integer(&self, place: usize) -> Result<i32, Error> {
        self.get(place, as_integer)
    }

    fn text(&self, place: usize) -> Result<&str, Error> {
        self.get(place, as_text)
    }

    fn usage(&self) -> Result<Usage, Error> {
        Ok(Usage {
            cpu_usage: self.get(0, as_doubles)?,
            memory_usage: self.get(1, as_doubles)?,
        })
    }

    fn request(&self) -> Result<MetricRequest, Error> {
        Ok(MetricRequest {
            hostname: self.text(0)?.to_owned(),
            metric_type: self.text(1)?.to_owned(),
        })
    }

    fn metrics(&self) -> Result<Vec<Metric>, Error> {
        let items = 0..self.arguments.len();
        items.map(|place| self.get(place, as_metric)).collect()
    }
}

fn as_integer(value: &Value) -> Option<i32> {
    match value {
        Value::Integer(integer) => i32::try_from(*integer).ok(),
        _ => None,
    }
}

fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Integers are welcome where doubles are expected.
fn as_double(value: &Value) -> Option<f64> {
    match value {
        Value::Double(double) => Some(*double),
        Value::Integer(integer) => i32::try_from(*integer).ok().map(f64::from),
        _ => None,
    }
}

fn as_doubles(value: &Value) -> Option<Vec<f64>> {
    match value {
        Value::List(items) => items.iter().map(as_double).collect(),
        _ => None,
    }
}

fn as_metric(value: &Value) -> Option<Metric> {
    let Value::Timestamp(timestamp) = *value.field("timestamp")? else {
        return None;
    };
    Some(Metric {
        hostname: as_text(value.field("hostname")?)?.to_owned(),
        metric_type: as_text(value.field("metric_type")?)?.to_owned(),
        value: as_double(value.field("value")?)?,
        timestamp,
        unit: as_text(value.field("unit")?)?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{self, Sender};
    use services::conformance::reference;
    use services::operation::{ALL, Shape};

    /// Words that suit each operation.
    fn words(operation: &Operation) -> Vec<String> {
        let words: &[&str] = match operation.name {
            "get_metric" | "stream_metrics" => &["web-1", "cpu"],
            "record_metrics" => &["1.5", "4"],
            "stream_numbers" => &["3", "3"],
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

    async fn invoked(operation: &'static Operation) -> String {
        let sender = Sender {
            hostname: "web-1".into(),
            metric_type: "cpu".into(),
            timestamp: 7,
        };
        let arguments = value::arguments(operation, &words(operation), &sender).unwrap();
        let context = Context::new();
        let outcome = invoke(&*reference(), &context, operation, &arguments)
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
        let mut lines = Vec::new();
        for operation in ALL {
            lines.push(invoked(operation).await);
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
        ");
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
