//! The program, run as its user runs it.

#[path = "../../demo/program_tests.rs"]
mod program_tests;

const BINARY: &str = env!("CARGO_BIN_EXE_jsonrpc-demo");
const PROTOCOL: &str = "JSON-RPC";
