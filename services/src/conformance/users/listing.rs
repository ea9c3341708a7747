//! Lists of users. Others may create and delete users meanwhile, so only one's own are looked for.

use super::super::{Verdict, answer, collected, fails_with, holds, reference, same};
use super::{create, forget, somebody};
use crate::backend::{Backend, Users};
use crate::context::Context;
use crate::error::Code;
use crate::model::{User, UserPage};

pub(crate) async fn pages(backend: &dyn Backend) -> Verdict {
    let mut own = Vec::new();
    for _ in 0..7 {
        own.push(create(backend, &somebody()).await?);
    }
    let all = listed(backend, UserPage::default()).await?;
    same(
        "one's own in the list",
        Ok(ours(&all, &own)),
        Ok(own.clone()),
    )?;
    let (first, last) = (own[0].id, own[6].id);
    let later = UserPage {
        after: first,
        limit: 0,
    };
    let later = listed(backend, later).await?;
    holds(
        "the list begins after that id",
        later.iter().all(|user| user.id > first),
    )?;
    same(
        "those after the first",
        Ok(ours(&later, &own)),
        Ok(own[1..].to_vec()),
    )?;
    let mut paged = Vec::new();
    let mut after = first - 1;
    while after < last {
        let page = listed(backend, UserPage { after, limit: 3 }).await?;
        holds("a page is no longer than its limit", page.len() <= 3)?;
        after = page.last().map_or(last, |user| user.id);
        paged.extend(page);
    }
    same(
        "one's own, page by page",
        Ok(ours(&paged, &own)),
        Ok(own.clone()),
    )?;
    let beyond = UserPage {
        after: i32::MAX,
        limit: 0,
    };
    same(
        "after the last id",
        Ok(listed(backend, beyond).await?),
        Ok(Vec::new()),
    )?;
    forget(backend, &own).await
}

async fn listed(backend: &dyn Backend, page: UserPage) -> Result<Vec<User>, String> {
    let users = collected(backend.list_users(&Context::new(), page)).await;
    let users = answer(&format!("list_users({page:?})"), users)?;
    holds("ids ascend", users.is_sorted_by(|a, b| a.id < b.id))?;
    Ok(users)
}

/// Those of the list that are one's own.
fn ours(list: &[User], own: &[User]) -> Vec<User> {
    let ours = list.iter().filter(|user| own.contains(user));
    ours.cloned().collect()
}

pub(crate) async fn negative_limit(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    for limit in [-1, i32::MIN] {
        let page = UserPage { after: 0, limit };
        let got = collected(backend.list_users(&context, page)).await;
        fails_with("a negative limit", got.clone(), Code::InvalidArgument)?;
        let wanted = collected(reference().list_users(&context, page)).await;
        same("a negative limit", got, wanted)?;
    }
    Ok(())
}
