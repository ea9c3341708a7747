//! Every operation of the recorder.

use std::future::pending;

use async_trait::async_trait;
use bytes::Bytes;
use services::model::{
    ChatMessage, Health, Join, Metric, MetricRequest, MetricsSummary, NewUser, NewUsuario,
    NumberItem, NumberRange, SystemInfo, UploadReport, Usage, UsageReport, User, UserChanges,
    UserPage, Usuario,
};
use services::{
    Calculator, Chat, Context, Error, Files, Greeter, Metrics, Numbers, Stream, Users, Usuarios,
};

use super::Recorder;

#[async_trait]
impl Calculator for Recorder {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.record(context);
        self.reference.add(context, a, b).await
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.reference.multiply(context, a, b).await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        self.reference.uppercase(context, text).await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        self.reference.cube(context, number).await
    }
}

#[async_trait]
impl Greeter for Recorder {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.reference.say_hello(context, pid).await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.reference.say_hello_again(context, pid).await
    }
}

#[async_trait]
impl Metrics for Recorder {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        self.reference.calculate_metrics(context, usage).await
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        self.reference.get_system_info(context).await
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        self.reference.get_metric(context, request).await
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        _request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        self.record(context);
        pending().await
    }

    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        self.record(context);
        let end = self.upload(metrics).await;
        end.map(|_| MetricsSummary::default())
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        self.reference.check_health(context, service).await
    }
}

#[async_trait]
impl Numbers for Recorder {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        self.record(context);
        self.reference.stream_numbers(context, range).await
    }
}

#[async_trait]
impl Users for Recorder {
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error> {
        self.reference.create_user(context, user).await
    }

    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        self.reference.get_user(context, id).await
    }

    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error> {
        self.record(context);
        self.reference.list_users(context, page).await
    }

    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error> {
        self.reference.update_user(context, id, changes).await
    }

    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        self.reference.delete_user(context, id).await
    }
}

#[async_trait]
impl Usuarios for Recorder {
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error> {
        self.reference.criar_usuario(context, usuario).await
    }

    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error> {
        self.reference.obter_usuarios(context).await
    }
}

#[async_trait]
impl Files for Recorder {
    async fn upload_file(
        &self,
        context: &Context,
        chunks: Stream<Bytes>,
    ) -> Result<UploadReport, Error> {
        self.record(context);
        let chunks = self.upload(chunks).await?;
        Ok(UploadReport {
            chunks,
            ..UploadReport::default()
        })
    }
}

#[async_trait]
impl Chat for Recorder {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        self.record(context);
        self.reference.chat(context, join, messages).await
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        self.reference.post_message(context, message).await
    }

    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error> {
        self.reference.list_participants(context).await
    }
}
