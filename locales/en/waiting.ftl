# The waiting list: joining, the turn, offers of places that came back.

waiting-offer = Would you like to wait for a place? Reply *#wait*. For any day, reply *#wait as soon as possible*.
waiting-none = This office has no waiting list. To see which days have places left, send #cek.
waiting-needs-form = To join the waiting list, send your data first. If the day is full, reply #wait.
waiting-full = Sorry, the waiting list is full. Try again tomorrow, or send #cek to see other days.
waiting-not = You are not on the waiting list, so there is nothing to cancel. To see which days have numbers left, send #cek.
waiting-joined = You are on the waiting list.
waiting-for-day = *Waiting for a place on:* { $day }
waiting-for-any = *Waiting for a place on:* any day, as soon as possible
waiting-ahead = { $ahead ->
        [0] *Turn:* you are the first.
        [one] *Turn:* one person is before you.
       *[other] *Turn:* { $ahead } people are before you.
    }
waiting-keeps = Your place on { $slot } remains yours until you choose another.
waiting-rules = When a place comes back, we offer it in turn, { $at_once ->
        [1] to you alone,
       *[other] sometimes to up to { $at_once } people at once (whoever replies *ya* first gets it, the others keep their turn),
    } for 20 minutes (10 minutes if it is less than a day ahead). Reply *ya* to take it. Two offers that you do not take end your turn, and so does a place that you get in another way. We make no offers at night.
waiting-rules-earlier = When an earlier place comes back, we offer it in turn, { $at_once ->
        [1] to you alone,
       *[other] sometimes to up to { $at_once } people at once (whoever replies *ya* first gets it, the others keep their turn),
    } for 20 minutes (10 minutes if it is less than a day ahead), three times at most. Reply *ya* to move. Two offers that you do not take end your turn. We make no offers at night.
waiting-leave = No longer want to wait? Reply #wait stop.
waiting-left = You have left the waiting list.
waiting-not-earlier = Your place is on { $slot }. The waiting list is for earlier days only. For another day, reply #ganti.
waiting-offered = *A place for you*
    { $office }
waiting-offered-seat = *When:* { $slot }
waiting-offered-for = *For:* { $names }
waiting-offered-instead = If you take it, we release your old place on { $slot }. If not, you keep the old one.
waiting-offered-reply = Reply *ya* to take it, at the latest { $until }. Not for you? Reply *#batal*, and we offer it to the next person.
waiting-offered-last = This is the last offer: if you do not take it, your turn on the waiting list ends.
button-wait = #wait
button-skip = Skip
waiting-declined = All right, we offer that place to the next person. You keep your turn.
waiting-declined-over = All right, we offer that place to the next person. Your turn on the waiting list has ended.
waiting-too-late = Sorry, the time for that offer is over. You keep your turn on the waiting list.
waiting-too-late-over = Sorry, the time for that offer is over, and your turn on the waiting list has ended. To book, send your data again.
entry-offer = { $name }, { $slot }: offered to you until { $until }. Reply *ya* to take it.
answer-hold-offer = A place on { $slot } is offered to you until { $until }. Reply *ya* to take it.
waiting-write-daily = Send one message a day, so that an offer can reach you.
waiting-offered-shared = { $others ->
        [one] We offer this place to one other person too.
       *[other] We offer this place to { $others } other people too.
    } Whoever replies first gets it. If somebody else gets it, you keep your turn.
waiting-offered-reply-shared = Reply *ya* to take it, at the latest { $until }. Not for you? Reply *#batal*.
waiting-offered-last-shared = This is the last offer: if you do not reply, your turn on the waiting list ends.
waiting-shared-now = A place on { $slot } is offered to you and to others until { $until }. Reply *ya* to take it.
waiting-taken = Sorry, somebody who replied sooner has taken the place on { $slot }. You keep your turn on the waiting list.
