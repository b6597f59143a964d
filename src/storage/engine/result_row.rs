//! How a result row becomes a struct, without sqlx's macros.

/// The result row of a statement: a struct whose fields are the columns, read by their names on either engine.
macro_rules! result_row {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$column_meta:meta])* $column_vis:vis $column:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $($(#[$column_meta])* $column_vis $column: $type,)*
        }

        $crate::storage::engine::result_row::result_row!(@of sqlx::sqlite::SqliteRow, $name { $($column)* });
        $crate::storage::engine::result_row::result_row!(@of sqlx::postgres::PgRow, $name { $($column)* });
    };
    (@of $row:ty, $name:ident { $($column:ident)* }) => {
        impl sqlx::FromRow<'_, $row> for $name {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(Self { $($column: sqlx::Row::try_get(row, stringify!($column))?,)* })
            }
        }
    };
}

pub(in crate::storage) use result_row;
