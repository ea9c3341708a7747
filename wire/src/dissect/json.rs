//! JSON, RFC 8259, and JSON-RPC 2.0 in it: tokens as leaves, members and lists as their parents.
//!
//! Only what a document says is [`Role::Value`]: names, quotes and brackets are how it says it. In the
//! envelope of JSON-RPC the values of `jsonrpc`, `method` and `id` are encoding too.

mod envelope;
mod lexer;

#[cfg(test)]
mod tests;

use super::limits::MOST_SPANS;
use super::path::{Mark, Path};
use super::tree::{Stop, Tree};
use crate::span::{Layer, Role, Span};

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
        tree: Tree::new(bytes, start, Layer::Json).at_most(most),
        path: Path::default(),
        containers: Vec::new(),
    };
    if let Err(stop) = reader.document() {
        reader.tree.stop(stop);
    }
    reader.finish()
}

/// Whether a text may be a document that is worth reading as JSON although nobody says that it is one.
#[must_use]
pub fn may_be(text: &[u8]) -> bool {
    let first = text.iter().find(|byte| !lexer::is_whitespace(**byte));
    matches!(first, Some(b'{' | b'['))
}

/// Reads a document.
struct Reader<'a> {
    tree: Tree<'a>,
    path: Path,
    /// Objects and arrays that are open, the innermost last.
    containers: Vec<Container>,
}

/// An object or array that is open.
struct Container {
    /// `}` or `]`.
    closes: u8,
    /// Members or items that have begun.
    count: usize,
    within: Within,
}

/// What ends with a value.
#[derive(Clone, Copy)]
struct Within {
    /// The path to go back to.
    mark: Mark,
    /// Whether a span was opened for it.
    spanned: bool,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), Stop> {
        self.byte_order_mark();
        self.whitespace();
        let mark = self.path.mark();
        self.value_named(mark, None)?;
        while let Some(container) = self.containers.last() {
            let (closes, count) = (container.closes, container.count);
            self.tree.room()?;
            self.whitespace();
            self.item(closes, count)?;
        }
        self.whitespace();
        match self.tree.peek() {
            None => Ok(()),
            Some(_) => Err(Stop::Broken(
                "a JSON text is one value (RFC 8259, section 2)",
            )),
        }
    }

    /// The next member or item, or the end of the innermost container.
    fn item(&mut self, closes: u8, count: usize) -> Result<(), Stop> {
        let next = self.tree.peek().ok_or(Stop::Broken(NOT_CLOSED))?;
        if next == closes {
            self.close();
            return Ok(());
        }
        if count > 0 {
            if next != b',' {
                return Err(Stop::Broken("a comma or a closing bracket was to come"));
            }
            let end = self.tree.at + 1;
            self.tree
                .encoding(end, "value separator", "RFC 8259, section 2");
            self.whitespace();
        }
        if let Some(container) = self.containers.last_mut() {
            container.count += 1;
        }
        match closes {
            b'}' => self.member(),
            _ => {
                let mark = self.path.mark();
                self.path.enter_index(count);
                self.value_named(mark, Some(count))
            }
        }
    }

    fn member(&mut self) -> Result<(), Stop> {
        if self.tree.peek() != Some(b'"') {
            return Err(Stop::Broken(
                "a member's name in quotation marks was to come",
            ));
        }
        let end = lexer::string_end(self.tree.bytes, self.tree.at).map_err(Stop::Broken)?;
        let name = lexer::text(&self.tree.bytes[self.tree.at + 1..end - 1]);
        let mark = self.path.mark();
        let spanned = self.tree.begin(name.clone());
        self.quoted(end, Role::Encoding, "member name", name.clone());
        self.whitespace();
        if self.tree.peek() != Some(b':') {
            return Err(Stop::Broken("a colon was to come after the member's name"));
        }
        let end = self.tree.at + 1;
        self.tree
            .encoding(end, "name separator", "RFC 8259, section 2");
        self.whitespace();
        self.path.enter(&name);
        self.value(Within { mark, spanned })
    }

    /// A value that no member names: an object or array gets a span of its own, named by its place.
    fn value_named(&mut self, mark: Mark, index: Option<usize>) -> Result<(), Stop> {
        let spanned = match (self.tree.peek(), index) {
            (Some(b'{' | b'['), Some(index)) => self.tree.begin(index.to_string()),
            (Some(b'{'), None) => self.tree.begin("object"),
            (Some(b'['), None) => self.tree.begin("array"),
            _ => false,
        };
        self.value(Within { mark, spanned })
    }

    /// A value of one token, or the begin of one that has others within it.
    fn value(&mut self, within: Within) -> Result<(), Stop> {
        match self.tree.peek() {
            Some(b'{') => self.open(b'}', within),
            Some(b'[') => self.open(b']', within),
            Some(b'"') => self.string(within)?,
            Some(b'-' | b'0'..=b'9') => self.number(within)?,
            Some(_) => self.literal(within)?,
            None => return Err(Stop::Broken(NOT_CLOSED)),
        }
        Ok(())
    }

    fn open(&mut self, closes: u8, within: Within) {
        let end = self.tree.at + 1;
        match closes {
            b'}' => self
                .tree
                .encoding(end, "begin object", "RFC 8259, section 4"),
            _ => self
                .tree
                .encoding(end, "begin array", "RFC 8259, section 5"),
        }
        self.containers.push(Container {
            closes,
            count: 0,
            within,
        });
    }

    fn close(&mut self) {
        let Some(container) = self.containers.pop() else {
            return;
        };
        let end = self.tree.at + 1;
        match container.closes {
            b'}' => self.tree.encoding(end, "end object", "RFC 8259, section 4"),
            _ => self.tree.encoding(end, "end array", "RFC 8259, section 5"),
        }
        self.leave(container.within, String::new());
    }

    fn string(&mut self, within: Within) -> Result<(), Stop> {
        let end = lexer::string_end(self.tree.bytes, self.tree.at).map_err(Stop::Broken)?;
        let text = lexer::text(&self.tree.bytes[self.tree.at + 1..end - 1]);
        self.quoted(end, Role::Value, "string", text.clone());
        self.leave(within, text);
        Ok(())
    }

    /// A string up to `end`: two quotation marks and what is between.
    fn quoted(&mut self, end: usize, role: Role, name: &'static str, text: String) {
        const MARK: &str = "begins or ends a string (RFC 8259, section 7)";
        let first = self.tree.at + 1;
        self.tree.encoding(first, "quotation mark", MARK);
        let span = self.tree.take(end - 1, role, name).value(text);
        self.put_value(span);
        self.tree.encoding(end, "quotation mark", MARK);
    }

    fn number(&mut self, within: Within) -> Result<(), Stop> {
        let end = lexer::number_end(self.tree.bytes, self.tree.at).map_err(Stop::Broken)?;
        let digits = self.tree.bytes[self.tree.at..end].iter();
        let text = super::tree::preview(digits.copied().map(char::from));
        let note = "digits in base 10: a byte a digit (RFC 8259, section 6)";
        let span = self.tree.take(end, Role::Value, "number").note(note);
        self.put_value(span.value(text.clone()));
        self.leave(within, text);
        Ok(())
    }

    fn literal(&mut self, within: Within) -> Result<(), Stop> {
        let (name, text) = lexer::literal(self.tree.rest())
            .ok_or(Stop::Broken("a value was to come (RFC 8259, section 3)"))?;
        let end = self.tree.at + text.len();
        let span = self.tree.take(end, Role::Value, name).value(text);
        self.put_value(span.note("RFC 8259, section 3"));
        self.leave(within, text.to_owned());
        Ok(())
    }

    /// A leaf, with its path where it is a value.
    fn put_value(&mut self, span: Span) {
        self.tree.put(match span.role {
            Role::Value => span.at(self.path.as_str()),
            _ => span,
        });
    }

    /// Ends a value; a member tells it even when it is folded.
    fn leave(&mut self, within: Within, said: String) {
        self.path.leave(within.mark);
        if within.spanned
            && let Some(span) = self.ended()
        {
            self.tree.put(span.value(said));
        }
    }

    /// The innermost span, closed. An envelope's roles are told only now, for `jsonrpc` may come last.
    fn ended(&mut self) -> Option<Span> {
        let span = self.tree.end()?;
        let in_batch = self.tree.depth() == 1 && self.tree.innermost_is("array");
        Some(match self.tree.depth() == 0 || in_batch {
            true => envelope::marked(span),
            false => span,
        })
    }

    fn whitespace(&mut self) {
        let rest = self.tree.rest().iter();
        let count = rest.take_while(|byte| lexer::is_whitespace(**byte)).count();
        let end = self.tree.at + count;
        self.tree
            .encoding(end, "whitespace", "says nothing: for readers' eyes");
    }

    fn byte_order_mark(&mut self) {
        if self.tree.rest().starts_with(b"\xEF\xBB\xBF") {
            let note = "a byte order mark, which a sender must not add (RFC 8259, section 8.1)";
            let end = self.tree.at + 3;
            self.tree.encoding(end, "byte order mark", note);
        }
    }

    fn finish(mut self) -> Vec<Span> {
        while let Some(span) = self.ended() {
            self.tree.put(span);
        }
        self.tree.finish()
    }
}

const NOT_CLOSED: &str = "the document ends before it is whole";
