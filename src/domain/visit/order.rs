//! Whose turn it is. The database chooses by the same rule in one statement; a test compares the two.

use super::lane::Lane;
use super::record::Visit;
use super::state::State;

/// Of so many calls one is a priority's, while one waits.
pub const PRIORITY_EVERY: u32 = 4;

/// What the next call looks at besides those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// The counter that calls.
    pub counter: u32,
    /// The hour by the office's clock: whoever is early waits for theirs.
    pub hour: u8,
    /// How many people without a booking the hour still has room for.
    pub room: u32,
    /// Calls of the day since the last one of a priority; [`PRIORITY_EVERY`] where there was none.
    pub since_priority: u32,
}

impl Pick {
    /// What somebody looks at who calls nobody, and wants to know who will be called.
    pub fn watching(hour: u8, since_priority: u32) -> Self {
        Self { counter: 0, hour, room: 0, since_priority }
    }

    /// Whether a priority goes first.
    pub fn is_priority_due(self) -> bool {
        self.since_priority + 1 >= PRIORITY_EVERY
    }

    /// The rank of a visit, the smallest first; `None` where it is not to be called now.
    fn rank(self, visit: &Visit) -> Option<u8> {
        if visit.state != State::Arrived {
            return None;
        }
        if let Some(counter) = visit.target {
            return (counter == self.counter).then_some(0);
        }
        match visit.lane {
            Lane::Priority => Some(if self.is_priority_due() { 1 } else { 3 }),
            Lane::Booked => visit.hour.is_none_or(|hour| hour <= self.hour).then_some(2),
            Lane::WalkIn => (self.room > 0).then_some(4),
            Lane::Late => Some(5),
        }
    }
}

/// Who is to be called; `None` where nobody may be called now.
pub fn next<'v>(waiting: impl IntoIterator<Item = &'v Visit>, pick: Pick) -> Option<&'v Visit> {
    let ranked = waiting.into_iter().filter_map(|visit| Some((pick.rank(visit)?, visit)));
    ranked.min_by_key(|(rank, visit)| (*rank, visit.place, visit.id)).map(|(_, visit)| visit)
}

/// Those who may be called, in the order of their calls if nobody else comes; whoever may not be called now is left out.
pub fn in_order(all: &[Visit], mut pick: Pick) -> Vec<&Visit> {
    let mut waiting: Vec<&Visit> = all.iter().filter(|visit| visit.state == State::Arrived).collect();
    let mut order = Vec::with_capacity(waiting.len());
    while let Some(visit) = next(waiting.iter().copied(), pick) {
        order.push(visit);
        pick.since_priority = if visit.lane == Lane::Priority { 0 } else { pick.since_priority.saturating_add(1) };
        waiting.retain(|one| one.id != visit.id);
    }
    order
}

/// How many people will be called before a visit that waits, if nobody else comes; 0 for one that does not wait.
pub fn before(all: &[Visit], own: &Visit, mut pick: Pick) -> u32 {
    // Whoever is early is called in their hour, and whoever has no booking once there is room: both only wait longer.
    pick.hour = pick.hour.max(own.hour.unwrap_or(0));
    pick.room = u32::MAX;
    pick.counter = own.target.unwrap_or(0);
    let mut waiting: Vec<&Visit> = all.iter().filter(|visit| visit.state == State::Arrived).collect();
    let mut called = 0;
    while let Some(visit) = next(waiting.iter().copied(), pick) {
        if visit.id == own.id {
            return called;
        }
        called += 1;
        pick.since_priority = if visit.lane == Lane::Priority { 0 } else { pick.since_priority.saturating_add(1) };
        waiting.retain(|one| one.id != visit.id);
    }
    0
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::waiting;
    use super::*;

    const NINE: Pick = Pick { counter: 3, hour: 9, room: 1, since_priority: PRIORITY_EVERY };

    fn order(all: &[Visit], pick: Pick) -> Vec<i64> {
        in_order(all, pick).into_iter().map(|visit| visit.id).collect()
    }

    // Negative control: a priority in every third call.
    #[test]
    fn bookings_go_by_hour_and_seat_a_priority_in_one_of_four_walk_ins_with_room_and_late_ones_last() {
        let all = [
            waiting(1, Lane::Late, Some(8), 1),
            waiting(2, Lane::WalkIn, None, 2),
            waiting(3, Lane::Booked, Some(9), Visit::place_of_seat(9, 2)),
            waiting(4, Lane::Booked, Some(9), Visit::place_of_seat(9, 1)),
            waiting(5, Lane::Booked, Some(8), Visit::place_of_seat(8, 40)),
            waiting(6, Lane::Booked, Some(10), Visit::place_of_seat(10, 1)),
            waiting(7, Lane::Priority, None, 7),
            waiting(8, Lane::Priority, Some(9), 8),
            waiting(9, Lane::Booked, Some(9), Visit::place_of_seat(9, 3)),
        ];
        assert_eq!(order(&all, NINE), [7, 5, 4, 3, 8, 9, 2, 1]);
        assert_eq!(order(&all, Pick { room: 0, ..NINE }), [7, 5, 4, 3, 8, 9, 1]);
        assert_eq!(order(&all, Pick { hour: 10, ..NINE }), [7, 5, 4, 3, 8, 9, 6, 2, 1]);
        assert_eq!(order(&all, Pick { since_priority: 0, ..NINE }), [5, 4, 3, 7, 9, 8, 2, 1]);
    }

    #[test]
    fn whoever_was_sent_to_a_counter_is_called_there_only_and_first() {
        let mut all = [waiting(1, Lane::Booked, Some(9), 9_000_001), waiting(2, Lane::Booked, Some(9), 9_000_002)];
        all[1].target = Some(3);
        assert_eq!(order(&all, NINE), [2, 1]);
        assert_eq!(order(&all, Pick { counter: 4, ..NINE }), [1]);
    }

    #[test]
    fn those_before_are_counted_as_they_will_be_called() {
        let all: Vec<Visit> = (0..6)
            .map(|n| waiting(n, Lane::Booked, Some(9), n))
            .chain((10..13).map(|n| waiting(n, Lane::Priority, None, n)))
            .chain([waiting(20, Lane::WalkIn, None, 20), waiting(21, Lane::Booked, Some(10), 10_000_000)])
            .collect();
        let pick = Pick { since_priority: 0, ..NINE };
        let of = |id| before(&all, all.iter().find(|visit| visit.id == id).unwrap(), pick);
        // Three bookings, a priority, three bookings, the others with priority.
        assert_eq!([0, 2, 10, 3, 5, 11, 12].map(of), [0, 2, 3, 4, 6, 7, 8]);
        assert_eq!(
            [20, 21].map(of),
            [9, 8],
            "a walk-in waits for room; whoever is early for the end of the hour before"
        );
        let mut called = all[0].clone();
        called.state = State::Called;
        assert_eq!(before(&all, &called, pick), 0);
    }
}
