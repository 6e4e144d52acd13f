//! How many instructions something takes: valgrind counts them, so that noise is none.

use std::process::{Command, Stdio};

use gmbot_bench::Failure;

/// How often the work is done in the two runs whose difference is taken.
const TIMES: [u64; 2] = [500, 2_500];

/// The instructions of doing `what` once; nothing where valgrind is not installed.
pub(crate) fn count(what: &str) -> Result<Option<f64>, Failure> {
    let [Some(few), Some(many)] = TIMES.map(|times| total(what, times).transpose()) else {
        return Ok(None);
    };
    let (few, many) = (few?, many?);
    let times = (TIMES[1] - TIMES[0]).to_string().parse::<f64>()?;
    Ok(Some((many - few) / times))
}

/// All instructions of a run of this program that does nothing else.
fn total(what: &str, times: u64) -> Result<Option<f64>, Failure> {
    let mut this = Command::new(std::env::current_exe()?);
    this.args(["--only", what, &times.to_string()]);
    of_program(&this)
}

/// All instructions of a program from its start to its end; nothing where valgrind is not
/// installed.
pub(crate) fn of_program(program: &Command) -> Result<Option<f64>, Failure> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program.get_program())
        .args(program.get_args())
        .stdout(Stdio::null());
    let Ok(ended) = valgrind.output() else { return Ok(None) };
    let said = String::from_utf8_lossy(&ended.stderr);
    let count = said.lines().find_map(|line| line.split_once("Collected :"));
    let (_, count) = count.ok_or_else(|| format!("valgrind counted nothing:\n{said}"))?;
    Ok(Some(count.trim().parse()?))
}
