//! What elements mean: XML-RPC's by their names, others by themselves.

use super::super::path::Path;
use crate::span::{Role, Span};

/// What an element is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Some element, not of XML-RPC.
    Element,
    /// XML-RPC's `methodCall` or `methodResponse`.
    Root,
    /// `methodName`
    MethodName,
    /// `params`
    Params,
    /// `param` or `fault`: around a value.
    Around,
    /// `value`
    Value,
    /// `int`, `string` and the like.
    Scalar,
    /// `struct`
    Struct,
    /// `member`
    Member,
    /// `name` of a member.
    MemberName,
    /// `array`
    Array,
    /// `data`
    Data,
    /// An element that XML-RPC does not have there.
    Stranger,
}

impl Meaning {
    /// Of the document's one element.
    pub(super) fn of_root(name: &str, path: &mut Path) -> Self {
        match name {
            "methodCall" | "methodResponse" => Self::Root,
            _ => {
                path.enter(name);
                Self::Element
            }
        }
    }

    /// Of an element in this one, before which `index` others came; the path goes down to it.
    pub(super) fn of_child(self, name: &str, index: usize, path: &mut Path) -> Self {
        match (self, name) {
            (Self::Element, _) => path.enter(name),
            (Self::Root, "params" | "fault") => path.enter(name),
            (Self::Params, "param") | (Self::Data, "value") => path.enter_index(index),
            _ => {}
        }
        match (self, name) {
            (Self::Element, _) => Self::Element,
            (Self::Root, "methodName") => Self::MethodName,
            (Self::Root, "params") => Self::Params,
            (Self::Root, "fault") | (Self::Params, "param") => Self::Around,
            (Self::Around | Self::Member | Self::Data, "value") => Self::Value,
            (Self::Value, "struct") => Self::Struct,
            (Self::Value, "array") => Self::Array,
            (Self::Value, _) => Self::Scalar,
            (Self::Struct, "member") => Self::Member,
            (Self::Member, "name") => Self::MemberName,
            (Self::Array, "data") => Self::Data,
            _ => Self::Stranger,
        }
    }

    /// Whether blanks alone say something in it.
    pub(super) fn says(self) -> bool {
        matches!(
            self,
            Self::Element | Self::MethodName | Self::Value | Self::Scalar
        ) || self == Self::MemberName
    }

    /// Role and name of text in it.
    pub(super) fn of_text(self) -> (Role, &'static str) {
        match self {
            Self::Element | Self::Value | Self::Scalar => (Role::Value, "text"),
            Self::MethodName => (Role::Encoding, "method name"),
            Self::MemberName => (Role::Encoding, "member name"),
            _ => (Role::Encoding, "text"),
        }
    }

    /// A sentence on the element.
    pub(super) fn about(self) -> &'static str {
        match self {
            Self::Root => "XML-RPC's message, a whole document each (xmlrpc.com/spec.md)",
            Self::MethodName => "what is called",
            Self::Params => "arguments by place, or the one result",
            Self::Value => "a value, whose element tells its type; without one it is a string",
            Self::Struct => "members by name; each name comes with each value",
            Self::Array => "values by place",
            Self::Stranger => "XML-RPC has no such element here",
            _ => "",
        }
    }
}

/// What an element says when it is folded: its text, where that is all there is between its tags.
pub(super) fn summary(element: &Span) -> String {
    match &element.children[..] {
        [_, text, _] if text.children.is_empty() => text.value.clone(),
        [_, inner, _] => inner.value.clone(),
        _ => String::new(),
    }
}
