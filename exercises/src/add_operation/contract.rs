//! Where the contract stands: in the table of operations, and in protobuf.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use prost_reflect::DescriptorPool;

use super::OPERATION;
use super::source::without_comments;
use crate::language::{Text, excerpt};
use crate::report::Part;

/// Whether both name it.
pub(super) fn part(workspace: &Path) -> Result<Part> {
    let mut findings = table(workspace)?;
    findings.extend(protobuf(workspace));
    Ok(Part::judged(tell!("The contract", "O contrato"), findings))
}

fn table(workspace: &Path) -> Result<Vec<Text>> {
    let path = workspace.join("services/src/operation/calculator.rs");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(entry(&without_comments(&text)).into_iter().collect())
}

/// What is wrong with the table's entry of the operation.
fn entry(table: &str) -> Option<Text> {
    let name = format!("\"{OPERATION}\"");
    let Some(entry) = table.split("static ").find(|entry| entry.contains(&name)) else {
        return Some(tell!(
            "services/src/operation/calculator.rs has no operation with that name: the rooms and the programs learn of it there.",
            "services/src/operation/calculator.rs não tem operação com esse nome: é ali que as salas e os programas ficam sabendo dela."
        ));
    };
    entry.contains("Unsafe").then(|| {
        tell!(
            "services/src/operation/calculator.rs says of the operation that it must not be repeated: what of it is done twice when it is called twice?",
            "services/src/operation/calculator.rs diz que a operação não se pode repetir: o que nela fica feito duas vezes quando é chamada duas vezes?"
        )
    })
}

fn protobuf(workspace: &Path) -> Option<Text> {
    let folder = workspace.join("proto");
    let compiled = protox::compile(["calculator.proto"], [folder]);
    let pool = compiled.map_err(|cause| excerpt(&cause.to_string()));
    let pool = match pool.map(DescriptorPool::from_file_descriptor_set) {
        Ok(Ok(pool)) => pool,
        Ok(Err(cause)) => return Some(broken(&excerpt(&cause.to_string()))),
        Err(cause) => return Some(broken(&cause)),
    };
    let service = pool.get_service_by_name("calculator.Calculator");
    let call = service.and_then(|service| service.methods().find(|call| call.name() == "Subtract"));
    let Some(call) = call else {
        return Some(tell!(
            "The service Calculator in proto/calculator.proto has no call Subtract.",
            "O serviço Calculator em proto/calculator.proto não tem a chamada Subtract."
        ));
    };
    let types = (
        call.input().name().to_owned(),
        call.output().name().to_owned(),
    );
    let alike = service_types(&pool);
    (Some(&types) != alike.as_ref()).then(|| {
        let (takes, gives) = types;
        tell!(
            "Subtract takes {takes} and gives {gives}. Two integers in and one out: the sheet asks for no message that there is already by another name.",
            "Subtract recebe {takes} e devolve {gives}. Dois inteiros entram e um sai: o enunciado não quer uma mensagem que já existe com outro nome."
        )
    })
}

/// What the other calls of two integers take and give.
fn service_types(pool: &DescriptorPool) -> Option<(String, String)> {
    let service = pool.get_service_by_name("calculator.Calculator")?;
    let add = service.methods().find(|call| call.name() == "Add")?;
    Some((
        add.input().name().to_owned(),
        add.output().name().to_owned(),
    ))
}

fn broken(cause: &str) -> Text {
    tell!(
        "proto/calculator.proto does not compile: {cause}",
        "proto/calculator.proto não compila: {cause}"
    )
}
