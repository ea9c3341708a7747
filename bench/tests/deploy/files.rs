//! The files by themselves: what is broken is refused, and what a manifest tells a program, the
//! program knows.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::compose::folder;
use crate::peers::Peer;
use crate::stack::{Folder, program};

/// What `deploy/check` asks of which file, and what is refused there once it is written so.
const BROKEN: [(&str, &str, &str, &str); 13] = [
    (
        "compose.yaml",
        "compose.yaml",
        "healthcheck:",
        "healthchek:",
    ),
    (
        "Dockerfile",
        "Dockerfile",
        "CMD [\"trivium\", \"--help\"]",
        "CMD trivium",
    ),
    (
        "Dockerfile, linted",
        "Dockerfile",
        "USER 10001:10001",
        "USER root",
    ),
    ("envoy.yaml", "envoy.yaml", "ROUND_ROBIN", "ROUND_ROBBIN"),
    ("haproxy.cfg", "haproxy.cfg", "mode http", "mode htp"),
    (
        "haproxy.cfg in Kubernetes",
        "kubernetes/proxy.yaml",
        "mode http",
        "mode htp",
    ),
    (
        "haproxy.cfg in both, the same",
        "haproxy.cfg",
        "retries 1",
        "retries 3",
    ),
    ("nginx.conf", "nginx.conf", "grpc_pass", "grpc_pas"),
    (
        "prometheus.yml and its rules",
        "prometheus.yml",
        "rules.yml",
        "rule.yml",
    ),
    (
        "what the rules say",
        "prometheus.rules.yml",
        "> 0.05",
        "> 0.5",
    ),
    (
        "the dashboard's queries",
        "grafana/dashboards/trivium.json",
        "streams_open",
        "streams_opn",
    ),
    (
        "kubernetes/",
        "kubernetes/grpc.yaml",
        "readinessProbe",
        "readynessProbe",
    ),
    (
        "kubernetes/, linted",
        "kubernetes/redis.yaml",
        "runAsNonRoot: true",
        "runAsNonRoot: false",
    ),
];

/// The tools that `deploy/check` runs.
const CHECKERS: [&str; 7] = [
    "deploy-check",
    "hadolint",
    "haproxy",
    "nginx",
    "promtool",
    "kubeconform",
    "kube-score",
];

fn check(deploy: &Path) -> Output {
    let check = Command::new(deploy.join("check")).output();
    check.expect("bash runs the check")
}

fn all_are_there() -> bool {
    CHECKERS.iter().all(|tool| Peer::tool(tool).is_some())
}

#[test]
fn the_files_pass_their_checks() {
    if all_are_there() {
        let output = check(&folder("deploy"));
        assert!(output.status.success(), "{output:?}");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(said.lines().count(), BROKEN.len(), "{said}");
    }
}

#[test]
fn every_check_refuses_a_broken_file() {
    if !all_are_there() {
        return;
    }
    // All at once, so that the checks run once: none of them hides another.
    let place = Folder::new();
    copied(&folder("deploy"), &place.path().join("deploy"));
    copied(
        &folder(".dockerignore"),
        &place.path().join(".dockerignore"),
    );
    let peers = fs::canonicalize(folder("peers")).expect("the peers' folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink(peers, place.path().join("peers")).expect("a link");
    for (_, file, well, broken) in BROKEN {
        let path = place.path().join("deploy").join(file);
        let text = fs::read_to_string(&path).expect(file);
        assert!(text.contains(well), "{file} does not say {well}");
        fs::write(&path, text.replace(well, broken)).expect(file);
    }
    let output = check(&place.path().join("deploy"));
    assert!(!output.status.success());
    let refusals = String::from_utf8_lossy(&output.stderr);
    for (title, ..) in BROKEN {
        let refusal = format!("deploy: {title}: refused");
        assert!(refusals.contains(&refusal), "{title}:\n{refusals}");
    }
}

fn copied(from: &Path, to: &Path) {
    let copy = Command::new("cp").arg("-R").args([from, to]).status();
    assert!(copy.expect("cp is there").success());
}

#[test]
fn kubernetes_says_nothing_that_a_program_does_not_know() {
    let Some(reader) = Peer::tool("deploy-check") else {
        return;
    };
    let mut ours = 0;
    for file in ["gateway.yaml", "grpc.yaml"] {
        let path = folder("deploy/kubernetes").join(file);
        let output = reader.run(&["show-yaml", path.to_str().expect("UTF-8")]);
        let documents: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
        for document in documents {
            let containers = document["spec"]["template"]["spec"]["containers"].as_array();
            for container in containers.into_iter().flatten() {
                ours += 1;
                knows(&container["command"], &container["args"]);
            }
        }
    }
    assert_eq!(ours, 2);
}

/// With `--help` at the end a program reads all words before it, and then does nothing.
fn knows(command: &Value, arguments: &Value) {
    let words = [command, arguments].map(Value::as_array);
    let words = words
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(Value::as_str);
    let words: Vec<_> = words
        .map(|word| word.replace("$(REDIS_URL)", "redis://redis:6379"))
        .collect();
    let mut asked = Command::new(program(&words[0]));
    let output = asked.args(&words[1..]).arg("--help").output();
    let output = output.expect("the program starts");
    assert!(output.status.success(), "{words:?}: {output:?}");
}
