//! `confine`: pins a process that is already there, all its threads, so that the harness stays off the measured cores.

use std::io;

use lexopt::Arg::{Long, Short};

use crate::failure::Failure;
use crate::{affinity, arguments};

const HELP: &str = "\
Example: photofinish-native confine --pid 4711 --cores 0

Confines every thread of a process, and what they start from then on, to the cores. Prints {\"threads\":N}: how many
there are; 0 where the system cannot pin.
";

/// Confines every thread of a process; gives their number.
pub fn confine(pid: u32, cores: &[usize]) -> io::Result<usize> {
    if !affinity::CAN_PIN {
        return Ok(0);
    }
    let folder = format!("/proc/{pid}/task");
    let mut confined = Vec::new();
    // A thread that starts meanwhile inherits from one that may not be confined yet: looked for until there is none.
    loop {
        let mut is_settled = true;
        for entry in std::fs::read_dir(&folder)? {
            let Some(thread) = entry?.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
            if confined.contains(&thread) {
                continue;
            }
            is_settled = false;
            match affinity::confine_thread(thread, cores) {
                Err(error) if error.raw_os_error() != Some(libc::ESRCH) => return Err(error),
                _ => confined.push(thread),
            }
        }
        if is_settled {
            return Ok(confined.len());
        }
    }
}

/// Confines and prints.
pub fn main(mut arguments: lexopt::Parser) -> Result<(), Failure> {
    let (mut pid, mut cores) = (None, Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("pid") => pid = Some(lexopt::ValueExt::parse::<u32>(&arguments.value()?)?),
            Long("cores") => cores = arguments::core_list("--cores", &mut arguments)?,
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let (Some(pid), false) = (pid, cores.is_empty()) else {
        return Err(Failure::usage("--pid or --cores is missing".into(), "confine --pid 4711 --cores 0,1"));
    };
    let threads = confine(pid, &cores).map_err(|error| {
        let what = format!("process {pid} cannot be confined to cores {cores:?}: {error}");
        Failure::environment("E_CORE", what, "give a process of this user and cores it may use")
    })?;
    println!("{}", serde_json::json!({ "threads": threads }));
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn another_process_is_confined_and_one_that_is_not_there_is_an_error() {
        let core = affinity::allowed()[0];
        let mut child = Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().unwrap();
        assert_eq!(confine(child.id(), &[core]).unwrap(), 1);
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("Cpus_allowed_list:")).unwrap();
        assert_eq!(line.split_whitespace().last().unwrap(), core.to_string());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(confine(child.id(), &[core]).is_err());
    }
}
