# Forms with something wrong in them: which piece, what stands there, what should stand there.

misread-found = You wrote: “{ $found }”.
misread-photo-kept = We have kept your photo. Just send the text again.
misread-next-day = The next day you can choose: *{ $day }*.

misread-missing = Your form is not complete: the *{ $field }* is missing.
misread-missing-some = Your form is not complete.
misread-surplus = Your form has too many parts. Use # only between the parts.
misread-name-character = There is a sign in the *name* that we cannot take.
misread-name-empty = The *name* is empty.
misread-name-too-long = The *name* is too long.
misread-swapped = The order is wrong: there is a date where the *name* should be. Follow the order of the format.
misread-not-a-date = The *{ $field }* does not read as a date.
misread-no-such-day = The date in the *{ $field }* is in no calendar.
misread-ambiguous-date = The date in the *{ $field }* can be read in more than one way.
misread-birth-in-future = That *date of birth* has not come yet. Perhaps it changed places with the visit date.
misread-birth-too-old = That *date of birth* is more than { $years } years ago.
misread-visit-past = That *visit date* is over; today is { $today }. If you copied an example from a newspaper or poster, put in your own date and details.
misread-address = The *address* is empty or too long.
misread-count = We cannot take that *number of people*.
misread-nik = That *NIK* is not right.
misread-message-too-long = Your message is too long for a form. Send only the details.

expect-name = Write the name as on the e-KTP, in letters, at most { $name-max } of them.
expect-date = Write day, month, then the whole year. For example, 5 June 1987 is 05061987.
expect-visit = Write day, month, then the whole year. For example, { $day } is { $compact }.
expect-real-day = Check the day and the month.
expect-birth = Check the year, and write the date of birth as on the e-KTP.
expect-address = Write the address as on the e-KTP, in at most { $address-max } letters.
expect-count = Write one figure from 1 to { $party-max }.
expect-nik = A NIK has 16 digits. Copy it from the e-KTP or the family card.
