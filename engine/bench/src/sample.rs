//! Clocks and medians.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::Failure;

/// Does something and says how much of the processor's time it took, in all threads of this
/// process, in the program and in the kernel.
pub fn spend<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<(Duration, T), Failure> {
    let begun = cpu_time();
    let done = work()?;
    Ok((cpu_time().saturating_sub(begun), done))
}

/// The processor time of this process so far.
fn cpu_time() -> Duration {
    // It fails only for a clock that there is not, or a time before the process began.
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap_or_default()
}

/// Figures of one kind, one a round.
#[derive(Debug, Clone, Default)]
pub struct Series(Vec<f64>);

impl Series {
    /// Adds a duration, as seconds.
    pub fn time(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64());
    }

    /// Adds a figure.
    pub fn push(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// The median: half of the rounds came out below it.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match (sorted.get(middle), sorted.len() % 2) {
            (Some(upper), 0) => f64::midpoint(sorted[middle - 1], *upper),
            (Some(only), _) => *only,
            (None, _) => f64::NAN,
        }
    }

    /// The median of what this was to another in each round.
    pub fn per(&self, other: &Self) -> f64 {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one / other).collect()).median()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_in_the_middle_and_a_ratio_is_taken_round_by_round() {
        assert_eq!(Series(vec![9.0, 1.0, 2.0]).median(), 2.0);
        assert_eq!(Series(vec![9.0, 1.0, 2.0, 4.0]).median(), 3.0);
        let (one, other) = (Series(vec![2.0, 40.0, 6.0]), Series(vec![1.0, 10.0, 2.0]));
        assert_eq!(one.per(&other), 3.0);
        assert!(Series::default().median().is_nan());
    }
}
