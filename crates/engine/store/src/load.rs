//! Reading everything at start, one scan per table.

use crate::apply::Counters;
use crate::batch::StoreError;
use crate::contents::{Contents, EVENTS_KEPT};
use crate::database::failed;
use crate::query::{EVENT_COLUMNS, event_of};
use crate::sql::NounSql;
use base::Generation;
use domain::{Entity, Noun};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Row, query, query_scalar};

/// All contents, and the numbers to go on from.
pub(crate) async fn load(db: &mut SqliteConnection) -> Result<(Contents, Counters), StoreError> {
    let mut contents = Contents::default();
    for noun in Noun::ALL {
        entities(db, *noun, &mut contents.entities).await?;
    }
    let rows = query("SELECT id, detail FROM workflow ORDER BY started, id")
        .fetch_all(&mut *db)
        .await
        .map_err(failed("load workflows"))?;
    for row in rows {
        let id: String = row.try_get(0).map_err(failed("load workflows"))?;
        let detail: String = row.try_get(1).map_err(failed("load workflows"))?;
        let row = serde_json::from_str(&detail).map_err(|cause| StoreError::Corrupt {
            table: "workflow",
            id,
            cause,
        })?;
        contents.workflows.push(row);
    }
    let sql = format!("SELECT {EVENT_COLUMNS} FROM event ORDER BY id DESC LIMIT $1");
    let rows = query(AssertSqlSafe(sql))
        .bind(EVENTS_KEPT as i64)
        .fetch_all(&mut *db)
        .await
        .map_err(failed("load events"))?;
    for row in rows.iter().rev() {
        contents.events.push(event_of(row)?);
    }
    let seq: Option<i64> = query_scalar("SELECT seq FROM change ORDER BY seq DESC LIMIT 1")
        .fetch_optional(&mut *db)
        .await
        .map_err(failed("read the change feed"))?;
    contents.seq = seq.unwrap_or(0);
    let counters = Counters {
        seq: contents.seq,
        event: contents.events.last().map_or(0, |e| e.id),
    };
    Ok((contents, counters))
}

async fn entities(
    db: &mut SqliteConnection,
    noun: Noun,
    into: &mut Vec<Entity>,
) -> Result<(), StoreError> {
    let doing = "load objects";
    let rows = query(NounSql::of(noun).load())
        .fetch_all(&mut *db)
        .await
        .map_err(failed(doing))?;
    into.reserve(rows.len());
    for row in rows {
        let id: String = row.try_get(0).map_err(failed(doing))?;
        let generation: i64 = row.try_get(1).map_err(failed(doing))?;
        let detail: String = row.try_get(2).map_err(failed(doing))?;
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
