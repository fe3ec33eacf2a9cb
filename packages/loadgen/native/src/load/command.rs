//! `load`: the job on standard input, events and the result on standard output.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::exit;
use std::{fs, thread};

use lexopt::Arg::{Long, Short};
use serde::Serialize;

use super::interruption::Signals;
use super::{Event, Load, Remote};
use crate::failure::{EXIT_ENVIRONMENT, Failure};
use crate::job::LoadJob;
use crate::result::LoadResult;

const HELP: &str = "\
Example: photofinish-native load --job job.json

Drives load as a job says (JSON, the schema load-job of packages/schema) and prints one event a line:
  {\"event\":\"warm\"}        warm-up is over; with \"handshake\":true the load goes on until a line `measure` comes
                          on standard input, and the window begins at once
  {\"event\":\"window-end\"}  the window is over, the drain begins
  {\"event\":\"result\",...}  the last line: the result (schema load-result)
  {\"event\":\"error\",...}   instead of the rest: code, what, remedy; exit 2 (bad job) or 3 (the machine lacks something)

  --job FILE   read the job from a file. Without it the job is the first line of standard input, which must then stay
               open: its end means that whoever asked is gone, and the load stops at once

  SIGINT, SIGTERM, or a line `stop` on standard input end the window: what is in flight gets a second more, and the result
  is of what was measured until then. After a signal the exit code is 130 or 143; a second signal ends the load at once
";

/// A line on standard output.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Line<'a> {
    Warm,
    WindowEnd,
    Result { result: &'a LoadResult },
    Error { code: &'a str, what: &'a str, remedy: &'a str },
}

fn print(line: &Line) {
    let mut text = serde_json::to_string(line).expect("a line is plain data");
    text.push('\n');
    let mut out = io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        // Nobody listens: the load is of no use.
        exit(EXIT_ENVIRONMENT);
    }
}

/// Drives one job.
pub fn main(mut arguments: lexopt::Parser) -> Result<(), Failure> {
    let mut file = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("job") => file = Some(PathBuf::from(arguments.value()?)),
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let signals = Signals::take_over();
    let code = match drive(file, &signals) {
        Ok(()) => 0,
        Err(failure) => {
            print(&Line::Error { code: failure.code, what: &failure.what, remedy: &failure.remedy });
            failure.exit
        }
    };
    exit(signals.seen().unwrap_or(code))
}

fn drive(file: Option<PathBuf>, signals: &Signals) -> Result<(), Failure> {
    let is_from_file = file.is_some();
    let text = match file {
        Some(path) => {
            fs::read_to_string(&path).map_err(|error| Failure::job("the job", format!("{path:?}: {error}")))?
        }
        None => first_line()?,
    };
    let job = LoadJob::parse(&text)?;
    let has_handshake = job.handshake;
    let load = Load::prepare(job)?;
    signals.stop(load.remote());
    if !is_from_file || has_handshake {
        listen(load.remote());
    }
    let result = load.drive(|event| {
        print(&match event {
            Event::Warm => Line::Warm,
            Event::WindowEnd => Line::WindowEnd,
        });
    })?;
    print(&Line::Result { result: &result });
    Ok(())
}

fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(0) => Err(Failure::job("the job", "standard input ended before it")),
        Ok(_) => Ok(line),
        Err(error) => Err(Failure::job("the job", error)),
    }
}

/// Waits for `measure` and `stop`; at the end of the input ends the process, because nobody waits for the result any more.
fn listen(remote: Remote) {
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            match line {
                Ok(line) => match line.trim() {
                    "measure" => remote.measure(),
                    "stop" => remote.stop(),
                    _ => {}
                },
                Err(_) => break,
            }
        }
        exit(EXIT_ENVIRONMENT);
    });
}
