//! XML 1.0, and XML-RPC in it: tags and text as leaves, elements as their parents. Nothing outside of
//! the document is fetched, and no entity but the five of XML itself is resolved.
//!
//! Text within elements is [`Role::Value`], tags are how it is said. In XML-RPC the method's name and
//! members' names are encoding too.

mod lexer;
mod meaning;
mod tag;

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::limits::MOST_SPANS;
use super::path::{Mark, Path};
use super::tree::{Stop, Tree, characters, preview};
use crate::span::{Certainty, Layer, Role, Span};
use meaning::Meaning;

/// The spans that tile a document whose first byte is at `start` of its buffer. Where it breaks a
/// rule, what was read before stands, and the rest is one span that tells the rule.
#[must_use]
pub fn spans(bytes: &[u8], start: usize) -> Vec<Span> {
    spans_within(MOST_SPANS, bytes, start)
}

/// As [`spans`], of which there are not more than about `most`: what comes after them is one leaf.
#[must_use]
pub fn spans_within(most: usize, bytes: &[u8], start: usize) -> Vec<Span> {
    let mut reader = Reader {
        tree: Tree::new(bytes, start, Layer::Xml).at_most(most),
        path: Path::default(),
        elements: Vec::new(),
        has_root: false,
    };
    if let Err(stop) = reader.document() {
        reader.tree.stop(stop);
    }
    reader.tree.finish()
}

/// Whether a text may be a document although nobody says that it is one: a tag, declaration or comment
/// comes first.
#[must_use]
pub fn may_be(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let second = text.get(1).copied().unwrap_or(b' ');
    text.first() == Some(&b'<') && (matches!(second, b'?' | b'!') || lexer::begins_name(second))
}

/// Reads a document.
struct Reader<'a> {
    tree: Tree<'a>,
    path: Path,
    /// Elements that are open, the innermost last.
    elements: Vec<Element>,
    has_root: bool,
}

/// An element that is open.
struct Element {
    /// Where its name is in the document.
    name: Range<usize>,
    meaning: Meaning,
    /// Elements in it that have begun.
    count: usize,
    /// The path to go back to.
    mark: Mark,
    /// Whether a span was opened for it.
    spanned: bool,
    /// Whether anything but whitespace came in it.
    has_text: bool,
    /// XML-RPC's name of a member, as far as it has been read.
    member: String,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), Stop> {
        if self.tree.rest().starts_with(b"\xEF\xBB\xBF") {
            let end = self.tree.at + 3;
            self.tree
                .encoding(end, "byte order mark", "says that the document is UTF-8");
        }
        while let Some(next) = self.tree.peek() {
            self.tree.room()?;
            match next {
                b'<' => self.markup()?,
                _ => self.text()?,
            }
        }
        match (self.elements.is_empty(), self.has_root) {
            (true, true) => Ok(()),
            (true, false) => Err(Stop::Broken(
                "a document has one element (XML 1.0, section 2.1)",
            )),
            (false, _) => Err(Stop::Broken("the document ends before this element does")),
        }
    }

    fn markup(&mut self) -> Result<(), Stop> {
        let rest = self.tree.rest();
        match rest.get(1) {
            Some(b'/') => self.end_tag(),
            Some(b'?') => self.instruction(),
            Some(b'!') if rest.starts_with(b"<!--") => {
                let note = "for readers, not for programs (XML 1.0, section 2.5)";
                self.up_to(b"-->", 4, "comment", note)
            }
            Some(b'!') if rest.starts_with(b"<![CDATA[") => self.cdata(),
            Some(b'!') if rest.starts_with(b"<!DOCTYPE") => {
                let end = self.tree.at + lexer::doctype_end(rest).map_err(Stop::Broken)?;
                let note = "document type: nothing that it names is fetched or resolved here";
                self.tree.encoding(end, "document type", note);
                Ok(())
            }
            _ => self.start_tag(),
        }
    }

    /// The declaration, or an instruction for some program.
    fn instruction(&mut self) -> Result<(), Stop> {
        let target = self.tree.rest().get(2..6).unwrap_or_default();
        match target {
            [b'x', b'm', b'l', b' ' | b'\t' | b'\r' | b'\n'] => {
                let note = "version and encoding (XML 1.0, section 2.8)";
                self.up_to(b"?>", 2, "declaration", note)
            }
            _ => {
                let note = "for some program (XML 1.0, section 2.6)";
                self.up_to(b"?>", 2, "processing instruction", note)
            }
        }
    }

    /// Markup that begins with so many bytes and ends with `closes`.
    fn up_to(
        &mut self,
        closes: &'static [u8],
        opens: usize,
        name: &'static str,
        note: &'static str,
    ) -> Result<(), Stop> {
        let rest = self.tree.rest();
        let end = lexer::find(rest, opens, closes)
            .ok_or(Stop::Broken("markup ends before it is whole"))?;
        let said = preview(characters(&rest[opens..end - closes.len()]));
        let span = self.tree.take(self.tree.at + end, Role::Encoding, name);
        self.tree.put(span.value(said).note(note));
        Ok(())
    }

    fn cdata(&mut self) -> Result<(), Stop> {
        const OPENS: usize = 9;
        const NOTE: &str = "around text in which markup does not count (XML 1.0, section 2.7)";
        let rest = self.tree.rest();
        let end = lexer::find(rest, OPENS, b"]]>").ok_or(Stop::Broken(
            "a CDATA section ends with ]]> (XML 1.0, section 2.7)",
        ))?;
        if self.elements.is_empty() {
            return Err(Stop::Broken(OUTSIDE));
        }
        let text = &rest[OPENS..end - 3];
        let (first, last) = (self.tree.at + OPENS, self.tree.at + end - 3);
        self.tree.encoding(first, "CDATA section", NOTE);
        let said = preview(lexer::normalised(characters(text)));
        self.put_text(last, said, lexer::unlawful(text));
        self.tree.encoding(last + 3, "CDATA section", NOTE);
        Ok(())
    }

    /// Text up to the next markup.
    fn text(&mut self) -> Result<(), Stop> {
        let rest = self.tree.rest();
        let length = rest
            .iter()
            .position(|byte| *byte == b'<')
            .unwrap_or(rest.len());
        let (text, after) = rest.split_at(length);
        let end = self.tree.at + length;
        let is_blank = text.iter().all(|byte| lexer::is_space(*byte));
        if is_blank && !self.blank_counts(after) {
            self.tree
                .encoding(end, "whitespace", "between tags: for readers' eyes");
            return Ok(());
        }
        if self.elements.is_empty() {
            return Err(Stop::Broken(OUTSIDE));
        }
        let said = preview(lexer::resolved(lexer::normalised(characters(text))));
        self.put_text(
            end,
            said,
            lexer::unlawful(text).or_else(|| lexer::unresolved(text)),
        );
        Ok(())
    }

    /// Whether blanks before `after` are all that an element says.
    fn blank_counts(&self, after: &[u8]) -> bool {
        let element = self.elements.last();
        let is_only = element.is_some_and(|element| element.count == 0 && element.meaning.says());
        is_only && after.starts_with(b"</")
    }

    /// A leaf of text up to `end`, and what the innermost element makes of it.
    fn put_text(&mut self, end: usize, said: String, broken: Option<&'static str>) {
        let Some(element) = self.elements.last_mut() else {
            return;
        };
        element.has_text = true;
        if element.meaning == Meaning::MemberName {
            element.member.push_str(&said);
        }
        let (role, name) = element.meaning.of_text();
        let mut span = self.tree.take(end, role, name).value(said);
        if role == Role::Value {
            span = span.at(self.path.as_str());
        }
        if let Some(rule) = broken {
            span.certainty = Certainty::Broken;
            span.note = rule.into();
        }
        self.tree.put(span);
    }

    fn start_tag(&mut self) -> Result<(), Stop> {
        let bytes = self.tree.bytes;
        let tag = tag::Tag::read(bytes, self.tree.at).map_err(Stop::Broken)?;
        if self.elements.is_empty() && self.has_root {
            return Err(Stop::Broken(
                "nothing but one element (XML 1.0, section 2.1)",
            ));
        }
        self.has_root = true;
        let name = preview(characters(&bytes[tag.name.clone()]));
        let mark = self.path.mark();
        let meaning = self.go_down(&name);
        let spanned = self.tree.begin(name);
        tag.tell(&mut self.tree, &mut self.path);
        self.elements.push(Element {
            name: tag.name,
            meaning,
            count: 0,
            mark,
            spanned,
            has_text: false,
            member: String::new(),
        });
        if tag.is_empty {
            self.close();
        }
        Ok(())
    }

    /// What an element of that name means here; the path goes down to it.
    fn go_down(&mut self, name: &str) -> Meaning {
        let Some(parent) = self.elements.last_mut() else {
            return Meaning::of_root(name, &mut self.path);
        };
        let index = parent.count;
        parent.count += 1;
        parent.meaning.of_child(name, index, &mut self.path)
    }

    fn end_tag(&mut self) -> Result<(), Stop> {
        let bytes = self.tree.bytes;
        let (name, end) = lexer::end_tag(bytes, self.tree.at).map_err(Stop::Broken)?;
        let open = self.elements.last();
        let open = open.ok_or(Stop::Broken("no element is open that could end here"))?;
        if bytes[open.name.clone()] != bytes[name.clone()] {
            return Err(Stop::Broken(
                "another element is to end first (XML 1.0, section 3)",
            ));
        }
        let said = preview(characters(&bytes[name]));
        let span = self.tree.take(end, Role::Encoding, "end tag").value(said);
        self.tree
            .put(span.note("the element's name again: XML says it twice"));
        self.close();
        Ok(())
    }

    /// The innermost element has ended.
    fn close(&mut self) {
        let Some(element) = self.elements.pop() else {
            return;
        };
        self.path.leave(element.mark);
        if element.meaning == Meaning::MemberName {
            self.path.enter(&element.member);
        }
        if element.spanned
            && let Some(span) = self.tree.end()
        {
            let said = meaning::summary(&span);
            self.tree
                .put(span.value(said).note(element.meaning.about()));
        }
    }
}

const OUTSIDE: &str = "no text outside of the one element (XML 1.0, section 2.1)";
