//! From tokens to calls, replies and values.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use dxr::{Fault, MethodCall, Value};

use super::error::{Class, DecodeError};
use super::tokens::{Tag, Token, Tokens, is_blank};
use super::{MAX_DEPTH, document, scalar};

/// What a server answers.
pub type Reply = Result<Value, Fault>;

/// Reads a `methodCall`.
///
/// # Errors
/// The document's first fault; a document that is not XML is [`Class::Parse`] or
/// [`Class::Character`] whatever else is wrong with it.
///
/// ```
/// let call = xmlrpc::codec::read_call(b"<methodCall><methodName>ping</methodName></methodCall>")?;
/// assert_eq!(call.name, "ping");
/// assert!(call.params.is_empty());
/// # Ok::<(), xmlrpc::codec::DecodeError>(())
/// ```
pub fn read_call(bytes: &[u8]) -> Result<MethodCall<'_>, DecodeError> {
    Reader::read(bytes, Reader::call)
}

/// Reads a `methodResponse`: its value, or its fault.
///
/// # Errors
/// As [`read_call`].
pub fn read_reply(bytes: &[u8]) -> Result<Reply, DecodeError> {
    Reader::read(bytes, Reader::reply)
}

struct Reader<'a> {
    tokens: Tokens<'a>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn read<T>(
        bytes: &'a [u8],
        root: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let tokens = Tokens::new(&document::open(bytes)?);
        let mut reader = Self { tokens, depth: 0 };
        let result = root(&mut reader);
        match &result {
            // An error of XML further on outranks an error of XML-RPC.
            Err(error) if matches!(error.class, Class::Request | Class::Params) => {
                reader.tokens.check_rest()?;
            }
            Err(_) => {}
            Ok(_) => reader.tokens.check_rest()?,
        }
        result
    }

    fn call(&mut self) -> Result<MethodCall<'a>, DecodeError> {
        self.expect(Tag::MethodCall, "the root element is not methodCall")?;
        self.expect(Tag::MethodName, "methodCall does not begin with methodName")?;
        let name = self.text()?;
        if is_blank(&name) {
            return Err(self.refused("methodName is empty"));
        }
        let params = match self.element()? {
            None => {
                return Ok(MethodCall {
                    name,
                    params: Vec::new(),
                });
            }
            Some(Tag::Params) => self.params()?,
            Some(_) => return Err(self.refused("methodName is not followed by params")),
        };
        self.close()?;
        Ok(MethodCall { name, params })
    }

    fn params(&mut self) -> Result<Vec<Value>, DecodeError> {
        let mut params = Vec::new();
        while let Some(tag) = self.element()? {
            if tag != Tag::Param {
                return Err(self.refused("params holds something other than param"));
            }
            params.push(self.only_value()?);
        }
        Ok(params)
    }

    fn reply(&mut self) -> Result<Reply, DecodeError> {
        self.expect(
            Tag::MethodResponse,
            "the root element is not methodResponse",
        )?;
        let reply = match self.element()? {
            Some(Tag::Params) => {
                let mut params = self.params()?;
                match (params.pop(), params.is_empty()) {
                    (Some(value), true) => Ok(value),
                    _ => return Err(self.refused("the response has not one param")),
                }
            }
            Some(Tag::Fault) => {
                let fault = self.only_value()?;
                Err(read_fault(fault).ok_or_else(|| self.refused("the fault is malformed"))?)
            }
            _ => return Err(self.refused("methodResponse holds neither params nor fault")),
        };
        self.close()?;
        Ok(reply)
    }

    /// The one `value` of an element that is open, and the element's end.
    fn only_value(&mut self) -> Result<Value, DecodeError> {
        self.expect(Tag::Value, "a value is missing")?;
        let value = self.value()?;
        self.close()?;
        Ok(value)
    }

    /// A value whose start tag has been read.
    fn value(&mut self) -> Result<Value, DecodeError> {
        if self.depth == MAX_DEPTH {
            return Err(self.refused("values nest too deep"));
        }
        self.depth += 1;
        let mut text = Cow::Borrowed("");
        let value = loop {
            match self.tokens.next()? {
                Token::Text(piece) => append(&mut text, piece),
                Token::Open(_) if !is_blank(&text) => {
                    return Err(self.refused("a value holds both text and an element"));
                }
                Token::Open(tag) => {
                    let value = self.typed(tag)?;
                    self.close()?;
                    break value;
                }
                // A value without a type is a string.
                Token::Close | Token::End => break Value::String(text.into_owned()),
            }
        };
        self.depth -= 1;
        Ok(value)
    }

    fn typed(&mut self, tag: Tag) -> Result<Value, DecodeError> {
        let scalar = match tag {
            Tag::Array => return self.array(),
            Tag::Struct => return self.structure(),
            Tag::String => return Ok(Value::String(self.text()?.into_owned())),
            Tag::Double => scalar::double,
            Tag::Int | Tag::I4 => scalar::int,
            Tag::Boolean => scalar::boolean,
            Tag::DateTime => scalar::date_time,
            Tag::Base64 => scalar::base64,
            _ => return Err(self.refused("a value has an unknown type")),
        };
        let text = self.text()?;
        scalar(&text).map_err(|reason| self.tokens.error(Class::Params, reason))
    }

    fn array(&mut self) -> Result<Value, DecodeError> {
        self.expect(Tag::Data, "an array holds no data")?;
        let mut items = Vec::new();
        loop {
            while self.depth < MAX_DEPTH
                && let Some(number) = self.tokens.plain_double()
            {
                items.push(Value::Double(number));
            }
            match self.element()? {
                None => break,
                Some(Tag::Value) => items.push(self.value()?),
                Some(_) => return Err(self.refused("data holds something other than value")),
            }
        }
        self.close()?;
        Ok(Value::Array(items))
    }

    fn structure(&mut self) -> Result<Value, DecodeError> {
        let mut members = BTreeMap::new();
        while let Some(tag) = self.element()? {
            if tag != Tag::Member {
                return Err(self.refused("a struct holds something other than member"));
            }
            self.expect(Tag::Name, "a member does not begin with its name")?;
            let name = self.text()?.into_owned();
            let value = self.only_value()?;
            match members.entry(name) {
                Entry::Vacant(entry) => entry.insert(value),
                Entry::Occupied(_) => return Err(self.refused("a struct names a member twice")),
            };
        }
        Ok(Value::Struct(members))
    }

    /// The start of the next element inside of the one that is open, or `None` at its end.
    fn element(&mut self) -> Result<Option<Tag>, DecodeError> {
        loop {
            match self.tokens.next()? {
                Token::Open(tag) => return Ok(Some(tag)),
                Token::Close | Token::End => return Ok(None),
                Token::Text(text) if is_blank(&text) => {}
                Token::Text(_) => return Err(self.refused("there is text between elements")),
            }
        }
    }

    fn expect(&mut self, tag: Tag, otherwise: &'static str) -> Result<(), DecodeError> {
        match self.element()? {
            Some(found) if found == tag => Ok(()),
            _ => Err(self.refused(otherwise)),
        }
    }

    /// The end of the element that is open.
    fn close(&mut self) -> Result<(), DecodeError> {
        match self.element()? {
            None => Ok(()),
            Some(_) => Err(self.refused("an element holds one element too many")),
        }
    }

    /// All text of the element that is open, and its end.
    fn text(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        let mut text = Cow::Borrowed("");
        loop {
            match self.tokens.next()? {
                Token::Text(piece) => append(&mut text, piece),
                Token::Close | Token::End => return Ok(text),
                Token::Open(_) => return Err(self.refused("an element where only text may be")),
            }
        }
    }

    fn refused(&self, reason: &'static str) -> DecodeError {
        self.tokens.error(Class::Request, reason)
    }
}

fn append<'a>(text: &mut Cow<'a, str>, piece: Cow<'a, str>) {
    if text.is_empty() {
        *text = piece;
    } else {
        text.to_mut().push_str(&piece);
    }
}

fn read_fault(value: Value) -> Option<Fault> {
    let Value::Struct(mut members) = value else {
        return None;
    };
    match (members.remove("faultCode")?, members.remove("faultString")?) {
        (Value::Integer(code), Value::String(text)) => Some(Fault::new(code, text)),
        _ => None,
    }
}
