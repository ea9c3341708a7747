//! Users from the command line, and where they are kept.

use std::path::PathBuf;
use std::process::Output;

use super::process::{Server, only_line, run, run_with, text};

/// A directory of this test's own, empty.
pub(crate) fn directory(name: &str) -> PathBuf {
    let rooms = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = rooms.join(super::super::PROTOCOL).join(name);
    // It is there where the test was killed the last time.
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn users_are_made_changed_listed_and_removed() {
    let server = Server::start(&[]);
    let in_memory = "Users and chat in memory: gone when this server stops";
    assert_eq!(server.store, in_memory);
    let words = ["create_user", "Ana", "ana@example.org", "admin,reader"];
    let made = printed(&server.call(&[&words[..], &["external_id=u-1"]].concat()));
    let wanted = "id           1\nname         Ana\nemail        ana@example.org\n\
                  roles        admin reader\nexternal_id  u-1\n";
    assert_eq!(made, wanted);
    let taken = server.call(&["create_user", "Eva", "ANA@example.org"]);
    let told = only_line(&taken, 1);
    assert!(
        told.starts_with("error: AlreadyExists: email is "),
        "{told}"
    );
    let changed = server.call(&["update_user", "1", "name=Ana Lima", "roles=", "--json"]);
    let wanted = "{\"id\":1,\"name\":\"Ana Lima\",\"email\":\"ana@example.org\",\"roles\":[],\
                  \"external_id\":\"u-1\"}\n";
    assert_eq!(printed(&changed), wanted);
    let listed = printed(&server.call(&["list_users", "limit=10"]));
    assert_eq!(listed, "1  Ana Lima  ana@example.org    u-1\n");
    assert!(printed(&server.call(&["delete_user", "1"])).contains("Ana Lima"));
    let told = only_line(&server.call(&["get_user", "1"]), 1);
    assert!(told.starts_with("error: NotFound: id is \"1\""), "{told}");
}

#[test]
fn a_password_is_read_from_standard_input_and_never_printed() {
    let server = Server::start(&[]);
    let words = ["criar_usuario", "Duda", "duda@example.org", "-", "u-7"];
    let words = [&["call", "--url", &server.url], &words[..]].concat();
    let made = printed(&run_with(&words, b"s3cret\n"));
    assert_eq!(made, "id     u-7\nnome   Duda\nemail  duda@example.org\n");
    let listed = printed(&server.call(&["obter_usuarios"]));
    assert_eq!(listed, "u-7  Duda  duda@example.org\n");
}

#[test]
fn users_in_a_directory_are_there_after_a_restart() {
    let directory = directory("users_after_a_restart");
    let path = directory.to_str().unwrap();
    let server = Server::start(&["--data", path]);
    assert_eq!(server.store, format!("Users in {path}; chat in memory"));
    printed(&server.call(&["create_user", "Ana", "ana@example.org", "external_id=u-1"]));
    let told = only_line(&run(&["serve", "--addr", "127.0.0.1:0", "--data", path]), 1);
    assert!(told.contains("is in use by"), "{told}");
    let (status, _) = server.end("KILL");
    assert!(!status.success());
    let server = Server::start(&["--data", path]);
    let listed = printed(&server.call(&["list_users"]));
    assert_eq!(listed, "1  Ana  ana@example.org    u-1\n");
}

#[test]
fn a_redis_that_is_not_there_is_one_line_and_exit_code_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    drop(taken);
    let url = format!("redis://:s3cret@{address}");
    let told = only_line(
        &run(&["serve", "--addr", "127.0.0.1:0", "--redis", &url]),
        1,
    );
    assert!(told.contains("does not answer"), "{told}");
    assert!(!told.contains("s3cret"), "{told}");
    let both = run(&["serve", "--data", "here", "--redis", &url]);
    assert_eq!(both.status.code(), Some(2));
}
