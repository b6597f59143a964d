# Answers to questions.

answer-ask = For more about this, ask an officer at { $site }.
answer-ask-telephone = For more about this, ask an officer: telephone { $telephone }, or at { $site }.
answer-question-open = Our question from before still waits for your answer.
answer-hold-code = We still keep your place ({ $slot }): reply with { $code } before { $until }.
answer-hold-photo = We still keep your place ({ $slot }): send the photo before { $until }.
answer-cut = For the whole answer, send that question once more without a form.
answer-switch = To get all our replies in English, send #english.

answer-register = To get a queue number at { $office }, send one message with your details.
answer-fee = *Fee:* getting a queue number by message is free. That is only the registration; the passport itself has a fee.
answer-location = *Address of { $office }:* { $site }
answer-map = Map: { $link }
answer-language = We reply in Indonesian and English. For English send #english, for Indonesian send #indonesia.
answer-others = One number can have { $places ->
        [1] 1 live booking
       *[other] { $places } live bookings
    }.
answer-others-alone = One booking is for one person only.
answer-others-people = One booking can be for up to { $people } people: send one message with a line for each person.
answer-photo-none = You need not send a photo to get a queue number.
answer-data = Is something wrong in your booking? Before you confirm it, just send the right form. Once booked, send #batal first, then the right form.
answer-data-fixed = Is something wrong in your booking? Before you confirm it, just send the right form. Once booked, it cannot be changed by message; tell an officer.
answer-child = A child's queue number is taken with the same form: write the child's name and birth date.
answer-priority = By message we only give queue numbers. Special service for elderly, pregnant and disabled people and small children is arranged at the office.
answer-origin = We do not ask where your KTP is from to give you a queue number.
answer-ready = By message we only give queue numbers. We cannot see whether a passport is ready.
answer-collection = By message we only give queue numbers. Collecting passports is not handled here.
answer-officer = Messages to this number are answered automatically.
answer-other-passport = By message we only give queue numbers. The kind of passport and its validity are not decided here.
answer-sorry = We are sorry for your trouble. This is what we have from your number:
answer-authenticity = A message alone cannot prove that this number is genuine. Compare it with the number displayed at the office, or ask an officer.
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
answer-open-unknown = { $day }: we cannot say yet, because the holidays of { $piece } are not known here.

answer-day-free = { $day }: { $piece ->
        [1] 1 place
       *[other] { $piece } places
    } left.
answer-day-full = { $day }: full.
answer-day-past = { $day }: over.
answer-day-too-soon = { $day }: cannot be chosen any more. The earliest is { $piece }.
answer-day-not-yet = { $day }: not open yet. It can be chosen from { $piece } on.
answer-day-no-session = { $day }: no { $piece } session.
answer-free-nearest = *The nearest days:*
answer-free-none = All days that can be chosen are full now. Ask again later with #cek.
answer-free-asked = These numbers change all the time. To take a place, send the form with that date.
answer-free-given = These numbers change all the time. The office gives you the day: just send your form.
answer-hours-free = *{ $day }, hours with room:*
answer-hours-not-that = { $day }: no room at that hour. Still free:
answer-hour = { $time }: { $free ->
        [1] 1 place
       *[other] { $free } places
    }
answer-hour-given = We give the hours in the order of booking. These numbers change all the time.
