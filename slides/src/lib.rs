//! The talk: decks that run the real programs, and what keeps them true.
//!
//! [`deck`] reads what an author wrote, [`region`] finds the code and [`demo`] the scripts that it names,
//! and [`fill`] makes of them what presenterm takes. A demo runs on a [`stage`]: [`live`] runs it,
//! [`play`] falls back to its [`tape`], which [`record`] made; [`mask`] tells what may differ between a
//! tape and today. [`check`] looks at all of it, the slides as [`export`] draws them, of which
//! [`handout`] makes pages. [`talk`] is the command: it looks whether all is [`ready`] and starts a deck;
//! [`console`] is what the presenter has beside it, and [`rehearsal`] what a rehearsal leaves.

pub mod check;
pub mod colours;
pub mod console;
pub mod deck;
pub mod demo;
pub mod export;
pub mod fill;
pub mod handout;
mod limited;
pub mod live;
pub mod mask;
pub mod play;
pub mod ready;
pub mod record;
pub mod region;
pub mod rehearsal;
mod rows;
pub mod signals;
pub mod stage;
pub mod talk;
pub mod tape;
