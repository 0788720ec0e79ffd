//! The guests' side of the fake.

use std::collections::BTreeMap;

/// How a guest takes what is asked of it. The default is deaf.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuestBehaviour {
    /// Its agent opens the channel as soon as the machine runs.
    pub agent: bool,
    /// Answers of the agent by command name (`guest-ping`): the text of the value of `return`.
    pub answers: BTreeMap<String, String>,
    /// It ends itself when the agent or the power button asks.
    pub obeys_shutdown: bool,
    /// It writes to its memory all the time: with a limited bandwidth its way to another host does
    /// not end by itself.
    pub busy: bool,
}

impl GuestBehaviour {
    /// A guest whose agent answers `guest-ping` and that ends when asked.
    #[must_use]
    pub fn with_agent() -> Self {
        GuestBehaviour {
            agent: true,
            obeys_shutdown: true,
            ..GuestBehaviour::default()
        }
        .answering("guest-ping", "{}")
    }
    /// The same with one more answer of the agent: JSON, the value of `return`.
    #[must_use]
    pub fn answering(mut self, command: &str, value: &str) -> Self {
        self.answers.insert(command.into(), value.into());
        self
    }
}
