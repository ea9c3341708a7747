//! Compiles the contract in `../proto` to Rust, without `protoc`, and keeps the descriptors, from
//! which the reflection service tells the contract.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use protox::prost::Message;

/// The contract, one file a service.
const FILES: [&str; 4] = [
    "calculator.proto",
    "hello.proto",
    "monitoring.proto",
    "streaming.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../proto");
    let descriptors = protox::compile(FILES, ["../proto"])?;
    let descriptors_path = PathBuf::from(env::var("OUT_DIR")?).join("contract.bin");
    fs::write(descriptors_path, descriptors.encode_to_vec())?;
    // The transport of the stubs is this room's own: see `src/client.rs`.
    tonic_prost_build::configure()
        .build_transport(false)
        .compile_fds(descriptors)?;
    Ok(())
}
