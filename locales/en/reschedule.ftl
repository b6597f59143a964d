# Replies about moving to another day.

moved-title = *Your visit was moved*
    { $office }
moved-before = *Before:* { $slot }, queue number { $numbers }. That is no longer valid. Your code stays the same.
moved-before-held = *Before:* { $slot }. That is no longer valid.
moved-same-approval = Your confirmation code stays the same.
moved-left = { $left ->
        [one] You can move to another day once more.
       *[other] You can move to another day { $left } more times.
    }
moved-no-more = This visit cannot be moved again.

move-same-day = You are booked for { $day } already. You can change the day; the hour follows the queue.
move-full = { $asked } is full, so we have not moved your visit.
move-full-session = The { $session } session of { $asked } is full, so we have not moved your visit.
move-now = *Your visit now:* { $slot }
move-none = No other day up to { $last } has a free place. Your visit stands.
which-new-day = Which day do you want?
which-new-day-reply = Reply with its number, for example 1. Another day? Send #ganti and the date. Until you choose, your visit stands as it is.
confirm-move = Move to *{ $day }*?
confirm-move-reply = If that is right, reply *yes*. If not, your visit stands as it is.

which-to-move = You have { $count } bookings. Which one do you want to move to another day?
which-to-move-code = Or with its code: #ganti { $code }

move-not-allowed = Sorry, this office does not change the day or hour of queue numbers that have been issued. Your booking stands:
move-used-up = Sorry, at this office a booking can be moved { $times ->
        [one] only once
       *[other] only { $times } times
    }, and you have done that already. Your booking stands:
move-too-late = Sorry, this visit could be moved until { $until }, and that time has passed. Your booking stands:
move-cancel = Cannot come? Send #batal so that somebody else can have the place. After that you can book again for another day.
nothing-to-move = Your number has no booking, so there is nothing to move. Want to book? Send your details.
move-of-none-of-these = You have no booking with that code, so nothing was moved. Your bookings:
move-of-none-next = To move to another day, send #ganti and the code, for example #ganti { $code }.
