//! What may be told of a panic.

use std::any::Any;

/// The text of a panic where it stands in the program itself. One that was put together while the program ran may quote what a citizen
/// wrote (a cut within a letter quotes the whole text), so it is told to nobody.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &'static str {
    panic.downcast_ref::<&'static str>().copied().unwrap_or("its text is not shown, since it may quote a message")
}
