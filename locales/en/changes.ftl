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
