# Conversations with an officer.

handover-opened = All right, we pass your message on to an officer of { $office }.
handover-now = Officers are reading messages now, until { $until }.
handover-next = Officers read messages again on { $day } from { $from }.
handover-unknown = Officers read messages while the office is open.
handover-meanwhile = Write here all that you want to ask: an officer answers, not the machine. Forms, codes and commands such as #status are still served automatically. To go back to automatic answers, send #lanjut. After 24 hours without a new message we go back by ourselves.
handover-still-open = Your message is still waiting for an officer of { $office }.
handover-forwarded = We have passed this on to an officer of { $office }.
handover-leave = To go back to automatic answers, send #lanjut.
handover-left = All right, your conversation with the officer is over. Your messages get automatic answers again.
handover-again = To ask an officer again, send #petugas.
handover-not-open = There is no conversation with an officer at the moment.
handover-answered = *Answer from an officer of { $office }:*
handover-answered-next = More questions? Just reply here. Done? Send #lanjut.
handover-ended = An officer of { $office } has closed this conversation. Your messages get automatic answers again.

answer-officer-offer = Would you like to ask an officer by message? Send #petugas.
help-officer = #petugas – ask an officer
