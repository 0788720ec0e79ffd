//! One batch becomes SQL, inside a transaction that the writer opened.

use crate::batch::{Batch, Change, StoreError, Write};
use crate::connection::{Connection, Row, query};
use crate::database::failed;
use crate::sql::NounSql;
use base::{Generation, WorkflowId};
use domain::events::{Event, NewEvent};
use domain::jobs::WorkflowRow;
use domain::{Claim, Entity, Key, Noun};
use std::sync::Arc;
use uuid::Uuid;

/// Numbers that are given out by the one writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counters {
    /// Last change of the feed.
    pub seq: i64,
    /// Last event.
    pub event: i64,
}

/// Carries out a batch. After an error the caller rolls back to its savepoint and restores the
/// counters.
pub(crate) async fn apply(
    db: &mut Connection,
    batch: &Batch,
    counters: &mut Counters,
) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::with_capacity(batch.writes.len());
    for write in &batch.writes {
        let change = match write {
            Write::Put(entity) => put(db, entity).await?,
            Write::Delete(key, generation) => delete(db, *key, *generation).await?,
            Write::Event(event) => {
                counters.event += 1;
                append_event(db, counters.event, event).await?
            }
            Write::Workflow(row) => put_workflow(db, row).await?,
            Write::ForgetWorkflow(id) => match forget_workflow(db, *id).await? {
                Some(change) => change,
                None => continue,
            },
        };
        counters.seq += 1;
        feed(db, counters.seq, &change).await?;
        changes.push(change);
    }
    Ok(changes)
}

/// SQL's integers are signed; no counter of ours gets near the limit.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unwritable(table: &'static str, id: Uuid) -> impl Fn(serde_json::Error) -> StoreError {
    move |cause| StoreError::Corrupt {
        table,
        id: id.to_string(),
        cause,
    }
}

async fn put(db: &mut Connection, entity: &Entity) -> Result<Change, StoreError> {
    let key = entity.key();
    let expected = entity.generation();
    let next = entity.clone().at(expected.next());
    let detail = next
        .to_json()
        .map_err(unwritable(key.noun.table(), key.id))?;
    let sql = NounSql::of(key.noun);
    let new = expected == Generation::NEW;
    let statement = if new {
        query(sql.insert())
    } else {
        query(sql.update())
    };
    let mut statement = statement
        .bind(key.id.to_string())
        .bind(signed(expected.next().0))
        .bind(next.name())
        .bind(detail);
    if !new {
        statement = statement.bind(signed(expected.0));
    }
    let done = statement
        .execute(db)
        .await
        .map_err(failed("store an object"))?;
    if done != 1 {
        return Err(StoreError::Lost { key, expected });
    }
    claim(db, key, next.claims(), new).await?;
    Ok(Change::Put(next))
}

async fn delete(db: &mut Connection, key: Key, expected: Generation) -> Result<Change, StoreError> {
    let done = query(NounSql::of(key.noun).delete())
        .bind(key.id.to_string())
        .bind(signed(expected.0))
        .execute(db)
        .await
        .map_err(failed("remove an object"))?;
    if done != 1 {
        return Err(StoreError::Lost { key, expected });
    }
    query("DELETE FROM claim WHERE owner_id = $1 AND owner_noun = $2")
        .bind(key.id.to_string())
        .bind(key.noun.table())
        .execute(db)
        .await
        .map_err(failed("free an object's claims"))?;
    Ok(Change::Deleted(key))
}

/// Makes `wanted` the claims of `key`.
async fn claim(
    db: &mut Connection,
    key: Key,
    mut wanted: Vec<Claim>,
    new: bool,
) -> Result<(), StoreError> {
    // An object may name the same thing twice (two NICs with one address by hand); it owns it once.
    wanted.sort();
    wanted.dedup();
    let held = if new {
        Vec::new()
    } else {
        query("SELECT space, value FROM claim WHERE owner_id = $1 AND owner_noun = $2")
            .bind(key.id.to_string())
            .bind(key.noun.table())
            .rows(db)
            .await
            .map_err(failed("read an object's claims"))?
            .iter()
            .map(claim_of)
            .collect::<Result<Vec<_>, _>>()
            .map_err(failed("read an object's claims"))?
    };
    for old in held.iter().filter(|c| !wanted.contains(c)) {
        query("DELETE FROM claim WHERE space = $1 AND value = $2")
            .bind(&old.space)
            .bind(&old.value)
            .execute(db)
            .await
            .map_err(failed("free a claim"))?;
    }
    for claim in wanted.into_iter().filter(|c| !held.contains(c)) {
        let done = query(
            "INSERT INTO claim (space, value, owner_noun, owner_id) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (space, value) DO NOTHING",
        )
        .bind(&claim.space)
        .bind(&claim.value)
        .bind(key.noun.table())
        .bind(key.id.to_string())
        .execute(db)
        .await
        .map_err(failed("claim a unique value"))?;
        if done != 1 {
            let owner = owner(db, &claim).await?;
            return Err(StoreError::Claimed { claim, owner });
        }
    }
    Ok(())
}

fn claim_of(row: &Row) -> Result<Claim, sqlx::Error> {
    Ok(Claim::new(row.text(0)?, row.text(1)?))
}

async fn owner(db: &mut Connection, claim: &Claim) -> Result<Key, StoreError> {
    let doing = "read who owns a claim";
    let row = query("SELECT owner_noun, owner_id FROM claim WHERE space = $1 AND value = $2")
        .bind(&claim.space)
        .bind(&claim.value)
        .first(db)
        .await
        .and_then(|row| row.ok_or(sqlx::Error::RowNotFound))
        .map_err(failed(doing))?;
    let table = row.text(0).map_err(failed(doing))?;
    let id = row.text(1).map_err(failed(doing))?;
    let noun = Noun::ALL.iter().find(|n| n.table() == table);
    match (noun, Uuid::try_parse(&id)) {
        (Some(noun), Ok(id)) => Ok(Key { noun: *noun, id }),
        _ => Err(StoreError::Corrupt {
            table: "claim",
            id: format!("{}/{}", claim.space, claim.value),
            cause: serde::de::Error::custom(format!("its owner is `{id}` of `{table}`")),
        }),
    }
}

async fn append_event(
    db: &mut Connection,
    id: i64,
    event: &NewEvent,
) -> Result<Change, StoreError> {
    let about = &event.about;
    query(
        "INSERT INTO event (id, code, severity, at, message, correlation_id, app_user, \
         app_user_name, vm, host, cluster, data_center, storage_domain, template, disk, origin, \
         custom_id, source, token) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(id)
    .bind(i64::from(event.code))
    .bind(i64::from(event.severity as u8))
    .bind(event.at.0)
    .bind(&event.message)
    .bind(&event.correlation_id)
    .bind(about.user.map(|i| i.to_string()))
    .bind(about.user_name.clone())
    .bind(about.vm.map(|i| i.to_string()))
    .bind(about.host.map(|i| i.to_string()))
    .bind(about.cluster.map(|i| i.to_string()))
    .bind(about.data_center.map(|i| i.to_string()))
    .bind(about.storage_domain.map(|i| i.to_string()))
    .bind(about.template.map(|i| i.to_string()))
    .bind(about.disk.map(|i| i.to_string()))
    .bind(event.external.as_ref().map(|e| e.origin.clone()))
    .bind(event.external.as_ref().map_or(0, |e| e.custom_id))
    .bind(about.address.clone())
    .bind(about.token.map(|i| i.to_string()))
    .execute(db)
    .await
    .map_err(failed("append an event"))?;
    Ok(Change::Event(Arc::new(Event {
        id,
        event: event.clone(),
    })))
}

async fn put_workflow(db: &mut Connection, row: &WorkflowRow) -> Result<Change, StoreError> {
    let detail = serde_json::to_string(row).map_err(unwritable("workflow", row.id.0))?;
    let expected = row.revision.saturating_sub(1);
    let statement = if expected == 0 {
        query(
            "INSERT INTO workflow (id, revision, kind, is_over, started, detail) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        )
    } else {
        query(
            "UPDATE workflow SET revision = $2, kind = $3, is_over = $4, started = $5, \
             detail = $6 WHERE id = $1 AND revision = $7",
        )
    };
    let mut statement = statement
        .bind(row.id.to_string())
        .bind(signed(row.revision))
        .bind(&row.kind)
        .bind(i64::from(row.state.is_over()))
        .bind(row.started.0)
        .bind(detail);
    if expected != 0 {
        statement = statement.bind(signed(expected));
    }
    let done = statement
        .execute(db)
        .await
        .map_err(failed("store a workflow"))?;
    if done != 1 {
        return Err(StoreError::LostWorkflow {
            id: row.id,
            expected,
        });
    }
    Ok(Change::Workflow(Arc::new(row.clone())))
}

/// `None` when there is none, or when it is not over: work that is under way is never forgotten.
async fn forget_workflow(
    db: &mut Connection,
    id: WorkflowId,
) -> Result<Option<Change>, StoreError> {
    let done = query("DELETE FROM workflow WHERE id = $1 AND is_over = 1")
        .bind(id.to_string())
        .execute(db)
        .await
        .map_err(failed("forget a workflow"))?;
    Ok((done == 1).then_some(Change::WorkflowForgotten(id)))
}

async fn feed(db: &mut Connection, seq: i64, change: &Change) -> Result<(), StoreError> {
    let (noun, id, op) = match change {
        Change::Put(e) => (e.noun().table(), e.key().id.to_string(), "put"),
        Change::Deleted(key) => (key.noun.table(), key.id.to_string(), "delete"),
        Change::Event(e) => ("event", e.id.to_string(), "put"),
        Change::Workflow(row) => ("workflow", row.id.to_string(), "put"),
        Change::WorkflowForgotten(id) => ("workflow", id.to_string(), "delete"),
    };
    query("INSERT INTO change (seq, noun, id, op) VALUES ($1, $2, $3, $4)")
        .bind(seq)
        .bind(noun)
        .bind(id)
        .bind(op)
        .execute(db)
        .await
        .map_err(failed("append to the change feed"))?;
    Ok(())
}
