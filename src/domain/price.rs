//! What a provider takes for a message.

/// Digits behind the point that a price may have.
const DECIMALS: usize = 4;

/// An amount of money, in ten-thousandths of its currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount(u64);

impl Amount {
    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// A whole number, or one with a point: `357`, `0.0041`.
    pub fn read(text: &str) -> Option<Self> {
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_good = !whole.is_empty() && is_number(whole) && is_number(rest) && rest.len() <= DECIMALS;
        is_good.then(|| format!("{whole}{rest:0<DECIMALS$}").parse().ok()).flatten().map(Self)
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
        assert_eq!([Amount::read("0.0041"), Amount::read("357")], [Some(Amount(41)), Some(Amount(3_570_000))]);
        assert_eq!(["", ".5", "1,5", "0.00001"].map(Amount::read), [None; 4]);
        assert_eq!([Amount(0), Amount(140_000), Amount(145_000)].map(|one| one.to_string()), ["0", "14", "14.5"]);
    }
}
