/** What a worker may not be told to do to containers and clusters. */
import type { Command } from "../shell-words.ts";
import {
  begins,
  type ForbiddenAction,
  has,
  hasLong,
  hasShort,
  isRehearsal,
  operands,
} from "./row.ts";

const ENGINE = /^(?:docker|podman|nerdctl|docker-compose|podman-compose)$/;
const VALUED =
  /^(?:-H|--host|--context|-c|--config|-l|--log-level|-f|--file|-p|--project-name|--project-directory|--profile|--env-file|-t|--time|-s|--signal|--filter|--format)$/;

/** Subcommand words; `docker compose` and `docker-compose` are one, and so are all engines. */
function engine({
  name,
  args,
}: Command): { words: readonly string[]; args: readonly string[] } | undefined {
  if (!ENGINE.test(name)) return undefined;
  const words = operands(args, VALUED);
  return { words: name.endsWith("-compose") ? ["compose", ...words] : words, args };
}

export const CONTAINER_ROWS: readonly ForbiddenAction[] = [
  {
    id: "docker-destroy",
    why: "it removes containers or volumes of everybody on the machine",
    help: "name the container or volume",
    names: ["docker", "podman", "nerdctl", "docker-compose", "podman-compose"],
    command: (command) => {
      const call = engine(command);
      if (call === undefined || isRehearsal(call.args)) return false;
      const { words, args } = call;
      if (begins(words, /^(?:system|volume|container|network|builder|buildx|pod)$/, "prune"))
        return true;
      if (begins(words, "image", "prune")) return hasShort(args, "a") || hasLong(args, "all");
      if (begins(words, "system", "reset")) return true;
      if (begins(words, /^(?:volume|vol)$/, /^(?:rm|remove)$/)) return true;
      if (
        begins(
          words,
          /^(?:swarm|node|stack|service|secret|config)$/,
          /^(?:leave|rm|remove|down|ca)$/,
        )
      )
        return true;
      if (begins(words, "compose", "down"))
        return has(args, /^(?:-v|--volumes)$/) || hasLong(args, "rmi");
      if (begins(words, "compose", "rm")) return hasShort(args, "v");
      const removes =
        begins(words, /^(?:rm|kill|stop|rmi)$/) ||
        begins(words, /^(?:container|image|pod)$/, /^(?:rm|kill|stop|remove)$/);
      const fed = command.wrappers.includes("xargs") && command.fed.some((one) => ENGINE.test(one));
      return (
        removes &&
        (has(args, /^\$\($/) ||
          fed ||
          hasLong(args, "all", 2) ||
          (hasShort(args, "a") && command.name === "podman"))
      );
    },
    bad: [
      "docker system prune",
      "docker system prune -af --volumes",
      "docker volume prune -f",
      "docker --context prd system prune -f",
      "docker container prune -f",
      "docker image prune -a",
      "docker volume rm shop_data",
      "docker rm -f $(docker ps -aq)",
      "docker stop `docker ps -q`",
      "docker ps -q | xargs docker rm -f",
      "docker compose down -v",
      "docker-compose -f a.yml down --volumes",
      "docker compose -p shop down --rmi all",
      "podman system prune",
      "podman rm -a -f",
      "/usr/bin/docker system prune",
      "sudo -E docker system prune -f",
      "D=docker; $D system prune",
      "docker swarm leave --force",
      "docker stack rm shop",
    ],
    ok: [
      "docker system df",
      "docker rm web",
      "docker compose down",
      "docker volume ls",
      "docker image prune",
      "docker run -v a:/a x",
      "docker compose logs -f",
      "docker network create shop",
    ],
  },
  {
    id: "containers-down",
    severity: "warn",
    why: "others may be using what it stops; somebody once stopped 68 of them",
    help: "name whose they are, and how they come back",
    names: ["docker", "podman", "nerdctl", "docker-compose", "podman-compose"],
    command: (command) => {
      const call = engine(command);
      if (call === undefined) return false;
      return (
        begins(call.words, "compose", /^(?:down|stop|rm|kill)$/) ||
        begins(call.words, /^(?:stop|rm|kill|rmi)$/, /./) ||
        begins(call.words, /^(?:container|image|network|pod)$/, /^(?:rm|stop|kill|remove)$/, /./)
      );
    },
    bad: [
      "docker compose down",
      "docker-compose down",
      "docker container rm web",
      "docker stop web",
      "docker rmi shop:old",
      "docker kill -s TERM web",
      "podman rm web",
    ],
    ok: [
      "docker compose up -d",
      "docker ps",
      "docker compose restart web",
      "docker run --rm a",
      "docker compose build",
    ],
  },
  {
    id: "container-escape",
    why: "it gives a container the whole machine",
    help: "mount the one folder that is needed, read-only",
    names: ["docker", "podman", "nerdctl", "nsenter", "docker-compose"],
    command: (command) => {
      if (command.name === "nsenter")
        return (
          has(command.args, /^(?:-t|--target)(?:=?1)?$/) &&
          has(command.args, /^(?:1|-t1|--target=1)$/)
        );
      const call = engine(command);
      if (call === undefined || !begins(call.words, /^(?:run|create|compose|container)$/))
        return false;
      return (
        has(call.args, /^(?:-v|--volume)?=?\/:\/|^type=bind,(?:src|source)=\/,/) ||
        has(call.args, /^--(?:pid|userns|ipc)=host$/) ||
        has(
          call.args,
          /^--cap-add=(?:ALL|SYS_ADMIN)$|^--security-opt=(?:seccomp|apparmor)=unconfined$/i,
        )
      );
    },
    bad: [
      "docker run -v /:/host alpine ls",
      "docker run --volume=/:/mnt alpine",
      "docker run --pid=host alpine",
      "nsenter -t 1 -m sh",
      "nsenter --target 1 --mount",
      "docker run --cap-add=SYS_ADMIN alpine",
    ],
    ok: [
      "docker run -v $PWD:/work alpine",
      "docker run -v ./a:/a alpine",
      "docker run --network=host alpine",
      "docker exec web ls /",
    ],
  },
  {
    id: "cluster-delete",
    why: "it deletes a whole namespace, or everything of a kind",
    help: "name the one resource to delete",
    names: [
      "kubectl",
      "oc",
      "k",
      "helm",
      "etcdctl",
      "eksctl",
      "kops",
      "k3d",
      "kind",
      "minikube",
      "velero",
    ],
    command: ({ name, args }) => {
      if (isRehearsal(args)) return false;
      const words = operands(
        args,
        /^(?:-n|--namespace|--context|--kubeconfig|-l|--selector|-f|--filename|--cluster|-o|--kube-context)$/,
      );
      if (/^(?:kubectl|oc|k)$/.test(name)) {
        if (begins(words, "drain") || begins(words, "adm", "drain")) return true;
        if (!begins(words, "delete")) return false;
        const kinds = (words[1] ?? "").toLowerCase().split(",");
        const whole =
          /^(?:all|ns|namespaces?|projects?|nodes?|no|pv|persistentvolumes?|pvc|persistentvolumeclaims?|crds?|customresourcedefinitions?|clusterroles?|clusterrolebindings?|storageclass(?:es)?|statefulsets?|sts|secrets?)(?:\/.+)?$/;
        return (
          kinds.some((kind) => whole.test(kind)) ||
          has(args, /^(?:--all(?:-namespaces)?(?:=true)?|-A|--force|--grace-period=0)$/)
        );
      }
      if (name === "helm") return begins(words, /^(?:uninstall|delete|del|un)$/);
      if (name === "etcdctl")
        return begins(words, "del") && (has(args, /^--(?:prefix|from-key)$/) || words[1] === "");
      return (
        begins(words, "delete", /^(?:cluster|nodegroup|instancegroup|backup)$/) ||
        begins(words, "cluster", "delete")
      );
    },
    bad: [
      "kubectl delete ns shop",
      "kubectl -n a delete namespace shop",
      "kubectl --context prd delete ns shop",
      "kubectl delete pods --all",
      "kubectl delete pod web -n a --force --grace-period=0",
      "kubectl delete all -l a=b",
      "kubectl delete ns/shop",
      "kubectl delete deploy,ns shop",
      "kubectl delete pvc data-0",
      "kubectl drain node-1",
      "helm uninstall shop",
      "helm -n shop delete shop",
      "etcdctl del / --prefix",
      "eksctl delete cluster --name a",
    ],
    ok: [
      "kubectl delete pod web-1 -n ns",
      "kubectl get ns",
      "kubectl apply -f a.yaml",
      "kubectl delete ns shop --dry-run=client",
      "helm upgrade --install shop ./chart",
      "kubectl rollout undo deploy/web",
      "helm list",
    ],
  },
];
