//! The sentences of pages, in both languages side by side: a sentence without its twin does not compile.

/// Declares `Texts`, the sentences of some pages, and `texts`, those of one language: `name: "Indonesian", "English";`.
macro_rules! texts {
    ($($name:ident: $id:literal, $en:literal;)*) => {
        /// The sentences of one language.
        pub(in crate::web) struct Texts {
            $(pub(in crate::web) $name: &'static str,)*
        }

        const ID: Texts = Texts { $($name: $id,)* };
        const EN: Texts = Texts { $($name: $en,)* };

        /// The sentences of a language.
        pub(in crate::web) fn texts(lang: $crate::conversation::Lang) -> &'static Texts {
            match lang {
                $crate::conversation::Lang::Id => &ID,
                $crate::conversation::Lang::En => &EN,
            }
        }
    };
}
pub(in crate::web) use texts;
