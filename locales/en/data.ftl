# The data that we keep about citizens, and its erasure.

data-kept = What { $office } keeps about this number: your messages and our replies, the data of your bookings, and a photo if you sent one.
data-kept-no-booking = There is no valid booking at the moment.
data-whole = To see all of it or to ask for a copy, come to the office with your identity card. It is not shown here, because somebody else may hold your phone.
data-erase = To have your data erased, send #hapusdata (erase my data).

erase-asked = Everything that { $office } keeps about this number will be erased: messages, replies, photos, and what your bookings say. What is erased cannot be brought back.
erase-after-visit = Your booking is valid until { $day }, so the data is erased after that visit.
erase-or-cancel = Want it now? Cancel first with #batal.
erase-after-waiting = The data is erased once you are done: with the talk with an officer, or with the waiting list.
erase-yes = Go on? Reply *ya* (yes). If not, reply *tidak* (no).
will-erase-now = Done. We erase all your data now. This is the last message about it.
will-erase-after-visit = Done. We erase all your data after your visit on { $day }. Until then your booking stays valid. This is the last message about it.
will-erase-after-waiting = Done. We erase all your data once you are done. This is the last message about it.
erase-what-stays = What stays is a count without names, such as the number of visitors on a day.

privacy = *Your data:* { $text }
