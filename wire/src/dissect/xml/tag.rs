//! Start tags, with their attributes.

use std::ops::Range;

use super::super::path::Path;
use super::super::tree::{Tree, characters, preview};
use super::lexer;
use crate::span::Role;

/// A start tag, or the tag of an empty element. Places count from the document's first byte.
pub(super) struct Tag {
    pub(super) name: Range<usize>,
    /// Whether it ends the element too.
    pub(super) is_empty: bool,
    attributes: Vec<Attribute>,
    end: usize,
}

struct Attribute {
    name: Range<usize>,
    /// Between the quotes.
    value: Range<usize>,
}

impl Tag {
    /// The tag that begins at `at`.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub(super) fn read(bytes: &[u8], at: usize) -> Result<Self, &'static str> {
        const RULE: &str = "no tag of XML (XML 1.0, section 3.1)";
        let name = at + 1..lexer::name_end(bytes, at + 1).ok_or(RULE)?;
        let mut attributes = Vec::new();
        let mut next = lexer::spaces_end(bytes, name.end);
        loop {
            let (is_empty, length) = match bytes.get(next..).unwrap_or_default() {
                [b'>', ..] => (false, 1),
                [b'/', b'>', ..] => (true, 2),
                _ => {
                    let attribute = Attribute::read(bytes, next).ok_or(RULE)?;
                    next = lexer::spaces_end(bytes, attribute.value.end + 1);
                    attributes.push(attribute);
                    continue;
                }
            };
            return Ok(Self {
                name,
                is_empty,
                attributes,
                end: next + length,
            });
        }
    }

    /// Puts its spans into the tree: one leaf, where it has no attributes.
    pub(super) fn tell(&self, tree: &mut Tree<'_>, path: &mut Path) {
        let said = preview(characters(&tree.bytes[self.name.clone()]));
        let (name, note) = match self.is_empty {
            true => (
                "empty element",
                "an element without content (XML 1.0, section 3.1)",
            ),
            false => ("start tag", "begins an element (XML 1.0, section 3.1)"),
        };
        if self.attributes.is_empty() {
            let span = tree.take(self.end, Role::Encoding, name);
            return tree.put(span.value(said).note(note));
        }
        let spanned = tree.begin(name);
        tree.encoding(self.name.end, "tag name", note);
        for attribute in &self.attributes {
            // What is left out goes with the end of the tag.
            if tree.room().is_err() {
                break;
            }
            attribute.tell(tree, path);
        }
        tree.encoding(self.end, "end of tag", "");
        if spanned && let Some(span) = tree.end() {
            tree.put(span.value(said).note(note));
        }
    }
}

impl Attribute {
    fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let name = at..lexer::name_end(bytes, at)?;
        let next = lexer::spaces_end(bytes, name.end);
        let next = lexer::spaces_end(bytes, (bytes.get(next) == Some(&b'=')).then_some(next + 1)?);
        let quote = *bytes
            .get(next)
            .filter(|byte| matches!(byte, b'"' | b'\''))?;
        let value = next + 1;
        let ends = |byte: &u8| *byte == quote || *byte == b'<';
        let length = bytes.get(value..)?.iter().position(ends)?;
        let is_closed = bytes.get(value + length) == Some(&quote);
        is_closed.then_some(Self {
            name,
            value: value..value + length,
        })
    }

    fn tell(&self, tree: &mut Tree<'_>, path: &mut Path) {
        let name = preview(characters(&tree.bytes[self.name.clone()]));
        let text = preview(lexer::resolved(characters(&tree.bytes[self.value.clone()])));
        let is_namespace = name == "xmlns" || name.starts_with("xmlns:");
        tree.encoding(self.name.start, "whitespace", "");
        let span = tree.take(self.name.end, Role::Encoding, "attribute name");
        tree.put(span.value(name.clone()));
        tree.encoding(self.value.start, "equals sign and quote", "");
        let mark = path.mark();
        path.enter(&name);
        let span = match is_namespace {
            true => tree.take(self.value.end, Role::Encoding, "namespace"),
            false => tree
                .take(self.value.end, Role::Value, "attribute value")
                .at(path.as_str()),
        };
        path.leave(mark);
        tree.put(span.value(text));
        tree.encoding(self.value.end + 1, "quote", "");
    }
}
