# What an office says unasked.

notice-hold-lapsing = *Your booking is not finished.* At { $until } we give your queue number up.
notice-hold-lapsed = *You are not booked.* The time was over at { $until }, so the queue number of { $name } ({ $slot }) was given up.
notice-hold-lapsed-code = Do you still want it? Reply with the confirmation code. If that day still has room, you are booked after all.
notice-hold-lapsed-photo = Do you still want it? Send your details again, then the photo.

notice-reminder = *It is your turn tomorrow*
    { $office }
notice-reminder-ask = Reply with the number:
notice-choice = { $number }. { $choice }
notice-choice-or = { $number }. { $choice } ({ $command })
notice-choice-come = I will come
notice-choice-move = Another day
notice-choice-cancel = Cancel
will-come = Good, see you on { $slot }. Show code { $code } to the officer.

notice-forfeited = *You lost your queue number*
    { $office }
    By { $until } nobody of this booking had come, so number { $numbers } of { $name } ({ $slot }) is no longer valid.
notice-forfeited-here = Are you at the office? Show code { $code } to the officer, who decides whether you can still be served today.
notice-forfeited-again = Do you still need to come? After { $ends }, send your details again for another day.

notice-ready = *The passport is ready*
    { $office }
    The passport of { $name } (booking code { $code }) can be collected.
notice-ready-where = *Place:* { $site }
notice-message = *News from the office*
    { $office }
notice-message-about = Your booking:
