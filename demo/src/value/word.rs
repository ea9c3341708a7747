//! One word of a command line, by the shape that it is to have.

use services::operation::Shape;

use super::Value;

/// 2⁵³, up to which a double holds every integer: the largest [`Shape::Integer`].
const LARGEST_INTEGER: i64 = 1 << 53;

/// The value that the word writes, or what is wanted instead.
pub(super) fn read(shape: Shape, word: &str) -> Result<Value, &'static str> {
    match shape {
        Shape::Int32 => int32(word).ok_or("give a whole number from -2147483648 to 2147483647"),
        Shape::Integer => integer(word).ok_or("give a whole number from 0 to 9007199254740992"),
        Shape::Double => double(word).ok_or("give a number such as 2.5"),
        Shape::Text => Ok(Value::Text(word.to_owned())),
        Shape::Boolean => {
            let boolean = word.parse().map(Value::Boolean);
            boolean.map_err(|_| "give true or false")
        }
        Shape::Timestamp => {
            let seconds = word.parse().map(Value::Timestamp);
            seconds.map_err(|_| "give whole seconds since 1970-01-01T00:00:00Z")
        }
        Shape::List(Shape::Double) => {
            list(word, double).ok_or("give numbers with commas between, such as 45,67.5")
        }
        Shape::List(Shape::Text) => {
            let item = |word: &str| Some(Value::Text(word.to_owned()));
            list(word, item).ok_or("give words with commas between, such as admin,reader")
        }
        Shape::Bytes | Shape::List(_) | Shape::Record(_) => Err("the command line cannot write it"),
    }
}

fn int32(word: &str) -> Option<Value> {
    word.parse::<i32>().ok().map(Value::from)
}

fn integer(word: &str) -> Option<Value> {
    let number = word.parse::<i64>().ok()?;
    let fits = (0..=LARGEST_INTEGER).contains(&number);
    fits.then_some(Value::Integer(number))
}

fn double(word: &str) -> Option<Value> {
    let number = word.trim().parse::<f64>().ok()?;
    number.is_finite().then_some(Value::Double(number))
}

/// An empty word is an empty list, so that the server's answer to one can be seen.
fn list(word: &str, item: impl Fn(&str) -> Option<Value>) -> Option<Value> {
    if word.is_empty() {
        return Some(Value::List(Vec::new()));
    }
    let items: Option<_> = word.split(',').map(item).collect();
    items.map(Value::List)
}
