//! How gRPC frames its messages. The messages themselves are prost's business. Wire types, without
//! promise of stability.

/// The five bytes before each message, and the rules that tonic leaves unchecked or answers with
/// another code.
pub mod frames;

/// prost as tonic wants it.
pub mod messages;
