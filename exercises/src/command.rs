//! `trivium exercise`: lists the exercises, shows a sheet, checks the student's files.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Error, Result, ensure};

use crate::exercise::{self, Exercise, Place};
use crate::file::Unreadable;
use crate::language::Language;
use crate::print;
use crate::report::Report;
use crate::sheet::Sheet;
use crate::signals;

/// What `trivium exercise` was told.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Which exercise; all are listed where it is missing.
    pub number: Option<u8>,
    /// Whether the files are checked; the sheet is shown otherwise.
    pub check: bool,
    /// The language of what is printed.
    pub language: Language,
    /// Files to be checked in place of the student's.
    pub folder: Option<PathBuf>,
}

/// What shells add to a signal's number for the exit code of a program that it ended.
const SIGNALLED: u8 = 128;

/// Does it, on stdout. The exit code is not 0 where a check finds something wrong, and 128 and the
/// signal's number where one ended it.
///
/// # Errors
/// An exercise that does not exist, a file that cannot be read, a program that does not start.
pub fn run(request: &Request) -> Result<ExitCode> {
    let root = exercise::root()?;
    let Some(number) = request.number else {
        let sheets = exercise::ALL.iter();
        let sheets = sheets.map(|it| Ok((it, Sheet::read(it, &root, request.language)?)));
        let sheets = sheets.collect::<Result<Vec<_>>>()?;
        return shown(&print::list(&sheets, request.language), true);
    };
    let exercise = Exercise::find(number)?;
    let sheet = Sheet::read(exercise, &root, request.language)?;
    if !request.check {
        return shown(&print::sheet(&sheet), true);
    }
    let folder = request.folder.clone();
    let place = Place {
        folder: folder.unwrap_or_else(|| exercise.folder(&root)),
        trivium: std::env::current_exe().context("this program's own file is gone")?,
        root,
    };
    let shown_folder = place.folder.display();
    ensure!(place.folder.is_dir(), "there is no folder {shown_folder}");
    signals::heed()?;
    let report = (exercise.check)(&place).or_else(unreadable);
    // All that was started has ended, and no temporary folder is left.
    if let Some(signal) = signals::asked() {
        return Ok(ExitCode::from(SIGNALLED + signal));
    }
    let report = report?;
    let printed = print::report(exercise, &sheet, &place, &report, request.language);
    shown(&printed, report.is_solved())
}

/// A report of the one file without which the check could not begin.
fn unreadable(error: Error) -> Result<Report> {
    let file: Unreadable = error.downcast()?;
    Ok(Report::from_iter([file.part()]))
}

fn shown(text: &str, good: bool) -> Result<ExitCode> {
    let mut stdout = anstream::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(match good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
