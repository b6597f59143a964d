# A day that was closed or made smaller after people booked it: the reason, what became of the place, and what can be done.

closing-closed = *{ $office } is closed on { $day }.*
    The reason: { $reason }.
closing-weekday = *{ $office } is closed on { $day }.*
    The office does not open on a { $weekday } any more.
closing-shrunk = *{ $office } serves fewer people on { $day }.*
    Not everybody who is booked for that day can be served.
closing-yours = We are sorry. This is your booking, which we cannot serve on that day:
closing-not-served = We cannot serve you then.
closing-reply = Reply with its number, for example 1. Another day? Send #ganti and the date.
closing-uncounted = Your queue code stays the same. This move is not counted.
closing-no-day = Until { $last } no other day has a free place yet. Please try again later: send #ganti. Your queue code stays the same.
closing-move = Send #ganti to choose another day. Your queue code stays the same.
closing-cancel = Send #batal, and then your details again with another day.
closing-ask = Please ask an officer for another day, and show your queue code.
closing-moved = We are sorry. We have moved your visit to another day.
closing-moved-other = You cannot come on that day? Send #ganti to choose another one.
closing-hold = Your booking that is not completed yet cannot go on, and its code is no longer valid.
closing-cancelled = We are sorry. We have cancelled this booking, and its code is no longer valid:
closing-cancelled-again = Do you still need to come? Send your details again with another day.

entry-shrunk = *Please note:* we cannot serve this booking on that day. Please ask the office for another day.
entry-shrunk-move = *Please note:* we cannot serve this booking on that day. Send #ganti to move to another day.
entry-shrunk-cancel = *Please note:* we cannot serve this booking on that day. Send #batal, and then your details with another day.
closing-reopened = *A correction: { $office } serves as before on { $day }.*
closing-reopened-stands = Please ignore our last message. Your booking stands:
closing-reopened-moved = Your visit stays as we moved it:
closing-reopened-back = You want the first day back? Send #ganti and its date.
closing-reopened-cancelled = We are sorry, we have already cancelled this booking:
