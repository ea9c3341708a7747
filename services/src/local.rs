//! The services in this process.
