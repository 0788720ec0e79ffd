//! Reading everything at start, one scan per table.

use crate::apply::Counters;
use crate::batch::StoreError;
use crate::connection::{Connection, query};
use crate::contents::{Contents, EVENTS_KEPT};
use crate::database::failed;
use crate::query::{EVENT_COLUMNS, event_of};
use crate::sql::NounSql;
use base::Generation;
use domain::{Entity, Noun};
use futures::TryStreamExt as _;
use sqlx::AssertSqlSafe;

/// All contents, and the numbers to go on from.
pub(crate) async fn load(db: &mut Connection) -> Result<(Contents, Counters), StoreError> {
    let mut contents = Contents::default();
    for noun in Noun::ALL {
        entities(db, *noun, &mut contents.entities).await?;
    }
    let doing = failed("load workflows");
    let mut rows = query("SELECT id, detail FROM workflow ORDER BY started, id").stream(db);
    while let Some(row) = rows.try_next().await.map_err(&doing)? {
        let id = row.text(0).map_err(&doing)?;
        let detail = row.text(1).map_err(&doing)?;
        let row = serde_json::from_str(&detail).map_err(|cause| StoreError::Corrupt {
            table: "workflow",
            id,
            cause,
        })?;
        contents.workflows.push(row);
    }
    drop(rows);
    let sql = format!("SELECT {EVENT_COLUMNS} FROM event ORDER BY id DESC LIMIT $1");
    let rows = query(AssertSqlSafe(sql))
        .bind(EVENTS_KEPT as i64)
        .rows(db)
        .await
        .map_err(failed("load events"))?;
    for row in rows.iter().rev() {
        contents.events.push(event_of(row)?);
    }
    let doing = failed("read the change feed");
    let last = query("SELECT seq FROM change ORDER BY seq DESC LIMIT 1");
    if let Some(row) = last.first(db).await.map_err(&doing)? {
        contents.seq = row.number(0).map_err(&doing)?;
    }
    let counters = Counters {
        seq: contents.seq,
        event: contents.events.last().map_or(0, |e| e.id),
    };
    Ok((contents, counters))
}

async fn entities(
    db: &mut Connection,
    noun: Noun,
    into: &mut Vec<Entity>,
) -> Result<(), StoreError> {
    let doing = failed("load objects");
    let mut rows = query(NounSql::of(noun).load()).stream(db);
    while let Some(row) = rows.try_next().await.map_err(&doing)? {
        let id = row.text(0).map_err(&doing)?;
        let generation = row.number(1).map_err(&doing)?;
        let detail = row.text(2).map_err(&doing)?;
        let entity = Entity::from_json(noun, &detail).map_err(|cause| StoreError::Corrupt {
            table: noun.table(),
            id,
            cause,
        })?;
        // The column is what compare-and-set asks; the text only repeats it.
        into.push(entity.at(Generation(u64::try_from(generation).unwrap_or(0))));
    }
    Ok(())
}
