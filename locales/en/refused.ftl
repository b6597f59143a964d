# Forms that are right but cannot be served: the reason, then what can be done.

refused-past = { $asked } is over; today is { $today }.
refused-too-soon = { $asked } is too soon. This office does not book for the same day.
refused-too-late-today = It is too late to book for today, { $asked }.
refused-weekday = On { $asked } the office is closed: there is no service on a { $weekday }.
refused-holiday = On { $asked } the office is closed for a national holiday: { $holiday }.
refused-joint-leave = On { $asked } the office is closed for joint leave: { $holiday }.
refused-closed = On { $asked } the office is closed: { $reason }.
refused-beyond-horizon = { $asked } is too far ahead. At present you can book up to { $last }. For that day, send the form again from { $from } on.
refused-unknown-calendar = We cannot take { $asked } yet, because we do not have the holidays of { $year }.
refused-next = The next day you can choose: *{ $next }*. Send the form again with that date.
refused-no-next = There is no other day to choose at present. Please try again tomorrow.

refused-full = { $asked } is full. Please send the form again with another date.
refused-full-suggest = { $asked } is full. There are still places on *{ $suggest }*. If that suits you, send the form again with that date.
refused-all-full = Sorry, there is no place left up to { $last }. Every day a new date opens, and places come back when people cancel. Please send the form again tomorrow.

refused-too-many-people = Your form is for { $party } people, but at this office { $limit ->
        [one] a number can register one person only. Send one form, and let the others register from their own numbers.
       *[other] one message is for { $limit } people at most. Send it again with at most { $limit } people.
    }

refused-person = { $name } already has a place that is still valid, so we cannot take this form.
refused-person-cancel = The code and the time are with the number that was used to book. For another time, first send #batal from that number. Do you not know who booked? Please ask the office staff.
refused-person-next = The code and the time are with the number that was used to book. Do you not know who booked? Please ask the office staff.
refused-holds = Your number has asked for a place { $limit } times today without completing it, so we take no new form until tomorrow.
refused-holds-kept = Your last booking can still be completed:
refused-holds-next = Please send your form again tomorrow, or ask the office staff.

intake-later-today = We are not open for forms yet. Today we take them from { $from } to { $until }.
intake-over = We take no more forms today.
intake-weekday = There is no booking on a { $weekday }, because the office is closed.
intake-holiday = There is no booking today, because the office is closed: { $holiday }.
intake-closed = There is no booking today, because the office is closed: { $reason }.
intake-unknown-calendar = There is no booking today, because we do not have the holidays of { $year }.
intake-next = We take forms again on *{ $next }* from { $from } to { $until }.
intake-no-next = We take forms on open days from { $from } to { $until }. We cannot yet say which day is the next; please try again tomorrow.
intake-not-kept = You are not booked yet. Please send the form again at that time.

refused-no-session = On { $asked } no hour can be chosen in the { $session } session.
refused-full-session = The { $session } session on { $asked } is full. Please send the form again with another date or session.
refused-full-session-suggest = The { $session } session on { $asked } is full. The same session still has places on *{ $suggest }*. If you like, send the form again with that date.
refused-all-full-session = Sorry, up to { $last } there is no place in the { $session } session. Please send the form again with the other session, or try again tomorrow.
