//! The invariants of ARCHITECTURE.md that a program can check.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOMS: [&str; 4] = ["xmlrpc", "jsonrpc", "grpc", "rest"];

/// Every member of the workspace.
const MEMBERS: [&str; 12] = [
    "services",
    "transport",
    "stores",
    "demo",
    "xmlrpc",
    "jsonrpc",
    "grpc",
    "rest",
    "wire",
    "slides",
    "exercises",
    "bench",
];

/// The files that every room has.
const ROOM_FILES: [&str; 17] = [
    "README.md",
    "Cargo.toml",
    "src/lib.rs",
    "src/contract.rs",
    "src/convert.rs",
    "src/error.rs",
    "src/server.rs",
    "src/client.rs",
    "src/main.rs",
    "tests/conformance.rs",
    "tests/lifecycle.rs",
    "tests/program.rs",
    "tests/client.rs",
    "tests/wire.rs",
    "tests/peer.rs",
    "tests/bad_input.rs",
    "benches/codec.rs",
];

/// Crates that only one room may stand on, with the rooms that may.
const STACKS: [(&str, &[&str]); 7] = [
    ("dxr", &["xmlrpc"]),
    ("quick-xml", &["xmlrpc"]),
    ("jsonrpsee", &["jsonrpc"]),
    ("tokio-tungstenite", &["jsonrpc"]),
    ("tonic", &["grpc"]),
    ("prost", &["grpc"]),
    ("axum", &["rest"]),
];

/// What a room would have to pull in to speak TLS.
const TLS: [&str; 6] = [
    "rustls",
    "native-tls",
    "openssl",
    "openssl-sys",
    "ring",
    "aws-lc-rs",
];

/// What `services` may not stand on: protocols, serialisation, HTTP, disks.
const NOT_IN_SERVICES: [&str; 13] = [
    "dxr",
    "quick-xml",
    "jsonrpsee",
    "tonic",
    "prost",
    "axum",
    "tower",
    "hyper",
    "http",
    "serde",
    "serde_json",
    "redb",
    "redis",
];

/// Libraries whose types stay inside a room.
const NOT_IN_SIGNATURES: [&str; 6] = ["axum", "hyper", "tower", "tonic", "jsonrpsee", "dxr"];

fn root() -> &'static Path {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
    bench.parent().expect("bench lies in the workspace")
}

fn read(path: &Path) -> String {
    let text = fs::read_to_string(path);
    text.unwrap_or_else(|cause| panic!("{} cannot be read: {cause}", path.display()))
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).arg("--offline").current_dir(root());
    let output = command
        .output()
        .expect("cargo runs the tests, so it is there");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

/// Names of all crates that a package stands on, itself included, by those kinds of edges.
fn tree(package: &str, edges: &str) -> Vec<String> {
    let tree = cargo(&[
        "tree",
        "--package",
        package,
        "--edges",
        edges,
        "--prefix",
        "none",
    ]);
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

/// Files below a folder, those of tools and builds left out.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let left_out = ["target", "node_modules", "venv"].contains(&&*name);
        match path.is_dir() {
            true if left_out || name.starts_with('.') => {}
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| extensions.contains(&extension))
}

#[test]
fn services_stand_on_no_protocol() {
    for crate_name in tree("services", "normal,build") {
        assert!(
            !NOT_IN_SERVICES.contains(&&*crate_name),
            "services stands on {crate_name}"
        );
    }
}

#[test]
fn no_room_stands_on_another_nor_on_its_stack() {
    for room in ROOMS {
        let tree = tree(&format!("{room}-demo"), "normal");
        for other in ROOMS.iter().filter(|other| **other != room) {
            let package = format!("{other}-demo");
            assert!(!tree.contains(&package), "{room} stands on {package}");
        }
        for (stack, rooms) in STACKS {
            let allowed = rooms.contains(&room);
            let found = tree.iter().any(|name| name == stack);
            assert!(allowed || !found, "{room} stands on {stack}");
        }
    }
}

#[test]
fn no_test_of_a_room_stands_on_another_room() {
    for room in ROOMS {
        let tree = tree(&format!("{room}-demo"), "normal,build,dev");
        let others = ROOMS.iter().filter(|other| **other != room);
        for package in others.map(|other| format!("{other}-demo")) {
            assert!(!tree.contains(&package), "{room} stands on {package}");
        }
    }
}

#[test]
fn the_dissector_and_the_talk_stand_on_no_other_member() {
    for own in ["wire", "slides"] {
        let tree = tree(own, "normal,build,dev");
        for member in MEMBERS.iter().filter(|member| **member != own) {
            let packages = [(*member).to_owned(), format!("{member}-demo")];
            let found = packages.iter().find(|package| tree.contains(package));
            assert_eq!(found, None, "{own} stands on {member}");
        }
        assert!(
            !tree.contains(&"trivium".to_owned()),
            "{own} stands on bench"
        );
    }
}

#[test]
fn exercises_stand_on_no_room_and_not_on_the_workbench() {
    let tree = tree("exercises", "normal,build,dev");
    let rooms = ROOMS.map(|room| format!("{room}-demo"));
    let found = rooms.iter().find(|room| tree.contains(room));
    assert_eq!(found, None);
    assert!(!tree.contains(&"trivium".to_owned()));
}

#[test]
fn no_room_speaks_tls() {
    for room in ROOMS {
        for name in tree(&format!("{room}-demo"), "normal") {
            assert!(!TLS.contains(&&*name), "{room} stands on {name}");
        }
    }
}

#[test]
fn the_default_member_is_the_workbench() {
    let manifest = read(&root().join("Cargo.toml"));
    assert!(
        manifest.contains("default-members = [\"bench\"]"),
        "{manifest}"
    );
}

#[test]
fn versions_stand_in_the_workspace_only() {
    for member in MEMBERS {
        let manifest = read(&root().join(member).join("Cargo.toml"));
        let mut in_dependencies = false;
        for line in manifest.lines().map(str::trim) {
            if line.starts_with('[') {
                in_dependencies = line.contains("dependencies");
            } else if in_dependencies && line.contains('=') && !line.starts_with('#') {
                assert!(
                    line.contains("workspace = true"),
                    "{member}/Cargo.toml: {line}"
                );
            }
        }
    }
}

#[test]
fn every_room_has_the_files_of_the_table() {
    for room in ROOMS {
        for file in ROOM_FILES {
            let path = root().join(room).join(file);
            let text = read(&path);
            assert!(!text.trim().is_empty(), "{} is empty", path.display());
        }
        let examples = files(&root().join(room).join("examples"));
        assert!(!examples.is_empty(), "{room} has no examples");
    }
}

#[test]
fn every_room_writes_every_operation_into_its_contract() {
    for room in ROOMS {
        let source = root().join(room).join("src");
        let mut contract = vec![source.join("contract.rs")];
        contract.extend(files(&source.join("contract")));
        let words: Vec<_> = contract
            .iter()
            .flat_map(|file| words_of_code(&read(file)))
            .collect();
        for operation in services::operation::ALL {
            let name = operation.name;
            assert!(
                words.iter().any(|word| word == name),
                "{room}/src/contract.rs and what is below it do not name {name}"
            );
        }
    }
}

/// The names in a file's code, in lower case, since constants are in upper; comments and tests
/// left out.
fn words_of_code(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim().starts_with("//"));
    let words = lines.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.map(str::to_lowercase).collect()
}

#[test]
fn no_library_type_passes_a_rooms_signatures() {
    for room in ROOMS {
        let server = signatures(&root().join(room), "server", "pub async fn serve");
        assert_eq!(server.len(), 1, "{room} has one serve");
        let client = signatures(&root().join(room), "client", "pub async fn connect");
        assert_eq!(client.len(), 1, "{room} has one connect");
        for signature in server.iter().chain(&client) {
            for library in NOT_IN_SIGNATURES {
                assert!(!signature.contains(library), "{room}: {signature}");
            }
        }
    }
}

/// The functions of that start in a module and its folder, each up to its body.
fn signatures(room: &Path, module: &str, start: &str) -> Vec<String> {
    let file = room.join("src").join(format!("{module}.rs"));
    let folder = files(&room.join("src").join(module));
    let texts = folder.iter().chain([&file]).map(|path| read(path));
    let all: Vec<_> = texts.flat_map(|text| functions(&text, start)).collect();
    all
}

fn functions(text: &str, start: &str) -> Vec<String> {
    let parts = text.split(start).skip(1);
    let open = parts.filter(|rest| rest.starts_with(['(', '<']));
    open.filter_map(|rest| rest.split(['{', ';']).next())
        .map(|rest| format!("{start}{rest}"))
        .collect()
}

#[test]
fn plain_records_import_nothing_that_produces_or_prints() {
    let text = read(&root().join("bench/src/measurement.rs"));
    let imports = text.lines().filter(|line| line.starts_with("use "));
    assert_eq!(imports.collect::<Vec<_>>(), ["use serde::Serialize;"]);
}

#[test]
fn tests_and_examples_bind_port_0() {
    for member in MEMBERS {
        for folder in ["tests", "examples", "benches"] {
            for path in files(&root().join(member).join(folder)) {
                let binding = |line: &&str| line.contains("bind(") || line.contains("--addr");
                let text = if has_extension(&path, &["rs"]) {
                    read(&path)
                } else {
                    continue;
                };
                for line in text.lines().filter(binding) {
                    assert_eq!(fixed_port(line), None, "{}: {line}", path.display());
                }
            }
        }
    }
}

/// A port other than 0 after a colon, or after an address of a tuple.
fn fixed_port(line: &str) -> Option<u32> {
    let after_colon = line.split(':').skip(1);
    let after_comma = line.split("LOCALHOST, ").skip(1);
    let mut ports = after_colon.chain(after_comma).filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    });
    ports.find(|port| *port != 0)
}

#[test]
fn a_fixed_port_is_seen() {
    assert_eq!(fixed_port(r#"listen at "127.0.0.1:9000""#), Some(9000));
    assert_eq!(fixed_port("listen at (Ipv4Addr::LOCALHOST, 80)"), Some(80));
    assert_eq!(fixed_port(r#"listen at "127.0.0.1:0""#), None);
}

#[test]
fn no_text_names_a_place_outside_of_the_repository() {
    // Put together here, so that this file does not name them itself.
    let outside = ["home", "root", "Users"].map(|folder| format!("/{folder}/"));
    let shared = format!("../{}", "shared");
    let endings = [
        "rs", "toml", "md", "py", "js", "go", "sh", "yaml", "yml", "proto",
    ];
    let folders = MEMBERS.into_iter().chain(["docs", "peers", "proto"]);
    let files = folders.flat_map(|folder| files(&root().join(folder)));
    for path in files.filter(|path| has_extension(path, &endings)) {
        let text = read(&path);
        for place in outside.iter().chain([&shared]) {
            assert!(
                !text.contains(place.as_str()),
                "{} names {place}",
                path.display()
            );
        }
    }
}
