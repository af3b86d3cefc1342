//! What a program's process says about its goroutines: deadlocks, SIGQUIT, `GOLDEBUG=schedtrace` and `sched=det`.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn program(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("cannot write the program");
    path
}

fn gol(path: &PathBuf) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_gol"));
    c.arg("run").arg(path).env("GOLCACHE", "off").env_remove("GOLDEBUG").env_remove("GOMAXPROCS");
    c
}

const DEADLOCK: &str = r#"package main

import "sync"

var global = make(chan string, 2)

type account struct{ mu sync.Mutex }

func transfer(a, b *account, ready *sync.WaitGroup) {
	a.mu.Lock()
	ready.Done()
	ready.Wait()
	b.mu.Lock()
}

func main() {
	a, b := &account{}, &account{}
	var ready sync.WaitGroup
	ready.Add(2)
	go transfer(a, b, &ready)
	go transfer(b, a, &ready)
	ready.Wait()
	go func() {
		var c chan int
		<-c
	}()
	lost := make(chan struct{})
	go func() {
		x := make(chan int, 1)
		select {
		case <-lost:
		case <-x:
		}
	}()
	for len(lost) == 0 {
		global <- "x"
	}
}
"#;

#[test]
fn a_deadlock_says_who_waits_for_what() {
    let path = program("deadlock.gol", DEADLOCK);
    let at = |line: u32| format!("{}:{line}", path.display());
    for procs in ["1", "4"] {
        let o = gol(&path).env("GOMAXPROCS", procs).output().expect("cannot start gol");
        let err = String::from_utf8_lossy(&o.stderr);
        assert_eq!(o.status.code(), Some(2), "{err}");
        let (go, more) = err.split_once("\nwhat they wait for:\n").unwrap_or_else(|| panic!("no report in {err}"));
        assert!(
            go.starts_with("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan send]:\nmain.main"),
            "{err}"
        );
        for line in [
            format!(
                "goroutine 1: to send on a chan string with 2 of 2 in its buffer, made by main.init(...) at {}",
                at(5)
            ),
            "\tcould be received from by any goroutine: a global variable leads to it".into(),
            "goroutine 2: a sync.Mutex at 0x".into(),
            "\tcould be unlocked by goroutine 3, which waits itself".into(),
            "\tcould be unlocked by goroutine 2, which waits itself".into(),
            "goroutine 4: a nil channel, which is never ready".into(),
            format!(
                "goroutine 5: to receive from a chan int with 0 of 1 in its buffer, made by main.main.func2() at {}",
                at(29)
            ),
            "\tcould be sent to or closed by nobody: no other goroutine can reach it".into(),
            format!(
                "goroutine 5: to receive from a chan struct {{}} without buffer, made by main.main() at {}",
                at(27)
            ),
            "\tcould be sent to or closed by goroutine 1, which waits itself".into(),
        ] {
            assert!(more.lines().any(|l| l.starts_with(&line)), "{line:?} is not in {more}");
        }
    }
}

const LOCKS: &str = r#"package main

import "sync"

type Fork struct {
	name string
	sync.Mutex
}

type Table struct {
	plates [200]*int
	rest   sync.RWMutex
}

var bell struct {
	rings int
	locks [3]sync.Mutex
}

func main() {
	forks := make([]Fork, 3)
	forks[2].Lock()
	go forks[2].Lock()
	more := []*Fork{{name: "spoon"}, {}}
	more[1].Lock()
	go more[1].Lock()
	var table Table
	table.rest.Lock()
	go table.rest.RLock()
	bell.locks[1].Lock()
	go bell.locks[1].Lock()
	copied := *forks2()
	copied.Lock()
	go copied.Lock()
	c := sync.NewCond(&forks[0])
	go func() {
		c.L.Lock()
		c.Wait()
	}()
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Wait()
}

func forks2() *Fork { return &Fork{} }
"#;

#[test]
fn a_deadlock_says_where_locks_were_made() {
    let path = program("locks.gol", LOCKS);
    let o = gol(&path).env("GOLDEBUG", "clobberfree=1,gcstress=20").output().expect("cannot start gol");
    let err = String::from_utf8_lossy(&o.stderr);
    let (_, report) = err.split_once("\nwhat they wait for:\n").unwrap_or_else(|| panic!("no report in {err}"));
    for (what, line) in [
        ("goroutine 1: a sync.WaitGroup at ", ", made by main.main() at {}:40"),
        ("goroutine 2: a sync.Mutex at ", ", made by main.main() at {}:21"),
        ("goroutine 3: a sync.Mutex at ", ", made by main.main() at {}:24"),
        ("goroutine 4: a sync.RWMutex at ", ", made by main.main() at {}:27"),
        ("goroutine 5: a sync.Mutex at ", ", in the global variable main.bell at {}:15"),
        ("goroutine 6: a sync.Mutex at ", ", made by main.main() at {}:32"),
        ("goroutine 7: a sync.Cond at ", ", made by main.main() at {}:35"),
    ] {
        let place = line.replace("{}", &path.display().to_string());
        let found = report.lines().any(|l| l.starts_with(what) && l.ends_with(&place));
        assert!(found, "no {what}… {place} in {report}");
    }
}

const WAITING: &str = r#"package main

import (
	"fmt"
	"time"
)

func waiter(c chan int) { <-c }

func main() {
	go waiter(make(chan int))
	time.Sleep(10 * time.Millisecond)
	fmt.Println("ready")
	time.Sleep(time.Minute)
}
"#;

#[test]
fn sigquit_shows_all_goroutines() {
    let path = program("waiting.gol", WAITING);
    let mut child = gol(&path).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("cannot start gol");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    let killed = Command::new("kill").args(["-QUIT", &child.id().to_string()]).status().expect("cannot run kill");
    assert!(killed.success());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2), "{err}");
    assert!(err.starts_with("SIGQUIT: quit\n"), "{err}");
    let place = |n: u32| format!("\t{}:{n} +", path.display());
    assert!(err.contains("goroutine 1 [sleep]:\n") && err.contains(&place(15)), "{err}");
    assert!(err.contains("goroutine 2 [chan receive]:\nmain.waiter(") && err.contains(&place(8)), "{err}");
    assert!(err.contains(&format!("\ncreated by main.main in goroutine 1\n{}", place(11))), "{err}");
}

#[test]
fn schedtrace_prints_a_line_now_and_then() {
    let path = program(
        "traced.gol",
        "package main\n\nimport \"time\"\n\nfunc main() { time.Sleep(200 * time.Millisecond) }\n",
    );
    let o = gol(&path).env("GOLDEBUG", "schedtrace=20").env("GOMAXPROCS", "3").output().expect("cannot start gol");
    let err = String::from_utf8_lossy(&o.stderr);
    let lines: Vec<&str> = err.lines().filter(|l| l.starts_with("SCHED ")).collect();
    assert!(lines.len() >= 2, "{err}");
    assert!(lines.iter().all(|l| l.contains(" gomaxprocs=3 idleprocs=") && l.contains(" runqueue=")), "{err}");
}

const ORDER: &str = r#"package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	begun := time.Now()
	var wg sync.WaitGroup
	c := make(chan int)
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := range 30 {
				c <- i
				if k%10 == i {
					time.Sleep(time.Hour)
				}
			}
		}()
	}
	go func() { wg.Wait(); close(c) }()
	for v := range c {
		fmt.Print(v)
	}
	fmt.Println()
	fmt.Println(time.Since(begun) > time.Hour)
}
"#;

#[test]
fn a_seed_fixes_the_order_of_everything() {
    let path = program("order.gol", ORDER);
    let run = |seed: u32| {
        let o = gol(&path).env("GOLDEBUG", format!("sched=det:{seed}")).output().expect("cannot start gol");
        assert_eq!(o.status.code(), Some(0), "{}", String::from_utf8_lossy(&o.stderr));
        String::from_utf8(o.stdout).unwrap()
    };
    let begun = Instant::now();
    let first = run(1);
    assert!(first.ends_with("\ntrue\n"), "{first}");
    assert_eq!(run(1), first);
    assert!((2..6).any(|s| run(s) != first), "seeds make no difference");
    assert!(begun.elapsed() < Duration::from_secs(60), "the clock is virtual");
}

#[test]
fn an_idle_program_uses_no_processor_time() {
    let path = program(
        "idle.gol",
        "package main\n\nimport (\n\t\"fmt\"\n\t\"net\"\n\t\"os\"\n\t\"time\"\n)\n\nfunc main() {\n\tl, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\n\tgo l.Accept()\n\tfmt.Println(\"idle\")\n\ttime.Sleep(800 * time.Millisecond)\n\tos.Exit(0)\n}\n",
    );
    let mut child = gol(&path).env("GOMAXPROCS", "4").stdout(Stdio::piped()).spawn().expect("cannot start gol");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let ticks = |id: u32| -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("a running process");
        let rest = stat.rsplit_once(')').unwrap().1;
        let field = |n: usize| rest.split_whitespace().nth(n).unwrap().parse::<u64>().unwrap();
        field(11) + field(12)
    };
    let before = ticks(child.id());
    std::thread::sleep(Duration::from_millis(500));
    // In hundredths of a second.
    let used = ticks(child.id()) - before;
    assert!(used <= 1, "{used} ticks in half a second of doing nothing");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
