//! From the words of a command line, by the table of operations.

use services::error::excerpt;
use services::operation::{ALL, Field, Kind, Operation, Shape};

use super::Value;
use crate::print::Usage;

/// What stands beside each value that `record_metrics` sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The machine's name.
    pub hostname: String,
    /// `cpu`, `memory` or `disk`.
    pub metric_type: String,
    /// When the values were read, in seconds since 1970-01-01T00:00:00Z.
    pub timestamp: i64,
}

/// The operation of that name.
///
/// # Errors
/// The names that there are.
pub fn operation(name: &str) -> Result<&'static Operation, Usage> {
    Operation::named(name).ok_or_else(|| {
        let names: Vec<_> = ALL.iter().map(|operation| operation.name).collect();
        let (name, names) = (excerpt(name), names.join(", "));
        Usage(format!(
            "there is no operation \"{name}\": use one of {names}"
        ))
    })
}

/// The arguments that those words give the operation. Lists are numbers with commas between. For
/// a client stream each word is the value of one item, and the rest of it is the sender's.
///
/// # Errors
/// Which argument is wrong, and what is wanted.
pub fn arguments(
    operation: &Operation,
    words: &[String],
    sender: &Sender,
) -> Result<Vec<Value>, Usage> {
    if operation.kind == Kind::ClientStream {
        let items = words.iter().map(|word| item(operation, word, sender));
        return items.collect();
    }
    let parameters = operation.parameters;
    if words.len() != parameters.len() {
        return Err(wrong_count(operation, words.len()));
    }
    let values = parameters.iter().zip(words);
    values
        .map(|(field, word)| value(operation, field, word))
        .collect()
}

fn wrong_count(operation: &Operation, count: usize) -> Usage {
    let name = operation.name;
    let names: Vec<_> = operation
        .parameters
        .iter()
        .map(|field| field.name)
        .collect();
    let wanted = match names.len() {
        0 => "no argument".to_owned(),
        1 => format!("one argument, {}", names[0]),
        several => format!("{several} arguments, {}", names.join(" and ")),
    };
    Usage(format!("{name} takes {wanted}: {count} came"))
}

/// One metric of an upload.
fn item(operation: &Operation, word: &str, sender: &Sender) -> Result<Value, Usage> {
    let fields = operation.parameters.iter().map(|field| {
        let value = match field.name {
            "hostname" => Value::Text(sender.hostname.clone()),
            "metric_type" => Value::Text(sender.metric_type.clone()),
            "timestamp" => Value::Timestamp(sender.timestamp),
            "unit" => Value::Text(unit(&sender.metric_type).into()),
            _ => value(operation, field, word)?,
        };
        Ok((field.name, value))
    });
    fields.collect::<Result<_, _>>().map(Value::Record)
}

fn unit(metric_type: &str) -> &'static str {
    let known = services::local::MetricType::named(metric_type);
    known.map_or("", services::local::MetricType::unit)
}

fn value(operation: &Operation, field: &Field, word: &str) -> Result<Value, Usage> {
    let wrong = |wanted| {
        let (name, operation, word) = (field.name, operation.name, excerpt(word));
        Usage(format!("{name} of {operation} is \"{word}\": {wanted}"))
    };
    match field.shape {
        Shape::Int32 => {
            integer(word).ok_or_else(|| wrong("give a whole number from -2147483648 to 2147483647"))
        }
        Shape::Double => double(word).ok_or_else(|| wrong("give a number such as 2.5")),
        Shape::Text => Ok(Value::Text(word.to_owned())),
        Shape::List(Shape::Double) => {
            doubles(word).ok_or_else(|| wrong("give numbers with commas between, such as 45,67.5"))
        }
        Shape::Boolean => {
            let boolean = word.parse().map(Value::Boolean);
            boolean.map_err(|_| wrong("give true or false"))
        }
        Shape::Integer
        | Shape::Bytes
        | Shape::Timestamp
        | Shape::List(_)
        | Shape::Record(_) => Err(wrong("the command line cannot write it")),
    }
}

fn integer(word: &str) -> Option<Value> {
    word.parse::<i32>().ok().map(Value::from)
}

fn double(word: &str) -> Option<Value> {
    let number = word.trim().parse::<f64>().ok()?;
    number.is_finite().then_some(Value::Double(number))
}

/// An empty word is an empty list, so that the server's answer to one can be seen.
fn doubles(word: &str) -> Option<Value> {
    if word.is_empty() {
        return Some(Value::List(Vec::new()));
    }
    word.split(',')
        .map(double)
        .collect::<Option<_>>()
        .map(Value::List)
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::operation::{ADD, CALCULATE_METRICS, GET_SYSTEM_INFO, RECORD_METRICS};

    fn parsed(operation: &Operation, words: &[&str]) -> Result<Vec<Value>, String> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let sender = Sender {
            hostname: "web-1".into(),
            metric_type: "cpu".into(),
            timestamp: 7,
        };
        arguments(operation, &words, &sender).map_err(|usage| usage.to_string())
    }

    #[test]
    fn words_are_read_by_their_shape() {
        let sum = parsed(&ADD, &["5", "-3"]);
        assert_eq!(sum, Ok(vec![Value::Integer(5), Value::Integer(-3)]));
        let lists = parsed(&CALCULATE_METRICS, &["45,67.5", ""]);
        let cpu = Value::List(vec![Value::Double(45.0), Value::Double(67.5)]);
        assert_eq!(lists, Ok(vec![cpu, Value::List(vec![])]));
        assert_eq!(parsed(&GET_SYSTEM_INFO, &[]), Ok(vec![]));
    }

    #[test]
    fn each_value_of_an_upload_is_an_item_of_its_own() {
        let items = parsed(&RECORD_METRICS, &["1.5", "4"]).unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items[1].field("value"), Some(&Value::Double(4.0)));
        assert_eq!(items[1].field("unit"), Some(&Value::Text("percent".into())));
        assert_eq!(items[1].field("timestamp"), Some(&Value::Timestamp(7)));
    }

    #[test]
    fn a_wrong_word_is_told_with_what_is_wanted() {
        let wrong = [
            (&ADD, ["5", "three"].as_slice()),
            (&ADD, &["5"]),
            (&GET_SYSTEM_INFO, &["5"]),
            (&CALCULATE_METRICS, &["1,x", "1"]),
            (&RECORD_METRICS, &["inf"]),
        ];
        let errors = wrong.map(|(operation, words)| parsed(operation, words).unwrap_err());
        insta::assert_snapshot!(errors.join("\n"), @r#"
        b of add is "three": give a whole number from -2147483648 to 2147483647
        add takes 2 arguments, a and b: 1 came
        get_system_info takes no argument: 1 came
        cpu_usage of calculate_metrics is "1,x": give numbers with commas between, such as 45,67.5
        value of record_metrics is "inf": give a number such as 2.5
        "#);
    }

    #[test]
    fn an_unknown_operation_is_told_with_those_that_there_are() {
        let error = operation("sub\u{1b}").unwrap_err().to_string();
        assert!(error.starts_with("there is no operation \"sub\\u{1b}\": use one of add, "));
        assert!(error.ends_with(", stream_numbers"));
    }
}
