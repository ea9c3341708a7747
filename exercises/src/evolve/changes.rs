//! What became of each field, told by what is read where.

use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, Value};

use super::Versions;
use super::carry::{Carried, carried, number};
use super::shape::{single, unchanged};
use super::ways::{both_ways, no_field};
use crate::language::{Text, excerpt};

/// What `total_cents` has to hold.
const GREAT: i64 = 10_000_000_000;

/// `customer`, under its new name.
pub(super) fn renamed(versions: &Versions) -> Vec<Text> {
    let mut findings = Vec::new();
    if versions.new.get_field_by_name("customer").is_some() {
        findings.push(tell!("customer is still there.", "customer ainda está lá."));
    }
    findings.extend(both_ways(versions, "customer", "buyer"));
    let buyer = versions.new.get_field_by_name("buyer");
    findings.extend(buyer.iter().flat_map(single));
    findings
}

/// `total_cents`, with more room.
pub(super) fn widened(versions: &Versions) -> Vec<Text> {
    let findings = both_ways(versions, "total_cents", "total_cents");
    let Some(field) = versions.new.get_field_by_name("total_cents") else {
        return findings;
    };
    if !findings.is_empty() {
        return findings;
    }
    let great = number(&field.kind(), GREAT);
    let held = great.map(|it| carried(&versions.new, &field, &it, &versions.new, &field));
    match held {
        Some(Carried::Same) => single(&field),
        _ => vec![tell!(
            "total_cents of your version does not hold {GREAT}.",
            "O total_cents da sua versão não comporta {GREAT}."
        )],
    }
}

/// `coupon`, whose place stays empty.
pub(super) fn removed(versions: &Versions) -> Vec<Text> {
    let Some(old) = versions.old.get_field_by_name("coupon") else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if versions.new.get_field_by_name("coupon").is_some() {
        findings.push(tell!("coupon is still there.", "coupon ainda está lá."));
        return findings;
    }
    if let Some(heir) = versions.new.get_field(old.number()) {
        findings.push(tell!(
            "Your field {heir} has the number that coupon had: the codes of old orders land in it.",
            "O seu campo {heir} tem o número que era do coupon: os códigos dos pedidos antigos caem nele.",
            heir = excerpt(heir.name()),
        ));
        return findings;
    }
    let mut ranges = versions.new.reserved_ranges();
    if !ranges.any(|range| range.contains(&old.number())) {
        findings.push(tell!(
            "In two years somebody adds a field and takes the number that is free, and old codes land in it: nothing in your file forbids that.",
            "Daqui a dois anos alguém cria um campo e pega o número livre, e os códigos antigos caem nele: nada no seu arquivo proíbe isso."
        ));
    }
    if !versions.new.reserved_names().any(|name| name == old.name()) {
        findings.push(tell!(
            "Nothing in your file keeps the name from being given to a new field, which old JSON would then fill.",
            "Nada no seu arquivo impede que o nome seja dado a um campo novo, que um JSON antigo preencheria."
        ));
    }
    findings
}

/// `gift_note`, which may be missing.
pub(super) fn added(versions: &Versions) -> Vec<Text> {
    let Some(note) = versions.new.get_field_by_name("gift_note") else {
        return vec![no_field("gift_note")];
    };
    let empty = Value::String(String::new());
    let mut order = DynamicMessage::new(versions.new.clone());
    if order.try_set_field(&note, empty).is_err() {
        return vec![tell!("gift_note is no text.", "gift_note não é um texto.")];
    }
    let mut findings = taken(versions, &note);
    findings.extend(single(&note));
    if order.encode_to_vec().is_empty() {
        findings.push(tell!(
            "An order with an empty note and one without a note are the same bytes in your version.",
            "Na sua versão, um pedido com bilhete vazio e um sem bilhete são os mesmos bytes."
        ));
    }
    findings
}

/// `status`, with one more.
pub(super) fn status(versions: &Versions) -> Vec<Text> {
    let mut findings = both_ways(versions, "status", "status");
    findings.extend(unchanged(versions, "status"));
    let kind = |field: Option<FieldDescriptor>| match field.map(|field| field.kind()) {
        Some(Kind::Enum(kind)) => Some(kind),
        _ => None,
    };
    let old = kind(versions.old.get_field_by_name("status"));
    let new = kind(versions.new.get_field_by_name("status"));
    let (Some(old), Some(new)) = (old, new) else {
        return findings;
    };
    for value in old.values() {
        let (name, number) = (value.name(), value.number());
        if new.get_value_by_name(name).map(|it| it.number()) != Some(number) {
            findings.push(tell!(
                "An old order's status {name} is no longer {name} when your version reads it.",
                "O status {name} de um pedido antigo já não é {name} quando a sua versão o lê."
            ));
        }
    }
    match new.get_value_by_name("STATUS_RETURNED") {
        None => findings.push(tell!(
            "There is no STATUS_RETURNED.",
            "Não há STATUS_RETURNED."
        )),
        Some(returned) => {
            if let Some(same) = old.get_value(returned.number()) {
                findings.push(tell!(
                    "Old programs read your STATUS_RETURNED as {same}.",
                    "Programas antigos leem o seu STATUS_RETURNED como {same}.",
                    same = same.name(),
                ));
            }
        }
    }
    findings
}

/// `lines`, beside `items`.
pub(super) fn lines(versions: &Versions) -> Vec<Text> {
    let Some(lines) = versions.new.get_field_by_name("lines") else {
        return vec![no_field("lines")];
    };
    let Kind::Message(line) = lines.kind() else {
        return vec![no_lines()];
    };
    let fields = [
        line.get_field_by_name("item"),
        line.get_field_by_name("quantity"),
    ];
    let [Some(item), Some(quantity)] = fields else {
        return vec![tell!(
            "A line has to have the fields item and quantity.",
            "Uma linha tem que ter os campos item e quantity."
        )];
    };
    let shape: Vec<_> = [&item, &quantity].into_iter().flat_map(single).collect();
    if !shape.is_empty() {
        return shape;
    }
    let mut one = DynamicMessage::new(line);
    let named = one.try_set_field(&item, Value::String("tea".to_owned()));
    let counted = number(&quantity.kind(), 2).filter(|_| quantity.kind() != Kind::Double);
    let counted = counted.map(|two| one.try_set_field(&quantity, two));
    let (Ok(()), Some(Ok(()))) = (named, counted) else {
        return vec![tell!(
            "In a line, item is a text and quantity a whole number.",
            "Em uma linha, item é um texto e quantity um número inteiro."
        )];
    };
    if !lines.is_list() {
        return vec![no_lines()];
    }
    taken(versions, &lines)
}

/// What nobody asked to change, and whole orders through a program with the new version.
pub(super) fn kept(versions: &Versions) -> Vec<Text> {
    let mut findings = both_ways(versions, "id", "id");
    findings.extend(both_ways(versions, "items", "items"));
    for name in ["id", "items"] {
        findings.extend(unchanged(versions, name));
    }
    for bytes in &versions.recorded {
        let there = DynamicMessage::decode(versions.new.clone(), bytes.as_slice());
        let back = there.map(|order| order.encode_to_vec());
        let back = back.and_then(|back| DynamicMessage::decode(versions.old.clone(), &*back));
        let sent = DynamicMessage::decode(versions.old.clone(), bytes.as_slice());
        if back.ok() != sent.ok() {
            findings.push(tell!(
                "A recorded order that your version reads and writes again is not the same for a program with version 1.",
                "Um pedido gravado que a sua versão lê e escreve de novo já não é o mesmo para um programa com a versão 1."
            ));
            break;
        }
    }
    findings
}

fn no_lines() -> Text {
    tell!(
        "lines is no list of messages.",
        "lines não é uma lista de mensagens."
    )
}

/// What is wrong where a new field stands in an old one's place.
fn taken(versions: &Versions, field: &FieldDescriptor) -> Vec<Text> {
    let old = versions.old.get_field(field.number());
    let told = old.map(|old| {
        tell!(
            "{new} has the number of version 1's {old}: old programs and new ones take one for the other.",
            "{new} tem o número do {old} da versão 1: programas antigos e novos tomam um pelo outro.",
            new = excerpt(field.name()),
            old = old.name(),
        )
    });
    told.into_iter().collect()
}
