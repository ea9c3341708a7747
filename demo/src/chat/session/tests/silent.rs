//! The operations that a fake server of the chat has not.

use async_trait::async_trait;
use bytes::Bytes;
use services::model::{
    Health, Metric, MetricRequest, MetricsSummary, NewUser, NewUsuario, NumberItem, NumberRange,
    SystemInfo, UploadReport, Usage, UsageReport, User, UserChanges, UserPage, Usuario,
};
use services::{
    Calculator, Context, Error, Files, Greeter, Metrics, Numbers, Stream, Users, Usuarios,
};

use super::server::Server;

type Answer<T> = Result<T, Error>;

fn none<T>() -> Answer<T> {
    Err(Error::unknown_operation("this is a chat"))
}

#[async_trait]
impl Calculator for Server {
    async fn add(&self, _: &Context, _: i32, _: i32) -> Answer<i32> {
        none()
    }
    async fn multiply(&self, _: &Context, _: i32, _: i32) -> Answer<i32> {
        none()
    }
    async fn uppercase(&self, _: &Context, _: &str) -> Answer<String> {
        none()
    }
    async fn cube(&self, _: &Context, _: i32) -> Answer<i32> {
        none()
    }
}

#[async_trait]
impl Greeter for Server {
    async fn say_hello(&self, _: &Context, _: i32) -> Answer<String> {
        none()
    }
    async fn say_hello_again(&self, _: &Context, _: i32) -> Answer<String> {
        none()
    }
}

#[async_trait]
impl Metrics for Server {
    async fn calculate_metrics(&self, _: &Context, _: &Usage) -> Answer<UsageReport> {
        none()
    }
    async fn get_system_info(&self, _: &Context) -> Answer<SystemInfo> {
        none()
    }
    async fn get_metric(&self, _: &Context, _: &MetricRequest) -> Answer<Metric> {
        none()
    }
    async fn stream_metrics(&self, _: &Context, _: &MetricRequest) -> Answer<Stream<Metric>> {
        none()
    }
    async fn record_metrics(&self, _: &Context, _: Stream<Metric>) -> Answer<MetricsSummary> {
        none()
    }
    async fn check_health(&self, _: &Context, _: &str) -> Answer<Health> {
        none()
    }
}

#[async_trait]
impl Numbers for Server {
    async fn stream_numbers(&self, _: &Context, _: NumberRange) -> Answer<Stream<NumberItem>> {
        none()
    }
}

#[async_trait]
impl Users for Server {
    async fn create_user(&self, _: &Context, _: &NewUser) -> Answer<User> {
        none()
    }
    async fn get_user(&self, _: &Context, _: i32) -> Answer<User> {
        none()
    }
    async fn list_users(&self, _: &Context, _: UserPage) -> Answer<Stream<User>> {
        none()
    }
    async fn update_user(&self, _: &Context, _: i32, _: &UserChanges) -> Answer<User> {
        none()
    }
    async fn delete_user(&self, _: &Context, _: i32) -> Answer<User> {
        none()
    }
}

#[async_trait]
impl Usuarios for Server {
    async fn criar_usuario(&self, _: &Context, _: &NewUsuario) -> Answer<Usuario> {
        none()
    }
    async fn obter_usuarios(&self, _: &Context) -> Answer<Vec<Usuario>> {
        none()
    }
}

#[async_trait]
impl Files for Server {
    async fn upload_file(&self, _: &Context, _: Stream<Bytes>) -> Answer<UploadReport> {
        none()
    }
}
