//! Listening sockets, with an error that says what to do.

use std::io::ErrorKind;

use anyhow::Result;
use tokio::net::TcpListener;

/// Listens on that address, `host:port`, which `--addr` gave; port 0 is any that is free.
///
/// # Errors
/// As [`bind_for`].
pub async fn bind(address: &str) -> Result<TcpListener> {
    bind_for("--addr", address).await
}

/// The same for an address that another option gave, such as `--metrics-addr`.
///
/// # Errors
/// Why it cannot be listened on, with the address, and the way out by that option.
pub async fn bind_for(option: &str, address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|cause| {
        let way_out = way_out(cause.kind(), option);
        let address = address.escape_debug();
        anyhow::anyhow!("cannot listen on {address} ({cause}): {way_out}")
    })
}

fn way_out(kind: ErrorKind, option: &str) -> String {
    match kind {
        ErrorKind::AddrInUse => format!(
            "stop the program that listens there, or choose another port with {option}, such as \
             127.0.0.1:0 for any that is free"
        ),
        ErrorKind::PermissionDenied => format!("choose a port from 1024 on with {option}"),
        _ => format!(
            "give an address of this machine as HOST:PORT with {option}, such as 127.0.0.1:0"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_with_the_way_out() {
        let first = bind("127.0.0.1:0").await.unwrap();
        let address = first.local_addr().unwrap().to_string();
        let error = bind(&address).await.unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot listen on {address} (")));
        assert!(error.contains("stop the program that listens there"));
        assert!(!error.contains('\n'));
    }

    #[tokio::test]
    async fn what_is_no_address_is_named_with_the_form_of_one() {
        let error = bind("9000").await.unwrap_err().to_string();
        assert!(error.contains("cannot listen on 9000"), "{error}");
        assert!(error.contains("HOST:PORT with --addr"), "{error}");
    }

    #[tokio::test]
    async fn the_way_out_is_the_option_that_gave_the_address() {
        let error = bind_for("--from", "9000").await.unwrap_err().to_string();
        assert!(error.contains("with --from, such as"), "{error}");
        let first = bind("127.0.0.1:0").await.unwrap();
        let address = first.local_addr().unwrap().to_string();
        let error = bind_for("--from", &address).await.unwrap_err().to_string();
        assert!(error.contains("another port with --from"), "{error}");
        assert!(!error.contains("--addr"), "{error}");
    }
}
