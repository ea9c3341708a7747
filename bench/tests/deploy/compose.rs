//! What `deploy/compose.yaml` says, as Compose itself reads it, and how it is said without
//! containers: every container's port becomes a free one of this machine.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::peers::Peer;

/// A folder of the repository.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// The file, and the ports that stand for those of its containers.
pub(crate) struct Compose {
    services: Value,
    /// Held until the program starts that the port is for, so that no other gets it.
    held: RefCell<BTreeMap<(String, u16), TcpListener>>,
    ports: RefCell<BTreeMap<(String, u16), u16>>,
}

impl Compose {
    /// `None`, said aloud, where the tool is missing that reads the file.
    pub(crate) fn read() -> Option<Self> {
        let path = folder("deploy/compose.yaml");
        let reader = Peer::tool("deploy-check")?;
        let output = reader.run(&["show-compose", path.to_str().expect("UTF-8")]);
        assert!(output.status.success(), "{output:?}");
        let project: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
        Some(Self {
            services: project["services"].clone(),
            held: RefCell::default(),
            ports: RefCell::default(),
        })
    }

    /// The words of a service's command.
    pub(crate) fn command(&self, service: &str) -> Vec<String> {
        let words = words(&self.services[service]["command"]);
        assert!(!words.is_empty(), "{service} has no command");
        words
    }

    /// The words that ask whether a service is well.
    pub(crate) fn health_check(&self, service: &str) -> Vec<String> {
        let words = words(&self.services[service]["healthcheck"]["test"]);
        assert_eq!(words.first().map(String::as_str), Some("CMD"), "{service}");
        words[1..].to_vec()
    }

    /// The services that have to be well before this one starts.
    pub(crate) fn waits_for(&self, service: &str) -> Vec<String> {
        let others = self.services[service]["depends_on"].as_object();
        others
            .map(|others| others.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// Where a service finds which file of this folder.
    pub(crate) fn files(&self, service: &str) -> Vec<(String, PathBuf)> {
        let volumes = self.services[service]["volumes"].as_array();
        let volumes = volumes.into_iter().flatten();
        let text = |volume: &Value, key: &str| volume[key].as_str().unwrap_or_default().to_owned();
        volumes
            .filter(|volume| volume["type"] == "bind")
            .map(|volume| (text(volume, "target"), text(volume, "source").into()))
            .collect()
    }

    /// The port of this machine that stands for that port of that service's container.
    pub(crate) fn port(&self, service: &str, port: u16) -> u16 {
        let key = (service.to_owned(), port);
        let mut ports = self.ports.borrow_mut();
        *ports.entry(key.clone()).or_insert_with(|| {
            let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
            let free = held.local_addr().expect("a bound socket has an address");
            self.held.borrow_mut().insert(key, held);
            free.port()
        })
    }

    /// Gives the ports of a service back: the next to take them is that service.
    pub(crate) fn release(&self, service: &str) {
        self.held
            .borrow_mut()
            .retain(|(owner, _), _| owner != service);
    }

    /// A text in which each `HOST:PORT` of a container is the address that stands for it; a host
    /// that is no service, or none, is the service's own.
    pub(crate) fn here(&self, service: &str, text: &str) -> String {
        let mut here = String::new();
        let mut rest = text;
        while let Some(at) = rest.find([':', '/']) {
            let (before, after) = rest.split_at(at);
            let digits = after[1..].bytes().take_while(u8::is_ascii_digit).count();
            let host_at = before.rfind(|c: char| !c.is_ascii_alphanumeric() && !"-.".contains(c));
            let (untouched, host) = before.split_at(host_at.map_or(0, |at| at + 1));
            let port = after[1..=digits].parse().ok();
            let owner =
                port.and_then(|port| self.owner(service, host, &after[..1]).zip(Some(port)));
            let Some((owner, port)) = owner else {
                here.extend([before, &after[..1]]);
                rest = &after[1..];
                continue;
            };
            let address = format!("127.0.0.1{}{}", &after[..1], self.port(owner, port));
            here.extend([untouched, &address]);
            rest = &after[1 + digits..];
        }
        here + rest
    }

    /// Whose port it is that follows this host. Bash writes `/dev/tcp/HOST/PORT`.
    fn owner<'a>(&'a self, service: &'a str, host: &'a str, sign: &str) -> Option<&'a str> {
        match (host, sign) {
            ("" | "0.0.0.0", ":") | ("127.0.0.1", _) => Some(service),
            (host, ":") if self.services.get(host).is_some() => Some(host),
            _ => None,
        }
    }

    /// A configuration file with the addresses of this machine.
    pub(crate) fn file(&self, service: &str, path: &Path) -> String {
        let text = fs::read_to_string(path).expect("compose.yaml names a file that is there");
        // What listens at a port alone would listen to everybody.
        let text = text.replace("listen ", "listen 0.0.0.0:");
        self.here(service, &text)
    }
}

fn words(list: &Value) -> Vec<String> {
    let words = list.as_array().into_iter().flatten();
    words
        .map(|word| word.as_str().expect("a word").to_owned())
        .collect()
}
