//! The upload of files: its items are chunks in Base64.

use jsonrpsee::proc_macros::rpc;

use super::Answer;
use crate::convert::{Base64, UploadReport};

/// See [`services::Files`].
#[rpc(server)]
pub trait Files {
    /// Opens an upload, see [`services::Files::upload_file`]; answers its id.
    #[method(name = "upload_file.open", with_extensions)]
    async fn upload_file_open(&self) -> Answer<String>;

    /// Sends chunks. The first call has the sequence number 0, each further one the next; a
    /// repeated number is ignored. Answers true.
    #[method(name = "upload_file.send", with_extensions)]
    async fn upload_file_send(
        &self,
        id: String,
        // The code that the macro makes has a variable `seq` of its own.
        #[argument(rename = "seq")] sequence: i32,
        items: Vec<Base64>,
    ) -> Answer<bool>;

    /// Ends the upload; answers size and hash.
    #[method(name = "upload_file.close", with_extensions)]
    async fn upload_file_close(&self, id: String) -> Answer<UploadReport>;

    /// Gives the upload up, so that it never counts as whole; answers true.
    #[method(name = "upload_file.cancel", with_extensions)]
    async fn upload_file_cancel(&self, id: String) -> Answer<bool>;
}
