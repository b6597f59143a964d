# Replies to people who are at the office.

queue-waiting = *Queue number { $number }*
    You are registered as present.
queue-next = You are called next.
queue-before = There are { $before } people before you.
queue-estimate = The wait is probably { $from } to { $until } minutes, reckoned from the service until { $at }.
queue-unknown = How long that takes is not known yet.
queue-called = *Queue number { $number }* is called. Please go to counter { $counter } now.
queue-serving = *Queue number { $number }* is being served at counter { $counter }.
queue-parked = *Queue number { $number }* was put aside for a moment. Please stay in the hall; your number will be called again.
queue-missed = *Queue number { $number }* was called several times, and you did not come to the counter. Please see an officer at the entrance at once.
queue-done = *Queue number { $number }* has been served.
queue-unserved = *Queue number { $number }* was not served before the office closed. Please ask an officer when you will be.

already-here = You are registered as present at the office (queue number { $numbers }), so this booking cannot be cancelled or moved by message.
already-here-next = If you have to leave, please tell an officer at the office.
