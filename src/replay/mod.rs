//! Plays `.chat` stories through desk, courier and caretaker on a virtual clock.
