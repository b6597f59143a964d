//! The medians as a picture: one bar a case, with the range of its rounds.

use std::path::Path;

use plotters::prelude::*;

use super::figures::Report;

/// Width of the picture and height of one bar, in pixels.
const WIDTH: u32 = 1000;
const BAR: u32 = 26;

/// Draws messages a second of every case that has them.
pub fn draw(report: &Report, path: &Path) {
    let bars: Vec<_> = report
        .series
        .iter()
        .filter_map(|series| {
            let rate = series.median("messages_per_s")?;
            Some((format!("{} {}", series.engine, series.case), rate, series.range("messages_per_s")?))
        })
        .collect();
    let most = bars.iter().map(|(_, _, (_, high))| *high).fold(1.0, f64::max);
    let count = bars.len() as i32;
    let root = SVGBackend::new(path, (WIDTH, BAR * bars.len() as u32 + 90)).into_drawing_area();
    root.fill(&WHITE).expect("a picture");
    let mut chart = ChartBuilder::on(&root)
        .caption("messages a second: median and range of the rounds", ("sans-serif", 18))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(300)
        .build_cartesian_2d(0.0..most * 1.05, (0..count).into_segmented())
        .expect("axes");
    let name = |place: &SegmentValue<i32>| match place {
        SegmentValue::CenterOf(n) => bars.get((count - 1 - *n) as usize).map_or_else(String::new, |bar| bar.0.clone()),
        _ => String::new(),
    };
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(bars.len())
        .y_label_formatter(&name)
        .x_label_formatter(&|rate| format!("{rate:.0}"))
        .draw()
        .expect("axes");
    for (n, (_, rate, (low, high))) in bars.iter().rev().enumerate() {
        let n = n as i32;
        let bar = [(0.0, SegmentValue::Exact(n)), (*rate, SegmentValue::Exact(n + 1))];
        let mut bar = Rectangle::new(bar, RGBColor(90, 140, 190).filled());
        bar.set_margin(4, 4, 0, 0);
        chart.draw_series([bar]).expect("a bar");
        let range = [(*low, SegmentValue::CenterOf(n)), (*high, SegmentValue::CenterOf(n))];
        chart.draw_series([PathElement::new(range, BLACK)]).expect("a range");
    }
    root.present().expect("the picture's file");
}
