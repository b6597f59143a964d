//! A plot of bars, drawn on the server: each bar has its name and its number beside it, so that neither colour nor size is needed to
//! read it, and a table of the same follows.

/// Width of a plot, in units of its own; it is shown as wide as its place.
const WIDTH: u32 = 360;
/// Width of the names of bars that stand before them.
const NAMES: u32 = 78;
/// Room for a number behind the longest bar.
const NUMBERS: u32 = 54;
/// Height of a bar, and of the line that it stands in.
const BAR: u32 = 14;
const LINE: u32 = 22;
/// Height of a line whose name stands above its bar.
const TALL_LINE: u32 = 40;
/// From the top of a line to the foot of its letters.
const FOOT: u32 = 12;

/// A bar.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) number: String,
    pub(super) name_x: u32,
    pub(super) name_y: u32,
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) number_x: u32,
    pub(super) number_y: u32,
}

/// A plot.
pub(super) struct Chart {
    /// Names its parts in the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What it shows, for whoever does not see it.
    pub(super) told: String,
    /// What the names are, and the numbers, in the table.
    pub(super) names: &'static str,
    pub(super) numbers: &'static str,
    /// Where names stand: `end` before the bars, `start` above them.
    pub(super) anchor: &'static str,
    pub(super) bars: Vec<Bar>,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bar: u32,
    /// Where the bars begin.
    pub(super) axis: u32,
    /// What is said where there is nothing to show.
    pub(super) none: Option<&'static str>,
}

/// What a plot shows.
pub(super) struct Plot {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) names: &'static str,
    pub(super) numbers: &'static str,
    /// Names are long, and stand above their bars.
    pub(super) has_long_names: bool,
    pub(super) rows: Vec<(String, u64)>,
}

/// What every plot says.
pub(super) struct Said {
    pub(super) none: &'static str,
    pub(super) most: &'static str,
    pub(super) all: &'static str,
}

impl Plot {
    /// Draws it.
    pub(super) fn drawn(self, said: &Said) -> Chart {
        let Self { id, title, names, numbers, has_long_names, rows } = self;
        let largest = rows.iter().map(|(_, number)| *number).max().unwrap_or_default();
        let sum: u64 = rows.iter().map(|(_, number)| number).sum();
        let (line, axis, anchor) = if has_long_names { (TALL_LINE, 0, "start") } else { (LINE, NAMES, "end") };
        let longest = WIDTH - axis - NUMBERS;
        let most = rows.iter().find(|(_, number)| *number == largest).map(|(name, _)| name.clone());
        let told = match most.filter(|_| sum > 0) {
            Some(name) => format!("{}: {name}, {largest}. {}: {sum}.", said.most, said.all),
            None => said.none.to_owned(),
        };
        let mut top = 0;
        let mut bars = Vec::with_capacity(rows.len());
        for (name, number) in rows {
            let y = if has_long_names { top + LINE - 2 } else { top + 3 };
            // A number that is not nothing is never a bar that cannot be seen.
            let width = scaled(number, largest, longest).max(u32::from(number > 0) * 2);
            bars.push(Bar {
                name,
                number: number.to_string(),
                name_x: if has_long_names { 0 } else { NAMES - 6 },
                name_y: top + FOOT + 3,
                x: axis,
                y,
                width,
                number_x: axis + width + 5,
                number_y: y + FOOT,
            });
            top += line;
        }
        let none = (sum == 0).then_some(said.none);
        Chart { id, title, told, names, numbers, anchor, bars, width: WIDTH, height: top + 4, bar: BAR, axis, none }
    }
}

/// `number` of `largest` as a part of `longest`.
fn scaled(number: u64, largest: u64, longest: u32) -> u32 {
    let part = u128::from(number) * u128::from(longest);
    part.checked_div(u128::from(largest)).and_then(|part| u32::try_from(part).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: Said = Said { none: "nothing", most: "most", all: "all" };

    fn plot(rows: &[(&str, u64)]) -> Chart {
        let rows = rows.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
        Plot { id: "p", title: "t", names: "n", numbers: "m", has_long_names: false, rows }.drawn(&SAID)
    }

    // Negative control: without `max` a single message among thousands has no bar.
    #[test]
    fn bars_are_in_proportion_and_a_small_number_can_be_seen() {
        let chart = plot(&[("a", 10_000), ("b", 5_000), ("c", 1), ("d", 0)]);
        let widths: Vec<u32> = chart.bars.iter().map(|bar| bar.width).collect();
        assert_eq!(widths, [228, 114, 2, 0]);
        assert!(chart.bars.iter().all(|bar| bar.number_x + 40 <= WIDTH), "the number has room");
        assert_eq!(chart.told, "most: a, 10000. all: 15001.");
        assert_eq!((chart.none, chart.height), (None, 92));
    }

    #[test]
    fn a_plot_of_nothing_says_so() {
        let chart = plot(&[("a", 0)]);
        assert_eq!((chart.told.as_str(), chart.none), ("nothing", Some("nothing")));
        assert_eq!(plot(&[]).none, Some("nothing"));
    }
}
