//! Compiles the contract in `../proto` to Rust, without `protoc`, and keeps the descriptors, from
//! which the reflection service tells the contract.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use protox::prost::Message;
use tonic_prost_build::FileDescriptorSet;

/// The contract, one file a service.
const FILES: [&str; 8] = [
    "calculator.proto",
    "hello.proto",
    "monitoring.proto",
    "streaming.proto",
    "users.proto",
    "usuarios.proto",
    "files.proto",
    "chat.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../proto");
    // region: compile
    let mut descriptors = protox::compile(FILES, ["../proto"])?;
    // endregion: compile
    let descriptors_path = PathBuf::from(env::var("OUT_DIR")?).join("contract.bin");
    fs::write(descriptors_path, descriptors.encode_to_vec())?;
    tell_minus_zero_from_zero(&mut descriptors);
    // The transport of the stubs is this room's own: see `src/client.rs`.
    tonic_prost_build::configure()
        .build_transport(false)
        .codec_path("crate::codec::messages::Protobuf")
        // Without a copy of what a file's chunks hold.
        .bytes(".files.Chunk")
        // It may hold a password: `src/contract.rs` shows the rest.
        .skip_debug([".usuarios.Usuario"])
        .compile_fds(descriptors)?;
    Ok(())
}

/// prost leaves a double out that equals 0.0, which −0.0 does, though protobuf tells them apart by
/// their bits. So the generated fields are options, and `src/convert.rs` decides; on the wire and
/// in what reflection tells nothing changes.
fn tell_minus_zero_from_zero(descriptors: &mut FileDescriptorSet) {
    let messages = descriptors
        .file
        .iter_mut()
        .flat_map(|file| &mut file.message_type);
    for field in messages.flat_map(|message| &mut message.field) {
        let repeated = field.label().as_str_name() == "LABEL_REPEATED";
        if field.r#type().as_str_name() == "TYPE_DOUBLE" && !repeated {
            field.proto3_optional = Some(true);
        }
    }
}
