//! The operations as the command line writes them.

use services::operation::{ALL, Field, Kind, Operation, Shape};

use crate::value::own_command;

/// Each operation with its parameters and what it does.
pub(super) fn table() -> String {
    let lines = ALL.iter().map(|operation| {
        let usage = format!("{} {}", operation.name, parameters(operation));
        format!("  {}\n      {}", usage.trim_end(), summary(operation))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn summary(operation: &Operation) -> String {
    match own_command(operation) {
        Some(command) => format!("Not one call: see the command {command}."),
        None => operation.summary.to_owned(),
    }
}

/// In brackets what may be left out; a record's fields come by name.
fn parameters(operation: &Operation) -> String {
    if own_command(operation).is_some() {
        return String::new();
    }
    if operation.kind == Kind::ClientStream {
        return "VALUE…".to_owned();
    }
    let words = operation.parameters.iter().flat_map(words);
    words.collect::<Vec<_>>().join(" ")
}

fn words(field: &Field) -> Vec<String> {
    let name = field.name.to_uppercase();
    match field.shape {
        Shape::Record(fields) => {
            let names = fields.iter().map(|field| format!("[{}=…]", field.name));
            names.collect()
        }
        _ if field.optional => vec![format!("[{name}]")],
        _ => vec![name],
    }
}
