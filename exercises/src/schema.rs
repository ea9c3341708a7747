//! Protobuf schemas, compiled from their text.

use std::path::Path;

use prost_reflect::MessageDescriptor;
use protox::Compiler;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

/// One file that is only in memory.
struct InMemory {
    name: String,
    text: String,
}

impl FileResolver for InMemory {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        match name == self.name {
            true => File::from_source(name, &self.text),
            false => Err(protox::Error::file_not_found(name)),
        }
    }
}

/// The message of that full name, from a file's text that imports at most protobuf's own files.
///
/// # Errors
/// What the compiler refuses, with line and column; a message that the file does not have.
pub fn message(file: &str, text: &str, name: &str) -> Result<MessageDescriptor, String> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(InMemory {
        name: file.to_owned(),
        text: text.to_owned(),
    });
    resolver.add(GoogleFileResolver::new());
    let mut compiler = Compiler::with_file_resolver(resolver);
    compiler.include_imports(true);
    // Its `Debug` is the one that tells line and column.
    let opened = compiler.open_file(Path::new(file)).map(|_| ());
    opened.map_err(|error| format!("{error:?}"))?;
    let found = compiler.descriptor_pool().get_message_by_name(name);
    found.ok_or_else(|| format!("{file} has no message {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_compiler_refuses_has_its_place() {
        let text = "syntax = \"proto3\";\nmessage A { int32 b = 0; }\n";
        let error = message("a.proto", text, "A").expect_err("0 is no number of a field");
        assert!(error.contains("a.proto:2:23"), "{error}");
        let error = message("a.proto", "syntax = \"proto3\";", "A");
        assert_eq!(error.err().as_deref(), Some("a.proto has no message A"));
    }
}
