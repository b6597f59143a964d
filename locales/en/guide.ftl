# Explanations: how to book, what to bring, what to send.

form-line = *Format:*
    { $line }
form-example = *Example:*
    { $example }
form-own = *Your message, with a date you can choose:*
    { $line }
form-own-gaps = *Your message; fill in what is not right yet:*
    { $line }
form-optional = You may leave out anything in [ ]. Do not write the signs [ ] themselves.
form-photo = Attach a photo of { $photo } to that message, or send it afterwards.
form-photo-page = Do not send the photo of { $photo } in this chat: once we have your details, we reply with the address of a page for it.

ask-help = For more, send #bantuan (help).
ask-status = To see your bookings, send #status.

greeting = Welcome to the queue of { $office }. To get a queue number, send one message with your details.
thanks = You are welcome.
thanks-booked = You are welcome. Your queue code is *{ $code }*: { $slot }.
muted = Done. We will not send you notices. Your bookings remain valid. When you send your details, a code or a command such as #status, we still answer. Want our messages again? Send MULAI (start).
holding = This booking of yours is not complete yet:
greeting-holding = Hello. Your booking is not complete yet:
unmuted = Welcome back. We answer your messages again as before.
last-answer = Sorry, your number has sent too many messages in a short time. We answer again from { $until }. Until then we still read them; bookings and cancellations are still answered.
placeholder = That is still the empty format. Put your own details in place of each part and send it again.
unreadable = Sorry, we did not understand your message. To book, write your details with { $mark } between them.
unreadable-likely = Do you have a question? Just write it, or send:
    #bantuan – how to book
    #persyaratan – what to bring
    #cek – days with room
send-again = Sorry, we could not process your message because of a fault on our side. Please send it again.
language-set = Done. From now on we reply in English. To change back, send #indonesia.

help-title = *The queue of { $office }*
    By message you only get a queue number. You still hand in your documents and have your interview at the office.
help-other-line = Another format of this office:
    { $line }
help-days-tomorrow = Visit date: a day when the office is open, tomorrow at the earliest and { $last } at the latest.
help-days-today = Visit date: a day when the office is open, today at the earliest and { $last } at the latest.
help-days-given = The office gives you the day and the hour.
help-intake = Booking is open on days when the office is open, from { $from } to { $until }.
help-cancel = #batal – cancel
help-cancel-hold = #batal – cancel a booking that you have not confirmed yet
help-move = #ganti – move to another day
help-undo = #urung – take the last thing back, within { $minutes } minutes
help-guided = #daftar – we ask for your details one by one
help-commands = *Commands:*
    { $guided }
    #status – see your bookings
    { $changes }
    #persyaratan – what to bring
    #cek – days with room
    #indonesia – jawaban dalam bahasa Indonesia

requirements-title = *What to bring to { $office }*
requirements-none = { $office } has not put a list of requirements here yet. Bring your original documents, and ask at the information counter.
requirements-line = • { $document }

photo-kept = We have your photo. Now send your details, before { $until }.
photo-not-needed = No photo is needed now, so we did not keep yours. To book, text is enough.

not-text-audio = Sorry, we cannot listen to voice messages. Please write your message as text.
not-text-video = Sorry, we cannot open videos. Please write your message as text.
not-text-sticker = Sorry, we cannot read stickers. Please write your message as text.
not-text-location = Sorry, we do not need a location. Please write your message as text.
not-text-contact-card = Sorry, we cannot use contact cards. Please write your message as text.
not-text-document = Sorry, we cannot open documents. Please write your message as text. Send photos as pictures, not as files.
not-text-edit = Sorry, we do not read changes to a message that was already sent; we use the first one. Please send the right details as a new message (if you are already booked, send #batal first).
not-text-photo-lost = Sorry, your photo did not reach us. Please send it once more, as a picture.
not-text-photo-lost-page = Sorry, your photo did not reach us. Photos are not sent in this chat: send your details, or #status if you have, and we reply with the address of a page for the photo.
not-text-unsupported = Sorry, we cannot read this kind of message. Please write your message as plain text.
