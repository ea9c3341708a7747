//! A store and a room that cannot be reached.

use async_trait::async_trait;

use crate::chat::{ChatRoom, Name, Seat};
use crate::error::{Code, Error};
use crate::model::{ChatMessage, User, UserChanges};
use crate::store::{NewRecord, UserStore};

#[derive(Debug)]
pub(super) struct Away;

fn away<T>() -> Result<T, Error> {
    let message = "the store cannot be reached: try again later";
    Err(Error::new(Code::Unavailable, message))
}

#[async_trait]
impl UserStore for Away {
    async fn create(&self, _user: NewRecord) -> Result<User, Error> {
        away()
    }

    async fn get(&self, _id: i32) -> Result<User, Error> {
        away()
    }

    async fn page(&self, _after: i32, _limit: usize) -> Result<Vec<User>, Error> {
        away()
    }

    async fn update(&self, _id: i32, _changes: &UserChanges) -> Result<User, Error> {
        away()
    }

    async fn delete(&self, _id: i32) -> Result<User, Error> {
        away()
    }
}

#[async_trait]
impl ChatRoom for Away {
    async fn join(&self, _name: Name, _after: Option<u64>) -> Result<Seat, Error> {
        away()
    }

    async fn post(&self, _message: ChatMessage) -> Result<ChatMessage, Error> {
        away()
    }

    async fn participants(&self) -> Result<Vec<String>, Error> {
        away()
    }
}
