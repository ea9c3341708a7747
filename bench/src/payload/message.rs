//! Messages of protobuf by their descriptors: compiled here, filled from JSON, and turned back.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use prost_reflect::{DynamicMessage, MessageDescriptor, SerializeOptions};
use protox::Compiler;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use super::document::{self, BadJson, Json};
use super::schema::{Kind, Record, VALUE, are_objects};

/// The member of the message around a list that is an element of a list.
pub const WRAPPED: &str = "items";

/// Where an inferred file seems to be.
const INFERRED: &str = "payload.proto";

/// A file that is only in memory.
struct InMemory(String);

impl FileResolver for InMemory {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        match name {
            INFERRED => File::from_source(name, &self.0),
            _ => Err(protox::Error::file_not_found(name)),
        }
    }
}

/// The message of that full name, from a file's text that imports at most protobuf's own.
///
/// # Errors
/// What the compiler refuses, with line and column.
pub fn compile_text(text: &str, message: &str) -> Result<MessageDescriptor> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(InMemory(text.to_owned()));
    resolver.add(GoogleFileResolver::new());
    let compiler = Compiler::with_file_resolver(resolver);
    compile(compiler, Path::new(INFERRED), Some(message))
}

/// The message of that name, or the only one, from a user's file. Imports are looked for in its folder
/// where no other is given.
///
/// # Errors
/// A file that cannot be read or compiled, with line and column; a message that it does not have, or
/// none named where it has several.
pub fn compile_file(
    file: &Path,
    include: &[PathBuf],
    message: Option<&str>,
) -> Result<MessageDescriptor> {
    std::fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = [folder.unwrap_or(Path::new(".")).to_owned()];
    let include = if include.is_empty() { &folder } else { include };
    let compiler = Compiler::new(include).map_err(|error| anyhow!("{error:?}"))?;
    compile(compiler, file, message)
}

fn compile(
    mut compiler: Compiler,
    file: &Path,
    message: Option<&str>,
) -> Result<MessageDescriptor> {
    compiler.include_imports(true);
    // Its `Debug` is the one that tells line and column.
    let opened = compiler.open_file(file).map(|_| ());
    opened.map_err(|error| anyhow!("{error:?}"))?;
    let pool = compiler.descriptor_pool();
    let known: Vec<_> = pool.all_messages().filter(is_the_users).collect();
    let chosen = match message {
        Some(message) => chosen(&known, message),
        None => only(&known),
    };
    chosen.with_context(|| format!("in {}", file.display()))
}

/// Neither one of protobuf's own, nor the entry of a map.
fn is_the_users(message: &MessageDescriptor) -> bool {
    !message.is_map_entry() && !message.full_name().starts_with("google.protobuf.")
}

/// The only message.
fn only(known: &[MessageDescriptor]) -> Result<MessageDescriptor> {
    match known {
        [message] => Ok(message.clone()),
        [] => Err(anyhow!("there is no message at all")),
        several => {
            let names: Vec<_> = several.iter().map(|message| message.name()).collect();
            Err(anyhow!(
                "there are several messages, {}: choose one with --message",
                names.join(", ")
            ))
        }
    }
}

/// The message of that full name, or the only one whose name ends so.
fn chosen(known: &[MessageDescriptor], name: &str) -> Result<MessageDescriptor> {
    let name = name.trim_start_matches('.');
    if let Some(message) = known.iter().find(|known| known.full_name() == name) {
        return Ok(message.clone());
    }
    let names = |messages: &[&MessageDescriptor]| {
        let names: Vec<_> = messages.iter().map(|message| message.full_name()).collect();
        names.join(", ")
    };
    let ending: Vec<_> = known.iter().filter(|known| known.name() == name).collect();
    match (&ending[..], known) {
        ([message], _) => Ok((*message).clone()),
        ([], []) => Err(anyhow!("there is no message at all")),
        ([], known) => {
            let all: Vec<_> = known.iter().collect();
            Err(anyhow!("there is no message {name:?}, but {}", names(&all)))
        }
        _ => Err(anyhow!(
            "{name:?} may be {}: give the full name",
            names(&ending)
        )),
    }
}

/// The message that a JSON text is, by protobuf's JSON mapping. `raw` is a part of `text`.
///
/// # Errors
/// A member that the message does not have, or a value of another type; with the place in `text`.
pub fn from_json(
    descriptor: &MessageDescriptor,
    raw: &str,
    text: &str,
) -> Result<DynamicMessage, BadJson> {
    let mut deserializer = serde_json::Deserializer::from_str(raw);
    let message = DynamicMessage::deserialize(descriptor.clone(), &mut deserializer);
    message.map_err(|error| document::of_serde(raw, text, &error))
}

/// The JSON that a message is, fields at their default included.
///
/// # Errors
/// A message that JSON cannot hold, such as one with an infinity in a `google.protobuf.Value`.
pub fn to_json(message: &DynamicMessage) -> Result<Json> {
    let options = SerializeOptions::new()
        .stringify_64_bit_integers(false)
        .skip_default_fields(false);
    let mut text = Vec::new();
    message.serialize_with_options(&mut serde_json::Serializer::new(&mut text), &options)?;
    Ok(document::read(&String::from_utf8(text)?)?)
}

/// The samples in the shape of their inferred message: objects, without lists in lists.
#[must_use]
pub fn wrapped(samples: &[Json], record: &Record) -> Vec<Json> {
    let are_objects = are_objects(samples);
    let wrapped = samples.iter().map(|sample| match sample {
        Json::Object(members) if are_objects => wrapped_members(members, record),
        other => wrapped_members(&[(VALUE.to_owned(), other.clone())], record),
    });
    wrapped.collect()
}

fn wrapped_members(members: &[(String, Json)], record: &Record) -> Json {
    let wrapped = members.iter().map(|(name, value)| {
        let field = record.fields.iter().find(|field| field.name == *name);
        let kind = field.map_or(&Kind::Mixed, |field| &field.kind);
        (name.clone(), wrapped_value(value, kind))
    });
    Json::Object(wrapped.collect())
}

fn wrapped_value(value: &Json, kind: &Kind) -> Json {
    match (value, kind) {
        (Json::Object(members), Kind::Record(record)) => wrapped_members(members, record),
        (Json::List(elements), Kind::List(kind)) => {
            let elements = elements.iter().map(|element| match (&**kind, element) {
                (Kind::List(_), Json::List(_)) => {
                    let list = wrapped_value(element, kind);
                    Json::Object(vec![(WRAPPED.to_owned(), list)])
                }
                _ => wrapped_value(element, kind),
            });
            Json::List(elements.collect())
        }
        _ => value.clone(),
    }
}
