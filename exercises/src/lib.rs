//! Eight exercises, each with a check that tells what is wrong and never the answer.
//!
//! This crate knows no room: it starts programs and looks at what they say. Read the modules in
//! this order; each exercise is one of the last.

#[macro_use]
pub mod language;
pub mod report;

pub mod exercise;
pub mod file;
pub mod sheet;

pub mod command;
pub mod print;

pub mod program;
pub mod servers;
pub mod signals;

pub mod answers;
pub mod schema;

pub mod netcat;

pub mod by_hand;

pub mod bytes;

pub mod own_client;

pub mod evolve;

pub mod retries;

pub mod add_operation;

pub mod find_the_lie;
