# Replies about one's own booking.

## The echo

echo-title = *{ $office }*
echo-replaced = This message takes the place of your earlier one. The old code is no longer valid.
echo-check = Please check your details:
echo-code = *Confirmation code:* { $code }
echo-reply = If all is right, reply with that code before { $until }. We keep your queue number until then.
hold-short = Many bookings for that day are not completed yet, so we keep your queue number for *{ $minutes } minutes only*.
echo-wrong = Something wrong? Send the corrected details again. Changed your mind? Send #batal to cancel.

person-contact = *WhatsApp number:* { $contact }
person-name = *Name:* { $name }
person-birth = *Date of birth:* { $date }
person-nik = *NIK:* ending in { $digits }
person-family-card = *Family card:* ending in { $digits }
person-phone = *Phone:* { $number }
person-email = *E-mail:* { $email }
person-service = *Service:* { $service }
person-session = *Session:* { $session }
person-text = *{ $label }:* { $text }
person-address = *Address:* { $address }
person-party = *People:* { $count }
person-numbered = { $number }. { $name }
person-numbered-born = { $number }. { $name }, born { $date }
visit-when = *Visit:* { $slot }

day-moved = The day you asked for ({ $asked }) is full. We gave you the next day with places left: *{ $given }*.
day-moved-session = The { $session } session of the day you asked for ({ $asked }) is full. We gave you the { $session } session of the next day with places left: *{ $given }*.
party-together = You are booking for { $count } people, and all of them are served in the same hour.

## The confirmation

booked-title = *You are booked*
    { $office }
booked-late = Your code arrived too late and your hour was given away. We found you another hour on the same day: *check the new time*.
booked-code = *Queue code:* { $code }
registered-code = *Queue code:* { $code }
booked-queue = *Queue number:* { $numbers }{ $count ->
        [1] { "" }
       *[other] { " " }({ $count } people)
    }
arrive-early = *Arrive:* at { $time } ({ $minutes } minutes early)
arrive-doors = *Arrive:* at { $time }, when the doors open
booked-site = *Location:* { $site }
booked-bring = *Bring:* { $bring }
booked-for = Booked for:
booked-show = Show this message to the officer. The code is valid for this visit only.
booked-grace = If you are more than { $minutes } minutes late, you lose your queue number and have to book again.
booked-no-grace = If you are late, you lose your queue number and have to book again.
booked-turn = Your turn on that day: { $link }
booked-cancel = Cannot come? Send #batal so that somebody else can have the place.
booked-cancel-move = Cannot come? Send #batal. Want another day? Send #ganti.
booked-move = Want another day? Send #ganti.

already-booked = *You are already booked*
    { $office }
another-time-cancel = Want another time? Cancel first with #batal, then send your details again.
another-time-move = Want another day? Send #ganti. Your code stays the same.
another-time-wait = You can book again once this visit is over.

## Photos

photo-wanted = *{ $office }*
    We have your details. Now send the photo.
photo-wanted-next = Send a photo of { $photo } before { $until }. We keep your queue number until then.
photo-wanted-page = Open this page and send a photo of { $photo } there before { $until }:
    { $link }
    The page is the office’s own, takes one photo, and closes in 30 minutes. Do not send the photo in this chat.
photo-of-one = One photo is enough, that of { $name }. Bring the other documents when you come.
photo-received = Thank you, we have your photo. Your booking stands:
photo-lost = Sorry, we could not open your photo. Your booking stands, but please send that photo once more.
photo-lost-page = Sorry, we could not open your photo. Your booking stands, but please send that photo once more on this page:
    { $link }

## Confirmation codes that do not fit

code-replaced = That code is from your earlier message and is no longer valid. Your last message is the one that counts:
code-awaited = Your booking is not complete yet. One step is left: reply with the code below.
code-wrong = That code does not match the booking in the name of { $name }.
code-wrong-next = Look for the 8-digit code in our reply and send it again before { $until }. { $tries ->
        [one] You can try once more.
       *[other] You can try { $tries } more times.
    }
code-wrong-lost = Lost the code? Send the same details again and we will reply with the same code.
code-blocked = A wrong code was sent { $tries } times, so we released your queue number. To book again, send your details.
code-expired = The time for the code has passed, and there is no place left on { $day }. Please book again.
code-expired-day = The time for the code has passed, and { $day } can no longer be chosen. Please book again.
hold-on-closed-day = Your booking cannot be completed, and its code is not valid, as long as the office is closed on that day.
code-unknown = No booking of yours is waiting for a code.
code-unknown-register = To book, send your details.

## Cancelling

released = The booking in the name of { $name } ({ $slot }) is cancelled. We released the queue number.
cancelled = Booking { $code } ({ $slot }) is cancelled. The code is no longer valid.
cancelled-party = This applies to all { $count } people.
book-again = Want to book again? Send:
    { $line }
cancel-not-allowed = Sorry, this office does not cancel queue numbers that have been issued. Your booking stands:
cancel-not-needed = Cannot come? You need not do anything: { $minutes ->
        [0] your place lapses when the hour begins
       *[other] your place lapses { $minutes } minutes after that hour begins
    }. Once that visit is over, you can book again.
nothing-to-cancel = Your number has no booking, so there is nothing to cancel or change.
    Want to book? #bantuan shows how.
not-of-that-code = You have no booking with that code, so nothing was cancelled. Your bookings:
not-of-that-code-next = To cancel, send #batal and the code, for example #batal { $code }.
cancel-alone = We have changed nothing: your booking is still valid. Want to cancel? Send #batal alone.
cancel-alone-person = To cancel one person only, send #batal and the full name, for example #batal { $name }.
cancel-alone-move = Want another day? Send #ganti.
cancel-alone-again = Want another date? Cancel first, then send your details again with the new date.
which-to-cancel = You have { $count } bookings. Which one do you want to cancel?
which-to-cancel-number = Reply with its number, for example 1.
which-to-cancel-code = Or with its code: #batal { $code }

## Status

status-none = There is no booking from your number at { $office }.
status-some = *Your bookings at { $office }*
status-photo = We keep your photo until { $until }. Send your details before then.
status-cancel = To cancel, send #batal.
status-cancel-move = To cancel, send #batal. For another day, send #ganti.
status-move = For another day, send #ganti.
entry-booked = *{ $code }* – { $name }
    { $slot }
    Queue number { $numbers }
entry-held = { $name } – waiting for the confirmation code
    { $slot }
    Reply with { $code } before { $until }
entry-held-closed = { $name } – cannot be completed
    { $slot }
entry-photo = { $name } – waiting for the photo
    { $slot }
    Send the photo before { $until }
entry-photo-page = { $name } – waiting for the photo
    { $slot }
    Send the photo on this page before { $until }: { $link }
entry-closed = *Please note:* the office is closed on that day ({ $reason }). Please ask the office for another day.
entry-closed-move = *Please note:* the office is closed on that day ({ $reason }). Send #ganti to move to another day.
entry-closed-cancel = *Please note:* the office is closed on that day ({ $reason }). Send #batal, and then your details with another day.
entry-closed-held = *Please note:* the office is closed on that day ({ $reason }). Please send your details again with another day.
too-many = We cannot take this message: { $limit ->
        [one] a WhatsApp number may have only one booking at a time
       *[other] a WhatsApp number may have only { $limit } bookings at a time
    }. You have:
