//! Debug of types that hold personal data, or a secret: their name, and of their fields those that are none. What is formatted may end
//! in a log, in an error or in the text of a panic.

/// Implements Debug for types, each with the fields that it shows: `masked_debug!(StuckReply { id, state }, Said);`
macro_rules! masked_debug {
    ($($type:ty $({ $($shown:ident),* $(,)? })?),+ $(,)?) => {
        $(impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($type))
                    $($(.field(stringify!($shown), &self.$shown))*)?
                    .finish_non_exhaustive()
            }
        })+
    };
}
pub(crate) use masked_debug;

#[cfg(test)]
mod tests {
    #[derive(Clone)]
    struct Someone<'s> {
        id: i64,
        name: &'s str,
    }
    masked_debug!(Someone<'_> { id });

    enum Word {
        Text(&'static str),
    }
    masked_debug!(Word);

    #[test]
    fn only_the_fields_that_are_named_are_shown() {
        let someone = Someone { id: 7, name: "Qwerzani" };
        assert_eq!(format!("{someone:?}").replace("<'_>", ""), "Someone { id: 7, .. }");
        assert_eq!(someone.name.len(), 8);
        let word = Word::Text("rahasia");
        assert_eq!(format!("{word:?}"), "Word { .. }");
        let Word::Text(text) = word;
        assert_eq!(text, "rahasia");
    }
}
