//! A field's way from version 1 to the student's and back, told where it goes wrong.

use prost_reflect::{FieldDescriptor, Value};

use super::Versions;
use super::carry::{Carried, carried, number, shown};
use crate::language::{Text, excerpt};

/// What is said of a field that is missing.
pub(super) fn no_field(name: &str) -> Text {
    tell!(
        "Your version has no field {name}.",
        "A sua versão não tem o campo {name}."
    )
}

/// What is wrong with a field's way from version 1 to the student's, and back.
pub(super) fn both_ways(versions: &Versions, before: &str, after: &str) -> Vec<Text> {
    let Some(new) = versions.new.get_field_by_name(after) else {
        return vec![no_field(after)];
    };
    let Some(old) = versions.old.get_field_by_name(before) else {
        return Vec::new();
    };
    let orders = versions.orders().unwrap_or_default();
    for value in orders.iter().map(|order| order.get_field(&old)) {
        let there = carried(&versions.old, &old, &value, &versions.new, &new);
        let back = same_in(&new, &value);
        let back = back.map_or(Carried::NoRoom, |value| {
            carried(&versions.new, &new, &value, &versions.old, &old)
        });
        let findings = [
            old_to_new(&there, before, after, &value),
            new_to_old(&back, before, after, &value),
        ];
        let findings: Vec<_> = findings.into_iter().flatten().collect();
        // The same is wrong with the other orders.
        if !findings.is_empty() {
            return findings;
        }
    }
    Vec::new()
}

/// The value in the type of the student's field.
fn same_in(field: &FieldDescriptor, value: &Value) -> Option<Value> {
    match value {
        Value::I32(it) | Value::EnumNumber(it) => number(&field.kind(), i64::from(*it)),
        other => Some(other.clone()),
    }
}

fn old_to_new(carried: &Carried, before: &str, after: &str, value: &Value) -> Option<Text> {
    let value = excerpt(&shown(value));
    Some(match carried {
        Carried::Same | Carried::NoRoom => return None,
        Carried::Lost => tell!(
            "An old order says {value} in {before}. Your version reads nothing in {after}: by what does a reader find a field?",
            "Um pedido antigo diz {value} em {before}. A sua versão não lê nada em {after}: pelo que um leitor acha um campo?"
        ),
        Carried::Changed(read) => tell!(
            "An old order says {value} in {before}. Your version reads {read} in {after}: the bytes are the same, the type takes them for something else.",
            "Um pedido antigo diz {value} em {before}. A sua versão lê {read} em {after}: os bytes são os mesmos, o tipo os toma por outra coisa.",
            read = excerpt(read),
        ),
        Carried::Refused(error) => tell!(
            "An old order with {value} in {before} cannot be read by your version at all: {error}",
            "Um pedido antigo com {value} em {before} nem pode ser lido pela sua versão: {error}",
            error = excerpt(error),
        ),
    })
}

fn new_to_old(carried: &Carried, before: &str, after: &str, value: &Value) -> Option<Text> {
    let value = excerpt(&shown(value));
    Some(match carried {
        Carried::Same => return None,
        Carried::NoRoom => tell!(
            "{after} of your version cannot hold {value}, which version 1 can.",
            "O {after} da sua versão não comporta {value}, que a versão 1 comporta."
        ),
        Carried::Lost => tell!(
            "Your version writes {value} in {after}. An old program reads nothing in {before}.",
            "A sua versão escreve {value} em {after}. Um programa antigo não lê nada em {before}."
        ),
        Carried::Changed(read) => tell!(
            "Your version writes {value} in {after}. An old program reads {read} in {before}.",
            "A sua versão escreve {value} em {after}. Um programa antigo lê {read} em {before}.",
            read = excerpt(read),
        ),
        Carried::Refused(error) => tell!(
            "Your version writes {value} in {after}. An old program cannot read the order at all: {error}",
            "A sua versão escreve {value} em {after}. Um programa antigo nem consegue ler o pedido: {error}",
            error = excerpt(error),
        ),
    })
}
