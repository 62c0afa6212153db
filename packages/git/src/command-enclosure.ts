/**
 * The enclosure of a command (TRUST.md §9): on Linux own namespaces for processes, mounts, network and
 * IPC, without any capability, so that it sees neither the auditor's process nor its keys, and nothing of it
 * outlives it. Started by root it is the user nobody's. It promises nothing where the kernel gives none.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { userInfo } from "node:os";

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
  /** Shown, but not to be written. */
  readonly home: string | undefined;
}

const NOBODY = 65534;
/** Of util-linux, found on PATH. */
const UNSHARE = "unshare";
const NAMESPACES = ["--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"];

/**
 * Sets up the mounts and starts the command as a child, so that this shell stays the first process of its
 * namespace: when it ends, the kernel ends everything in there, daemons and forks included. Descriptor 3
 * tells the auditor how it went; the command has no such descriptor, so it cannot speak for the shell.
 */
const SCRIPT = `
set -e
root=$1 copy=$2 user=$3 home=$4 lo=$5; shift 5
mount -t proc proc /proc
if [ "$lo" = 1 ]; then
  ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null ||
  perl -e 'socket(my $s,2,2,0);my $r=pack("a16s","lo",73);ioctl($s,0x8914,$r) or exit 1' 2>/dev/null || true
fi
mount --rbind "$root" /mnt
for place in /tmp /var/tmp /dev/shm /run/user /run/dbus /run/docker.sock /run/podman /run/containerd /run/systemd/private; do
  if [ -L "$place" ] || [ ! -e "$place" ]; then continue; fi
  if [ -d "$place" ]; then mount -t tmpfs -o size=1g,mode=1777 none "$place"; else mount --bind /dev/null "$place"; fi
done
if [ -n "$home" ] && [ -d "$home" ]; then
  mount --bind "$home" "$home" && mount -o remount,bind,ro,nosuid,nodev "$home" 2>/dev/null || true
fi
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
  return userInfo().uid === 0 ? NOBODY : 0;
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
    ...[command.root, command.copy, String(user), command.home ?? "", command.network ? "0" : "1"],
    ...command.hidden,
    "--",
    ...command.run,
  ];
}

function probe(env: Readonly<Record<string, string | undefined>>): Enclosure {
  if (userInfo().uid === -1 || !existsSync("/proc/self/ns/pid"))
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
    : { kind: "none", says: "not enclosed: this system gives no namespaces" };
}
