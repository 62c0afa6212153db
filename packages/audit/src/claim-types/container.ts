/** `ctr.*`: containers as their engine shows them at the moment of looking. */
import type { ArgumentKinds, Arguments } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { containerLook, healthyLook, runningLook, userLook } from "../host/container-look.ts";
import { judgeNow, type Look } from "../host/seen-now.ts";
import { unverifiable } from "../observation.ts";
import type { ContainerEngine, ContainerState } from "../reach.ts";

const CONTAINER = { name: { kind: "text" }, label: { kind: "text" } } as const;
export const containerTypes: readonly ClaimType[] = [
  container(
    "ctr.running",
    "a container of this name runs",
    { name: "shop" },
    { ...CONTAINER, image: { kind: "text" } },
    (found, args, engine) => runningLook(found, engine, args.text("image")),
  ),
  container(
    "ctr.healthy",
    "a container's own health check says healthy",
    { name: "shop" },
    CONTAINER,
    (found) => healthyLook(found),
  ),
  container(
    "ctr.user",
    "a container runs as this user",
    { name: "shop", user: "node" },
    { ...CONTAINER, user: { kind: "text", required: true } },
    (found, args, engine) => userLook(found, engine, args.text("user") ?? ""),
  ),
];

function container(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
  look: (found: ContainerState, args: Arguments, engine: ContainerEngine) => Promise<Look>,
): ClaimType {
  return {
    type,
    title,
    example: { type, args },
    args: kinds,
    needs: "engine",
    witness: "api",
    forgeable: false,
    judge: async (asked, scene) => {
      const { engine } = scene.stage.reach;
      if (engine === undefined)
        return unverifiable("NOT_KNOWN_HERE", title, "no engine is asked here");
      return await judgeNow(scene, title, "", () =>
        containerLook(asked, engine, (one) => look(one, asked, engine)),
      );
    },
  };
}
