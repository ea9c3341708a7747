//! What Trivium serves, and what every client of Trivium is: no protocol, no disk, no network.
//!
//! Read the modules in this order.

/// The data that operations take and give: bare structs without serialisation.
pub mod model;

/// The one error of all services, and its code.
pub mod error;

/// What travels beside the arguments of a call: deadline, metadata, peer, and what was learnt.
pub mod context;

/// The stream type, and how a deadline covers a stream.
pub mod stream;

/// One trait a service, and [`Backend`], their sum.
pub mod backend;

/// The operations as data: names, parameters, results, and which are safe to repeat.
pub mod operation;

/// Plain options for servers and clients of every protocol.
pub mod options;

/// What every server puts around its backend: deadlines, panics, closing, observation.
pub mod guard;

/// Where users are kept: the seam between the logic and what outlives a process.
pub mod store;

/// The room of the chat: the one order, who takes part, and who is too slow.
pub mod chat;

/// The services in this process: the real logic, and the oracle of every test.
pub mod local;

/// The scenarios that hold for every backend, over whatever wire.
pub mod conformance;

pub use backend::{Backend, Calculator, Chat, Files, Greeter, Metrics, Numbers, Users, Usuarios};
pub use chat::{ChatRoom, MemoryRoom};
pub use context::{ByteCount, Context, DeadlineScope, Exchange, Metadata};
pub use error::{Code, Error};
pub use guard::guarded;
pub use local::{Local, LocalConfig};
pub use operation::Operation;
pub use options::{CallRecord, ClientOptions, Limits, Observer, ServeOptions, Traffic};
pub use store::{MemoryStore, UserStore};
pub use stream::Stream;
