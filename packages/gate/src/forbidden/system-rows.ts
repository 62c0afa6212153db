/** What a worker may not be told to do to a machine: disks, firewalls, services, accounts, logs. */
import { begins, type ForbiddenAction, has, hasShort, operands } from "./row.ts";

const DISK = /^\/dev\/(?!null$|zero$|stdout$|stderr$|stdin$|tty\w*$|full$|u?random$|shm\/|fd\/)/;
const DISK_OF = /^of=\/dev\/(?!null$|zero$|stdout$|tty$|full$)/;

export const SYSTEM_ROWS: readonly ForbiddenAction[] = [
  {
    id: "disk-write",
    why: "it overwrites a disk",
    help: "write to a file",
    names: [
      "dd",
      "mkfs",
      "mke2fs",
      "mkswap",
      "wipefs",
      "shred",
      "blkdiscard",
      "sgdisk",
      "parted",
      "lvremove",
      "vgremove",
      "zpool",
      "zfs",
      "cryptsetup",
      "mdadm",
      "hdparm",
      "nvme",
      "diskutil",
      "mkfs.ext4",
      "mkfs.xfs",
      "mkfs.btrfs",
      "mkfs.vfat",
    ],
    everyName: true,
    command: ({ name, args }) => {
      if (/^mkfs(?:\.\w+)?$|^(?:mke2fs|mkswap|wipefs|shred|blkdiscard)$/.test(name))
        return has(args, DISK);
      if (name === "dd") return has(args, DISK_OF);
      if (name === "sgdisk") return has(args, /^(?:-[zZo]|--zap(?:-all)?|--clear)$/);
      if (name === "parted") return has(args, /^(?:mklabel|mktable|rm)$/);
      if (name === "lvremove" || name === "vgremove") return operands(args).length > 0;
      if (name === "zpool" || name === "zfs") return begins(operands(args), "destroy");
      if (name === "cryptsetup") return has(args, /^(?:luksErase|erase|luksFormat|reencrypt)$/i);
      if (name === "mdadm") return has(args, /^--zero-superblock$/);
      if (name === "hdparm") return has(args, /^--security-erase/);
      if (name === "nvme") return begins(operands(args), /^(?:format|sanitize)$/);
      if (name === "diskutil")
        return has(args, /^(?:erase\w*|secureErase|zeroDisk|partitionDisk)$/i);
      if (name === "format") return has(args, /^[a-z]:$/i);
      return name === "tee" && has(args, DISK);
    },
    pattern: />\s{0,8}\/dev\/(?:sd|nvme|hd|vd|xvd|mmcblk|disk|mapper\/)\w/,
    bad: [
      "dd if=/dev/zero of=/dev/sda",
      "dd of=/dev/nvme0n1 if=a bs=1M",
      "mkfs.ext4 /dev/sdb1",
      "mkfs -t xfs /dev/vdb",
      "cat a > /dev/sda",
      "cat a | tee /dev/sda",
      "shred /dev/nvme0n1",
      "wipefs -a /dev/sdc",
      "blkdiscard /dev/sda",
      "sgdisk --zap-all /dev/sda",
      "zpool destroy tank",
      "lvremove -f vg/data",
      "diskutil eraseDisk JHFS+ a disk2",
      "format C: /q",
      "cryptsetup luksErase /dev/sda2",
    ],
    ok: [
      "dd if=/dev/zero of=disk.img bs=1M",
      "dd if=a of=/dev/null",
      "echo a > /dev/null",
      "shred secret.txt",
      "zfs list",
      "parted -l",
      "mkfs.ext4 disk.img",
      "npm run format c:",
    ],
  },
  {
    id: "firewall-off",
    why: "it opens the machine to the network, or shuts everybody out",
    help: "add the one rule that is missing",
    names: ["iptables", "ip6tables", "nft", "ufw", "firewall-cmd", "setenforce", "netsh"],
    command: ({ name, args }) => {
      if (/^ip6?tables(?:-\w+)?$/.test(name))
        return (
          has(args, /^(?:-[FXZ]|-[a-zA-Z]*F|--flush|--delete-chain|-D|--delete)$/) ||
          (has(args, /^(?:-P|--policy)$/) && has(args, /^(?:ACCEPT|DROP)$/))
        );
      if (name === "nft") return begins(operands(args), /^(?:flush|delete|destroy)$/);
      if (name === "ufw") return has(args, /^(?:disable|reset)$/);
      if (name === "firewall-cmd")
        return has(args, /^--(?:panic-on|complete-reload|set-default-zone=trusted)$/);
      if (name === "netsh") return has(args, /^advfirewall$/i) && has(args, /^(?:off|reset)$/i);
      return name === "setenforce" && has(args, /^(?:0|permissive)$/i);
    },
    bad: [
      "iptables -F",
      "iptables --flush INPUT",
      "iptables -t nat -X",
      "iptables -D INPUT 1",
      "iptables -P INPUT ACCEPT",
      "sudo ip6tables -F",
      "nft flush ruleset",
      "ufw disable",
      "ufw --force reset",
      "setenforce 0",
    ],
    ok: [
      "iptables -L -n",
      "iptables -A INPUT -p tcp --dport 80 -j ACCEPT",
      "nft list ruleset",
      "ufw status",
      "ufw allow 80",
    ],
  },
  {
    id: "machine-down",
    why: "it stops a machine, or everything that runs on it",
    help: "stop the one process that is yours",
    names: [
      "shutdown",
      "poweroff",
      "halt",
      "reboot",
      "init",
      "telinit",
      "kill",
      "systemctl",
      "killall5",
    ],
    command: ({ name, args, wrappers }) => {
      if (name === "shutdown") return has(args, /^(?:now|\+\d+|\d\d?:\d\d|-[hHrPf]+|\/[srf])$/);
      if (/^(?:poweroff|halt|reboot)$/.test(name))
        return wrappers.includes("sudo") || has(args, /^-/);
      if (name === "init" || name === "telinit") return has(args, /^[06]$/);
      if (name === "systemctl")
        return has(args, /^(?:poweroff|reboot|halt|kexec|rescue|emergency)$/);
      return (
        (name === "kill" && has(args, /^-1$/) && args.length > 1 && args.at(-1) === "-1") ||
        name === "killall5"
      );
    },
    bad: [
      "shutdown -h now",
      "sudo reboot",
      "systemctl poweroff",
      "init 0",
      "kill -9 -1",
      "poweroff -f",
    ],
    ok: [
      "kill -9 4711",
      "kill -1 4711",
      "systemctl status web",
      "reboot",
      "shutdown handlers close the pool",
    ],
  },
  {
    id: "service-stop",
    severity: "warn",
    why: "others use the service as well",
    help: "restart the one service that is yours, and say when it is back",
    names: ["systemctl", "service", "launchctl", "sc", "rc-service"],
    command: ({ name, args }) => {
      const words = operands(args, /^(?:-H|-M|-t|-p)$/);
      if (name === "systemctl")
        return begins(words, /^(?:stop|disable|mask|kill|isolate)$/) && words.length > 1;
      if (name === "service" || name === "rc-service") return words[1] === "stop";
      if (name === "launchctl") return begins(words, /^(?:unload|bootout|disable|remove)$/);
      return name === "sc" && begins(words, /^(?:stop|delete)$/) && words.length > 1;
    },
    bad: [
      "systemctl stop nginx",
      "sudo systemctl --now disable cron",
      "systemctl mask docker",
      "service postgresql stop",
      "sc delete wuauserv",
    ],
    ok: [
      "systemctl restart web",
      "systemctl status nginx",
      "service nginx reload",
      "systemctl daemon-reload",
    ],
  },
  {
    id: "account-change",
    why: "it changes who may use the machine",
    help: "ask an administrator of the machine",
    names: ["userdel", "deluser", "passwd", "usermod", "visudo", "tee", "chpasswd"],
    everyName: true,
    command: ({ name, args }) => {
      if (name === "userdel" || name === "deluser") return operands(args).length > 0;
      if (name === "passwd") return has(args, /^(?:-d|--delete|root)$/);
      if (name === "usermod") return has(args, /^(?:sudo|wheel|root|docker)$/);
      if (name === "chpasswd") return true;
      return (
        (name === "tee" || name === "cp" || name === "mv") &&
        has(args, /^\/etc\/(?:sudoers(?:\.d\/.*)?|shadow|passwd|pam\.d\/.*)$/)
      );
    },
    pattern:
      />\s{0,8}\/etc\/(?:sudoers|shadow|passwd|pam\.d\/|hosts\.(?:allow|deny)|ld\.so\.preload)/,
    bad: [
      "userdel -r dana",
      "passwd -d root",
      "usermod -aG sudo worker",
      "echo 'worker ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers",
      "echo a | sudo tee -a /etc/sudoers.d/a",
      "echo root:a | chpasswd",
    ],
    ok: ["usermod -aG app worker", "id dana", "cat /etc/passwd", "cp /etc/hosts /tmp/hosts"],
  },
  {
    id: "trace-removed",
    why: "it removes the record of what was done",
    help: "leave logs and histories as they are",
    names: [
      "history",
      "unset",
      "journalctl",
      "auditctl",
      "rm",
      "truncate",
      "shred",
      "crontab",
      "export",
    ],
    everyName: true,
    command: ({ name, args, assigned }) => {
      if (name === "history") return has(args, /^-[cw]*c[cw]*$/);
      if (name === "unset") return has(args, /^HISTFILE$/);
      if (name === "journalctl") return has(args, /^--vacuum-(?:time|size|files)/);
      if (name === "auditctl")
        return hasShort(args, "D") || (has(args, /^-e$/) && has(args, /^0$/));
      if (name === "crontab") return hasShort(args, "r");
      if (name === "wevtutil") return has(args, /^(?:cl|clear-log)$/);
      if (/^(?:rm|truncate|shred)$/.test(name))
        return has(args, /^\/var\/log(?:\/|$)|(?:^|\/)\.(?:bash|zsh)_history$|^\/var\/spool\/cron/);
      return [...assigned, ...(name === "export" ? args : [])].some((one) =>
        /^HIST(?:FILE|SIZE|FILESIZE)=(?:0|\/dev\/null|)$/.test(one),
      );
    },
    bad: [
      "history -c",
      "unset HISTFILE",
      "export HISTFILE=/dev/null",
      "rm -f ~/.bash_history",
      "rm -rf /var/log/*",
      "truncate -s 0 /var/log/auth.log",
      "journalctl --vacuum-time=1s",
      "auditctl -e 0",
      "crontab -r",
    ],
    ok: [
      "history",
      "journalctl -u web",
      "truncate -s 0 app.log",
      "rm build.log",
      "crontab -l",
      "export HISTSIZE=1000",
    ],
  },
];
