//! Hall displays, what they show, and what a citizen sees of their turn.

mod board;
mod display;
mod turn;

pub use board::{AtCounter, Board, BoardCall};
pub use display::{Display, NewDisplay, Sound};
pub use turn::BookedTurn;
