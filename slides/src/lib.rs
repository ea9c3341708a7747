//! The talk: decks that run the real programs, and what keeps them true.
//!
//! [`region`] finds the code and [`demo`] the scripts that a deck names; [`mask`] tells what may differ
//! between a tape and today.

pub mod demo;
pub mod mask;
pub mod region;
