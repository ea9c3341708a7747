//! From the words of a command line, by the table of operations.

use services::error::excerpt;
use services::operation::{ALL, Field, Kind, Operation, Shape};

use super::assign::Assigned;
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
/// that was left out. Lists have commas between. Each may be given by name, as `limit=10`, and the
/// fields of a record always are. For `record_metrics` each word is the value of one item, and
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
    let assigned = Assigned::read(operation, words)?;
    let fields = operation.parameters.iter();
    fields
        .map(|field| match field.shape {
            Shape::Record(fields) => record(operation, fields, &assigned),
            _ => parameter(operation, field, &assigned),
        })
        .collect()
}

fn parameter(operation: &Operation, field: &Field, assigned: &Assigned) -> Result<Value, Usage> {
    let word = assigned.word(field.name);
    word.map_or(Ok(Value::Absent), |word| value(operation, field, word))
}

/// The fields that came, the others being left out.
fn record(operation: &Operation, fields: &[Field], assigned: &Assigned) -> Result<Value, Usage> {
    let given = fields
        .iter()
        .filter(|field| assigned.word(field.name).is_some());
    let values = given.map(|field| Ok((field.name, parameter(operation, field, assigned)?)));
    values.collect::<Result<_, _>>().map(Value::Record)
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
        ADD, CALCULATE_METRICS, CHAT, CREATE_USER, GET_SYSTEM_INFO, GET_USER, LIST_USERS,
        POST_MESSAGE, RECORD_METRICS, UPDATE_USER, UPLOAD_FILE, UPPERCASE,
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
    fn what_has_to_come_may_come_by_name_too() {
        assert_eq!(parsed(&GET_USER, &["id=3"]), Ok(vec![Value::Integer(3)]));
        let sum = Ok(vec![Value::Integer(5), Value::Integer(3)]);
        assert_eq!(parsed(&ADD, &["b=3", "5"]), sum);
        let message = parsed(&POST_MESSAGE, &["text=a=b", "user=Ana"]).unwrap();
        assert_eq!(message[..2], [text("Ana"), text("a=b")]);
        let upper = parsed(&UPPERCASE, &["a=b"]);
        assert_eq!(upper, Ok(vec![text("a=b")]));
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
            (&UPDATE_USER, &["7", "Ana"]),
            (&UPDATE_USER, &["7", "name=A", "name=B"]),
            (&LIST_USERS, &["foo=1"]),
            (&LIST_USERS, &["1", "2", "3"]),
            (&LIST_USERS, &["limit=1", "limit=2"]),
            (&GET_USER, &["3", "id=4"]),
            (&GET_USER, &["age=3"]),
            (&GET_SYSTEM_INFO, &["a=5"]),
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
        create_user takes 2 to 4 arguments, name, email, [roles] and [external_id]: 1 came
        limit of list_users is "many": give a whole number from -2147483648 to 2147483647
        update_user has no "age": it has id, name, email and roles
        update_user takes one argument, id, and by name name=…, email=… and roles=…: 2 came
        name of update_user is given twice
        list_users has no "foo": it has after and limit
        list_users takes up to 2 arguments, [after] and [limit]: 3 came
        limit of list_users is given twice
        id of get_user is given twice
        get_user has no "age": it has id
        get_system_info takes no argument: 1 came
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
