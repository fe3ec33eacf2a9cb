//! `topology`: the online cores of this host, as the kernel describes them.
//!
//! From a container the harness learns by it what the cores of another machine are to each other. The container sees all of them, whatever its own
//! core set is: sysfs is not divided.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use lexopt::Arg::{Long, Short};
use serde::Serialize;

use crate::failure::Failure;

const HELP: &str = "\
Example: photofinish-native topology

Prints the online cores of this host as JSON: number, physical core (hardware threads of one core share it), package, memory
node, and whether the core was taken from the scheduler at boot (isolcpus). Linux only.
";

/// One logical core (`TopologyCore` of packages/schema).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Core {
    /// Its number.
    pub core: usize,
    /// Number of its physical core in order of appearance, unique over packages.
    pub physical: usize,
    /// Number of its package.
    pub package: usize,
    /// Memory node; 0 where there is one memory.
    pub node: usize,
    /// Taken from the scheduler at boot.
    pub isolated: bool,
}

/// Reads the cores below a root folder, `/` outside tests (Documentation/admin-guide/cputopology.rst). None where the kernel does not tell which are online.
pub fn read(root: &Path) -> Option<Vec<Core>> {
    let system = root.join("sys/devices/system");
    let text = |path: &str| fs::read_to_string(system.join(path)).ok().map(|text| text.trim().to_string());
    let online = core_list(&text("cpu/online")?)?;
    let isolated = text("cpu/isolated").and_then(|list| core_list(&list)).unwrap_or_default();
    let nodes = nodes(&system);
    let mut physicals: Vec<String> = Vec::new();
    let describe = |core: usize| {
        let place = |file: &str| text(&format!("cpu/cpu{core}/topology/{file}"));
        // Where siblings are not told, a core stands for itself.
        let siblings = place("thread_siblings_list").unwrap_or_else(|| core.to_string());
        let physical = physicals.iter().position(|known| *known == siblings).unwrap_or_else(|| {
            physicals.push(siblings);
            physicals.len() - 1
        });
        Core {
            core,
            physical,
            // Some virtual machines say -1.
            package: place("physical_package_id").and_then(|id| id.parse().ok()).unwrap_or(0),
            node: nodes.get(&core).copied().unwrap_or(0),
            isolated: isolated.contains(&core),
        }
    };
    Some(online.into_iter().map(describe).collect())
}

/// Memory node of each core; empty where the kernel shows none.
fn nodes(system: &Path) -> HashMap<usize, usize> {
    let entries = fs::read_dir(system.join("node")).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let node: usize = entry.file_name().to_str()?.strip_prefix("node")?.parse().ok()?;
            let cores = core_list(fs::read_to_string(entry.path().join("cpulist")).ok()?.trim())?;
            Some(cores.into_iter().map(move |core| (core, node)))
        })
        .flatten()
        .collect()
}

/// A list as the kernel writes it: `0-3,8,10-11`; the empty text is the empty list.
fn core_list(text: &str) -> Option<Vec<usize>> {
    let mut cores = Vec::new();
    for word in text.split(',').filter(|word| !word.is_empty()) {
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        cores.extend(first.parse::<usize>().ok()?..=last.parse::<usize>().ok()?);
    }
    Some(cores)
}

/// Prints the cores.
pub fn main(mut arguments: lexopt::Parser) -> Result<(), Failure> {
    match arguments.next()? {
        None => {}
        Some(Long("help") | Short('h')) => {
            print!("{HELP}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
    }
    let cores = read(Path::new("/")).ok_or_else(|| {
        Failure::environment(
            "E_TOPOLOGY",
            "the kernel does not say which cores are online",
            "mount sysfs at /sys, or use Linux",
        )
    })?;
    println!("{}", serde_json::json!({ "cores": cores }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A folder with files, removed afterwards.
    struct Tree(PathBuf);

    impl Tree {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let root = std::env::temp_dir().join(format!("photofinish-topology-{name}-{}", std::process::id()));
            for (path, content) in files {
                let file = root.join("sys/devices/system").join(path);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, format!("{content}\n")).unwrap();
            }
            Self(root)
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn hardware_threads_share_a_physical_core_and_packages_do_not() {
        let tree = Tree::new(
            "two-packages",
            &[
                ("cpu/online", "0-3,5"),
                ("cpu/isolated", "2-3"),
                ("cpu/cpu0/topology/thread_siblings_list", "0,2"),
                ("cpu/cpu2/topology/thread_siblings_list", "0,2"),
                ("cpu/cpu1/topology/thread_siblings_list", "1,3"),
                ("cpu/cpu3/topology/thread_siblings_list", "1,3"),
                ("cpu/cpu0/topology/physical_package_id", "0"),
                ("cpu/cpu2/topology/physical_package_id", "0"),
                ("cpu/cpu1/topology/physical_package_id", "1"),
                ("cpu/cpu3/topology/physical_package_id", "1"),
                ("cpu/cpu5/topology/physical_package_id", "-1"),
                ("node/node0/cpulist", "0,2,5"),
                ("node/node1/cpulist", "1,3"),
            ],
        );
        let core = |core, physical, package, node, isolated| Core { core, physical, package, node, isolated };
        assert_eq!(
            read(&tree.0).unwrap(),
            [
                core(0, 0, 0, 0, false),
                core(1, 1, 1, 1, false),
                core(2, 0, 0, 0, true),
                core(3, 1, 1, 1, true),
                core(5, 2, 0, 0, false)
            ]
        );
    }

    #[test]
    fn a_kernel_that_tells_nothing_is_not_guessed_about() {
        assert_eq!(read(&Tree::new("nothing", &[("other", "")]).0), None);
        assert_eq!(read(&Tree::new("nonsense", &[("cpu/online", "zero")]).0), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_host_lists_the_cores_this_process_may_use() {
        let cores: Vec<usize> = read(Path::new("/")).unwrap().iter().map(|core| core.core).collect();
        assert!(crate::affinity::allowed().iter().all(|core| cores.contains(core)), "{cores:?}");
    }
}
