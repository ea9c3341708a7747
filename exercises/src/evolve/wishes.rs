//! The changes that the sheet asks for, one part each.

use super::{Versions, changes};
use crate::language::Text;
use crate::report::Part;

/// One change, or what is to stay.
pub(super) struct Wish {
    /// What it is, in a few words.
    pub(super) name: fn() -> Text,
    /// What is wrong with it.
    findings: fn(&Versions) -> Vec<Text>,
    /// What is worth knowing once it is right.
    remark: Option<fn() -> Text>,
}

impl Wish {
    /// How it stands in the student's version.
    pub(super) fn judged(&self, versions: &Versions) -> Part {
        let findings = (self.findings)(versions);
        match self.remark {
            Some(remark) if findings.is_empty() => Part::right((self.name)(), remark()),
            _ => Part::judged((self.name)(), findings),
        }
    }
}

/// All of them, in the sheet's order.
pub(super) const ALL: [Wish; 7] = [
    Wish {
        name: || tell!("customer is called buyer", "customer se chama buyer"),
        findings: changes::renamed,
        remark: Some(|| {
            tell!(
                "On the wire nothing has changed. In protobuf's JSON, and in every program's source, the name has: that is where a rename costs.",
                "No fio nada mudou. No JSON do protobuf e no código de cada programa o nome mudou: é lá que renomear custa."
            )
        }),
    },
    Wish {
        name: || tell!("total_cents holds more", "total_cents comporta mais"),
        findings: changes::widened,
        remark: Some(|| {
            tell!(
                "A program with version 1 cuts a greater number off, and says nothing: it reads 1410065408 for 10000000000.",
                "Um programa com a versão 1 corta um número maior sem dizer nada: ele lê 1410065408 em vez de 10000000000."
            )
        }),
    },
    Wish {
        name: || tell!("coupon is gone", "coupon saiu"),
        findings: changes::removed,
        remark: None,
    },
    Wish {
        name: || {
            tell!(
                "gift_note is empty or missing",
                "gift_note vazio ou ausente"
            )
        },
        findings: changes::added,
        remark: None,
    },
    Wish {
        name: || tell!("a further status", "mais um status"),
        findings: changes::status,
        remark: Some(|| {
            tell!(
                "A program with version 1 gets a number without a name: what does it do with an order whose status it does not know?",
                "Um programa com a versão 1 recebe um número sem nome: o que ele faz com um pedido cujo status não conhece?"
            )
        }),
    },
    Wish {
        name: || tell!("lines with quantities", "linhas com quantidade"),
        findings: changes::lines,
        remark: None,
    },
    Wish {
        name: || tell!("all else stays", "todo o resto fica"),
        findings: changes::kept,
        remark: None,
    },
];
