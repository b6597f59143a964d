//! The list of a day as PDF, with boxes to tick: what the page to print has, for whoever prints from a phone or keeps it for an outage.

use std::sync::LazyLock;

use crate::domain::masked_debug::masked_debug;
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use qrcode::{Color, EcLevel, QrCode};

/// A4, in points.
const PAGE: (f32, f32) = (595.0, 842.0);
/// Empty around everything: what every printer leaves.
const MARGIN: f32 = 36.0;
/// Where the columns begin, from the left: number, name, came, served, code.
const COLUMNS: [f32; 5] = [36.0, 92.0, 268.0, 372.0, 476.0];
/// Height of a line: a QR code that a wedge reader takes, and air.
const LINE: f32 = 40.0;
const QR_SIDE: f32 = 36.0;
/// Height of a line without a code.
const PLAIN_LINE: f32 = 26.0;
const SIZE: f32 = 10.0;
const SMALL: f32 = 8.0;
/// Side of a box to tick.
const TICK: f32 = 11.0;
/// Letters of a name that stand in one line: wide ones fit, too.
const NAME_LETTERS: usize = 30;
/// Lines of a name.
const NAME_LINES: usize = 3;
/// Lines for people without a booking.
const BLANK_LINES: usize = 10;

/// Why a list could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// One of our fonts is none.
    #[error("a fault in this program: a font cannot be read")]
    Font,
    /// The document.
    #[error("the document cannot be written: {0}")]
    Document(String),
}

/// The words of the list, in the language of whoever prints it.
#[derive(Debug, Clone, Copy)]
pub struct ListWords {
    /// The code of the language.
    pub lang: &'static str,
    /// `Pukul`: before an hour, and before a line for a time.
    pub hour: &'static str,
    /// Headings of the columns.
    pub number: &'static str,
    /// The name.
    pub name: &'static str,
    /// Came.
    pub came: &'static str,
    /// Was served.
    pub served: &'static str,
    /// The booking code.
    pub code: &'static str,
    /// Above the lines for people without a booking.
    pub without_booking: &'static str,
    /// Where nobody is booked.
    pub none: &'static str,
}

/// Somebody in the list.
#[derive(Clone, PartialEq, Eq)]
pub struct ListRow {
    /// The number that they are called by.
    pub number: String,
    /// Their name.
    pub name: String,
    /// The booking code.
    pub code: String,
    /// Whether the code is drawn, too: of the first of a party.
    pub has_picture: bool,
}

/// The people of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListHour {
    /// The hour.
    pub hour: u8,
    /// Its people.
    pub rows: Vec<ListRow>,
}

/// The list of a day.
#[derive(Clone)]
pub struct DayList {
    /// The office and the day, in words.
    pub title: String,
    /// How many people, and as of when.
    pub note: String,
    /// Its hours.
    pub hours: Vec<ListHour>,
    /// Its words.
    pub words: ListWords,
}

masked_debug!(ListRow, DayList);

static FONTS: LazyLock<Option<[Font; 2]>> = LazyLock::new(|| {
    let read = |bytes: &'static [u8]| Font::new(bytes.to_vec().into(), 0);
    Some([
        read(include_bytes!("fonts/atkinson-hyperlegible-next-regular.ttf"))?,
        read(include_bytes!("fonts/atkinson-hyperlegible-next-bold.ttf"))?,
    ])
});

/// What stands on a page, from the top down.
enum Block<'l> {
    Hour(String),
    Headings,
    Row(&'l ListRow),
    Blank,
    Text(&'static str),
}

impl Block<'_> {
    fn height(&self) -> f32 {
        match self {
            Self::Hour(_) => 28.0,
            Self::Headings => 16.0,
            Self::Row(row) if row.has_picture => LINE,
            Self::Row(_) | Self::Blank => PLAIN_LINE,
            Self::Text(_) => 20.0,
        }
    }
}

/// Draws the list.
///
/// # Errors
/// [`PdfError`] where it could not be drawn.
pub fn day_list(list: &DayList) -> Result<Vec<u8>, PdfError> {
    let Some([regular, bold]) = &*FONTS else { return Err(PdfError::Font) };
    let pages = pages(list);
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(list.title.clone()).language(list.words.lang.to_owned()));
    for (place, blocks) in pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(PdfError::Font)?;
        let mut page = document.start_page_with(settings);
        // The surface ends before its page does.
        {
            let mut pen = Pen { surface: page.surface(), regular, bold };
            pen.text(MARGIN, MARGIN + 12.0, &list.title, (true, 14.0));
            let number = format!("{} · {}/{}", list.note, place + 1, pages.len());
            pen.text(MARGIN, MARGIN + 27.0, &number, (false, SMALL));
            let mut y = MARGIN + 36.0;
            for block in blocks {
                pen.block(block, y, &list.words);
                y += block.height();
            }
        }
        page.finish();
    }
    document.finish().map_err(|error| PdfError::Document(format!("{error:?}")))
}

/// The blocks of each page. An hour's headings stand with its first line, and again on the next page.
fn pages(list: &DayList) -> Vec<Vec<Block<'_>>> {
    let words = &list.words;
    let mut groups: Vec<(String, Vec<Block<'_>>)> = Vec::new();
    for hour in &list.hours {
        groups.push((format!("{} {:02}.00", words.hour, hour.hour), hour.rows.iter().map(Block::Row).collect()));
    }
    groups.push((words.without_booking.to_owned(), (0..BLANK_LINES).map(|_| Block::Blank).collect()));
    let room = PAGE.1 - 2.0 * MARGIN - 36.0;
    let mut pages = Vec::new();
    let (mut page, mut used) = (Vec::new(), 0.0);
    if list.hours.is_empty() {
        let none = Block::Text(words.none);
        used += none.height();
        page.push(none);
    }
    for (title, rows) in groups {
        let mut is_begun = false;
        for row in rows {
            let head = [Block::Hour(title.clone()), Block::Headings];
            let height = row.height() + if is_begun { 0.0 } else { head.iter().map(Block::height).sum() };
            if used + height > room {
                pages.push(std::mem::take(&mut page));
                (used, is_begun) = (0.0, false);
            }
            if !is_begun {
                used += head.iter().map(Block::height).sum::<f32>();
                page.extend(head);
                is_begun = true;
            }
            used += row.height();
            page.push(row);
        }
    }
    pages.push(page);
    pages
}

/// Draws on one page.
struct Pen<'a> {
    surface: Surface<'a>,
    regular: &'a Font,
    bold: &'a Font,
}

impl Pen<'_> {
    fn text(&mut self, x: f32, y: f32, text: &str, (is_bold, size): (bool, f32)) {
        let font = if is_bold { self.bold } else { self.regular };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill { paint: rgb::Color::new(0, 0, 0).into(), ..Fill::default() }));
        self.surface.draw_text(Point::from_xy(x, y), font.clone(), size, text, false, TextDirection::Auto);
    }

    fn line(&mut self, path: Option<Path>, width: f32) {
        let Some(path) = path else { return };
        self.surface.set_fill(None);
        let paint = rgb::Color::new(0, 0, 0).into();
        self.surface.set_stroke(Some(Stroke { paint, width, ..Stroke::default() }));
        self.surface.draw_path(&path);
    }

    fn block(&mut self, block: &Block<'_>, y: f32, words: &ListWords) {
        let [number, name, came, served, code] = COLUMNS;
        match block {
            Block::Hour(hour) => self.text(number, y + 20.0, hour, (true, 12.0)),
            Block::Text(text) => self.text(number, y + 14.0, text, (false, SIZE)),
            Block::Headings => {
                let headings = [words.number, words.name, words.came, words.served, words.code];
                for (x, heading) in COLUMNS.into_iter().zip(headings) {
                    self.text(x, y + 10.0, heading, (false, SMALL));
                }
                self.line(rule(number, PAGE.0 - MARGIN, y + 14.0), 0.8);
            }
            Block::Row(row) => {
                let middle = y + block.height() / 2.0;
                self.text(number, middle + 4.0, &row.number, (true, SIZE));
                let lines = name_lines(&row.name);
                let first = middle + 4.0 - 5.0 * (small(lines.len()) - 1.0);
                for (place, line) in lines.iter().enumerate() {
                    self.text(name, first + 10.0 * small(place), line, (false, SIZE));
                }
                self.tick(came, middle, words);
                self.tick(served, middle, words);
                self.text(code, middle + 4.0, &row.code, (false, SMALL));
                if row.has_picture {
                    self.picture(&row.code, (PAGE.0 - MARGIN - QR_SIDE, y + 2.0));
                }
                self.line(rule(number, PAGE.0 - MARGIN, y + block.height() - 0.5), 0.3);
            }
            Block::Blank => {
                let middle = y + block.height() / 2.0;
                self.text(number, middle + 4.0, "W-", (false, SIZE));
                self.line(rule(number + 14.0, name - 10.0, middle + 4.0), 0.5);
                self.line(rule(name, came - 14.0, middle + 4.0), 0.5);
                self.tick(came, middle, words);
                self.tick(served, middle, words);
            }
        }
    }

    /// A box to tick, and a line for the time.
    fn tick(&mut self, x: f32, middle: f32, words: &ListWords) {
        let mut path = PathBuilder::new();
        if let Some(square) = Rect::from_xywh(x, middle - TICK / 2.0, TICK, TICK) {
            path.push_rect(square);
        }
        self.line(path.finish(), 0.9);
        self.text(x + TICK + 4.0, middle + 4.0, words.hour, (false, SMALL));
        self.line(rule(x + TICK + 30.0, x + TICK + 74.0, middle + 4.0), 0.5);
    }

    /// The code as squares; one that does not fit is left out, since its letters stand beside it.
    fn picture(&mut self, code: &str, (left, top): (f32, f32)) {
        let Ok(squares) = QrCode::with_error_correction_level(code, EcLevel::M) else { return };
        let width = squares.width();
        let side = QR_SIDE / small(width.max(1));
        let mut path = PathBuilder::new();
        for (y, row) in squares.into_colors().chunks(width.max(1)).enumerate() {
            let mut x = 0;
            for bar in row.chunk_by(|one, other| one == other) {
                let at = (left + small(x) * side, top + small(y) * side);
                let dark = bar.first() == Some(&Color::Dark);
                if let Some(part) = Rect::from_xywh(at.0, at.1, small(bar.len()) * side, side).filter(|_| dark) {
                    path.push_rect(part);
                }
                x += bar.len();
            }
        }
        let Some(path) = path.finish() else { return };
        self.surface.set_stroke(None);
        let paint = rgb::Color::new(0, 0, 0).into();
        self.surface.set_fill(Some(Fill { paint, opacity: NormalizedF32::ONE, rule: FillRule::default() }));
        self.surface.draw_path(&path);
    }
}

/// A small count as a length.
fn small(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// A horizontal line.
fn rule(from: f32, to: f32, y: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(from, y);
    path.line_to(to, y);
    path.finish()
}

/// A name in the lines that it needs; what is longer than all of them ends with dots.
fn name_lines(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in name.split_whitespace() {
        let fits = |line: &String| line.chars().count() + 1 + word.chars().count() <= NAME_LETTERS;
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if fits(line) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let is_cut = lines.len() > NAME_LINES;
    lines.truncate(NAME_LINES);
    for line in &mut lines {
        if line.chars().count() > NAME_LETTERS {
            *line = line.chars().take(NAME_LETTERS - 1).chain(['…']).collect();
        }
    }
    if let Some(last) = lines.last_mut().filter(|_| is_cut) {
        last.push('…');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: ListWords = ListWords {
        lang: "id",
        hour: "Pukul",
        number: "Nomor",
        name: "Nama",
        came: "Hadir",
        served: "Selesai",
        code: "Kode",
        without_booking: "Tanpa pendaftaran",
        none: "Tidak ada",
    };

    fn list(people: usize) -> DayList {
        let row = |n: usize| ListRow {
            number: format!("08-{:03}", n + 1),
            name: format!("Budi Santoso {n}"),
            code: "LMGF-D5AQ".to_owned(),
            has_picture: n.is_multiple_of(2),
        };
        let hours = vec![ListHour { hour: 8, rows: (0..people).map(row).collect() }];
        DayList { title: "Kantor: Selasa".to_owned(), note: "x".to_owned(), hours, words: WORDS }
    }

    // Negative control: without a new page the 60 lines run over the foot of the first one, and no page has its headings.
    #[test]
    fn every_line_is_on_a_page_with_its_headings() {
        let list = list(60);
        let pages = pages(&list);
        let rows: usize = pages.iter().flatten().filter(|block| matches!(block, Block::Row(_))).count();
        assert_eq!(rows, 60);
        for page in &pages {
            assert!(page.iter().map(Block::height).sum::<f32>() <= PAGE.1 - 2.0 * MARGIN - 36.0);
            assert!(matches!(page.first(), Some(Block::Hour(_))));
        }
        assert!(pages.len() > 2, "{}", pages.len());
    }

    #[test]
    fn a_long_name_takes_more_lines_and_ends_with_dots() {
        assert_eq!(name_lines("Budi Santoso"), ["Budi Santoso"]);
        let long = name_lines("Raden Ajeng Kartika Puspita Wulandari Kusumaningrum Sastrodiningrat");
        assert!(long.len() == 3 && long.iter().all(|line| line.chars().count() <= NAME_LETTERS), "{long:?}");
        assert!(name_lines(&"Panjangnyaluarbiasasekalinamaini ".repeat(5)).last().unwrap().ends_with('…'));
        assert_eq!(name_lines(""), [""]);
    }

    #[test]
    fn a_list_of_nobody_is_a_document_too() {
        let empty = DayList { hours: Vec::new(), ..list(0) };
        assert!(day_list(&empty).unwrap().starts_with(b"%PDF-"));
    }
}
