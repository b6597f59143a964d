//! What is wrong with a piece or a form, and where in the message.

use crate::grammar::request::field::Field;
use crate::grammar::request::misread::MisreadKind;

/// What is wrong with a piece, and the slice of the message that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PieceError<'m> {
    pub(crate) kind: MisreadKind,
    pub(crate) at: &'m str,
}

/// What went wrong, and with which field.
pub(crate) type FormError<'m> = (Option<Field>, PieceError<'m>);
