# Answers to questions.

answer-ask = For more about this, ask an officer at { $site }.
answer-ask-telephone = For more about this, ask an officer: telephone { $telephone }, or at { $site }.
answer-question-open = Our question from before still waits for your answer.
answer-hold-code = Your queue number ({ $slot }) is still kept: reply with { $code } before { $until }.
answer-hold-photo = Your queue number ({ $slot }) is still kept: send the photo before { $until }.
answer-hold-photo-page = Your queue number ({ $slot }) is still kept. Send the photo on this page before { $until }: { $link }
answer-cut = For the whole answer, send that question once more without your details.
answer-switch = To get all our replies in English, send #english.
answer-switch-malay = Jawapan dalam bahasa Inggeris? Hantar #english.

answer-register = To get a queue number at { $office }, send one message with your details.
answer-fee = *Fee:* getting a queue number by message is free. That is only the registration; the passport itself has a fee.
answer-location = *Address of { $office }:* { $site }
answer-map = Map: { $link }
answer-language = We reply in Indonesian and English. For English send #english, for Indonesian send #indonesia.
answer-others = A WhatsApp number can have { $places ->
        [1] 1 booking
       *[other] { $places } bookings
    } at a time.
answer-others-alone = One booking is for one person only.
answer-others-people = One booking can be for up to { $people } people: send one message with a line for each person.
answer-photo-none = You need not send a photo to get a queue number.
answer-data = Is something wrong in your details? If you are not booked yet, just send the right details. If you are booked, send #batal first, then the right details.
answer-data-fixed = Is something wrong in your details? If you are not booked yet, just send the right details. If you are booked, they cannot be changed by message; tell an officer.
answer-child = A queue number for a child is taken in the same way: write the child’s name and birth date.
answer-priority = By message we only give queue numbers. The office arranges special service for elderly, pregnant and disabled people and small children.
answer-origin = To give you a queue number, we do not ask where your KTP is from.
answer-ready = We cannot check here whether a passport is ready.
answer-collection = Collecting passports is not handled by these messages.
answer-officer = Messages to this number are answered automatically.
answer-other-passport = By message we only give queue numbers. The kind of passport and its validity are not decided here.
answer-sorry = We are sorry for your trouble. This is what we have from your number:
answer-authenticity = A message alone cannot prove that this number is genuine. Compare it with the number displayed at the office, or ask an officer.
answer-simulated = This is only a simulation to try things out. This is not a number of the immigration office, and no real queue numbers are given here.
answer-brokers = Getting a queue number by message is free. Do not pay a broker or anybody else for it.

answer-hours = *Opening hours of { $office }*
answer-hours-line = { $days }: { $hours }
answer-days = { $first }–{ $last }
answer-closed-word = closed
answer-and = and
answer-today = Today, { $day }
answer-open-on = { $day }: open { $piece }.
answer-closed-on = { $day }: closed ({ $piece }).
answer-closed-weekday = { $day }: closed; the office does not open on { $piece }.
answer-open-unknown = { $day }: we cannot say yet, because the list of holidays of { $piece } is not out.

answer-day-free = { $day }: { $piece ->
        [1] 1 place
       *[other] { $piece } places
    } left.
answer-day-full = { $day }: full.
answer-day-past = { $day }: that day has passed.
answer-day-too-soon = { $day }: cannot be chosen any more. The earliest is { $piece }.
answer-day-not-yet = { $day }: not open yet. It can be chosen from { $piece } on.
answer-day-no-session = { $day }: no { $piece } session.
answer-free-nearest = *The nearest days:*
answer-free-none = All days that can be chosen are full now. Ask again later with #cek.
answer-free-asked = These numbers change all the time. To take a place, send your details with that date.
answer-free-given = These numbers change all the time. The office gives you the day: just send your details.
answer-hours-free = *{ $day }, hours with room:*
answer-hours-not-that = { $day }: no room at that hour. Still free:
answer-hour = { $time }: { $free ->
        [1] 1 place
       *[other] { $free } places
    }
answer-hour-given = The hour follows the order of booking. These numbers change all the time.
