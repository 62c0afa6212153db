/**
 * The enclosure of a command (TRUST.md §9): on Linux own namespaces for processes, mounts, network and
 * IPC, without any capability, so that it sees neither the auditor's process nor its keys, and nothing of it
 * outlives it. Started by root it is the user nobody's. It promises nothing where the kernel gives none.
 */
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { namespaceLimit } from "./namespace-limits.ts";

/** How much of it this machine gives. */
export interface Enclosure {
  readonly kind: "namespaces" | "none";
  /** For the evidence. */
  readonly says: string;
}

export interface EnclosedCommand {
  readonly run: readonly string[];
  /** Folder of the run: `copy`, `home`, `tmp` below it. */
  readonly root: string;
  /** Where it starts, below `root`. */
  readonly copy: string;
  readonly network: boolean;
  /** Absolute paths that must not be seen. */
  readonly hidden: readonly string[];
  /** Covered, but for the folders directly in it that are named. */
  readonly home: { readonly path: string; readonly shown: readonly string[] } | undefined;
}

const NOBODY = 65534;
/** Of util-linux, found on PATH. */
const UNSHARE = "unshare";
const NAMESPACES = ["--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"];

/**
 * Sets up the mounts and starts the command as a child, so that this shell stays the first process of its
 * namespace: when it ends, the kernel ends everything in there, daemons and forks included. Descriptor 3
 * tells the auditor how it went; the command has no such descriptor, so it cannot speak for the shell.
 *
 * All that stands is read-only but the run's own folder: somebody else's hooks are a way out. Of the home
 * only what PATH leads into is left, of the devices only those that hold nothing: an auditor's terminal is
 * a file too.
 */
const SCRIPT = `
set -e
root=$1 copy=$2 user=$3 home=$4 lo=$5; shift 5
echo 1000 2>/dev/null >/proc/self/oom_score_adj || true
mount -t proc proc /proc
if [ "$lo" = 1 ]; then
  ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null ||
  perl -e 'socket(my $s,2,2,0);my $r=pack("a16s","lo",73);ioctl($s,0x8914,$r) or exit 1' 2>/dev/null || true
fi
mount --rbind "$root" /mnt
mkdir /mnt/dev /mnt/was
[ -z "$home" ] || mount --rbind "$home" /mnt/was
while read -r _ _ _ _ place how _; do
  case $how in rw*) ;; *) continue ;; esac
  case $place in
    /proc | /mnt) continue ;;
    *\\\\*) place=$(printf "$(printf %s "$place" | sed s/%/%%/g)") ;;
  esac
  mount -o "remount,bind,ro\${how#rw}" "$place" 2>/dev/null || true
done </proc/self/mountinfo
mount -t tmpfs -o size=64k,mode=755 none /mnt/dev
for one in null zero full random urandom tty; do
  [ -e "/dev/$one" ] || continue
  : >"/mnt/dev/$one"; mount --bind "/dev/$one" "/mnt/dev/$one"
done
mkdir /mnt/dev/pts /mnt/dev/shm
for one in "fd fd" "stdin fd/0" "stdout fd/1" "stderr fd/2"; do ln -s "/proc/self/\${one#* }" "/mnt/dev/\${one% *}"; done
mount -t devpts -o newinstance,ptmxmode=0666 devpts /mnt/dev/pts 2>/dev/null && ln -s pts/ptmx /mnt/dev/ptmx || true
mount --rbind /mnt/dev /dev
case \${root%/*} in /tmp | /var/tmp | /dev/shm) own= ;; *) own=\${root%/*} ;; esac
for place in "$own" /tmp /var/tmp /dev/shm; do
  if [ -L "$place" ] || [ ! -d "$place" ]; then continue; fi
  mount -t tmpfs -o size=1g,mode=1777 none "$place"
done
for place in /run/user /run/dbus /run/docker.sock /run/podman /run/containerd /run/systemd/private; do
  if [ -L "$place" ] || [ ! -e "$place" ]; then continue; fi
  if [ -d "$place" ]; then mount -t tmpfs -o size=64k,mode=755 none "$place"; else mount --bind /dev/null "$place"; fi
done
if [ -n "$home" ]; then
  mkdir -p "$home"
  mount -t tmpfs -o size=64k,mode=755 none "$home"
  while [ "$1" != -- ]; do
    if [ -d "/mnt/was/$1" ]; then mkdir "$home/$1"; mount --rbind "/mnt/was/$1" "$home/$1"; fi
    shift
  done
  umount -l /mnt/was
else
  while [ "$1" != -- ]; do shift; done
fi
shift
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mount -t tmpfs -o size=64k,mode=755 none "$1"
  elif [ -e "$1" ]; then mount --bind /dev/null "$1"; fi
  shift
done
shift
mkdir -p "$root"
mount --rbind /mnt "$root"
cd "$copy"; unset OLDPWD
echo started >&3
set +e
if [ "$user" = 0 ]; then
  setpriv --no-new-privs --bounding-set=-all --inh-caps=-all prlimit --nproc=1024 --data=4294967296 --core=0 "$@" 3>&-
else
  setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all prlimit --nproc=1024 --data=4294967296 --core=0 "$@" 3>&-
fi
echo "exit $?" >&3
`;

let known: Enclosure | undefined;

/** Asks the kernel once. */
export function enclosureHere(env: Readonly<Record<string, string | undefined>>): Enclosure {
  known ??= probe(env);
  return known;
}

/** The user that the command becomes; 0 inside a user namespace of the caller's own. */
export function commandUser(): number {
  return ownUser() === 0 ? NOBODY : 0;
}

/** By the kernel: in a container a user may have no name, and then `userInfo` throws. */
function ownUser(): number {
  return statSync("/proc/self").uid;
}

/** What of a home a command may see: the folders directly in it through which a path of PATH goes. */
export function homeShown(home: string | undefined, path: string): EnclosedCommand["home"] {
  if (home === undefined || !/^\/[^/]/.test(home) || !existsSync(home)) return undefined;
  // Some images keep their home where everything is covered anyway, and where a command may write.
  if ([tmpdir(), "/tmp", "/var/tmp", "/dev/shm"].includes(home)) return undefined;
  const real = realpathSync(home);
  const shown = path.split(":").flatMap((place) => {
    const ends = existsSync(place) ? [place, realpathSync(place)] : [];
    return ends.flatMap((end) => {
      const below = [home, real].find((one) => end.startsWith(`${one}/`));
      const name = below === undefined ? "" : (end.slice(below.length + 1).split("/")[0] ?? "");
      return name === "" || name === "--" ? [] : [name];
    });
  });
  return { path: real, shown: [...new Set(shown)] };
}

/** The argument list that runs a command enclosed. */
export function enclosedArguments(command: EnclosedCommand): readonly string[] {
  const user = commandUser();
  return [
    UNSHARE,
    ...(user === 0 ? ["--user", "--map-root-user"] : ["--propagation", "private"]),
    ...NAMESPACES,
    ...(command.network ? [] : ["--net"]),
    ...["sh", "-c", SCRIPT, "sh"],
    ...[
      command.root,
      command.copy,
      String(user),
      command.home?.path ?? "",
      command.network ? "0" : "1",
    ],
    ...(command.home?.shown ?? []),
    "--",
    ...command.hidden,
    "--",
    ...command.run,
  ];
}

function probe(env: Readonly<Record<string, string | undefined>>): Enclosure {
  if (!existsSync("/proc/self/ns/pid"))
    return { kind: "none", says: "not enclosed: this system has no namespaces" };
  const user = commandUser() === 0 ? ["--user", "--map-root-user"] : [];
  const tried = spawnSync(
    UNSHARE,
    [
      ...user,
      ...NAMESPACES,
      "--net",
      ...["sh", "-c"],
      "mount -t proc proc /proc && mount -t tmpfs none /mnt && setpriv --no-new-privs --bounding-set=-all --inh-caps=-all prlimit --core=0 true",
    ],
    { env: { PATH: env["PATH"] }, timeout: 10_000, stdio: "ignore" },
  );
  return tried.status === 0
    ? { kind: "namespaces", says: "enclosed in namespaces of its own" }
    : {
        kind: "none",
        says: `not enclosed: ${namespaceLimit() ?? "this system gives no namespaces, or has no unshare and setpriv"}`,
      };
}
