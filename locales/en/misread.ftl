# Forms with something wrong in them: which piece, what stands there, what should stand there.

misread-also = This is not right yet either:
misread-found = You wrote: “{ $found }”.
misread-photo-kept = We have kept your photo. Just send the text again.
misread-next-day = The next day you can choose: *{ $day }*.

misread-missing = Your details are not complete: the *{ $field }* is missing.
misread-missing-some = Your details are not complete.
misread-surplus = There is too much in your message. Use { $mark } only between the details.
misread-name-character = The *name* may hold letters only.
misread-name-alphabet = There is a letter of another alphabet in the *name*, perhaps one that only looks like an ordinary letter.
misread-name-marks = There is a letter with too many marks in the *name*.
misread-mingled = Write only the *{ $field }*.
misread-two-people = There is more than one person in the *name*.
misread-name-empty = The *name* is empty.
misread-name-too-long = The *name* is too long.
misread-swapped = The order is wrong: there is a date where the *name* should be. Follow the order of the format.
misread-not-a-date = We could not read the *{ $field }*.
misread-no-such-day = That *{ $field }* does not exist, for example 31 June.
misread-ambiguous-date = That *{ $field }* can be read in more than one way.
misread-other-weekday = The weekday and the date in the *{ $field }* do not match.
misread-birth-in-future = That *date of birth* is still to come. Perhaps you swapped it with the visit date.
misread-birth-too-old = By that *date of birth* the age is over { $years } years. Check the year.
misread-visit-past = That date has passed; today is { $today }. If you copied an example from a newspaper or poster, put in your own date and details.
misread-address = We cannot take that as an *address*.
misread-count = We cannot take that *number of people*.
misread-nik = That *NIK* is not right.
misread-several = This part of the message does not fit the other lines. For several people, write one line for each, all in the same format.
misread-too-many-people = There are more than { $limit } people in your message. Send one message again with at most { $limit } people, a line for each.
misread-same-person = This person is listed twice. Write each person once.
misread-not-together = Everyone in one message must have the same *{ $field }*.
misread-missing-keyword = Your message has to begin with the word *{ $keywords }*.
misread-keyword = The word in front of your details is not used here.
misread-send-all = Once it is corrected, send one message for everybody again, with a line for each person.
expect-keyword = The word used here: { $keywords }. For the ordinary service, send it without a word in front.
expect-no-keyword = Write your details directly, without that word in front.
expect-together = Write the same { $field } on every line.
person-of = *Person { $number }:*
person-of-name = *Person { $number }, { $name }:*
of-person = Person { $number }: { $told }
misread-suggestion = Perhaps you meant:
    { $line }
    If that is right, reply *yes*. If not, send the corrected details.

repaired = You wrote “{ $from }”. We read it as *{ $to }*.
repaired-passed-over = We do not need this, so we leave it out: { $from }.
repaired-passed-over-more = We do not need this, so we leave it out: { $from }, and { $to } more.
repaired-just-born = The date of birth says *{ $to }*. That is today or yesterday. Please check it again.
confirm-check = Please check your details:
confirm-visit = *Visit:* { $day }
confirm-reply = If all is right, reply *yes*. If not, send the corrected details.
confirm-photo-kept = We have kept your photo.
which-day = The *{ $field }* you wrote (“{ $found }”) can be read in more than one way. Which one is right?
which-day-choice = { $number }. { $day }
which-day-reply = Reply with its number, for example 1, or with the date, for example { $day }.

misread-message-too-long = Your message is too long. Send only the details.

expect-alone = For several people, write one line for each.
expect-each-person = How many people is it for? Write one line for each person, with their own name and date of birth.
expect-name = Write the name as on the ID card or birth certificate, { $name-max } letters at most.
expect-name-alphabet = Please type the whole name anew as on the ID card, without copying it from elsewhere.
expect-date = Write day, month, then the whole year. For example, 5 June 1987 is 05061987.
expect-visit = Write day, month, then the whole year. For example, { $day } is { $compact }.
expect-real-day = Check the day and the month.
expect-birth = Check the year, and write the date of birth as on the e-KTP.
expect-address = Write the address as on the e-KTP, in at most { $address-max } letters.
expect-count = Write one figure from 1 to { $party-max }.
expect-nik = A NIK has 16 digits. Copy it from the e-KTP or the family card.

misread-family-card = That *family card number* is not right.
misread-phone = We cannot use that *phone number*.
misread-email = That *e-mail address* is not right.
misread-session = We do not know that *session*.
misread-service = That *service* is not offered here.
misread-text = The *{ $field }* is empty or too long.
misread-which-piece = We cannot tell which detail that is.
misread-date-shape = The *{ $field }* has to be written as this office asks.
misread-too-young = By that *date of birth* the applicant is too young. This booking is for ages { $years } and over.
misread-too-old = This booking is for ages up to { $years }.
misread-visit-today = It is too late to book for today. Choose tomorrow or later.
misread-visit-too-far = Choose a date within the next { $days } days.

expect-family-card = A family card number has 16 digits. Copy it from your family card.
expect-phone = Write a number that we can call, for example 0812 0000 0001. A foreign number begins with + and its country.
expect-email = Write the whole address, for example budi@example.id.
expect-session = Write pagi (morning) or siang (afternoon).
expect-service = Write one of: { $services }.
expect-text = Write the { $field } in at most { $text-max } letters.
expect-which-piece = Write *NIK* or *KK* (family card) before the digits.
expect-house-or-count = If it is a house number, write *No* before it without a mark, as in No 5. If it is the number of people, write *orang* after it, as in 2 orang.
expect-date-shape = Write it as in the example.
repaired-nik-birth = The date of birth inside your NIK is { $from }, but you wrote *{ $to }*. Please check. If both are right, tell the officer when you come.
