//! Waiting for what tells nobody when it has come: a file, a status in a document.

use anyhow::bail;
use std::time::{Duration, Instant};

/// How often is looked.
const PAUSE: Duration = Duration::from_millis(100);

/// Looks again and again until there is something, or the time is over.
///
/// # Errors
/// When looking fails, or nothing came in time.
pub async fn until<T>(
    what: &str,
    limit: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if begun.elapsed() > limit {
            bail!("waited {} s for {what} in vain", limit.as_secs());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_is_answered_and_what_does_not_is_told() {
        let mut looks = 0;
        let found = until("it", Duration::from_secs(5), async || {
            looks += 1;
            Ok((looks == 2).then_some(looks))
        });
        assert_eq!(found.await.unwrap(), 2);
        let e = until::<()>("rain", Duration::ZERO, async || Ok(None))
            .await
            .unwrap_err();
        assert!(e.to_string().contains("for rain in vain"));
    }
}
