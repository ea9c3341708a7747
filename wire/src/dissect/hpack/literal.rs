//! Literals, RFC 7541, section 6.2: a value, and a name that is literal too or a table's. Some enter
//! the dynamic table, some do not, and some may never.

use bytes::Bytes;

use super::representation::{Field, Reading, UNKNOWN, saved};
use super::table::{Entry, Found};
use super::text::{NAME, VALUE, shown, shown_name};
use crate::span::{Layer, Role, Span};

/// What a literal does to the dynamic table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Indexing {
    Incremental,
    Without,
    Never,
}

impl Indexing {
    fn prefix_bits(self) -> u32 {
        match self {
            Self::Incremental => 6,
            Self::Without | Self::Never => 4,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Incremental => "literal with incremental indexing",
            Self::Without => "literal without indexing",
            Self::Never => "literal never indexed",
        }
    }
}

impl Reading<'_, '_> {
    /// The literal here.
    ///
    /// # Errors
    /// The rule that the bytes break.
    pub(super) fn literal(&mut self, indexing: Indexing) -> Result<Span, &'static str> {
        let start = self.place();
        let mut leaves = Vec::with_capacity(5);
        let name = self.name(indexing, &mut leaves)?;
        let title = name.as_deref().map_or(UNKNOWN.to_owned(), shown_name);
        let value = self.text(VALUE, &title, &mut leaves)?;
        self.any_field = true;
        let range = start..self.place();
        let span = Span::new(range, Layer::Hpack, Role::Headers, title).children(leaves);
        Ok(match (name, value) {
            (Some(name), Some(value)) => {
                let note = self.indexed_for_later(indexing, &name, &value, span.range.len());
                let span = span.note(note);
                self.field(Field { span, name, value })
            }
            (_, value) => self.half(indexing, span, value),
        })
    }

    /// The representation and the name, with their leaves.
    fn name(
        &mut self,
        indexing: Indexing,
        leaves: &mut Vec<Span>,
    ) -> Result<Option<Bytes>, &'static str> {
        let (index, range) = self.integer(indexing.prefix_bits())?;
        let head = Span::new(range, Layer::Hpack, Role::Headers, "representation");
        let head = head.value(indexing.name());
        if index == 0 {
            leaves.push(head.note("the index is 0: the name follows as a string"));
            return self.text(NAME, "", leaves);
        }
        let (head, name) = match self.decoder.table.get(index) {
            Found::Entry(entry, table) => {
                let note = format!("the name is that of entry {index} of the {table} table");
                (head.note(note), Some(entry.name))
            }
            unknown => (self.pointless(head, index, unknown), None),
        };
        leaves.push(head);
        Ok(name)
    }

    /// A literal whose name or value is not known.
    fn half(&mut self, indexing: Indexing, span: Span, value: Option<Bytes>) -> Span {
        if indexing == Indexing::Incremental {
            // It enters the table all the same.
            self.lose("an entry of an unknown size came into it");
        }
        let value = value.map(|value| shown(&value)).unwrap_or_default();
        span.value(value).note("not known whole")
    }

    /// Keeps a literal in the dynamic table, if it is to be; says what it saved, and what became of it.
    fn indexed_for_later(
        &mut self,
        indexing: Indexing,
        name: &Bytes,
        value: &Bytes,
        wire: usize,
    ) -> String {
        let later = match indexing {
            Indexing::Without => "not kept for later (RFC 7541, section 6.2.2)",
            Indexing::Never => {
                "never to be indexed, as it may be a secret (RFC 7541, section 6.2.3)"
            }
            Indexing::Incremental => {
                let [name, value] = [name, value].map(Bytes::clone);
                self.kept(Entry { name, value })
            }
        };
        format!("{}; {later}", saved(wire, name, value))
    }

    fn kept(&mut self, entry: Entry) -> &'static str {
        let table = &mut self.decoder.table;
        match (table.insert(entry), table.lost()) {
            (true, _) => {
                "kept in the dynamic table, so that a byte or two say it the next time (RFC 7541, section 6.2.1)"
            }
            (false, Some(_)) => "kept for later in a table that is not known here",
            (false, None) => {
                "larger than the dynamic table, which it leaves empty (RFC 7541, section 4.4)"
            }
        }
    }
}
