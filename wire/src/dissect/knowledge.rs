//! What a dissector may know beyond the bytes: protobuf's names.

use prost_reflect::{DescriptorPool, MessageDescriptor};
use thiserror::Error;

use crate::recording::Direction;

/// Names of protobuf fields, from descriptors. Without any, messages are read by their wire types
/// alone, and what is guessed is marked so.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    pool: DescriptorPool,
}

/// A descriptor set that cannot be read.
#[derive(Debug, Error)]
#[error("this is no descriptor set: build one with `buf build -o FILE` or `protoc -o FILE`")]
pub struct NoDescriptors(#[source] prost_reflect::DescriptorError);

impl Knowledge {
    /// Adds the messages and services of a `google.protobuf.FileDescriptorSet`, as `protoc -o` and
    /// server reflection give it.
    ///
    /// # Errors
    /// Bytes that are no such set, or one that names files which are not in it.
    pub fn with_descriptors(mut self, file_descriptor_set: &[u8]) -> Result<Self, NoDescriptors> {
        let added = self.pool.decode_file_descriptor_set(file_descriptor_set);
        added.map_err(NoDescriptors)?;
        Ok(self)
    }

    /// What a call of that path (`/calculator.Calculator/Add`) sends in that direction.
    #[must_use]
    pub fn message_of_call(&self, path: &str, direction: Direction) -> Option<MessageDescriptor> {
        let (service, method) = path.strip_prefix('/')?.split_once('/')?;
        let service = self.pool.get_service_by_name(service)?;
        let method = service.methods().find(|known| known.name() == method)?;
        Some(match direction {
            Direction::Up => method.input(),
            Direction::Down => method.output(),
        })
    }

    /// The message of that full name (`calculator.AddRequest`).
    #[must_use]
    pub fn message(&self, full_name: &str) -> Option<MessageDescriptor> {
        self.pool.get_message_by_name(full_name)
    }
}
