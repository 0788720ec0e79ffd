//! Where a test's database is. One body of a test runs on each kind.

use super::postgres::{MISSING, Server, connect};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::path::PathBuf;
use store::{Contents, DatabaseUrl, Store};
use testkit::TestDir;

/// The engine that the tests are.
pub const HOLDER: &str = "engine";

/// A database of one test.
pub struct Place {
    url: String,
    dir: TestDir,
}

impl Place {
    /// A file.
    pub async fn sqlite() -> Self {
        let dir = TestDir::new();
        let url = format!("sqlite://{}", dir.join("engine.db").display());
        Place { url, dir }
    }

    /// A database of the process's server; `None`, loudly, where there is none.
    pub async fn postgres(test: &str) -> Option<Self> {
        let Some(server) = Server::shared() else {
            testkit::skip(test, MISSING);
            return None;
        };
        let url = server.url(&server.database().await);
        let dir = TestDir::new();
        Some(Place { url, dir })
    }

    /// The same kind of place, but another one.
    pub async fn another(&self) -> Self {
        if self.is_postgres() {
            Self::postgres("another").await.unwrap()
        } else {
            Self::sqlite().await
        }
    }

    pub fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }

    pub fn url_text(&self) -> &str {
        &self.url
    }

    pub fn url(&self) -> DatabaseUrl {
        self.url.parse().unwrap()
    }

    /// A path beside the database, for other files.
    pub fn join(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub async fn open(&self) -> (Store, Contents) {
        Store::connect(&self.url(), HOLDER).await.unwrap()
    }

    pub async fn reopen(&self, store: Store) -> (Store, Contents) {
        store.close().await;
        self.open().await
    }

    /// Numbers that are read behind the store's back.
    pub async fn numbers(&self, text: &'static str) -> Vec<i64> {
        if let Some(path) = self.url.strip_prefix("sqlite://") {
            let options = SqliteConnectOptions::new().filename(path);
            let mut db = SqliteConnection::connect_with(&options).await.unwrap();
            let rows = sqlx::query_scalar(text).fetch_all(&mut db).await.unwrap();
            db.close().await.unwrap();
            rows
        } else {
            let mut db = connect(&self.url).await;
            let rows = sqlx::query_scalar(text).fetch_all(&mut db).await.unwrap();
            db.close().await.unwrap();
            rows
        }
    }

    /// Runs text behind the store's back.
    pub async fn sql(&self, text: &'static str) {
        if let Some(path) = self.url.strip_prefix("sqlite://") {
            let options = SqliteConnectOptions::new().filename(path);
            let mut db = SqliteConnection::connect_with(&options).await.unwrap();
            sqlx::raw_sql(text).execute(&mut db).await.unwrap();
            db.close().await.unwrap();
        } else {
            let mut db = connect(&self.url).await;
            sqlx::raw_sql(text).execute(&mut db).await.unwrap();
            db.close().await.unwrap();
        }
    }
}

/// Makes two tests of each body, one for each kind of database.
#[macro_export]
macro_rules! on_both {
    ($($body:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $body() {
                super::$body($crate::common::place::Place::sqlite().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $body() {
                let name = concat!(module_path!(), "::", stringify!($body));
                if let Some(place) = $crate::common::place::Place::postgres(name).await {
                    super::$body(place).await;
                }
            })*
        }
    };
}
