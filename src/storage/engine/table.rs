//! A table as statements read and write it, each column declared once: no value can slip into another column.

/// A table as a batch writes it, each column once: its name, its type, and the value of a row. Gives a type with the beginning
/// of the statement ([`Statement`](crate::storage::engine::statement::Statement)) as `INSERT`, and the values as `row`.
macro_rules! insert_row {
    (
        $(#[$doc:meta])*
        $vis:vis struct $name:ident into $table:literal for<$life:lifetime> ($($given:ident: $type:ty),*) {
            $first:ident: $first_kind:ident = $first_value:expr,
            $($column:ident: $kind:ident = $value:expr,)*
        }
    ) => {
        $(#[$doc])*
        $vis struct $name;

        impl $name {
            /// The statement up to its rows.
            $vis const INSERT: &str = concat!(
                "insert into ", $table, " (", stringify!($first), $(", ", stringify!($column),)*
                ") @rows(", stringify!($first_kind), $(", ", stringify!($kind),)* ")"
            );

            const COLUMNS: usize = [stringify!($first), $(stringify!($column),)*].len();

            /// The values of a row, in the order of the columns.
            $vis fn row<$life>(
                $($given: $type),*
            ) -> Result<[$crate::storage::engine::rows::Value<$life>; Self::COLUMNS], $crate::storage::engine::error::StorageError> {
                Ok([$first_value.into(), $($value.into(),)*])
            }
        }
    };
}

/// A row as statements read it, each column once, in the order in which a JSON array has them: the fields of the struct, and
/// their names behind that of the table as `COLUMNS`.
macro_rules! select_row {
    (
        $(#[$doc:meta])*
        $vis:vis struct $name:ident from $table:literal {
            $first:ident: $first_type:ty,
            $($column:ident: $type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Deserialize, sqlx::FromRow)]
        $vis struct $name {
            $first: $first_type,
            $($column: $type,)*
        }

        impl $name {
            /// The columns, for a select list.
            $vis const COLUMNS: &str = concat!(
                $table, ".", stringify!($first), $(", ", $table, ".", stringify!($column),)*
            );
        }
    };
}

pub(in crate::storage) use {insert_row, select_row};
