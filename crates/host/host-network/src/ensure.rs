//! Plan, do, look again, and take back when something fails.

use crate::{Desired, NetworkControl, NetworkError, Observed, Step, plan};

/// Makes the host's network as it is desired; answers with what there is then.
///
/// # Errors
/// When it can't be planned (nothing is changed), a step fails, or the result is not what was wanted
/// (what was changed is taken back, newest first).
pub async fn ensure(
    control: &dyn NetworkControl,
    desired: &Desired,
) -> Result<Observed, NetworkError> {
    let steps = plan(&control.observe().await?, desired)?;
    let mut done = Vec::with_capacity(steps.len());
    for step in &steps {
        if let Err(error) = control.perform(step).await {
            return Err(take_back(control, &done, error).await);
        }
        tracing::info!("{step}: done");
        done.push(step);
    }
    match verify(control, desired).await {
        Ok(observed) => Ok(observed),
        Err(error) => Err(take_back(control, &done, error).await),
    }
}

async fn verify(control: &dyn NetworkControl, desired: &Desired) -> Result<Observed, NetworkError> {
    let observed = control.observe().await?;
    let left = plan(&observed, desired)?;
    if left.is_empty() {
        return Ok(observed);
    }
    let left: Vec<_> = left.iter().map(ToString::to_string).collect();
    Err(NetworkError::NotVerified {
        left: left.join(", "),
    })
}

/// Undoes everything that can be undone; the first undo that fails is told beside the cause.
async fn take_back(
    control: &dyn NetworkControl,
    done: &[&Step],
    cause: NetworkError,
) -> NetworkError {
    let mut failed = None;
    for step in done.iter().rev() {
        if let Err(error) = control.perform(&step.undo()).await {
            failed.get_or_insert(error.to_string());
        }
    }
    match failed {
        None => cause,
        Some(failed) => NetworkError::Rollback {
            failed,
            cause: Box::new(cause),
        },
    }
}
