//! From the words of a command line, by the table of operations.

use services::error::excerpt;
use services::operation::{ALL, Field, Kind, Operation, Shape};

use super::{Value, word};
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

/// The command of the program that an operation has of its own, where `call` cannot do it justice.
#[must_use]
pub fn own_command(operation: &Operation) -> Option<&'static str> {
    match operation.name {
        "chat" => Some("chat"),
        "upload_file" => Some("upload"),
        _ => None,
    }
}

/// The arguments that those words give the operation, one a parameter; [`Value::Absent`] is one
/// that was left out. Lists have commas between. What may be left out may be given by name, as
/// `limit=10`, and a record always is. For `record_metrics` each word is the value of one item, and
/// the rest of it is the sender's.
///
/// # Errors
/// Which argument is wrong, and what is wanted.
pub fn arguments(
    operation: &Operation,
    words: &[String],
    sender: &Sender,
) -> Result<Vec<Value>, Usage> {
    if let Some(command) = own_command(operation) {
        let name = operation.name;
        return Err(Usage(format!(
            "{name} has a command of its own: see {command} --help"
        )));
    }
    if operation.kind == Kind::ClientStream {
        let items = words.iter().map(|word| item(operation, word, sender));
        return items.collect();
    }
    let (positional, named) = split(operation, words);
    if positional.len() < required(operation) || positional.len() > unnamed(operation) {
        return Err(wrong_count(operation, positional.len()));
    }
    let parameters = operation.parameters.iter().enumerate();
    parameters
        .map(
            |(place, field)| match (field.shape, positional.get(place)) {
                (Shape::Record(fields), _) => record(operation, fields, &named),
                (_, Some(word)) => value(operation, field, word),
                (_, None) => named_value(operation, field, &named),
            },
        )
        .collect()
}

/// How many words have to come without a name.
fn required(operation: &Operation) -> usize {
    let fields = operation.parameters.iter();
    fields
        .filter(|field| !field.optional && !is_record(field))
        .count()
}

/// How many words may come without a name.
fn unnamed(operation: &Operation) -> usize {
    let fields = operation.parameters.iter();
    fields.filter(|field| !is_record(field)).count()
}

fn is_record(field: &Field) -> bool {
    matches!(field.shape, Shape::Record(_))
}

/// A word with the name before its `=`.
type Named<'a> = (&'a str, &'a str);

/// The words by place, and those by name. The words that have to come are never by name, so that a
/// text may hold a `=`; behind them a word is by name where its name is one of the operation's.
fn split<'a>(operation: &Operation, words: &'a [String]) -> (Vec<&'a str>, Vec<Named<'a>>) {
    let (mut positional, mut named) = (Vec::new(), Vec::new());
    for (place, word) in words.iter().enumerate() {
        match word.split_once('=') {
            Some((name, value)) if place >= required(operation) && is_named(operation, name) => {
                named.push((name, value));
            }
            _ => positional.push(word.as_str()),
        }
    }
    (positional, named)
}

fn is_named(operation: &Operation, name: &str) -> bool {
    operation.parameters.iter().any(|field| match field.shape {
        Shape::Record(fields) => fields.iter().any(|field| field.name == name),
        _ => field.optional && field.name == name,
    })
}

/// What may be left out, from the words by name; the last one of that name counts.
fn named_value(operation: &Operation, field: &Field, named: &[Named]) -> Result<Value, Usage> {
    let given = named.iter().rev().find(|(name, _)| *name == field.name);
    given.map_or(Ok(Value::Absent), |(_, word)| value(operation, field, word))
}

/// The fields that came by name, the others being left out.
fn record(operation: &Operation, fields: &[Field], named: &[Named]) -> Result<Value, Usage> {
    let given = fields
        .iter()
        .filter(|field| named.iter().any(|(name, _)| *name == field.name));
    let values = given.map(|field| Ok((field.name, named_value(operation, field, named)?)));
    values.collect::<Result<_, _>>().map(Value::Record)
}

fn wrong_count(operation: &Operation, count: usize) -> Usage {
    let name = operation.name;
    let fields = operation.parameters.iter();
    let names = fields.filter(|field| !is_record(field));
    let names: Vec<_> = names.clone().map(written).collect();
    let wanted = match names.len() {
        0 => "no argument".to_owned(),
        1 => format!("one argument, {}", names[0]),
        several => format!("{several} arguments, {}", names.join(" and ")),
    };
    Usage(format!("{name} takes {wanted}: {count} came"))
}

/// A parameter's name, in brackets where it may be left out.
fn written(field: &Field) -> String {
    if field.optional {
        format!("[{}]", field.name)
    } else {
        field.name.to_owned()
    }
}

/// One metric of `record_metrics`.
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
    word::read(field.shape, word).map_err(|wanted| {
        let (name, operation, word) = (field.name, operation.name, excerpt(word));
        Usage(format!("{name} of {operation} is \"{word}\": {wanted}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::operation::{
        ADD, CALCULATE_METRICS, CHAT, CREATE_USER, GET_SYSTEM_INFO, LIST_USERS, POST_MESSAGE,
        RECORD_METRICS, UPDATE_USER, UPLOAD_FILE,
    };

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

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn what_may_be_left_out_comes_by_place_or_by_name() {
        let roles = Value::List(vec![text("admin"), text("reader")]);
        let user = parsed(&CREATE_USER, &["Ana", "ana@x", "admin,reader"]).unwrap();
        assert_eq!(user, [text("Ana"), text("ana@x"), roles, Value::Absent]);
        let user = parsed(&CREATE_USER, &["Ana", "a=b", "external_id=7", "roles="]).unwrap();
        let none = Value::List(vec![]);
        assert_eq!(user, [text("Ana"), text("a=b"), none, text("7")]);
        let page = parsed(&LIST_USERS, &["limit=10"]).unwrap();
        assert_eq!(page, [Value::Absent, Value::Integer(10)]);
        let message = parsed(&POST_MESSAGE, &["Ana", "id=5", "id=6"]).unwrap();
        assert_eq!(message[1], text("id=5"));
        assert_eq!(message[4], text("6"));
    }

    #[test]
    fn changes_come_by_name_and_only_those_that_are_meant() {
        let changes = parsed(&UPDATE_USER, &["7", "name=Ana Lima", "roles=admin"]).unwrap();
        let roles = Value::List(vec![text("admin")]);
        let record = Value::Record(vec![("name", text("Ana Lima")), ("roles", roles)]);
        assert_eq!(changes, [Value::Integer(7), record]);
    }

    #[test]
    fn a_wrong_word_is_told_with_what_is_wanted() {
        let wrong = [
            (&ADD, ["5", "three"].as_slice()),
            (&ADD, &["5"]),
            (&GET_SYSTEM_INFO, &["5"]),
            (&CALCULATE_METRICS, &["1,x", "1"]),
            (&RECORD_METRICS, &["inf"]),
            (&CREATE_USER, &["Ana"]),
            (&LIST_USERS, &["limit=many"]),
            (&UPDATE_USER, &["7", "age=3"]),
            (&CHAT, &[]),
            (&UPLOAD_FILE, &["notes.txt"]),
        ];
        let errors = wrong.map(|(operation, words)| parsed(operation, words).unwrap_err());
        insta::assert_snapshot!(errors.join("\n"), @r#"
        b of add is "three": give a whole number from -2147483648 to 2147483647
        add takes 2 arguments, a and b: 1 came
        get_system_info takes no argument: 1 came
        cpu_usage of calculate_metrics is "1,x": give numbers with commas between, such as 45,67.5
        value of record_metrics is "inf": give a number such as 2.5
        create_user takes 4 arguments, name and email and [roles] and [external_id]: 1 came
        limit of list_users is "many": give a whole number from -2147483648 to 2147483647
        update_user takes one argument, id: 2 came
        chat has a command of its own: see chat --help
        upload_file has a command of its own: see upload --help
        "#);
    }

    #[test]
    fn an_unknown_operation_is_told_with_those_that_there_are() {
        let error = operation("sub\u{1b}").unwrap_err().to_string();
        assert!(error.starts_with("there is no operation \"sub\\u{1b}\": use one of add, "));
        assert!(error.ends_with(", list_participants"));
    }
}
