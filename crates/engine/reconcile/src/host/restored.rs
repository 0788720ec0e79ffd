//! The first words of a host since the engine was restored from a backup.

use super::HostTask;
use operations::restored::taken_over;
use ports::hosts::HostEvent;

impl HostTask {
    /// Takes over what runs on the host before the report is read in the usual way. Everything else
    /// the host says waits for it, so that no older word is noted behind a newer one.
    pub(super) async fn take_over(&self, event: &HostEvent) {
        let HostEvent::Report(reports) = event else {
            return;
        };
        if self.state.connected.is_none() || self.stored().is_none_or(|h| h.restored.is_none()) {
            return;
        }
        // A certificate that it got after the backup is not known either; the wire has checked that it
        // is the host's, by our CA.
        let shown = match self.shared.rooms.agents.session(self.id) {
            Some(session) => session.certificate_request().await.ok(),
            None => None,
        };
        let shown = shown.map(|asked| asked.fingerprint);
        let call = self.shared.call();
        let what = "what runs on a host after the restore";
        let noted = self
            .shared
            .note(what, |snapshot, now| {
                taken_over(snapshot, &call, self.id, reports, shown.as_deref(), now)
            })
            .await;
        if noted {
            tracing::warn!(host.id = %self.id, vms = reports.len(), "the host told for the first time since the restore what it runs");
        }
    }
}
