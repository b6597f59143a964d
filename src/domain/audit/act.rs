//! What somebody did: the list of acts, with their words in both languages.

/// Declares the acts: `Variant "stored word" "Indonesian" "English" nature, doc`.
macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident $name:literal $id:literal $en:literal $nature:ident;)*) => {
        /// Something that somebody did and that is to be known of later. The audit trail takes no other.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Act {
            $($(#[$doc])* $act,)*
        }

        impl Act {
            /// All of them, as filters show them.
            pub const ALL: &[Self] = &[$(Self::$act,)*];

            /// Its word in the database and on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$act => $name,)*
                }
            }

            /// In Indonesian, as a log says it of somebody.
            pub fn in_indonesian(self) -> &'static str {
                match self {
                    $(Self::$act => $id,)*
                }
            }

            /// In English, as a log says it of somebody.
            pub fn in_english(self) -> &'static str {
                match self {
                    $(Self::$act => $en,)*
                }
            }

            fn nature(self) -> Nature {
                match self {
                    $(Self::$act => Nature::$nature,)*
                }
            }
        }
    };
}

/// What an act does with data of citizens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nature {
    /// It shows some.
    Shows,
    /// It changes something.
    Changes,
    /// It does neither.
    Neither,
}

acts! {
    /// Somebody signed in to the console.
    SignIn "sign_in" "masuk ke konsol" "signed in" Neither;
    /// Searched for a booking.
    Find "find" "mencari" "searched" Shows;
    /// Opened a booking with its people.
    ViewBooking "view_booking" "membuka pemesanan" "opened a booking" Shows;
    /// Looked at the photo of an identity card.
    ViewPhoto "view_photo" "melihat foto KTP" "looked at a photo" Shows;
    /// Opened or printed a day's list on paper.
    ViewPaper "view_paper" "membuka daftar cetak" "opened the printed list" Shows;
    /// Opened a list that names people: a day's, the counter's, bookings, replies that wait.
    ViewList "view_list" "membuka daftar orang" "opened a list of people" Shows;
    /// Opened everything that is kept of a person.
    ViewPerson "view_person" "membuka data seseorang" "opened a person's data" Shows;
    /// Printed everything that is kept of a person, to hand it over.
    ExportPerson "export_person" "mengekspor data seseorang" "exported a person's data" Shows;
    /// Erased a person's data.
    ErasePerson "erase_person" "menghapus data seseorang" "erased a person's data" Changes;
    /// Corrected a misspelt name.
    CorrectName "correct_name" "membetulkan nama" "corrected a name" Changes;
    /// Opened a list of conversations.
    ViewConversations "view_conversations" "membuka daftar percakapan" "opened the list of conversations" Shows;
    /// Read a conversation.
    ViewConversation "view_conversation" "membaca percakapan" "read a conversation" Shows;
    /// Wrote to a citizen, or closed their ticket.
    ReplyConversation "reply_conversation" "menjawab percakapan" "answered a conversation" Changes;
    /// Sent replies again that had not arrived.
    SendAgain "send_again" "mengirim ulang" "sent again" Changes;
    /// Opened counts and plots, which name nobody.
    ViewReport "view_report" "membuka laporan" "opened a report" Neither;
    /// Opened the audit trail.
    ViewAudit "view_audit" "membuka jejak audit" "opened the audit trail" Neither;
    /// Downloaded the audit trail.
    ExportAudit "export_audit" "mengunduh jejak audit" "downloaded the audit trail" Neither;
    /// Exported many people's data into a file.
    Export "export" "mengekspor daftar" "exported a list" Shows;
    /// Opened, closed, widened or shrank days or hours.
    ChangeCalendar "change_calendar" "mengubah kalender" "changed the calendar" Changes;
    /// Put another version of an office in force.
    ChangeOffice "change_office" "mengubah pengaturan kantor" "changed the office's settings" Changes;
    /// Put another version of a format in force.
    PublishFormat "publish_format" "menerbitkan format" "published a format" Changes;
    /// Put an earlier version in force again.
    RollBack "roll_back" "mengembalikan versi lama" "rolled back to an earlier version" Changes;
    /// Tried a format on citizens' messages.
    Rehearse "rehearse" "menguji format pada pesan warga" "rehearsed a format on messages" Shows;
    /// Paused a channel.
    PauseChannel "pause_channel" "menjeda saluran" "paused a channel" Changes;
    /// Resumed a channel.
    ResumeChannel "resume_channel" "melanjutkan saluran" "resumed a channel" Changes;
    /// Tested a channel.
    TestChannel "test_channel" "menguji saluran" "tested a channel" Neither;
    /// Told citizens what they had not asked for, or stopped such notices.
    SendNotice "send_notice" "mengirim atau menghentikan pemberitahuan" "sent or stopped notices" Changes;
    /// Entered what was ticked on paper.
    EnterPaper "enter_paper" "memasukkan catatan kertas" "entered ticks from paper" Changes;
    /// Entered that somebody arrived.
    Arrive "arrive" "mencatat kedatangan" "entered an arrival" Changes;
    /// Called somebody, or took another step of a visit at a counter.
    Call "call" "memanggil atau melayani" "called or served" Changes;
    /// Took back a step of a visit.
    Undo "undo" "membatalkan langkah" "took a step back" Changes;
    /// Added somebody to the staff, or changed what they may do.
    UserChange "user_change" "mengubah petugas" "changed the staff" Changes;
    /// Added or removed a display.
    DisplayChange "display_change" "mengubah layar" "changed the displays" Changes;
    /// Made a new key for photos.
    RotateKey "rotate_key" "membuat kunci foto baru" "made a new key for photos" Changes;
    /// Changed how long data are kept, or erased what is over.
    RetentionChange "retention_change" "mengubah masa simpan" "changed how long data are kept" Changes;
}

impl Act {
    /// The act of that word.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.name() == name)
    }

    /// Whether it shows personal data of citizens to somebody.
    pub fn shows_people(self) -> bool {
        self.nature() == Nature::Shows
    }

    /// Whether it changes something.
    pub fn changes(self) -> bool {
        self.nature() == Nature::Changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control, run: with the word of `Find` given to `ViewList` too, both read as `Find`.
    #[test]
    fn every_act_has_a_word_of_its_own_and_reads_back() {
        for act in Act::ALL {
            assert_eq!(Act::read(act.name()), Some(*act), "{act:?}");
            assert!(act.name().chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{act:?}");
            assert!(!act.in_indonesian().is_empty() && !act.in_english().is_empty(), "{act:?}");
        }
        assert_eq!(Act::read("sign_out"), None);
        assert!(Act::ViewPhoto.shows_people() && !Act::ViewReport.shows_people() && Act::Undo.changes());
    }
}
