# The reminder that must be answered, for those who did not come before.

attendance-announced = *Please note:* nobody came to an earlier visit of yours, so this time our reminder must be answered. We send it at { $at }. Reply *datang* (I will come) by { $until }. Without an answer we give this queue number to somebody else.
attendance-announced-entry = We send its reminder at { $at }. Reply *datang* (I will come) by { $until }. Without an answer we give the number up.
attendance-asked = You have not answered its reminder. Reply *datang* (I will come) by { $until }. Without an answer we give the number up.
attendance-confirmed = You have answered: you will come.

notice-reminder-answer = *Please answer by { $until }.* Without an answer we give this queue number to somebody else.
notice-reminder-ask-or-word = Reply with the number, or write *datang*:
notice-reminder-ask-word = Will you come? Reply *datang*.

notice-released = *Your queue number was given up*
    { $office }
    By { $until } the reminder of number { $numbers } of { $name } ({ $slot }) had not been answered, so we gave the place up for somebody else. Code { $code } is no longer valid.
notice-released-again = Do you still need to come? You can book again now, for another day:
