//! Every operation of a backend that misbehaves.

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;

use super::{Fault, Faulty};
use crate::backend::{Calculator, Chat, Files, Greeter, Metrics, Numbers, Users, Usuarios};
use crate::context::Context;
use crate::error::Error;
use crate::model::{
    ChatMessage, Health, Join, Metric, MetricRequest, MetricsSummary, NewUser, NewUsuario,
    NumberItem, NumberRange, SystemInfo, UploadReport, Usage, UsageReport, User, UserChanges,
    UserPage, Usuario,
};
use crate::stream::Stream;

#[async_trait]
impl Calculator for Faulty {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.call(self.reference.add(context, a, b)).await
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.call(self.reference.multiply(context, a, b)).await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        self.call(self.reference.uppercase(context, text)).await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        self.call(self.reference.cube(context, number)).await
    }
}

#[async_trait]
impl Greeter for Faulty {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.call(self.reference.say_hello(context, pid)).await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let greeting = self.reference.say_hello_again(context, pid);
        self.call(greeting).await
    }
}

#[async_trait]
impl Metrics for Faulty {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        let report = self.reference.calculate_metrics(context, usage);
        let report = self.call(report).await?;
        let avg_cpu = self.spoilt(report.avg_cpu, f64::INFINITY);
        Ok(UsageReport { avg_cpu, ..report })
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        self.call(self.reference.get_system_info(context)).await
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        let metric = self
            .call(self.reference.get_metric(context, request))
            .await?;
        let value = self.spoilt(metric.value, f64::NAN);
        Ok(Metric { value, ..metric })
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        // Of this type one item is enough for every fault.
        let metric = self.reference.get_metric(context, request).await?;
        let value = self.spoilt(metric.value, f64::NAN);
        Ok(self.stream(Metric { value, ..metric }))
    }

    async fn record_metrics(
        &self,
        context: &Context,
        mut metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        let mut in_flight = self.begin();
        if self.fault == Fault::NeverAnswers {
            while metrics.next().await.is_some() {}
        }
        in_flight.misbehave().await;
        let summary = self.reference.record_metrics(context, metrics).await;
        in_flight.end();
        let summary = summary?;
        let mean = self.spoilt(summary.mean, f64::INFINITY);
        Ok(MetricsSummary { mean, ..summary })
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        self.call(self.reference.check_health(context, service))
            .await
    }
}

#[async_trait]
impl Numbers for Faulty {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        if self.answers() {
            return self.reference.stream_numbers(context, range).await;
        }
        Ok(self.stream(NumberItem {
            number: range.start,
            message: "the only item".into(),
        }))
    }
}

#[async_trait]
impl Users for Faulty {
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error> {
        self.call(self.reference.create_user(context, user)).await
    }

    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        self.call(self.reference.get_user(context, id)).await
    }

    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error> {
        if self.answers() {
            return self.reference.list_users(context, page).await;
        }
        Ok(self.stream(User {
            id: 1,
            name: "the only item".into(),
            email: "only@example.org".into(),
            ..User::default()
        }))
    }

    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error> {
        self.call(self.reference.update_user(context, id, changes))
            .await
    }

    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        self.call(self.reference.delete_user(context, id)).await
    }
}

#[async_trait]
impl Usuarios for Faulty {
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error> {
        self.call(self.reference.criar_usuario(context, usuario))
            .await
    }

    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error> {
        self.call(self.reference.obter_usuarios(context)).await
    }
}

#[async_trait]
impl Files for Faulty {
    async fn upload_file(
        &self,
        context: &Context,
        mut chunks: Stream<Bytes>,
    ) -> Result<UploadReport, Error> {
        let mut in_flight = self.begin();
        if self.fault == Fault::NeverAnswers {
            while chunks.next().await.is_some() {}
        }
        in_flight.misbehave().await;
        let report = self.reference.upload_file(context, chunks).await;
        in_flight.end();
        report
    }
}

#[async_trait]
impl Chat for Faulty {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        if self.answers() {
            return self.reference.chat(context, join, messages).await;
        }
        let message = ChatMessage {
            user: "faulty".into(),
            text: "the only item".into(),
            timestamp: 1,
            sequence: 1,
            ..ChatMessage::default()
        };
        Ok(self.exchange(message, messages))
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        self.call(self.reference.post_message(context, message))
            .await
    }

    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error> {
        self.call(self.reference.list_participants(context)).await
    }
}
