//! One file as lines of cells, in either format. Neither keeps its lines in memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::Datelike;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::text::harmless;
use crate::domain::export::{Cell, FileFormat};

/// Lines of a workbook's sheet, the headings among them: what spreadsheets open.
pub(super) const XLSX_LINES_MAX: u32 = 1_048_576;
/// Width of a workbook's columns, in characters.
const COLUMN_WIDTH: f64 = 16.0;
/// Letters of a cell, beyond which spreadsheets refuse the file.
const CELL_LETTERS_MAX: usize = 32_000;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The disk.
    #[error("it cannot be written: {0}")]
    Disk(#[from] std::io::Error),
    /// CSV.
    #[error("it cannot be written: {0}")]
    Csv(#[from] csv::Error),
    /// XLSX.
    #[error("the workbook cannot be written: {0}")]
    Xlsx(#[from] XlsxError),
    /// A workbook holds no more lines.
    #[error("a workbook holds {XLSX_LINES_MAX} lines at most; choose fewer days, or CSV")]
    Long,
}

/// A file that is being written.
pub(super) enum Sheet {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Book>),
}

/// A workbook of one sheet.
pub(super) struct Book {
    workbook: Workbook,
    file: File,
    day: Format,
    line: u32,
}

impl Sheet {
    /// Begins a file with its headings. A workbook keeps its lines in `folder` until it is finished.
    pub(super) fn begin(format: FileFormat, file: File, folder: &Path, headings: &[&str]) -> Result<Self, SheetError> {
        match format {
            FileFormat::Csv => {
                let mut out = BufWriter::new(file);
                // By this mark a spreadsheet knows that the letters are UTF-8.
                out.write_all("\u{feff}".as_bytes())?;
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(headings)?;
                Ok(Self::Csv(Box::new(csv)))
            }
            FileFormat::Xlsx => {
                let mut book = Workbook::new();
                book.set_tempdir(folder)?;
                let sheet = book.add_worksheet_with_constant_memory()?;
                for column in 0..u16::try_from(headings.len()).unwrap_or(u16::MAX) {
                    sheet.set_column_width(column, COLUMN_WIDTH)?;
                }
                sheet.set_freeze_panes(1, 0)?;
                let bold = Format::new().set_bold();
                for (column, heading) in (0..).zip(headings) {
                    sheet.write_string_with_format(0, column, *heading, &bold)?;
                }
                let day = Format::new().set_num_format("yyyy-mm-dd");
                Ok(Self::Xlsx(Box::new(Book { workbook: book, file, day, line: 1 })))
            }
        }
    }

    /// Adds a line.
    pub(super) fn line(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        match self {
            Self::Csv(csv) => {
                for cell in cells {
                    match cell {
                        Cell::Text(text) => csv.write_field(harmless(text))?,
                        Cell::Number(number) => csv.write_field(number.to_string())?,
                        Cell::Day(day) => csv.write_field(day.to_string())?,
                        Cell::Empty => csv.write_field("")?,
                    }
                }
                Ok(csv.write_record(None::<&[u8]>)?)
            }
            Self::Xlsx(book) => book.line(cells),
        }
    }

    /// Finishes the file; it is on the disk then.
    pub(super) fn finish(self) -> Result<(), SheetError> {
        match self {
            Self::Csv(mut csv) => {
                csv.flush()?;
                let out = csv.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
                let file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
                Ok(file.sync_all()?)
            }
            Self::Xlsx(mut book) => {
                let file = book.file.try_clone()?;
                book.workbook.save_to_writer(BufWriter::new(file))?;
                Ok(book.file.sync_all()?)
            }
        }
    }
}

impl Book {
    fn line(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        if self.line >= XLSX_LINES_MAX {
            return Err(SheetError::Long);
        }
        let sheet: &mut Worksheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                // A string cell: whatever it begins with, it is shown and never reckoned.
                Cell::Text(text) if text.chars().count() > CELL_LETTERS_MAX => {
                    let short: String = text.chars().take(CELL_LETTERS_MAX).collect();
                    sheet.write_string(self.line, column, short)?;
                }
                Cell::Text(text) => {
                    sheet.write_string(self.line, column, text.as_str())?;
                }
                Cell::Number(number) => {
                    // Counts, far below what a double holds exactly.
                    let number = u32::try_from(*number).unwrap_or(u32::MAX);
                    sheet.write_number(self.line, column, number)?;
                }
                Cell::Day(day) => {
                    let year = u16::try_from(day.year()).unwrap_or_default();
                    let part = |part: u32| u8::try_from(part).unwrap_or_default();
                    let (month, of_month) = (part(day.month()), part(day.day()));
                    let date = ExcelDateTime::from_ymd(year, month, of_month)?;
                    sheet.write_datetime_with_format(self.line, column, &date, &self.day)?;
                }
                Cell::Empty => {}
            }
        }
        self.line += 1;
        Ok(())
    }
}
