//! Uploads of files, and of what comes by a pipe.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::thread;

use super::people::directory;
use super::process::{Server, only_line, run, run_with, text};

/// 300,000 bytes: some chunks, the last of them not full.
fn bytes() -> Vec<u8> {
    (0..300_000_u32)
        .map(|place| (place * 7 % 251) as u8)
        .collect()
}

/// By `sha256sum` of coreutils, of the bytes above.
const SHA256: &str = "b1cf7538cf80d01efe3e0b8e45dc930048a138c7b6f8c4aff08f478e4695e631";

#[test]
fn a_file_is_sent_and_its_hash_is_that_of_sha256sum() {
    let server = Server::start(&[]);
    let file = directory("uploads").join("some file");
    fs::write(&file, bytes()).unwrap();
    let file = file.to_str().unwrap();
    let output = run(&["upload", file, "--url", &server.url]);
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(printed.starts_with("300000 bytes in "), "{printed}");
    assert!(
        printed.ends_with(&format!("\n{SHA256}  {file}\n")),
        "{printed}"
    );
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn standard_input_is_sent_and_json_printed() {
    let server = Server::start(&[]);
    let words = ["upload", "-", "--json", "--url", &server.url];
    let printed = text(&run_with(&words, &bytes()).stdout);
    assert!(
        printed.starts_with("{\"size_bytes\":300000,\"chunks\":"),
        "{printed}"
    );
    assert!(
        printed.ends_with(&format!(",\"sha256\":\"{SHA256}\"}}\n")),
        "{printed}"
    );
    let empty = text(&run_with(&words, b"").stdout);
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert!(empty.contains("\"size_bytes\":0,"), "{empty}");
    assert!(empty.contains(nothing), "{empty}");
}

#[test]
fn a_file_that_cannot_be_read_is_one_line_and_exit_code_1() {
    let server = Server::start(&[]);
    for file in ["no such file", env!("CARGO_TARGET_TMPDIR")] {
        let told = only_line(&run(&["upload", file, "--url", &server.url]), 1);
        assert!(told.contains("cannot be read: "), "{told}");
    }
}

/// The server takes a part and hangs up.
#[test]
fn a_broken_upload_is_one_line_and_exit_code_1() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = thread::spawn(move || {
        // Some clients try once more, and are hung up on again.
        while let Ok((mut connection, _)) = listener.accept() {
            let mut taken = [0; 1_000];
            if connection.read(&mut taken).unwrap_or(0) == 0 {
                return;
            }
        }
    });
    let output = run_with(&["upload", "-", "--url", &address], &bytes());
    let told = only_line(&output, 1);
    assert!(told.starts_with("error: Unavailable: "), "{told}");
    // Ends the thread: a connection that says nothing.
    drop(std::net::TcpStream::connect(&address));
    server.join().unwrap();
}
