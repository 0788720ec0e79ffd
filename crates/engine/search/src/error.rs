//! Why a text is no question.

/// A search that can't be answered. Positions count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// It breaks the rules of the language.
    #[error("the search is wrong at character {position}: expected {expected}")]
    Syntax {
        /// Where.
        position: usize,
        /// What could stand there.
        expected: String,
    },
    /// oVirt would understand it, this version does not yet.
    #[error("not supported yet in a search: {what} (at character {position})")]
    NotSupported {
        /// Where.
        position: usize,
        /// What it is.
        what: String,
    },
}

impl From<SearchError> for base::Fault {
    fn from(e: SearchError) -> Self {
        match &e {
            SearchError::Syntax { .. } => {
                base::Fault::bad_request("SEARCH_SYNTAX_ERROR", format!("{e}."))
            }
            SearchError::NotSupported { position, what } => {
                base::Fault::not_supported(format!("{what} in a search (at character {position})"))
            }
        }
    }
}
