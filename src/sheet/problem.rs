//! What is wrong in a file, where, and what to do about it. Reading goes on after a problem, so that one run shows them all.

use std::fmt::Display;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// One file: its name as people know it, and its text.
pub(crate) type Source = Arc<NamedSource<String>>;

/// A stretch of a file, in bytes.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) source: Source,
    pub(crate) at: Range<usize>,
}

impl Place {
    /// The first line of a file, for what is missing altogether.
    pub(crate) fn top(source: &Source) -> Self {
        let end = source.inner().find('\n').unwrap_or(source.inner().len());
        Self { source: Arc::clone(source), at: 0..end }
    }

    /// Line and column, both from 1, the column in characters.
    pub(crate) fn line_column(&self) -> (usize, usize) {
        let before = self.source.inner().get(..self.at.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before.get(line_start..).unwrap_or_default().chars().count() + 1)
    }

    /// `fixtures/offices/bogor.toml:3:9`.
    pub(crate) fn in_words(&self) -> String {
        let (line, column) = self.line_column();
        format!("{}:{line}:{column}", self.source.name())
    }
}

/// A value and its place in a file.
#[derive(Debug, Clone)]
pub(crate) struct Spot<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// Something that keeps a file from being used.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what}")]
pub(crate) struct Problem {
    what: String,
    /// What to do; empty where `what` says it already.
    remedy: String,
    place: Option<Place>,
}

impl Problem {
    /// A problem at a place.
    pub(crate) fn at(place: Place, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into(), place: Some(place) }
    }

    /// A problem with a file as a whole, where there is no text to point into.
    pub(crate) fn whole(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into(), place: None }
    }

    /// The same problem with the text of its file masked; `mask` must keep every byte offset.
    pub(crate) fn shown_through(mut self, mask: fn(&str) -> String) -> Self {
        if let Some(place) = &mut self.place {
            place.source = Arc::new(NamedSource::new(place.source.name(), mask(place.source.inner())));
        }
        self
    }

    /// Whether both say the same of the same place: offices that extend one base share its mistakes.
    pub(crate) fn repeats(&self, other: &Self) -> bool {
        let place = |problem: &Self| problem.place.as_ref().map(|p| (p.source.name().to_owned(), p.at.clone()));
        self.what == other.what && place(self) == place(other)
    }

    /// Whether it is about exactly this stretch of this file.
    pub(crate) fn is_at(&self, place: &Place) -> bool {
        self.place.as_ref().is_some_and(|own| own.at == place.at && Arc::ptr_eq(&own.source, &place.source))
    }

    /// What is wrong, what to do, and where in the text, for whoever does not have the file at hand.
    pub(crate) fn into_parts(self) -> (String, String, Range<usize>) {
        (self.what, self.remedy, self.place.map_or(0..0, |place| place.at))
    }

    /// What is wrong, what to do, and the place, where there is a text to point into.
    pub(crate) fn into_placed(self) -> (String, String, Option<Place>) {
        (self.what, self.remedy, self.place)
    }

    #[cfg(test)]
    pub(crate) fn summary(&self) -> String {
        let place = self.place.as_ref().map_or_else(String::new, |place| {
            let (line, column) = place.line_column();
            format!("{line}:{column} ")
        });
        format!("{place}{} | {}", self.what, self.remedy)
    }
}

/// All problems of a set of files, each with its place and remedy.
#[derive(Debug, thiserror::Error)]
#[error("{} {}", .0.len(), if .0.len() == 1 { "problem" } else { "problems" })]
pub struct Problems(pub Vec<miette::Report>);

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        (!self.remedy.is_empty()).then(|| Box::new(&self.remedy) as Box<dyn Display + 'a>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| place.source.as_ref() as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::at(place.at.clone(), "here"))))
    }
}
