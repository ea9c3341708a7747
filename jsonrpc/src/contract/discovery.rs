//! What the contract tells of itself.

use jsonrpsee::proc_macros::rpc;

use super::Answer;

/// The specification of OpenRPC, "Service Discovery Method".
#[rpc(server)]
pub trait Discovery {
    /// The OpenRPC document.
    #[method(name = "rpc.discover")]
    fn discover(&self) -> Answer<serde_json::Value>;
}
