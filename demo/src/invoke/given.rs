//! The arguments of one call, by the shapes that the table of operations says.

use services::model::{
    ChatMessage, Metric, MetricRequest, NewUser, NewUsuario, Password, Usage, UserChanges, UserPage,
};
use services::{Error, Operation};

use crate::value::Value;

/// The arguments of one call.
pub(super) struct Given<'a> {
    pub(super) operation: &'a Operation,
    pub(super) arguments: &'a [Value],
}

impl Given<'_> {
    pub(super) fn unknown(&self) -> Error {
        Error::unknown_operation(self.operation.name)
    }

    /// The argument at that place, where it is of the kind that `read` takes.
    fn get<'a, T>(
        &'a self,
        place: usize,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<T, Error> {
        let value = self.arguments.get(place).and_then(read);
        value.ok_or_else(|| {
            let field = self.operation.parameters.get(place);
            let name = field.map_or("an argument", |field| field.name);
            let operation = self.operation.name;
            Error::InvalidArgument(format!(
                "{name} of {operation} is missing or of another kind"
            ))
        })
    }

    /// The same, or `None` where it was left out.
    fn optional<'a, T>(
        &'a self,
        place: usize,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        match self.arguments.get(place) {
            None | Some(Value::Absent) => Ok(None),
            Some(_) => self.get(place, read).map(Some),
        }
    }

    pub(super) fn integer(&self, place: usize) -> Result<i32, Error> {
        self.get(place, as_integer)
    }

    pub(super) fn text(&self, place: usize) -> Result<&str, Error> {
        self.get(place, as_text)
    }

    fn owned(&self, place: usize) -> Result<String, Error> {
        self.text(place).map(str::to_owned)
    }

    fn optional_text(&self, place: usize) -> Result<Option<String>, Error> {
        let text = self.optional(place, as_text)?;
        Ok(text.map(str::to_owned))
    }

    pub(super) fn usage(&self) -> Result<Usage, Error> {
        Ok(Usage {
            cpu_usage: self.get(0, as_doubles)?,
            memory_usage: self.get(1, as_doubles)?,
        })
    }

    pub(super) fn request(&self) -> Result<MetricRequest, Error> {
        Ok(MetricRequest {
            hostname: self.owned(0)?,
            metric_type: self.owned(1)?,
        })
    }

    pub(super) fn metrics(&self) -> Result<Vec<Metric>, Error> {
        let items = 0..self.arguments.len();
        items.map(|place| self.get(place, as_metric)).collect()
    }

    pub(super) fn new_user(&self) -> Result<NewUser, Error> {
        Ok(NewUser {
            name: self.owned(0)?,
            email: self.owned(1)?,
            roles: self.optional(2, as_texts)?.unwrap_or_default(),
            external_id: self.optional_text(3)?,
        })
    }

    pub(super) fn page(&self) -> Result<UserPage, Error> {
        Ok(UserPage {
            after: self.optional(0, as_integer)?.unwrap_or_default(),
            limit: self.optional(1, as_integer)?.unwrap_or_default(),
        })
    }

    pub(super) fn changes(&self) -> Result<UserChanges, Error> {
        self.get(1, as_changes)
    }

    pub(super) fn new_usuario(&self) -> Result<NewUsuario, Error> {
        Ok(NewUsuario {
            nome: self.owned(0)?,
            email: self.owned(1)?,
            senha: Password(self.owned(2)?),
            id: self.optional_text(3)?,
        })
    }

    /// Its place in the order is the server's to give, whatever was given.
    pub(super) fn message(&self) -> Result<ChatMessage, Error> {
        let timestamp = self.optional(2, |value| match value {
            Value::Timestamp(timestamp) => Some(*timestamp),
            _ => None,
        })?;
        Ok(ChatMessage {
            user: self.owned(0)?,
            text: self.owned(1)?,
            timestamp: timestamp.unwrap_or_default(),
            sequence: 0,
            id: self.optional_text(4)?.unwrap_or_default(),
        })
    }
}

fn as_integer(value: &Value) -> Option<i32> {
    match value {
        Value::Integer(integer) => i32::try_from(*integer).ok(),
        _ => None,
    }
}

fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Integers are welcome where doubles are expected.
fn as_double(value: &Value) -> Option<f64> {
    match value {
        Value::Double(double) => Some(*double),
        Value::Integer(integer) => i32::try_from(*integer).ok().map(f64::from),
        _ => None,
    }
}

fn as_list<T>(value: &Value, item: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    match value {
        Value::List(items) => items.iter().map(item).collect(),
        _ => None,
    }
}

fn as_doubles(value: &Value) -> Option<Vec<f64>> {
    as_list(value, as_double)
}

fn as_texts(value: &Value) -> Option<Vec<String>> {
    as_list(value, |item| as_text(item).map(str::to_owned))
}

fn as_metric(value: &Value) -> Option<Metric> {
    let Value::Timestamp(timestamp) = *value.field("timestamp")? else {
        return None;
    };
    Some(Metric {
        hostname: as_text(value.field("hostname")?)?.to_owned(),
        metric_type: as_text(value.field("metric_type")?)?.to_owned(),
        value: as_double(value.field("value")?)?,
        timestamp,
        unit: as_text(value.field("unit")?)?.to_owned(),
    })
}

/// A record, of which any field may be missing.
fn as_changes(value: &Value) -> Option<UserChanges> {
    let text = |name| match value.field(name) {
        None | Some(Value::Absent) => Some(None),
        Some(value) => as_text(value).map(|text| Some(text.to_owned())),
    };
    let roles = match value.field("roles") {
        None | Some(Value::Absent) => None,
        Some(value) => Some(as_texts(value)?),
    };
    matches!(value, Value::Record(_)).then_some(UserChanges {
        name: text("name")?,
        email: text("email")?,
        roles,
    })
}
