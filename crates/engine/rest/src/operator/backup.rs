//! A backup of everything, as bytes: whoever asks keeps it.

use super::call;
use super::json::{Fallible, answer, read};
use crate::{BackupFile, Front};
use access::Permitted;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base::Fault;
use bytes::Bytes;
use futures::stream;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde::Deserialize;
use tokio::io::AsyncReadExt as _;

/// Bytes that are sent together.
const PIECE: usize = 256 * 1024;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    passphrase: Option<String>,
}

/// `POST /operator/backup {passphrase?}` answers the backup file.
pub async fn make(State(front): State<Front>, body: Bytes) -> Response {
    let call = call(&front);
    match made(&front, &call, &body).await {
        Ok(backup) => sent(backup),
        Err(fault) => answer::<()>(&call, Err(fault)),
    }
}

async fn made(front: &Front, call: &Permitted, body: &[u8]) -> Fallible<BackupFile> {
    let wanted = if body.trim_ascii().is_empty() {
        Wanted::default()
    } else {
        read(body)?
    };
    let backups = front
        .backups
        .as_ref()
        .ok_or_else(|| Fault::not_supported("making a backup"))?;
    backups.make((**call).clone(), wanted.passphrase).await
}

fn sent(backup: BackupFile) -> Response {
    let BackupFile { file, bytes } = backup;
    // An error breaks the answer off before its stated length: it is never taken for a whole one.
    let pieces = stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        std::io::Result::Ok((read > 0).then(|| (Bytes::from(piece), file)))
    });
    (
        [
            (CONTENT_TYPE, "application/octet-stream".to_owned()),
            (CONTENT_LENGTH, bytes.to_string()),
        ],
        Body::from_stream(pieces),
    )
        .into_response()
}
