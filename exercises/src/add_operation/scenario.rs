//! The scenarios that every backend has to pass.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::OPERATION;
use super::source::without_comments;
use crate::language::Text;
use crate::language::excerpt;
use crate::program;
use crate::report::Part;

/// The quickest comparison takes half a minute without optimisation on a busy machine.
const PROVING: Duration = Duration::from_secs(300);

/// Whether a scenario calls the operation.
pub(super) fn part(workspace: &Path) -> Result<Part> {
    let folder = workspace.join("services/src/conformance");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut called = false;
    for entry in entries {
        // The folders hold no scenarios of the calculator, but a faulty backend that has every call.
        let path = entry?.path();
        called |= path.is_file()
            && without_comments(&fs::read_to_string(&path)?).contains(&format!(".{OPERATION}("));
    }
    let name = tell!("A scenario calls it", "Um cenário a chama");
    let lacks = tell!(
        "No scenario in services/src/conformance/ calls the operation: nothing would notice a room that gets it wrong.",
        "Nenhum cenário em services/src/conformance/ chama a operação: nada notaria uma sala que a faz errado."
    );
    Ok(Part::judged(
        name,
        if called { Vec::new() } else { vec![lacks] },
    ))
}

pub(super) fn all_hold() -> Text {
    tell!(
        "All scenarios hold over every wire",
        "Todos os cenários valem em cada protocolo"
    )
}

/// Whether the comparison's proof succeeds.
pub(super) fn held(trivium: &Path) -> Result<Part> {
    let mut command = Command::new(trivium);
    command.args(["compare", "--quick", "--workload", "add"]);
    let ran = program::run(&mut command, PROVING)?;
    if ran.succeeded() {
        return Ok(Part::judged(all_hold(), Vec::new()));
    }
    let last = ran
        .stderr
        .trim_end()
        .lines()
        .next_back()
        .unwrap_or_default();
    let said = excerpt(last);
    let failed = tell!(
        "trivium compare --quick says: {said}",
        "trivium compare --quick diz: {said}"
    );
    Ok(Part::wrong(all_hold(), failed))
}
