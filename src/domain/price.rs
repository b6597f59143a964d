//! What a provider takes for a message.

/// An amount of money, in ten-thousandths of its currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount(u64);

impl Amount {
    /// So many ten-thousandths.
    pub fn of_parts(parts: u64) -> Self {
        Self(parts)
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// So many times as much.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// `14`, `14.5`, `0.0041`.
impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{rest:04}").trim_end_matches('0'))
    }
}

/// What messages on a channel cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The currency, as it is to be printed.
    pub currency: String,
    /// One message inside of the window for free replies.
    pub inside: Amount,
    /// One message outside of it: a template.
    pub outside: Amount,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_printed_as_they_are_written() {
        let cost = Amount(3_570_000).times(300).and(Amount(41).times(3));
        assert_eq!(cost.to_string(), "107100.0123");
        assert_eq!([Amount(0), Amount(140_000), Amount(145_000)].map(|one| one.to_string()), ["0", "14", "14.5"]);
    }
}
