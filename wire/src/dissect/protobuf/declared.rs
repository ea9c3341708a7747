//! What a descriptor says of a field.

use prost_reflect::{Cardinality, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use super::tag::WireType;

/// What a descriptor says of a field, an extension among them.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// A list of values, not a map.
    pub(super) list: bool,
    pub(super) map: bool,
    group: bool,
    /// The oneof in which it stands.
    pub(super) oneof: Option<String>,
    /// As a `.proto` file declares it: `repeated double cpu_usage = 1`.
    pub(super) statement: String,
}

impl Declared {
    /// The field of that number.
    pub(super) fn find(message: &MessageDescriptor, number: u32) -> Option<Self> {
        let field = message.get_field(number).map(|field| Self::field(&field));
        field.or_else(|| {
            let extension = message.get_extension(number)?;
            Some(Self::extension(&extension))
        })
    }

    fn field(field: &FieldDescriptor) -> Self {
        let oneof = field.containing_oneof();
        let oneof = oneof.filter(|oneof| !oneof.is_synthetic());
        let declared = Self {
            name: field.name().to_owned(),
            kind: field.kind(),
            list: field.is_list(),
            map: field.is_map(),
            group: field.is_group(),
            oneof: oneof.map(|oneof| oneof.name().to_owned()),
            statement: String::new(),
        };
        declared.stated(field.number(), field.cardinality())
    }

    fn extension(extension: &ExtensionDescriptor) -> Self {
        let declared = Self {
            name: format!("[{}]", extension.full_name()),
            kind: extension.kind(),
            list: extension.is_list(),
            map: extension.is_map(),
            group: extension.is_group(),
            oneof: None,
            statement: String::new(),
        };
        declared.stated(extension.number(), extension.cardinality())
    }

    fn stated(mut self, number: u32, cardinality: Cardinality) -> Self {
        let kind = match &self.kind {
            Kind::Message(entry) if self.map => {
                let key = type_name(&entry.map_entry_key_field().kind());
                let value = type_name(&entry.map_entry_value_field().kind());
                format!("map<{key}, {value}>")
            }
            kind => type_name(kind),
        };
        let label = match cardinality {
            Cardinality::Repeated if !self.map => "repeated ",
            Cardinality::Required => "required ",
            _ => "",
        };
        self.statement = format!("{label}{kind} {} = {number}", self.name);
        self
    }

    /// Whether a field that is declared so may come with that wire type; one that may not is an
    /// unknown field to its receiver.
    pub(super) fn allows(&self, wire_type: WireType) -> bool {
        match wire_type {
            WireType::GroupBegin => self.group,
            WireType::GroupEnd => false,
            _ if self.group => false,
            _ => self.own_wire_type() == wire_type || self.is_packed(wire_type),
        }
    }

    /// Whether its values come one behind the other in one field. Receivers take both forms,
    /// whichever is declared (protobuf.dev, Encoding, "Packed Repeated Fields").
    pub(super) fn is_packed(&self, wire_type: WireType) -> bool {
        let numbers = self.own_wire_type() != WireType::Delimited && !self.group;
        self.list && numbers && wire_type == WireType::Delimited
    }

    /// The message that it is.
    pub(super) fn message(&self) -> Option<&MessageDescriptor> {
        match &self.kind {
            Kind::Message(message) => Some(message),
            _ => None,
        }
    }

    /// The wire type of one value.
    pub(super) fn own_wire_type(&self) -> WireType {
        match self.kind {
            Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => WireType::Fixed64,
            Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => WireType::Fixed32,
            Kind::String | Kind::Bytes | Kind::Message(_) => WireType::Delimited,
            _ => WireType::Varint,
        }
    }
}

/// As a `.proto` file writes it.
fn type_name(kind: &Kind) -> String {
    match kind {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(named) => named.full_name().to_owned(),
        scalar => scalar_name(scalar).to_owned(),
    }
}

/// A scalar type's name; what a value of another is called.
pub(super) fn scalar_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Double => "double",
        Kind::Float => "float",
        Kind::Int32 => "int32",
        Kind::Int64 => "int64",
        Kind::Uint32 => "uint32",
        Kind::Uint64 => "uint64",
        Kind::Sint32 => "sint32",
        Kind::Sint64 => "sint64",
        Kind::Fixed32 => "fixed32",
        Kind::Fixed64 => "fixed64",
        Kind::Sfixed32 => "sfixed32",
        Kind::Sfixed64 => "sfixed64",
        Kind::Bool => "bool",
        Kind::String => "string",
        Kind::Bytes => "bytes",
        Kind::Message(_) => "message",
        Kind::Enum(_) => "enum",
    }
}
