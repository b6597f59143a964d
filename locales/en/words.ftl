# Words that stand inside other sentences.

weekday-monday = Monday
weekday-tuesday = Tuesday
weekday-wednesday = Wednesday
weekday-thursday = Thursday
weekday-friday = Friday
weekday-saturday = Saturday
weekday-sunday = Sunday

day-at-time = { $day }, at { $time }
time-on-day = { $time } on { $day }

button-yes = Yes, correct
button-register = How to book
button-bring = What to bring
button-free = Days with room
button-cancel = Cancel

field-name = name
field-birth = date of birth
field-visit = visit date
field-address = address
field-count = number of people
field-nik = NIK
field-family-card = family card number
field-phone = phone number
field-email = e-mail address
field-session = session
field-service = service
field-text = answer
field-form = form

entry = { $entry }
numbered = { $number }. { $entry }

session-morning = morning
session-afternoon = afternoon
mark-line = a new line

photo-ktp = the e-KTP
photo-akta = the birth certificate
photo-ktp-or-akta = the e-KTP (for a child: the birth certificate)
photo-any = your document
