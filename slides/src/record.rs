//! `trivium talk --record`: makes tapes of what demos print now.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::demo::Demo;
use crate::live::{self, Limits};
use crate::stage::Stage;
use crate::tape::Tape;

/// Records these demos, or all if none is named. A tape that still holds after its masks stays as it
/// is, so that a recording changes only what has changed.
///
/// # Errors
/// A demo that does not run, or whose second run differs in what it does not mask.
pub fn run(stage: &Stage, names: &[String]) -> Result<ExitCode> {
    let names = match names {
        [] => Demo::names(stage.root()).context("slides/demos cannot be read")?,
        names => names.to_vec(),
    };
    let mut failed = 0;
    for name in &names {
        match one(stage, name) {
            Ok(done) => println!("{name}: {done}"),
            Err(error) => {
                eprintln!("{name}: {error:#}");
                failed += 1;
            }
        }
    }
    match failed {
        0 => Ok(ExitCode::SUCCESS),
        _ => bail!("{failed} of {} demos have no new tape", names.len()),
    }
}

fn one(stage: &Stage, name: &str) -> Result<&'static str> {
    let demo = Demo::read(stage.root(), name)?;
    let limits = Limits::default();
    let tape = Tape {
        date: today(),
        masks: demo.masks.clone(),
        output: live::run(stage, &demo, limits, &mut |_| ())?.output,
    };
    let again = live::run(stage, &demo, limits, &mut |_| ())?.output;
    if let Some(difference) = tape.differences(&again).first() {
        bail!("a second run differs: {difference}; mask it, or make the demo say the same");
    }
    let kept = Tape::read(stage.root(), name).ok();
    let holds = kept.is_some_and(|kept| kept.fits(&demo) && kept.differences(&again).is_empty());
    if holds {
        return Ok("holds");
    }
    tape.write(stage.root(), name)?;
    Ok("recorded")
}

/// The day, in UTC.
fn today() -> String {
    chrono::Utc::now().format("%Y-%m-%d").to_string()
}
