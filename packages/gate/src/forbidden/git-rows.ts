/** What a worker may not be told to do with git and its forges. */
import type { Command } from "../shell-words.ts";
import type { ForbiddenAction } from "./row.ts";
import { begins, has, hasLong, hasShort, isRehearsal, operands, options } from "./row.ts";

interface GitCall {
  readonly sub: string;
  readonly args: readonly string[];
  /** `-c key=value` in front of the subcommand. */
  readonly config: readonly string[];
}

/** git's subcommand and its arguments, `-C dir` and `-c key=value` in front taken off. */
function git(command: Command): GitCall | undefined {
  if (command.name !== "git" && !/^git-(?:push|commit|reset|clean)$/.test(command.name))
    return undefined;
  const { args } = command;
  const config: string[] = [];
  let at = 0;
  for (; command.name === "git" && at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "-c" || arg === "--config-env") config.push(args[++at] ?? "");
    else if (/^-c./.test(arg)) config.push(arg.slice(2));
    else if (/^--config-env=/.test(arg)) config.push(arg.slice(13));
    else if (["-C", "--git-dir", "--work-tree", "--namespace", "--exec-path"].includes(arg))
      at += 1;
    else if (!arg.startsWith("-")) break;
  }
  const sub = command.name === "git" ? (args[at++] ?? "").toLowerCase() : command.name.slice(4);
  return { sub, args: args.slice(at), config };
}

/** Arguments that are options, not the message behind `-m`. */
function beforeMessage(args: readonly string[]): string[] {
  return options(args).filter(
    (_, index) =>
      !/^(?:-[a-zA-Z]*[mFCct]|--message|--file|--author|--date)$/.test(args[index - 1] ?? ""),
  );
}

/** Sets one of git's settings: `config key value`, `config set key value`, `-c key=value`. */
function sets(call: GitCall, key: RegExp, value = /^/): boolean {
  const given = (text: string): boolean => {
    const [name = "", set] = text.split(/=(.*)/s, 2);
    return key.test(name) && value.test(set ?? "true");
  };
  if (call.config.some(given)) return true;
  if (
    call.sub !== "config" ||
    has(call.args, /^(?:--get|get|--list|-l|list|--get-all|--get-regexp)$/)
  )
    return false;
  const words = operands(
    call.args,
    /^(?:-f|--file|--blob|--type|--default|--comment|--value)$/,
  ).filter((word, index) => index > 0 || word !== "set");
  if (hasLong(call.args, "unset") || words[0] === "unset") return has(words, key);
  return words.length >= 2 && key.test(words[0] ?? "") && value.test(words[1] ?? "");
}

const GOVERNED =
  /^(?:refs\/heads\/)?(?:main|master|trunk|develop|dev|prod|production|staging|release(?:[/-].*)?)$/;

export const GIT_ROWS: readonly ForbiddenAction[] = [
  {
    id: "git-push-force",
    why: "a forced push removes commits that others have, and the record of who made them",
    help: "push without force; where history has moved on, merge or rebase first, or push a new branch",
    names: ["git", "git-push"],
    command: (command) => {
      const call = git(command);
      if (call === undefined) return false;
      if (sets(call, /^remote\..*\.push$/i, /^\+/)) return true;
      if (call.sub !== "push" && call.sub !== "send-pack") return false;
      return (
        has(options(call.args), /^--(?:force$|force-w|force=|mirror$|forc?$|mirr)/) ||
        hasShort(call.args, "f") ||
        has(call.args, /^\+[\w./:{}$*@^~-]+/)
      );
    },
    phrase:
      /\bforce[- ]?push(?:ing)?\s+(?:the|to|it|your|this|that|all|main|master|origin|HEAD|over|`)|\bpush(?:es|ing)?\b[^.;!?\n`]{0,60}?\s--force(?![\w-])|\bpush\b[^.;!?\n`]{0,40}?\bby force\b|\b(?:use|using|pass|add|set)\s+(?:the\s+)?--force(?:-with-lease)?(?![\w-])/i,
    bad: [
      "git push --force",
      "git push -f origin main",
      "git push origin main -fu",
      "git push -uf origin HEAD",
      "git push origin +main",
      "git push origin +HEAD:refs/heads/main",
      "git push --force-with-lease=main",
      "git -C repo push --force-with-lease origin main",
      "git -c user.name=x push -f",
      "sudo -u git git push --force",
      'bash -lc "cd repo && git push -f"',
      "sh -c 'git push --force'",
      "env X=1 git push -f",
      "/usr/bin/git push -f",
      "git push --mirror backup",
      "g\"i\"t push '--force'",
      "git push \\\n  --force",
      "git${IFS}push${IFS}-f",
      "F=--force; git push $F origin main",
      'ARGS="push --force"\ngit $ARGS',
      "git push $'\\x2d\\x2dforce'",
      "git push --fo${UNSET}rce",
      "$GIT push --force",
      "git -c alias.up='push --force' up",
      "git config alias.up '!git push -f'",
      "alias gp='git push --force'",
      "git config remote.origin.push +refs/heads/main",
      "GIT push --force",
      "git.exe push --force",
      "nohup git push -f &",
      "echo origin main | xargs git push --force",
      `git push origin ${"a ".repeat(80)}--force`,
      "git push {--force,origin}",
      "git-push --force",
      "eval 'git push --force'",
      "bash <<< 'git push --force'",
      "bash <<EOF\ngit push --force\nEOF",
      "echo 'git push --force' | bash",
      "git submodule foreach 'git push -f'",
      "python3 -c \"import subprocess; subprocess.run(['git', 'push', '--force'])\"",
      "$(which git) push --force",
    ],
    ok: [
      "git push origin main",
      "git push -u origin main",
      "git push --follow-tags",
      "git fetch --force",
      "npm install --force",
      "git push --force-if-includes",
      "git push origin feature-f",
      "echo done; git push",
      "git push origin -- -f",
      "git commit -m 'force is over'",
    ],
  },
  {
    id: "git-delete-branch",
    why: "it deletes a branch that others build on, on the remote",
    help: "leave the branch; an administrator takes it down",
    names: ["git", "git-push"],
    command: (command) => {
      const call = git(command);
      if (call?.sub !== "push") return false;
      const refs = operands(call.args, /^(?:-o|--push-option|--repo|--receive-pack)$/).slice(1);
      if (hasLong(call.args, "delete", 3) || hasShort(call.args, "d"))
        return refs.some((one) => GOVERNED.test(one));
      return (
        refs.some((one) => one.startsWith(":") && GOVERNED.test(one.slice(1))) ||
        hasLong(call.args, "prune", 4)
      );
    },
    bad: [
      "git push origin :main",
      "git push --delete origin master",
      "git push -d origin release/2.1",
      "git push origin :refs/heads/main",
      "git push --prune origin",
    ],
    ok: [
      "git push origin --delete feature/x",
      "git push origin :topic",
      "git branch -d main",
      "git push origin main",
    ],
  },
  {
    id: "no-verify",
    why: "it goes past the hooks that check this work",
    help: "commit without --no-verify and fix what the hook says",
    names: ["git", "git-commit", "git-push"],
    command: (command) => {
      const call = git(command);
      if (call === undefined) return false;
      if (has(options(call.args), /^--no-veri(?:f|fy)?$/)) return true;
      // `-n` means --no-verify for commit only: push -n is a dry run, merge -n shows no statistics.
      return (
        call.sub === "commit" && beforeMessage(call.args).some((arg) => /^-[aeiopqsvz]*n/.test(arg))
      );
    },
    phrase: /(?<![\w-])--no-verify(?![\w-])/i,
    bad: [
      "git commit --no-verify -m x",
      "git commit -n -m x",
      "git commit -anm 'x'",
      "git push --no-verify",
      "git merge --no-verify topic",
      "git -C a commit -qn",
      "git commit -vnm=x",
      "git commit -m x --no-verif",
      "N=-n; git commit $N -m x",
      "GIT_EDITOR=true git commit --no-verify",
    ],
    ok: [
      "git push -n",
      "git merge -n topic",
      "git commit -m 'n'",
      "git commit -m -n",
      "git commit -am no",
      "git log -n 5",
      "git commit --no-edit",
      "git commit -- --no-verify-list.txt",
    ],
  },
  {
    id: "hooks-off",
    why: "it turns off or replaces the hooks that check this work",
    help: "leave hooks as they are; an administrator changes them",
    names: [
      "git",
      "husky",
      "pre-commit",
      "lefthook",
      "rm",
      "chmod",
      "mv",
      "export",
      "unlink",
      "ln",
    ],
    everyName: true,
    command: (command) => {
      const off =
        /^(?:HUSKY=0|HUSKY_SKIP_HOOKS=.+|LEFTHOOK=(?:0|false)|WINGMAN_SKIP=.+|GIT_CONFIG_(?:KEY_\d+|VALUE_\d+|PARAMETERS)=.*(?:hookspath|dev\/null).*)$/i;
      if (command.assigned.some((one) => off.test(one))) return true;
      if (/^(?:export|declare|set|setx)$/.test(command.name) && has(command.args, off)) return true;
      if (command.name === "git" && command.assigned.some((one) => /^SKIP=./.test(one)))
        return true;
      const disarms =
        ["rm", "mv", "unlink", "ln", "truncate"].includes(command.name) ||
        (command.name === "chmod" &&
          has(command.args, /^(?:[augo]*-[rwx]+|[augo]*=[rw]*|0?[0-6][0-6][0-6])$/));
      if (disarms) return has(command.args, /(?:^|\/)\.git\/hooks(?:\/|$)|(?:^|\/)\.husky\/?\**$/);
      if (["husky", "pre-commit", "lefthook"].includes(command.name))
        return command.args[0] === "uninstall";
      const call = git(command);
      return call !== undefined && sets(call, /^core\.hookspath$/i);
    },
    bad: [
      "git -c core.hooksPath=/dev/null commit -m x",
      "git config core.hooksPath /dev/null",
      "git config --global core.hookspath ''",
      "git config set core.hooksPath x",
      "git config --unset core.hooksPath",
      "HUSKY=0 git commit -m x",
      "export HUSKY=0",
      "rm -rf .git/hooks",
      "chmod -x .git/hooks/pre-commit",
      "chmod 644 .git/hooks/pre-commit",
      "ln -sf /bin/true .git/hooks/pre-push",
      "pre-commit uninstall",
      "npx husky uninstall",
      "SKIP=eslint git commit -m x",
      "LEFTHOOK=false git push",
      "WINGMAN_SKIP=hurry git commit -m x",
      "env HUSKY=0 git commit -m x",
      "GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/dev/null git commit",
    ],
    ok: [
      "git config --get core.hooksPath",
      "git config core.hooksPath",
      "HUSKY=1 git commit",
      "ls .git/hooks",
      "pre-commit run --all-files",
      "chmod +x .git/hooks/pre-commit",
      "chmod 755 .git/hooks/pre-commit",
      "ln -s ../a .husky/pre-commit.d",
    ],
  },
  {
    id: "signing-off",
    why: "an unsigned commit proves nobody: it takes the worker's name off its own work",
    help: "sign as the repository's setup does, or ask an administrator for a key",
    names: ["git", "git-commit"],
    command: (command) => {
      const call = git(command);
      if (call === undefined) return false;
      return (
        hasLong(call.args, "no-gpg-sign", 6) ||
        sets(call, /^(?:commit|tag|push)\.gpgsign$/i, /^(?:false|no|off|0|)$/i)
      );
    },
    bad: [
      "git commit --no-gpg-sign -m x",
      "git -c commit.gpgsign=false commit -m x",
      "git config --local commit.gpgSign false",
      "git rebase --no-gpg-sign main",
    ],
    ok: [
      "git commit -S -m x",
      "git config commit.gpgsign true",
      "git config --get commit.gpgsign",
      "git commit -m 'no gpg'",
    ],
  },
  {
    id: "history-rewrite",
    why: "it makes new commits of old ones, so that what was recorded of them no longer holds",
    help: "add a commit that changes what has to change",
    names: ["git", "bfg", "git-filter-repo", "git-filter-branch"],
    command: (command) => {
      if (/^(?:bfg|git-filter-(?:repo|branch))$/.test(command.name)) return command.args.length > 0;
      const call = git(command);
      if (call?.sub === "reflog")
        return (
          begins(call.args, "expire") &&
          has(call.args, /^--expire(?:-unreachable)?=(?:now|all|0.*)$/)
        );
      if (call?.sub === "gc" || call?.sub === "prune")
        return has(call.args, /^--(?:prune|expire)=(?:now|all|0.*)$/);
      if (call?.sub === "update-ref")
        return hasShort(call.args, "d") && operands(call.args).some((one) => GOVERNED.test(one));
      return (
        call?.sub === "filter-branch" ||
        call?.sub === "filter-repo" ||
        (call?.sub === "replace" && operands(call.args).length >= 2)
      );
    },
    bad: [
      "git filter-branch --tree-filter 'rm a' HEAD",
      "git filter-repo --path a",
      "git reflog expire --expire=now --all",
      "git gc --prune=now --aggressive",
      "git update-ref -d refs/heads/main",
      "bfg --delete-files a",
      "git replace a b",
    ],
    ok: [
      "git rebase main",
      "git reflog",
      "git commit --amend",
      "git log",
      "git gc",
      "git replace -l",
    ],
  },
  {
    id: "work-thrown-away",
    severity: "warn",
    why: "it throws away work that is not committed yet, also somebody else's in the same folder",
    help: "git stash, or commit first; git restore PATH for one file",
    names: ["git", "git-reset", "git-clean"],
    command: (command) => {
      const call = git(command);
      if (call === undefined) return false;
      if (call.sub === "reset") return hasLong(call.args, "hard", 2);
      if (call.sub === "clean")
        return (
          (hasShort(call.args, "f") || hasLong(call.args, "force", 1)) &&
          !hasShort(call.args, "n") &&
          !isRehearsal(call.args)
        );
      if (call.sub === "stash") return begins(call.args, "clear");
      if (call.sub === "checkout" || call.sub === "restore")
        return (
          has(call.args, /^(?:\.|\*|:\/)$/) || (call.sub === "checkout" && hasShort(call.args, "f"))
        );
      return false;
    },
    bad: [
      "git reset --hard",
      "git reset --hard HEAD~3",
      "git -C a reset --ha origin/main",
      "git clean -fdx",
      "git clean --force -d",
      "git checkout -- .",
      "git restore .",
      "git stash clear",
    ],
    ok: [
      "git reset --soft HEAD~1",
      "git reset a.txt",
      "git clean -n",
      "git checkout main",
      "git restore a.txt",
      "git stash",
      "git clean -nfd",
    ],
  },
  {
    id: "forge-bypass",
    why: "it goes past what the forge protects, or deletes what it keeps for everybody",
    help: "open a pull request and let an administrator decide",
    names: ["gh", "glab", "hub", "tea"],
    command: ({ name, args }) => {
      if (!/^(?:gh|glab|hub|tea)$/.test(name)) return false;
      const words = operands(
        args,
        /^(?:-R|--repo|-F|-f|--field|--raw-field|-H|--header|-X|--method|-t|-b)$/,
      );
      if (words[0] === "api") {
        const method = args[args.findIndex((one) => one === "-X" || one === "--method") + 1] ?? "";
        const inline = args.find((one) => /^(?:-X|--method=)\w/.test(one)) ?? "";
        const deletes = /^delete$/i.test(method) || /delete$/i.test(inline);
        const guarded = has(
          args,
          /(?:branches\/[^/]+\/protection|rulesets|\/hooks|actions\/(?:permissions|secrets)|collaborators)/,
        );
        return (
          deletes ||
          (guarded && (/^(?:put|patch|post)$/i.test(method) || /(?:put|patch|post)$/i.test(inline)))
        );
      }
      if (begins(words, /^(?:pr|mr)$/, "merge")) return hasLong(args, "admin");
      if (begins(words, "repo", "edit"))
        return has(args, /^--visibility(?:=public)?$|^--allow-forking/) && has(args, /public/);
      if (begins(words, /^(?:workflow|ruleset)$/, /^(?:disable|delete)$/)) return true;
      if (begins(words, "auth", "token") || begins(words, "config", "get", "token")) return true;
      return begins(
        words,
        /^(?:repo|project|release|secret|variable|ssh-key|deploy-key|gpg-key|org|environment|run|cache)$/,
        /^(?:delete|remove|archive|rm)$/,
      );
    },
    bad: [
      "gh repo delete acme/shop --yes",
      "gh pr merge 12 --admin --squash",
      "gh api -X DELETE repos/acme/shop/branches/main/protection",
      "gh api --method PUT repos/acme/shop/branches/main/protection -f a=b",
      "gh repo edit --visibility public",
      "gh workflow disable ci",
      "gh secret delete TOKEN",
      "gh release delete v1 -y",
      "glab repo delete acme/shop",
      "gh auth token",
    ],
    ok: [
      "gh pr merge 12 --squash",
      "gh pr create --fill",
      "gh api repos/acme/shop",
      "gh release view v1",
      "gh repo view",
      "gh secret list",
      "glab mr create",
      "gh workflow run ci",
    ],
  },
];
