//! Why a document cannot be read or written. Never holds a piece of the document.

use std::fmt;

/// What is wrong with a document, with the fault code that tells it: Dan Libby's "Specification
/// for Fault Code Interoperability, version 20010516".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Not well-formed XML.
    Parse,
    /// In an encoding other than UTF-8.
    Encoding,
    /// Bytes that are not UTF-8, or a character that XML 1.0 forbids.
    Character,
    /// Well-formed, but not XML-RPC.
    Request,
    /// XML-RPC, with a value that its type does not allow.
    Params,
}

impl Class {
    /// The fault code of this class.
    #[must_use]
    pub const fn fault_code(self) -> i32 {
        match self {
            Self::Parse => -32700,
            Self::Encoding => -32701,
            Self::Character => -32702,
            Self::Request => -32600,
            Self::Params => -32602,
        }
    }
}

/// Why a document cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason}, at byte {position} of the document")]
pub struct DecodeError {
    /// What is wrong, in kind.
    pub class: Class,
    /// Where it was noticed: the offset of a byte, from 0.
    pub position: usize,
    /// What is wrong, in words.
    pub reason: &'static str,
}

impl DecodeError {
    pub(crate) const fn new(class: Class, position: usize, reason: &'static str) -> Self {
        Self {
            class,
            position,
            reason,
        }
    }
}

/// Why a value cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncodeError {
    /// The first character that XML 1.0 forbids, escaped or not.
    Character(char),
    /// XML-RPC has no infinity and no NaN.
    NotFinite,
    /// One of dxr's extensions, which the standard does not know.
    NotStandard,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(character) => write!(
                f,
                "XML cannot carry the character U+{:04X}",
                u32::from(*character)
            ),
            Self::NotFinite => f.write_str("XML-RPC has no infinity and no NaN"),
            Self::NotStandard => f.write_str("the value's type is not in the XML-RPC standard"),
        }
    }
}

impl std::error::Error for EncodeError {}
