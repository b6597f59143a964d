//! A table as statements read and write it, each column declared once: no value can slip into another column.

/// What happens to a column of a row that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Role {
    /// It is overwritten.
    Changing,
    /// It keeps the value that it was inserted with.
    Fixed,
    /// It says which row is meant.
    Key,
}

/// The role of a column by the word behind its type: none, `fixed` or `key`.
macro_rules! role {
    () => {
        $crate::storage::engine::table::Role::Changing
    };
    (fixed) => {
        $crate::storage::engine::table::Role::Fixed
    };
    (key) => {
        $crate::storage::engine::table::Role::Key
    };
}

/// A table whose rows are inserted, or updated where they are there already.
pub(in crate::storage) trait Upsert {
    /// The statement up to its rows.
    const BEGINNING: &'static str;
    /// Every column with its role.
    const ROLES: &'static [(&'static str, Role)];

    /// The statement that inserts a row, or overwrites every column of it that is neither `key` nor `fixed`.
    fn upsert() -> String {
        let columns = |wanted: Role| {
            Self::ROLES.iter().filter(move |(_, role)| *role == wanted).map(|(column, _)| *column).collect::<Vec<_>>()
        };
        let set: Vec<_> =
            columns(Role::Changing).into_iter().map(|column| format!("{column} = excluded.{column}")).collect();
        format!("{} on conflict ({}) do update set {}", Self::BEGINNING, columns(Role::Key).join(", "), set.join(", "))
    }
}

/// A table as a batch writes it, each column once: its name, its type, its [`Role`] where rows are also updated, and the
/// value of a row. Gives a type with the beginning
/// of the statement ([`Statement`](crate::storage::engine::statement::Statement)) as `INSERT`, and the values as `row`.
macro_rules! insert_row {
    (
        $(#[$doc:meta])*
        $vis:vis struct $name:ident into $table:literal for<$life:lifetime> ($($given:ident: $type:ty),*) {
            $first:ident: $first_kind:ident $($first_role:ident)? = $first_value:expr,
            $($column:ident: $kind:ident $($role:ident)? = $value:expr,)*
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

        impl $crate::storage::engine::table::Upsert for $name {
            const BEGINNING: &'static str = Self::INSERT;
            const ROLES: &'static [(&'static str, $crate::storage::engine::table::Role)] = &[
                (stringify!($first), $crate::storage::engine::table::role!($($first_role)?)),
                $((stringify!($column), $crate::storage::engine::table::role!($($role)?)),)*
            ];
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
        $crate::storage::engine::result_row::result_row! {
            $(#[$doc])*
            #[derive(Debug, Clone, serde::Deserialize)]
            $vis struct $name {
                $first: $first_type,
                $($column: $type,)*
            }
        }

        impl $name {
            /// The columns, for a select list.
            $vis const COLUMNS: &str = concat!(
                $table, ".", stringify!($first), $(", ", $table, ".", stringify!($column),)*
            );
        }
    };
}

pub(in crate::storage) use {insert_row, role, select_row};

#[cfg(test)]
mod tests {
    use super::Upsert;

    insert_row! {
        /// A row of no table.
        struct Sample into "sample" for<'a> (value: &'a str) {
            office: text key = value,
            date: text key = value,
            capacity: text fixed = value,
            taken: text = value,
            held: text = value,
        }
    }

    #[test]
    fn every_column_that_is_neither_key_nor_fixed_is_updated() {
        assert_eq!(
            Sample::upsert(),
            "insert into sample (office, date, capacity, taken, held) @rows(text, text, text, text, text) \
             on conflict (office, date) do update set taken = excluded.taken, held = excluded.held"
        );
        assert_eq!(Sample::row("x").map(|row| row.len()).ok(), Some(5));
    }
}
