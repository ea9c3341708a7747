//! quick-xml's events, cut down to what XML-RPC is made of, with the checks of well-formedness
//! that quick-xml leaves to its caller: one root, all of it closed, nothing after it, no DOCTYPE,
//! no `]]>` in text, declared entities only, legal characters behind references.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesPI, BytesRef, BytesStart, Event};

use super::characters::is_legal;
use super::document::Document;
use super::error::{Class, DecodeError};
use super::scalar;

/// How many attributes of an element are looked at.
const FEW_ATTRIBUTES: usize = 8;

/// One piece of a document. Comments and processing instructions leave no trace.
#[derive(Debug)]
pub(super) enum Token<'a> {
    /// A start tag.
    Open(Tag),
    /// The end tag of the element opened last.
    Close,
    /// A piece of text, references resolved and line ends normalised.
    Text(Cow<'a, str>),
    /// The document is over, and well-formed.
    End,
}

macro_rules! tags {
    ($($tag:ident = $name:literal),+ $(,)?) => {
        /// The elements of XML-RPC.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Tag {
            $($tag,)+
            /// No element of the standard.
            Unknown,
        }

        impl Tag {
            fn named(name: &str) -> Self {
                match name {
                    $($name => Self::$tag,)+
                    _ => Self::Unknown,
                }
            }
        }
    };
}

tags! {
    Value = "value",
    Double = "double",
    Int = "int",
    I4 = "i4",
    String = "string",
    Boolean = "boolean",
    Array = "array",
    Data = "data",
    Struct = "struct",
    Member = "member",
    Name = "name",
    DateTime = "dateTime.iso8601",
    Base64 = "base64",
    Param = "param",
    Params = "params",
    MethodCall = "methodCall",
    MethodName = "methodName",
    MethodResponse = "methodResponse",
    Fault = "fault",
}

/// Reads tokens off a document.
pub(super) struct Tokens<'a> {
    reader: Reader<&'a [u8]>,
    offset: usize,
    carriage_return: bool,
    /// Elements that are open.
    open: usize,
    seen_root: bool,
    /// The element opened last was `<x/>`: its end comes next.
    empty: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(document: &Document<'a>) -> Self {
        let mut reader = Reader::from_str(document.text);
        reader.config_mut().check_comments = true;
        Self {
            reader,
            offset: document.offset,
            carriage_return: document.carriage_return,
            open: 0,
            seen_root: false,
            empty: false,
        }
    }

    /// The error of that class at the place reached.
    pub(super) fn error(&self, class: Class, reason: &'static str) -> DecodeError {
        let reached = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        DecodeError::new(class, self.offset.saturating_add(reached), reason)
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token<'a>, DecodeError> {
        if std::mem::take(&mut self.empty) {
            self.open -= 1;
            return Ok(Token::Close);
        }
        loop {
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.parse_error(&error)),
            };
            if let Some(token) = self.token(event)? {
                return Ok(token);
            }
        }
    }

    /// The value that comes next, where it is a double in the very bytes that every writer of arrays
    /// makes of one, so that a long list takes a tenth of the time. Anything else, what is wrong
    /// with it too, is left to [`next`](Self::next).
    ///
    /// To be asked after a tag only: after text quick-xml expects markup to be next.
    pub(super) fn plain_double(&mut self) -> Option<f64> {
        let rest = self.reader.get_ref().trim_ascii_start();
        let inner = rest.strip_prefix(b"<value><double>")?;
        let (number, after) = inner.split_at(inner.iter().position(|&byte| byte == b'<')?);
        let after = after.strip_prefix(b"</double></value>")?;
        let number = scalar::finite(std::str::from_utf8(number).ok()?)?;
        let taken = self.reader.get_ref().len() - after.len();
        self.reader.stream().consume(taken);
        Some(number)
    }

    /// Reads on to the end, for what is wrong with the rest as XML.
    pub(super) fn check_rest(&mut self) -> Result<(), DecodeError> {
        while !matches!(self.next()?, Token::End) {}
        Ok(())
    }

    fn token(&mut self, event: Event<'a>) -> Result<Option<Token<'a>>, DecodeError> {
        match event {
            Event::Start(start) => self.opened(&start).map(Some),
            Event::Empty(start) => {
                self.empty = true;
                self.opened(&start).map(Some)
            }
            Event::End(_) => {
                self.open -= 1;
                Ok(Some(Token::Close))
            }
            Event::Text(text) => self.text(text.into_inner()),
            Event::CData(data) => {
                self.inside_root()?;
                Ok(Some(Token::Text(self.line_ends(data.into_inner()))))
            }
            Event::GeneralRef(reference) => {
                self.inside_root()?;
                let character = self.resolve(&reference)?;
                Ok(Some(Token::Text(Cow::Owned(character.to_string()))))
            }
            Event::Comment(_) => Ok(None),
            Event::PI(instruction) => self.instruction(&instruction),
            Event::Decl(_) => Err(self.error(Class::Parse, "an XML declaration is not first")),
            Event::DocType(_) => Err(self.error(Class::Parse, "a document type is not accepted")),
            Event::Eof => self.ended().map(Some),
        }
    }

    fn opened(&mut self, start: &BytesStart<'_>) -> Result<Token<'a>, DecodeError> {
        if self.open == 0 && self.seen_root {
            return Err(self.error(Class::Parse, "there is a second root element"));
        }
        self.seen_root = true;
        self.open += 1;
        if !is_blank(start.attributes_raw()) {
            self.check_attributes(start)?;
        }
        Ok(Token::Open(Tag::named(start.name().as_ref())))
    }

    /// XML-RPC has no attributes; malformed ones are an error of XML already. Looking at the first
    /// few is enough, and comparing all with each other would take a square of their number.
    fn check_attributes(&self, start: &BytesStart<'_>) -> Result<(), DecodeError> {
        for attribute in start.attributes().take(FEW_ATTRIBUTES) {
            if !attribute.is_ok_and(|attribute| !attribute.value.contains('<')) {
                return Err(self.error(Class::Parse, "an attribute is malformed"));
            }
        }
        Err(self.error(Class::Request, "XML-RPC has no attributes"))
    }

    fn text(&self, text: Cow<'a, str>) -> Result<Option<Token<'a>>, DecodeError> {
        if self.open == 0 {
            return if is_blank(&text) {
                Ok(None)
            } else {
                Err(self.error(Class::Parse, "there is text outside the root element"))
            };
        }
        if text.as_bytes().contains(&b']') && text.contains("]]>") {
            return Err(self.error(Class::Parse, "text holds an unescaped ]]>"));
        }
        Ok(Some(Token::Text(self.line_ends(text))))
    }

    /// XML 1.0, section 2.11: every line end is one line feed. What a reference brings is spared.
    fn line_ends(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        if self.carriage_return && text.contains('\r') {
            Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            text
        }
    }

    fn resolve(&self, reference: &BytesRef<'_>) -> Result<char, DecodeError> {
        match &**reference {
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "amp" => Ok('&'),
            "apos" => Ok('\''),
            "quot" => Ok('"'),
            name => match name.strip_prefix('#') {
                Some(number) => self.character(number),
                None => Err(self.error(Class::Parse, "an entity is not defined")),
            },
        }
    }

    fn character(&self, number: &str) -> Result<char, DecodeError> {
        let (digits, radix) = match number.strip_prefix('x') {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
            return Err(self.error(Class::Parse, "a character reference is malformed"));
        }
        let code = u32::from_str_radix(digits, radix).ok();
        code.and_then(char::from_u32)
            .filter(|&character| is_legal(character))
            .ok_or_else(|| self.error(Class::Character, "a reference to a forbidden character"))
    }

    /// Production 17: a target, which is a name, and not `xml` in any case.
    fn instruction(&self, instruction: &BytesPI<'_>) -> Result<Option<Token<'a>>, DecodeError> {
        let target = instruction.target();
        let is_name = target.starts_with(|first: char| first.is_alphabetic() || first == '_');
        if is_name && !target.eq_ignore_ascii_case("xml") {
            return Ok(None);
        }
        Err(self.error(Class::Parse, "a processing instruction is malformed"))
    }

    fn inside_root(&self) -> Result<(), DecodeError> {
        if self.open == 0 {
            return Err(self.error(Class::Parse, "there is text outside the root element"));
        }
        Ok(())
    }

    fn ended(&self) -> Result<Token<'a>, DecodeError> {
        match (self.seen_root, self.open) {
            (true, 0) => Ok(Token::End),
            (true, _) => Err(self.error(Class::Parse, "an element is not closed")),
            (false, _) => Err(self.error(Class::Parse, "there is no root element")),
        }
    }

    fn parse_error(&self, error: &quick_xml::Error) -> DecodeError {
        let reason = match error {
            quick_xml::Error::Syntax(_) => "the document ends inside of markup",
            quick_xml::Error::IllFormed(_) => "a tag, comment or reference is ill-formed",
            _ => "the document is not XML",
        };
        self.error(Class::Parse, reason)
    }
}

/// Whether that is XML's white space (production 3) only.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}
