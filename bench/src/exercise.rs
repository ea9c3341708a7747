//! `exercise`: lists the exercises, shows a sheet, checks a student's files.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use exercises::command::{self, Request};
use exercises::language::Language;

/// What `exercise` is told.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:\n  \
    trivium exercise\n      lists them, with the minutes that each takes\n  \
    trivium exercise 1\n      shows what to do\n  \
    trivium exercise 1 --check\n      tells what is wrong with your files, and never the answer")]
pub struct ExerciseArguments {
    /// Its number; all are listed without one
    #[arg(value_name = "NUMBER")]
    pub number: Option<u8>,
    /// Check your files
    #[arg(long, requires = "number")]
    pub check: bool,
    /// Check the files in this folder instead
    #[arg(long, value_name = "DIR", requires = "check")]
    pub folder: Option<PathBuf>,
    /// The language of sheets and checks: en or pt-BR
    #[arg(long, value_name = "LANGUAGE", default_value_t)]
    pub lang: Language,
}

/// Lists, shows or checks.
///
/// # Errors
/// An exercise that does not exist, a file that cannot be read, a program that does not start.
pub fn run(arguments: &ExerciseArguments) -> Result<ExitCode> {
    command::run(&Request {
        number: arguments.number,
        check: arguments.check,
        language: arguments.lang,
        folder: arguments.folder.clone(),
    })
}
