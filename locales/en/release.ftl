# The release calendar: days that are not open yet, and when they open.

refused-not-released = Booking for { $asked } is not open yet. It opens on *{ $opens }*.
refused-not-released-wait = No other day can be chosen at the moment. Send this again once booking is open.
refused-no-next-release = No other day can be chosen at the moment. Send #cek to see which days are open.
refused-all-full-release = Sorry, all places up to { $last } are taken. Sometimes a place comes back because somebody cancels.
release-more = More places for that day open on *{ $opens }*.
release-next = The next places, from { $first } to { $last }, open on *{ $opens }*.
release-next-day = The next places, for { $first }, open on *{ $opens }*.
answer-day-not-released = { $day }: not open yet. It opens on { $piece }.
opening-ask = Shall we tell you when it opens? Reply *ya*.
opening-noted = All right. We will tell you once, on { $opens }. No place is kept for you until then.
notice-opening = *Booking is open*
    { $office }
notice-opening-days = You can now book from { $first } to { $last }. Send your data again:
notice-opening-day = You can now book for { $first }. Send your data again:
