# A change of mind: cancelling in plain words, and taking back what was done last.

cancel-asked = Do you really want to cancel this?
cancel-asked-reply = Reply *ya* to cancel it. If not, there is nothing to do: it stays as it is.

undo-hint = A mistake? Send #urung within { $minutes } minutes to take this cancellation back.
undone-cancel = The cancellation has been taken back. This is valid again:
undone-booking = The booking has been taken back: in the name of { $name } ({ $slot }). Code { $code } is no longer valid.
undo-offer = The cancellation has not been taken back yet: the place of { $name } ({ $before }) has been given to somebody else.
undo-offer-nearest = The nearest place that is left: *{ $slot }*.
undo-offer-reply = Reply *ya* if you want that place. The code stays the same. If not, the booking stays cancelled.
nothing-to-undo = There is nothing that can be taken back. #urung is only for the last thing that you did, once, and at most { $minutes } minutes later: cancelling, or booking at an office that asks for no approval code.

cancel-asked-person = Do you really want to cancel the place of { $name }? The others stay registered.
member-dropped = The place of { $name } is cancelled. The others stay registered:
which-member = Nothing was cancelled: it is not clear whom you mean. Registered are:
which-member-next = To cancel one person, send #batal and the full name, for example #batal { $name }.

## Other people on a number that has a booking

not-registered = *Not registered: { $names }*
not-registered-why = { $limit ->
        [1] One number may have only one live booking, and this number has one already:
       *[other] One number may have only { $limit } live bookings, and this number has them already:
    }
not-registered-own-number = Other people can book from their own number.
relatives-children = Children under { $years } may be booked from a parent's number: send a form of its own for the child.
relatives-elders = People of { $years } and older may be booked from a relative's number: send a form of its own for them.
not-all-registered-count = *Not everybody is registered.* Your form is for { $party } people; registered so far: { $count }.
not-all-registered = Registered from this number already:
not-all-registered-together = Want to come together? Cancel first with #batal, then send one form for everybody.
