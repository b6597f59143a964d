# One question at a time, for people who find it hard to write everything in one message.

guide-offer = Would you like us to guide you? Reply *1*. We ask for your details one by one.
guide-offer-button = Guide me
guide-begin = Fine, we ask one thing at a time. Want to stop? Send #batal.
guide-taken = Noted: { $taken }.
guide-ended = Fine, we do not go on with this booking, and nothing was booked by these questions. Want to start again? Send *mau daftar*.
guide-skip = You have none? Reply *0*.
guide-people = { $count } people
guide-ordinary = ordinary
guide-family = family (several people)

guide-ask-format = Which service? Reply with its number.
guide-ask-alternative = Which one do you have? One is enough. Reply with its number.
guide-ask-name = *What is the full name of the person who will come?* Write it as on the ID card or birth certificate.
guide-ask-birth = *What is the date of birth?* Example: { $sample }
guide-ask-which-day = *Which one is right?* Reply with its number.
guide-ask-visit = *On which date would you like to come?* Example: { $sample }
guide-ask-visit-choice = *On which day would you like to come?* Reply with its number, or write another date, for example { $sample }
guide-ask-address = *What is the address?* Write it as on the ID card. Example: { $sample }
guide-ask-count = *How many people?* Write a number from 1 to { $party-max }.
guide-ask-nik = *What is the NIK?* It is the 16 digits on the ID card or family card.
guide-ask-family-card = *What is the family card number?* It has 16 digits.
guide-ask-phone = *Which phone number can we call?* Example: 0812 0000 0001
guide-ask-email = *What is the e-mail address?* Example: { $sample }
guide-ask-session = *Morning or afternoon?* Reply with its number.
guide-ask-service = *Which service?* Reply with its number.
guide-ask-text = *Now write the { $field }.*
