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
field-form = message

entry = { $entry }
numbered = { $number }. { $entry }

session-morning = morning
session-afternoon = afternoon
mark-line = a new line

photo-ktp = the e-KTP
photo-akta = the birth certificate
photo-ktp-or-akta = the e-KTP (for a child: the birth certificate)
photo-any = your document

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
