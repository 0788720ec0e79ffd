//! Durable work: a table of steps over a memo, a journal of what was begun and done, undo in reverse.
//!
//! This room knows no VM and no disk: a workflow is a `KIND`, a `const` table of steps and the
//! functions behind them. Each journal write is one `store::Batch`, and what a step writes to the
//! database goes into the same batch as its `done`, so it happens exactly once. What a step does
//! elsewhere may happen twice after a crash: steps say what they make true, not what they do.
//!
//! ```text
//!            accept                done (last step)
//!   (verb) ─────────▶ Forward ──────────────────────▶ Finished
//!                        │ a step fails for good, or cancel
//!                        ▼
//!                     Undoing ──▶ Failed | Aborted
//!                        │ undo fails too often
//!                        ▼
//!                  NeedsOperator ──(resume)──▶ Undoing
//! ```
//!
//! Signals are level-triggered: a step that has to wait answers `Outcome::Wait`; it is run again
//! when something about one of the workflow's subjects changed (`Engine::signal`) or its time has
//! come, and looks for itself. So no signal can be lost, neither by a race nor by a crash.

//!
//! A step that needs other workflows accepts them as any verb does, with itself as their `parent`, and
//! waits: the end of each child wakes it. On a parent's way back its children are cancelled first, and
//! nothing is undone before the last of them is over.

mod engine;
mod journal;
mod kind;
mod plan;
mod slots;
mod table;
mod timers;
mod turns;

pub use engine::{Engine, EngineOptions, JournalHook, JournalPoint};
pub use journal::mark_done;
pub use plan::{Recovery, recovery_of};
pub use table::{Cx, Outcome, Retry, StepDef, StepError, Workflow};
