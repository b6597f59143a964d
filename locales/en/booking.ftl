# Replies about one's own booking.

## The echo

echo-title = *{ $office }*
echo-replaced = This form takes the place of your earlier one. The old code is no longer valid.
echo-check = Please check your details:
echo-code = *Approval code:* { $code }
echo-reply = If all is right, reply with that code before { $until }. We keep your place until then.
hold-short = Many bookings for that day are not completed yet, so we keep your place for *{ $minutes } minutes only*.
echo-wrong = Something wrong? Send the corrected form again. Changed your mind? Send #batal to cancel.

person-contact = *Number:* { $contact }
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
person-party = *For:* { $count } people
person-numbered = { $number }. { $name }
person-numbered-born = { $number }. { $name }, born { $date }
visit-when = *Visit:* { $slot }

day-moved = The day you asked for ({ $asked }) is full. We gave you the next day with a free place: *{ $given }*.
day-moved-session = The { $session } session of the day you asked for ({ $asked }) is full. We gave you the { $session } session of the next day with a free place: *{ $given }*.
party-together = You are booking for { $count } people, and all of them are served in the same hour.

## The confirmation

booked-title = *You are booked*
    { $office }
booked-late = The time for the code had passed and the hour from before was given to somebody else. There was still a place on that day: *note your new hour*.
booked-code = *Booking code:* { $code }
registered-code = *Registration code:* { $code }
booked-queue = *Queue number:* { $numbers }{ $count ->
        [1] { "" }
       *[other] { " " }({ $count } people)
    }
arrive-early = *Arrive:* at { $time } ({ $minutes } minutes early)
arrive-doors = *Arrive:* at { $time }, when the doors open
booked-site = *Place:* { $site }
booked-bring = *Bring:* { $bring }
booked-for = Booked for:
booked-show = Show this message to the officer. The code is valid for this visit only.
booked-grace = If you are more than { $minutes } minutes late, you lose your place and have to book again.
booked-no-grace = If you are late, you lose your place and have to book again.
booked-cancel = Cannot come? Send #batal so that somebody else can have the place.

already-booked = *You are already booked*
    { $office }
another-time-cancel = Want another time? Cancel first with #batal, then send a new form.
another-time-move = Want another day? Send #ganti. Your code stays the same.
another-time-wait = You can book again once this visit is over.

## Photos

photo-wanted = *{ $office }*
    We have your details. Only the photo is missing.
photo-wanted-next = Send a photo of { $photo } before { $until }. We keep your place until then.
photo-of-one = One photo is enough, that of { $name }. Bring the other documents when you come.
photo-received = Thank you, we have your photo. Your booking stands:
photo-lost = Sorry, we could not open your photo. Your booking stands, but please send that photo once more.

## Approval codes that do not fit

code-replaced = That code belongs to your older form and is no longer valid. Your last form is the one that counts:
code-awaited = Your booking is not complete yet. We are waiting for the approval code below.
code-wrong = That code does not fit the form in the name of { $name }.
code-wrong-next = Look for the 8-digit code in our reply and send it again before { $until }. { $tries ->
        [one] You can try once more.
       *[other] You can try { $tries } more times.
    }
code-wrong-lost = Lost the code? Send the same form again and we will reply with the same code.
code-blocked = A wrong code was sent { $tries } times, so we gave up your place. To book again, send the form.
code-expired = The time for the code has passed, and there is no place left on { $day }. Please book again.
code-expired-day = The time for the code has passed, and { $day } can no longer be chosen. Please book again.
hold-on-closed-day = Your booking cannot be completed, and its code is not valid, as long as the office is closed on that day.
code-unknown = No form of yours is waiting for a code. To book, send the form.

## Cancelling

released = The form in the name of { $name } ({ $slot }) is cancelled. We no longer keep the place.
cancelled = Booking { $code } ({ $slot }) is cancelled. The code is no longer valid.
cancelled-party = That goes for all { $count } people.
book-again = Want to book again? Send:
    { $line }
cancel-not-allowed = Sorry, this office does not cancel queue numbers that have been issued. Your booking stands:
cancel-not-needed = Cannot come? There is nothing to do: { $minutes ->
        [0] your place lapses when the hour begins
       *[other] your place lapses { $minutes } minutes after that hour begins
    }. Once that visit is over, you can book again.
nothing-to-cancel = There is no booking from your number that can be cancelled. A form that you have not confirmed is not processed.
    To book, send your details; #bantuan shows the format.
not-of-that-code = You have no booking with that code, so nothing was cancelled. Your bookings:
not-of-that-code-next = To cancel, send #batal and the code, for example #batal { $code }.
cancel-alone = We have not changed anything yet.
    To cancel your booking, send #batal alone, without other words.
cancel-alone-move = To change the day, send #ganti.
cancel-alone-again = To change the date, cancel first, then send your details again with the new date.
which-to-cancel = You have { $count } bookings. Which one do you want to cancel?
which-to-cancel-number = Reply with its number, for example 1.
which-to-cancel-code = Or with its code: #batal { $code }

## Status

status-none = There is no booking from your number at { $office }.
status-some = *Your bookings at { $office }*
status-photo = We keep your photo until { $until }. Send the form before then.
status-cancel = To cancel, send #batal.
entry-booked = *{ $code }* – { $name }
    { $slot }
    Queue number { $numbers }
entry-held = { $name } – waiting for the approval code
    { $slot }
    Reply with { $code } before { $until }
entry-held-closed = { $name } – cannot be completed
    { $slot }
entry-photo = { $name } – waiting for the photo
    { $slot }
    Send the photo before { $until }
entry-closed = *Please note:* the office is closed on that day ({ $reason }). Please ask the office for another day.
entry-closed-move = *Please note:* the office is closed on that day ({ $reason }). Send #ganti to move to another day.
entry-closed-cancel = *Please note:* the office is closed on that day ({ $reason }). Send #batal, and then the form with another day.
entry-closed-held = *Please note:* the office is closed on that day ({ $reason }). Please send the form again with another day.
too-many = We cannot take this form: { $limit ->
        [one] a number may have only one booking at a time
       *[other] a number may have only { $limit } bookings at a time
    }. You have:
