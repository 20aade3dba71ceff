use shared::{AppError, ErrorCode};

/// Why a ticket did not open its frame. The reason goes out as text such as `unbound_lock`, for the host's developer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketRefusal {
    TooLong,
    Unreadable,
    WrongHeader,
    UnknownKey,
    WrongAlgorithm,
    WrongSignature,
    WrongAudience,
    Expired,
    LivesTooLong,
    NotYetValid,
    OtherResource,
    UsedAlready,
    UnknownClaim(String),
    UnboundLock(String),
    NoOrigin,
}

impl TicketRefusal {
    const fn reason(&self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Unreadable => "unreadable",
            Self::WrongHeader => "wrong_header",
            Self::UnknownKey => "unknown_key",
            Self::WrongAlgorithm => "wrong_algorithm",
            Self::WrongSignature => "wrong_signature",
            Self::WrongAudience => "wrong_audience",
            Self::Expired => "expired",
            Self::LivesTooLong => "lives_too_long",
            Self::NotYetValid => "not_yet_valid",
            Self::OtherResource => "other_resource",
            Self::UsedAlready => "used_already",
            Self::UnknownClaim(_) => "unknown_claim",
            Self::UnboundLock(_) => "unbound_lock",
            Self::NoOrigin => "no_origin",
        }
    }

    /// For the reader, who can mend only what a new ticket mends.
    const fn message(&self) -> &'static str {
        match self {
            Self::Expired | Self::UsedAlready => {
                "The ticket of this frame is used up. Reload the page around it to get a new one."
            }
            Self::TooLong
            | Self::Unreadable
            | Self::WrongHeader
            | Self::UnknownKey
            | Self::WrongAlgorithm
            | Self::WrongSignature
            | Self::WrongAudience
            | Self::LivesTooLong
            | Self::NotYetValid
            | Self::OtherResource
            | Self::UnknownClaim(_)
            | Self::UnboundLock(_)
            | Self::NoOrigin => "The ticket of this frame was refused. The site around it has to mend it.",
        }
    }

    /// 403 for what a right key says wrongly, 401 for everything that proves nothing.
    const fn code(&self) -> ErrorCode {
        match self {
            Self::UnknownClaim(_) | Self::UnboundLock(_) | Self::NoOrigin => ErrorCode::Forbidden,
            Self::TooLong
            | Self::Unreadable
            | Self::WrongHeader
            | Self::UnknownKey
            | Self::WrongAlgorithm
            | Self::WrongSignature
            | Self::WrongAudience
            | Self::Expired
            | Self::LivesTooLong
            | Self::NotYetValid
            | Self::OtherResource
            | Self::UsedAlready => ErrorCode::Unauthenticated,
        }
    }
}

impl From<TicketRefusal> for AppError {
    fn from(refusal: TicketRefusal) -> Self {
        let answer = Self::new(refusal.code(), refusal.message()).with_hint(format!("reason: {}", refusal.reason()));
        match refusal {
            TicketRefusal::UnknownClaim(name) => answer.with_field(format!("ticket.{name}")),
            TicketRefusal::UnboundLock(name) => answer.with_field(format!("ticket.lock.{name}")),
            TicketRefusal::TooLong
            | TicketRefusal::Unreadable
            | TicketRefusal::WrongHeader
            | TicketRefusal::UnknownKey
            | TicketRefusal::WrongAlgorithm
            | TicketRefusal::WrongSignature
            | TicketRefusal::WrongAudience
            | TicketRefusal::Expired
            | TicketRefusal::LivesTooLong
            | TicketRefusal::NotYetValid
            | TicketRefusal::OtherResource
            | TicketRefusal::UsedAlready
            | TicketRefusal::NoOrigin => answer,
        }
    }
}
