# A change of mind: cancelling in plain words, and taking back what was done last.

cancel-asked = Do you really want to cancel this booking?
cancel-asked-reply = Reply *yes* to cancel it. If not, just ignore this message: the booking remains valid.

undo-hint = A mistake? Send #urung within { $minutes } minutes.
undone-cancel = The cancellation has been taken back. This is valid again:
undone-move = The move to another day has been taken back. Your visit now:
undone-member = The cancellation for one person has been taken back. Registered now:
undone-booking = The booking has been taken back: { $name } ({ $slot }). Code { $code } is no longer valid.
undo-offer = The cancellation has not been taken back yet: the queue number of { $name } ({ $before }) has been given to somebody else.
undo-offer-move = The move has not been taken back yet: your earlier time ({ $before }) has been given to somebody else.
undo-offer-member = The cancellation for one person has not been taken back yet: your hour ({ $before }) is full.
undo-offer-nearest = The nearest time that is still free: *{ $slot }*.
undo-offer-reply = Reply *yes* if you want that time. The code stays the same. If not, the booking stays cancelled.
undo-offer-reply-move = Reply *yes* if you want that time. The code stays the same. If not, your visit stands as it is.
undo-offer-reply-member = Reply *yes* if all { $count } people want to come at that time. The code stays the same. If not, the booking stands as it is.
not-undone-move = The move to another day cannot be taken back.
not-undone-member = The cancellation for one person cannot be taken back.
not-undone-taken = That time has been given to somebody else.
not-undone-person = { $name } already has another queue number that is still valid.
not-undone-people = Here one booking is for { $limit } people at most.
not-undone-intake = Registration is open only from { $from } to { $until }.
not-undone-now = Your booking stands as it is now:
nothing-changed = All right, nothing has been changed.
nothing-to-undo = There is nothing to take back. #urung is only for the last thing you did, once, at most { $minutes } minutes later: cancelling, moving to another day, or booking without a confirmation code.

cancel-asked-person = Do you really want to cancel only { $name }? The others stay registered.
member-dropped = The booking of { $name } is cancelled. The others stay registered:
which-member = Nothing was cancelled: it is not clear whom you mean. Registered are:
which-member-next = To cancel one person, send #batal and the full name, for example #batal { $name }.

## Other people on a number that has a booking

not-registered = *Not registered: { $names }*
not-registered-why = { $limit ->
        [1] A WhatsApp number may have only one booking at a time, and this number has one already:
       *[other] A WhatsApp number may have only { $limit } bookings at a time, and this number has them already:
    }
not-registered-own-number = Other people can book from their own number.
relatives-children = Children under { $years } may be booked from a parent’s number: send the child’s details in a message of their own.
relatives-elders = People aged { $years } and over may be booked from a relative’s number: send their details in a message of their own.
not-all-registered-count = *Not everybody is registered.* Your message is for { $party } people; registered so far: { $count }.
not-all-registered = Already registered from this number:
not-all-registered-together = Want to come together? Cancel first with #batal, then send one message for everybody.
