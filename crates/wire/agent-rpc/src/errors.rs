//! A host's refusal as a gRPC status and back, without loss.
//!
//! The status' details hold the whole error; its code and text are for people with other tools. A
//! status without details comes from the transport or from a peer of another version.

use crate::convert::{BadMessage, Wire};
use crate::proto::{ErrorDetail, error_detail::Kind};
use base::HostId;
use ports::hosts::HostError;
use prost::Message;
use tonic::{Code, Status};

/// Longest sentence of an error in bytes: with its coding it must fit into HTTP/2 trailers (16 KiB).
const SENTENCE_MAX: usize = 4096;
/// Longest text beside the details; percent-coding may make it three times as long.
const TEXT_MAX: usize = 512;

/// At most `max` bytes of a text, cut between characters.
fn cut(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let end = (0..=max).rev().find(|i| text.is_char_boundary(*i));
    &text[..end.unwrap_or(0)]
}

/// An error as a status. Sentences longer than 4,096 bytes are cut.
pub(crate) fn status_of(error: &HostError) -> Status {
    let mut host = Vec::new();
    let mut newest_known = None;
    let (code, kind, message) = match error {
        HostError::Unreachable { host: id, message } => {
            host = id.into_wire();
            (Code::Unavailable, Kind::Unreachable, message)
        }
        HostError::Stale { message, newest } => {
            newest_known = *newest;
            (Code::Aborted, Kind::Stale, message)
        }
        HostError::Refused { message } => (Code::FailedPrecondition, Kind::Refused, message),
        HostError::NotFound { what } => (Code::NotFound, Kind::NotFound, what),
        HostError::Unsupported { message } => (Code::Unimplemented, Kind::Unsupported, message),
        HostError::Failed { message } => (Code::Internal, Kind::Failed, message),
    };
    let detail = ErrorDetail {
        kind: kind as i32,
        message: cut(message, SENTENCE_MAX).to_owned(),
        host,
        newest: newest_known,
    };
    Status::with_details(
        code,
        cut(&error.to_string(), TEXT_MAX),
        detail.encode_to_vec().into(),
    )
}

/// A request that makes no sense, as a status.
pub(crate) fn status_of_bad(bad: &BadMessage) -> Status {
    status_of(&HostError::Unsupported {
        message: format!("the request is not understood: {bad}"),
    })
}

/// What a status of `host` means.
pub(crate) fn error_of(host: HostId, status: &Status) -> HostError {
    if let Some(error) = from_details(status.details()) {
        return error;
    }
    let message = if status.message().is_empty() {
        status.code().description().to_owned()
    } else {
        status.message().to_owned()
    };
    match status.code() {
        Code::Unimplemented => HostError::Unsupported { message },
        // Ours or the peer's limits on the length of messages.
        Code::OutOfRange | Code::ResourceExhausted => HostError::Failed { message },
        // HTTP/2's words of a connection that broke off mean nothing to people.
        Code::Unknown | Code::Internal => HostError::Unreachable {
            host,
            message: format!("the connection broke ({message})"),
        },
        // The rest is the transport, too: nothing is known of the command's fate.
        _ => HostError::Unreachable { host, message },
    }
}

fn from_details(details: &[u8]) -> Option<HostError> {
    if details.is_empty() {
        return None;
    }
    let detail = ErrorDetail::decode(details).ok()?;
    let message = detail.message;
    Some(match Kind::try_from(detail.kind).ok()? {
        Kind::Unspecified => return None,
        Kind::Unreachable => HostError::Unreachable {
            host: HostId::from_wire(detail.host).ok()?,
            message,
        },
        Kind::Stale => HostError::Stale {
            message,
            newest: detail.newest,
        },
        Kind::Refused => HostError::Refused { message },
        Kind::NotFound => HostError::NotFound { what: message },
        Kind::Unsupported => HostError::Unsupported { message },
        Kind::Failed => HostError::Failed { message },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOST: HostId = HostId::known(7);

    fn error() -> impl Strategy<Value = HostError> {
        let text = "\\PC{0,60}";
        prop_oneof![
            (any::<u128>(), text).prop_map(|(id, message)| HostError::Unreachable {
                host: HostId::known(id),
                message
            }),
            (text, any::<Option<u64>>())
                .prop_map(|(message, newest)| HostError::Stale { message, newest }),
            text.prop_map(|message| HostError::Refused { message }),
            text.prop_map(|what| HostError::NotFound { what }),
            text.prop_map(|message| HostError::Unsupported { message }),
            text.prop_map(|message| HostError::Failed { message }),
        ]
    }

    proptest! {
        #[test]
        fn an_error_comes_back_as_it_went(error in error()) {
            prop_assert_eq!(error_of(HOST, &status_of(&error)), error);
        }

        #[test]
        fn no_details_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64), code in 0..17i32) {
            let status = Status::with_details(Code::from_i32(code), "x", bytes.into());
            let _ = error_of(HOST, &status);
        }
    }

    #[test]
    fn a_broken_transport_means_unreachable_and_an_unknown_method_unsupported() {
        assert!(matches!(
            error_of(HOST, &Status::unavailable("broken pipe")),
            HostError::Unreachable { host: HOST, .. }
        ));
        assert!(matches!(
            error_of(HOST, &Status::unimplemented("")),
            HostError::Unsupported { .. }
        ));
    }

    #[test]
    fn an_endless_sentence_is_cut_between_characters() {
        let error = HostError::Failed {
            message: "ż".repeat(10_000),
        };
        let HostError::Failed { message } = error_of(HOST, &status_of(&error)) else {
            panic!("another kind came back");
        };
        assert_eq!(message, "ż".repeat(SENTENCE_MAX / 2));
    }
}
