//! `photofinish-native`: the map of its sub-commands.

use std::process::exit;

use lexopt::Arg::{Long, Short, Value};
use photofinish_native::failure::Failure;
use photofinish_native::{capacity, confine, fixture, hiccup, hold, load, meter, supervise, topology, version};

const HELP: &str = "\
Example: photofinish-native fixture --mode null --port 8080

The native core of Photofinish. Each command has its own --help.

  load       drives load as one JSON job says and answers with one JSON result
  fixture    a server whose answers are known, for tests and calibration
  stub       the upstream that servers under test wait for
  hiccup     how long the given cores are taken away from a spinning loop
  meter      how fast cores are while they are measured, second by second
  capacity   how much faster this host computes on several cores than on one
  confine    pins a process that is already there to cores
  supervise  starts a command and lets none of its descendants outlive it
  hold       lives as long as somebody holds its standard input
  topology   the online cores of this host, as JSON
  version    the version of this binary, as JSON
";

fn main() {
    if let Err(failure) = answer() {
        eprintln!("{failure}");
        exit(failure.exit);
    }
}

fn answer() -> Result<(), Failure> {
    let mut arguments = lexopt::Parser::from_env();
    match arguments.next()? {
        Some(Value(command)) => match command.to_str() {
            Some("load") => load::command::main(arguments),
            Some("fixture") => fixture::command::main(arguments),
            Some("stub") => fixture::stub_command::main(arguments),
            Some("hiccup") => hiccup::main(arguments),
            Some("meter") => meter::main(arguments),
            Some("capacity") => capacity::main(arguments),
            Some("confine") => confine::main(arguments),
            Some("supervise") => supervise::main(arguments),
            Some("hold") => hold::main(arguments),
            Some("topology") => topology::main(arguments),
            Some("version") => version::main(arguments),
            _ => Err(Failure::usage(
                format!("there is no command {command:?}"),
                "the commands are load, fixture, stub, hiccup, meter, capacity, confine, supervise, hold, topology, version",
            )),
        },
        Some(Long("version")) => version::main(arguments),
        Some(Long("help") | Short('h')) => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(other.unexpected().into()),
        None => Err(Failure::usage("no command was given".into(), "photofinish-native --help lists the commands")),
    }
}
