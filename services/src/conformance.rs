//! The scenarios that hold for every backend.
