//! The SQL text of nouns: the same few statements for each table.

use domain::Noun;
use sqlx::AssertSqlSafe;
use std::sync::{Arc, LazyLock};

/// Statements on one noun's table.
pub(crate) struct NounSql {
    load: Arc<str>,
    insert: Arc<str>,
    update: Arc<str>,
    delete: Arc<str>,
}

// The only text that is put together is the table's name, which is a constant of the program.
static STATEMENTS: LazyLock<Vec<NounSql>> = LazyLock::new(|| {
    let of = |noun: &Noun| {
        let table = noun.table();
        NounSql {
            load: format!("SELECT id, generation, detail FROM {table} ORDER BY id").into(),
            insert: format!(
                "INSERT INTO {table} (id, generation, name, detail) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (id) DO NOTHING"
            )
            .into(),
            update: format!(
                "UPDATE {table} SET generation = $2, name = $3, detail = $4 \
                 WHERE id = $1 AND generation = $5"
            )
            .into(),
            delete: format!("DELETE FROM {table} WHERE id = $1 AND generation = $2").into(),
        }
    };
    Noun::ALL.iter().map(of).collect()
});

impl NounSql {
    pub fn of(noun: Noun) -> &'static NounSql {
        &STATEMENTS[noun as usize]
    }
    pub fn load(&self) -> AssertSqlSafe<Arc<str>> {
        AssertSqlSafe(self.load.clone())
    }
    pub fn insert(&self) -> AssertSqlSafe<Arc<str>> {
        AssertSqlSafe(self.insert.clone())
    }
    pub fn update(&self) -> AssertSqlSafe<Arc<str>> {
        AssertSqlSafe(self.update.clone())
    }
    pub fn delete(&self) -> AssertSqlSafe<Arc<str>> {
        AssertSqlSafe(self.delete.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nouns_statements_are_on_its_own_table() {
        for noun in Noun::ALL {
            let text = &NounSql::of(*noun).load;
            assert!(text.contains(&format!("FROM {} ", noun.table())), "{text}");
        }
    }
}
