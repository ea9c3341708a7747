//! What a field is apart from its bytes: how often it comes, with whom it shares a place, its type.
//! One value alone often travels well where two would not.

use prost_reflect::{FieldDescriptor, Kind};

use super::Versions;
use crate::language::{Text, excerpt};

/// What is wrong with a field that is to hold one value, whatever the others hold.
pub(super) fn single(field: &FieldDescriptor) -> Vec<Text> {
    let name = excerpt(field.name());
    let mut findings = Vec::new();
    if field.is_list() || field.is_map() {
        findings.push(tell!(
            "{name} may come many times in your version, and there is one.",
            "Na sua versão {name} pode vir muitas vezes, e só há um."
        ));
    }
    let oneof = field.containing_oneof();
    if oneof.is_some_and(|oneof| oneof.fields().len() > 1) {
        findings.push(tell!(
            "{name} shares a oneof with another field: whoever sets one erases the other.",
            "{name} divide um oneof com outro campo: quem preenche um apaga o outro."
        ));
    }
    findings
}

/// What is wrong with a field that nobody asked to change.
pub(super) fn unchanged(versions: &Versions, name: &str) -> Vec<Text> {
    let field = |order: &prost_reflect::MessageDescriptor| order.get_field_by_name(name);
    let (Some(old), Some(new)) = (field(&versions.old), field(&versions.new)) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let (was, is) = (type_of(&old), type_of(&new));
    if was != is {
        findings.push(tell!(
            "{name} is {was} in version 1 and {is} in yours, and nobody asked for that: where the types hold different values, some no longer arrive.",
            "{name} é {was} na versão 1 e {is} na sua, e ninguém pediu isso: onde os tipos comportam valores diferentes, alguns já não chegam.",
            is = excerpt(&is),
        ));
    }
    if !old.is_list() {
        findings.extend(single(&new));
    }
    findings
}

/// A type as a file of protobuf has it; an enum or a message by what it is, whatever its name.
fn type_of(field: &FieldDescriptor) -> String {
    match field.kind() {
        Kind::Enum(_) => "enum".to_owned(),
        Kind::Message(_) => "message".to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}
