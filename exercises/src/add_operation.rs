//! Exercise 7: an operation more in all four rooms. The student changes the workspace; the check
//! reads the contract, builds the programs and calls the operation over each protocol.

mod build;
mod calls;
mod contract;
mod scenario;
mod source;

use std::path::Path;

use anyhow::Result;

use crate::exercise::Place;
use crate::language::Text;
use crate::report::{Part, Report, Verdict};
use crate::servers::Servers;
use build::Programs;

/// What is to be added.
const OPERATION: &str = "subtract";

/// A room, as its addresses and its program are named.
struct Room {
    scheme: &'static str,
    program: &'static str,
    name: &'static str,
}

const ROOMS: [Room; 4] = [
    Room {
        scheme: "xmlrpc",
        program: "xmlrpc-demo",
        name: "XML-RPC",
    },
    Room {
        scheme: "jsonrpc",
        program: "jsonrpc-demo",
        name: "JSON-RPC",
    },
    Room {
        scheme: "grpc",
        program: "grpc-demo",
        name: "gRPC",
    },
    Room {
        scheme: "rest",
        program: "rest-demo",
        name: "REST",
    },
];

/// Looks at the workspace: the folder, where it is one, as a copy of the repository is; else the
/// repository that the exercises lie in.
///
/// # Errors
/// A workspace that cannot be read, a machine without cargo, servers that do not start.
pub fn check(place: &Place) -> Result<Report> {
    let workspace = match place.folder.join("Cargo.toml").is_file() {
        true => &place.folder,
        false => &place.root,
    };
    let mut parts = vec![contract::part(workspace)?, scenario::part(workspace)?];
    // Building takes a minute: there is no use in it before something was added.
    if parts[0].verdict == Verdict::Right {
        parts.extend(built(workspace)?);
    } else {
        let soon = tell!(
            "Looked at once the contract has it.",
            "Vem quando o contrato a tiver."
        );
        parts.push(Part::waits(build::name(), soon.clone()));
        parts.extend(called_names().map(|name| Part::waits(name, soon.clone())));
    }
    Ok(parts.into_iter().collect())
}

fn called_names() -> impl Iterator<Item = Text> {
    let rooms = ROOMS.iter().map(calls::name);
    rooms.chain([scenario::all_hold()])
}

fn built(workspace: &Path) -> Result<Vec<Part>> {
    let programs = match build::programs(workspace)? {
        Ok(programs) => programs,
        Err(refused) => {
            let later = tell!("Called once it compiles.", "Chamada quando compilar.");
            let rest = called_names().map(|name| Part::waits(name, later.clone()));
            return Ok(std::iter::once(Part::wrong(build::name(), refused))
                .chain(rest)
                .collect());
        }
    };
    let mut parts = vec![Part::judged(build::name(), Vec::new())];
    parts.extend(called(&programs)?);
    Ok(parts)
}

fn called(programs: &Programs) -> Result<Vec<Part>> {
    let trivium = programs.named("trivium")?;
    let servers = Servers::start(trivium, &ROOMS.map(|room| room.scheme))?;
    let rooms = ROOMS.iter().map(|room| {
        let program = programs.named(room.program)?;
        calls::part(room, program, servers.address(room.scheme)?)
    });
    let mut parts = rooms.collect::<Result<Vec<_>>>()?;
    parts.push(scenario::held(trivium)?);
    Ok(parts)
}
