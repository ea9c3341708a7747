//! Which word of a command line is which parameter's: by place, or by name as `limit=10`.

use services::Operation;
use services::error::excerpt;
use services::operation::{Field, Shape};

use crate::print::Usage;

/// The words of a call, each with the name of its parameter, or of a field where the parameter is a
/// record.
pub(super) struct Assigned<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Assigned<'a> {
    /// A word without a name is that of the first parameter that has none yet; fields of records
    /// come by name only.
    ///
    /// # Errors
    /// A name that there is not or that comes twice, too few words, too many.
    pub(super) fn read(operation: &Operation, words: &'a [String]) -> Result<Self, Usage> {
        let mut assigned = Self(Vec::new());
        let mut surplus = 0;
        for word in words {
            let turn = by_place(operation).find(|field| assigned.word(field.name).is_none());
            let named = by_name(operation, turn, word)?;
            match named.or_else(|| turn.map(|field| (field.name, word.as_str()))) {
                Some((name, _)) if assigned.word(name).is_some() => {
                    let operation = operation.name;
                    return Err(Usage(format!("{name} of {operation} is given twice")));
                }
                Some(word) => assigned.0.push(word),
                None => surplus += 1,
            }
        }
        let came = by_place(operation).filter(|field| assigned.word(field.name).is_some());
        let missing =
            by_place(operation).any(|field| !field.optional && assigned.word(field.name).is_none());
        if missing || surplus > 0 {
            return Err(wrong_count(operation, came.count() + surplus));
        }
        Ok(assigned)
    }

    /// The word of that parameter or field.
    pub(super) fn word(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(given, _)| *given == name);
        found.map(|(_, word)| *word)
    }
}

/// The parameters that may come without their names.
fn by_place(operation: &Operation) -> impl Iterator<Item = &'static Field> + Clone {
    let fields = operation.parameters.iter();
    fields.filter(|field| !matches!(field.shape, Shape::Record(_)))
}

/// What can be given by name: parameters, and the fields of records in their place.
fn names(operation: &Operation) -> impl Iterator<Item = &'static Field> {
    let fields = operation.parameters.iter();
    fields.flat_map(|field| match field.shape {
        Shape::Record(fields) => fields,
        _ => std::slice::from_ref(field),
    })
}

/// The name and the value of a word such as `limit=10`. A text that has to come may hold a `=`:
/// where it is its turn, only the names of what has to come count as names.
fn by_name<'a>(
    operation: &Operation,
    turn: Option<&Field>,
    word: &'a str,
) -> Result<Option<(&'static str, &'a str)>, Usage> {
    let Some((name, value)) = word.split_once('=').filter(|(name, _)| is_name(name)) else {
        return Ok(None);
    };
    let any_text = turn.is_some_and(|field| !field.optional && matches!(field.shape, Shape::Text));
    let mut known = names(operation).filter(|field| !(any_text && field.optional));
    match known.find(|field| field.name == name) {
        Some(field) => Ok(Some((field.name, value))),
        None if any_text || operation.parameters.is_empty() => Ok(None),
        None => Err(unknown(operation, name)),
    }
}

fn is_name(text: &str) -> bool {
    let letters = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.starts_with(char::is_alphabetic) && text.chars().all(letters)
}

fn unknown(operation: &Operation, name: &str) -> Usage {
    let known = names(operation)
        .map(|field| field.name.to_owned())
        .collect();
    let (operation, name) = (operation.name, excerpt(name));
    let known = listed(known);
    Usage(format!("{operation} has no \"{name}\": it has {known}"))
}

fn wrong_count(operation: &Operation, came: usize) -> Usage {
    let fields = by_place(operation);
    let most = fields.clone().count();
    let least = fields.clone().filter(|field| !field.optional).count();
    let count = match (least, most) {
        (_, 0) => "no argument".to_owned(),
        (1, 1) => "one argument, ".to_owned(),
        (0, most) => format!("up to {most} arguments, "),
        (least, most) if least < most => format!("{least} to {most} arguments, "),
        (_, most) => format!("{most} arguments, "),
    };
    let (name, places) = (operation.name, listed(fields.map(written).collect()));
    let behind = behind(operation);
    Usage(format!("{name} takes {count}{places}{behind}: {came} came"))
}

/// A parameter's name, in brackets where it may be left out.
fn written(field: &Field) -> String {
    if field.optional {
        format!("[{}]", field.name)
    } else {
        field.name.to_owned()
    }
}

/// What comes by name only.
fn behind(operation: &Operation) -> String {
    let only = names(operation).filter(|field| by_place(operation).all(|it| it.name != field.name));
    let only: Vec<_> = only.map(|field| format!("{}=…", field.name)).collect();
    if only.is_empty() {
        return String::new();
    }
    format!(", and by name {}", listed(only))
}

/// `a, b and c`.
fn listed(mut names: Vec<String>) -> String {
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        last => last.unwrap_or_default(),
    }
}
