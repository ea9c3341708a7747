//! Protobuf's names: those of our contract, and those that the command line brings.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use protox::prost::Message;
use wire::Knowledge;

use super::arguments::WireArguments;

/// What the dissectors may know. Files that the command line names come first: where they call a
/// file as our contract does, theirs is meant.
///
/// # Errors
/// A file that cannot be read, or is not what it should be.
pub fn read(arguments: &WireArguments) -> Result<Knowledge> {
    let mut knowledge = Knowledge::default();
    for path in &arguments.descriptors {
        let set = std::fs::read(path).with_context(|| unreadable(path))?;
        let added = knowledge.with_descriptors(&set);
        knowledge = added.with_context(|| path.display().to_string())?;
    }
    for path in &arguments.proto {
        let added = knowledge.with_descriptors(&compiled(path)?);
        knowledge = added.with_context(|| path.display().to_string())?;
    }
    let ours = knowledge.clone();
    let ours = ours.with_descriptors(grpc::contract::FILE_DESCRIPTOR_SET);
    Ok(ours.unwrap_or(knowledge))
}

/// As `protoc -o` would write it; imports are looked for beside the file.
fn compiled(path: &Path) -> Result<Vec<u8>> {
    std::fs::metadata(path).with_context(|| unreadable(path))?;
    let beside = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let set = protox::compile([path], [beside.unwrap_or(Path::new("."))]);
    let set = set.map_err(|error| anyhow!("{} does not compile: {error}", path.display()))?;
    Ok(set.encode_to_vec())
}

fn unreadable(path: &Path) -> String {
    format!("{} cannot be read", path.display())
}
