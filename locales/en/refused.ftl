# Forms that are right but cannot be served: the reason, then what can be done.

refused-past = { $asked } has passed. Today is { $today }.
refused-too-soon = It is too late to book for { $asked }. This office does not book for the same day.
refused-too-late-today = It is too late to book for today, { $asked }.
refused-weekday = { $asked }: the office is closed. It is always closed on this weekday ({ $weekday }).
refused-holiday = On { $asked } the office is closed for a national holiday: { $holiday }.
refused-joint-leave = On { $asked } the office is closed for joint leave: { $holiday }.
refused-closed = On { $asked } the office is closed: { $reason }.
refused-beyond-horizon = { $asked } is too far ahead. At present you can book up to { $last }. You can book that day from { $from }.
refused-unknown-calendar = We cannot take { $asked } yet, because the list of holidays of { $year } is not out.
refused-next = The next day you can choose: *{ $next }*. Send it again with that date.
refused-no-next = There is no other day to choose at present. Please try again tomorrow.

refused-full = { $asked } is full. Please send it again with another date.
refused-full-suggest = { $asked } is full. There are still places on *{ $suggest }*. To take it, send it again with that date.
refused-all-full = Sorry, there is no place left up to { $last }. Every day one new date opens, and places come back when people cancel. Please send it again tomorrow.

refused-too-many-people = Your message is for { $party } people, but at this office { $limit ->
        [one] a WhatsApp number can register one person only. Send the details of one person, and let the others register from their own numbers.
       *[other] one message is for { $limit } people at most. Send it again with at most { $limit } people.
    }

refused-person = { $name } already has a place that is still valid, so we cannot take this message.
refused-person-cancel = The code and the time are with the number that was used to book. For another time, first send #batal from that number. You do not know who booked? Please ask the office staff.
refused-person-next = The code and the time are with the number that was used to book. You do not know who booked? Please ask the office staff.
refused-holds = Your number has asked for a place { $limit } times today without completing it, so we take no new booking until tomorrow.
refused-holds-kept = Your last booking can still be completed:
refused-holds-next = Please send your details again tomorrow, or ask the office staff.

intake-later-today = Registration is not open yet. Today send your details from { $from } to { $until }.
intake-over = Registration is closed for today.
intake-weekday = The office is closed on this day of the week ({ $weekday }), so there is no registration.
intake-holiday = There is no booking today, because the office is closed: { $holiday }.
intake-closed = There is no booking today, because the office is closed: { $reason }.
intake-unknown-calendar = There is no registration today, because the list of holidays of { $year } is not out.
intake-next = Send it again on *{ $next }* from { $from } to { $until }.
intake-no-next = Registration is open on days when the office is open, from { $from } to { $until }. We cannot yet say which day is the next; please try again tomorrow.
intake-not-kept = You are not booked yet.

refused-no-session = On { $asked } no hour can be chosen in the { $session } session.
refused-full-session = The { $session } session on { $asked } is full. Please send it again with another date or session.
refused-full-session-suggest = The { $session } session on { $asked } is full. The same session still has places on *{ $suggest }*. To take it, send it again with that date.
refused-all-full-session = Sorry, up to { $last } there is no place in the { $session } session. Please send it again with the other session, or try again tomorrow.
